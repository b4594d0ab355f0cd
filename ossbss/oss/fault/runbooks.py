"""Runbooks as data: what is done about which trouble, under which conditions and guards, and what proves it.

For one trouble they are tried in this order; where none applies or all have failed, a crew goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.commands import Acts
from ossbss.oss.fault.hypothesis import Mode
from ossbss.oss.fault.records import ActionKind
from ossbss.oss.fault.test_catalogue import Method

Of = Literal["link", "card", "node", "cell", "duct"]
Condition = Literal["changed_lately", "flapping", "protected", "reconnects"]
"""``changed_lately``: somebody has changed the element's configuration since an hour before the incident began;
``flapping``: one of its alarms comes and goes; ``protected``: every service there has a second path of its own;
``reconnects``: capacity that can be bought joins again what is cut off."""
Guard = Literal["last_path", "fault_domain"]
"""``last_path``: no service that works loses its last way, no element its last way to the station; ``fault_domain``:
nothing else is under way at the same elements."""


@dataclass(frozen=True)
class Runbook:
    """``about``: (kind of resource, mode) that it is for. ``act``: what is typed, at the resource's own element, of a
    link at its first end, where its weight is set and its port is closed; None: an order goes out. ``attempts``: how
    often for one incident. ``approval``: somebody has to agree. ``settles_ms``: it is proved no sooner than this after
    it was done; ``proof``: tests that must show a healthy network, within ``prove_within_ms``. ``takes_back``: the
    element undoes it by itself where nobody confirms it. ``cures``: nothing else is needed; else it helps until
    somebody has mended the cause, and ``undo`` follows."""

    kind: ActionKind
    about: tuple[tuple[Of, Mode], ...]
    act: Acts | None
    conditions: tuple[Condition, ...] = ()
    guards: tuple[Guard, ...] = ("last_path", "fault_domain")
    attempts: int = 1
    approval: bool = False
    settles_ms: int = 0
    prove_within_ms: int = 3 * MINUTE_MS
    proof: tuple[Method, ...] = ("probe",)
    takes_back: bool = False
    cures: bool = True
    undo: Acts | None = None


CONFIRM_MIN = 5
"""Minutes within which a change is proved, or its element takes it back (assumption; ``commit confirmed`` of Junos has
10 as its default)."""
RUNBOOKS: tuple[Runbook, ...] = (
    Runbook("roll_back",
            (("link", "shut"), ("card", "shut"), ("node", "shut"), ("node", "isolated"), ("link", "metric")),
            "roll_back", conditions=("changed_lately",), takes_back=True, proof=("probe", "show_metric")),
    Runbook("open_port", (("link", "shut"),), "open_port", takes_back=True),
    Runbook("plan_metric", (("link", "metric"),), "set_metric", takes_back=True, proof=("show_metric",)),
    Runbook("restart_card", (("card", "failed"),), "restart_card", settles_ms=4 * MINUTE_MS,
            proof=("probe", "show_card")),
    Runbook("reset_cell", (("cell", "failed"),), "reset_cell", attempts=2, settles_ms=3 * MINUTE_MS,
            prove_within_ms=15 * MINUTE_MS, proof=("show_cell",)),
    Runbook("restart_node", (("cell", "failed"),), "restart_node", approval=True, settles_ms=12 * MINUTE_MS,
            prove_within_ms=15 * MINUTE_MS, proof=("probe", "show_cell")),
    Runbook("isolate", (("link", "failed"),), "shut_port", conditions=("flapping",), takes_back=True,
            cures=False, undo="open_port"),
    Runbook("fail_over", (("link", "lossy"),), "shut_port", conditions=("protected",), takes_back=True,
            cures=False, undo="open_port"),
    Runbook("buy_capacity", (("link", "failed"), ("duct", "failed")), None, conditions=("reconnects",), guards=(),
            approval=True, cures=False),
    Runbook("drain", (("link", "lossy"),), "set_metric", takes_back=True, cures=False, undo="set_metric"),
)  # fmt: skip
"""Times and attempts are an operator's choice (assumptions). A physical failure has no runbook: a crew goes at once."""


def books_for(of: str | None, mode: Mode) -> tuple[Runbook, ...]:
    """Those for a kind of resource that is wrong in this way, in order; capacity is bought beside them."""
    return tuple(book for book in RUNBOOKS if (of, mode) in book.about and book.kind != "buy_capacity")


BUY_CAPACITY = next(book for book in RUNBOOKS if book.kind == "buy_capacity")


TAKES: Mapping[Acts, Literal["link", "card", "node", "nothing"]] = {
    "restart_card": "card", "restart_node": "node", "shut_port": "link", "isolate": "nothing", "set_metric": "nothing",
    "open_port": "nothing", "rejoin": "nothing", "reset_cell": "nothing", "roll_back": "nothing", "confirm": "nothing",
}  # fmt: skip
"""What is out of service while it lasts or because of it; a cell that is asleep serves nobody anyway."""
