"""What operations can have done at an element, and what its terminal answers: one port, one vendor's words a file.

Action → lines typed; what the terminal showed → facts. An answer that is cut short, of another element or of no known
form is rejected with the reason: it is no fact.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ossbss.contract.assurance import Command, CommandResult
from ossbss.oss.elements import eos_cli, ios_cli, iosxr_cli, junos_cli, nxos_cli, vrp_cli
from ossbss.oss.elements.answers import Answer, Facts, Unreadable

Looks = Literal["show_port", "show_card", "show_cell", "show_alarms", "show_change", "show_metric"]
Acts = Literal[
    "restart_card", "restart_node", "shut_port", "open_port", "set_metric", "isolate", "rejoin", "reset_cell",
    "roll_back", "confirm",
]  # fmt: skip
ActionKind = Literal[Looks, Acts]
LOOKS: frozenset[str] = frozenset(get_args(Looks))
"""They change nothing."""
TIMED: frozenset[str] = frozenset(("shut_port", "open_port", "set_metric", "isolate", "rejoin", "roll_back"))
"""Changes that the element takes back by itself, unless they are confirmed in time."""
LARGEST_OCTETS = 1_000_000
_SAFE = re.compile(r"[A-Za-z0-9][\w./:-]{0,127}")


@dataclass(frozen=True)
class Action:
    """``port``, ``slot``: by the vendor's names. ``metric``: for set_metric. ``ports``: for isolate and rejoin, each
    port of the element with its planned metric. ``checkpoint``: for roll_back, as ``show_change`` gave it.
    ``confirm_min``: minutes until the element takes the change back; None: never."""

    kind: ActionKind
    port: str = ""
    slot: str = ""
    metric: int = 0
    ports: tuple[tuple[str, int], ...] = ()
    checkpoint: str = ""
    confirm_min: int | None = 5


@dataclass(frozen=True)
class Dialect:
    """``write``: None for an action that this vendor's words are not known for. ``read``: raises Unreadable; None where
    only commands are known. ``radio_port``: what the port of a node's radio of this number is called."""

    write: Callable[[str, Mapping[str, str], Sequence[tuple[str, int]]], tuple[str, ...] | None]
    read: Callable[[str, str, str, int], Facts] | None = None
    """(kind, element, what the terminal showed, received_ms) → facts"""
    radio_port: Callable[[int], str] | None = None


DIALECTS: Mapping[str, Dialect] = {
    "ios": Dialect(ios_cli.write, ios_cli.read, ios_cli.radio_port),
    "junos": Dialect(junos_cli.write, junos_cli.read, junos_cli.radio_port),
    "iosxr": Dialect(iosxr_cli.write),
    "nxos": Dialect(nxos_cli.write),
    "eos": Dialect(eos_cli.write),
    "huawei": Dialect(vrp_cli.write),
}


def typed(action: Action, dialect: str) -> bytes:
    """The lines to type. ValueError for a dialect or action without words, or a name that is more than a name."""
    if dialect not in DIALECTS:
        raise ValueError(f"no words for dialect {dialect!r}; there are {', '.join(DIALECTS)}")
    names = {"port": action.port, "slot": action.slot, "checkpoint": action.checkpoint}
    for name in (*names.values(), *(port for port, _ in action.ports)):
        if name and not _SAFE.fullmatch(name):
            raise ValueError(f"{name!r} is no name that can be typed at an element")
    minutes = "" if action.confirm_min is None or action.kind not in TIMED else str(action.confirm_min)
    words = {**names, "metric": str(action.metric), "minutes": minutes}
    lines = DIALECTS[dialect].write(action.kind, words, action.ports)
    if lines is None:
        raise ValueError(f"dialect {dialect!r} has no words for {action.kind}")
    return "".join(f"{line}\n" for line in lines).encode()


def read_answer(action: Action, result: CommandResult, received_ms: int) -> Answer:
    """What the element said. Never raises; nothing at all (``payload`` None) is unknown, not a refusal."""
    dialect = DIALECTS.get(result.dialect)
    if result.payload is None:
        return Answer(rejected=f"no answer: {result.reason}")
    if dialect is None or dialect.read is None:
        return Answer(rejected=f"no reader for answers in dialect {result.dialect!r}")
    if len(result.payload) > LARGEST_OCTETS:
        return Answer(rejected=f"{len(result.payload)} octets; an answer has at most {LARGEST_OCTETS}")
    shown = result.payload.decode("utf-8", "replace")
    try:
        return Answer(dialect.read(action.kind, result.element_id, shown, received_ms))
    except Unreadable as reason:
        return Answer(rejected=str(reason))


def as_body(message: Command | CommandResult) -> dict[str, object]:
    """For the journal: the message with its text in place of its octets."""
    payload = message.payload
    text = None if payload is None else payload.decode("utf-8", "replace")
    return {**vars(message), "payload": text}
