"""A search for what of the world's truth has got into a system that must not know it: names, objects, instants."""

import gc
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import get_args

import polars as pl

from ossbss.contract.assurance import VendorMessage
from sim.testbed.compose import compose
from sim.testbed.fault_schema import EventKind
from sim.world.faults.effects import EFFECTS

PLAIN = (str, bytes, int, float, bool, type(None))
LUCK = r"(?:repair|resupply|weather|telemetry|mend|acknowledge|partner|intents|generator|reflectometry|restart)"
"""What random streams are called by (``sim.world.streams``)."""


def secrets(world) -> "re.Pattern[str]":
    """Ids of faults, what kinds of them and of facts there are, names of luck and of classes: the simulator's words."""
    kinds = {*get_args(EventKind), *EFFECTS, *(fact.kind for fact in world.truth.facts)}
    classes = {
        name for module, found in list(sys.modules.items()) if module.split(".")[0] == "sim"
        for name, one in vars(found).items() if isinstance(one, type) and one.__module__.split(".")[0] == "sim"
    }  # fmt: skip
    words = {word for word in kinds if "_" in word} | {name for name in classes if re.fullmatch(r"(?:[A-Z][a-z]+){2,}", name)}
    ids = {fact.cause for fact in world.truth.facts if fact.cause.startswith("fault")} | set(world.faults.begun)
    names = "|".join(sorted(map(re.escape, words | ids), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{names}|fault-[\w/-]+|sim(?:py)?\.\w+|{LUCK}/\w[\w/-]*|0x[0-9a-f]{{9,}})(?!\w)")


def parts(found: object, at: str) -> Iterator[tuple[str, object]]:
    """(where, what) of everything in a message, to the plain values."""
    yield at, found
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from parts(key, f"{at}.key")
            yield from parts(value, f"{at}[{key!r}]")
    elif isinstance(found, list | tuple | set | frozenset):
        for value in found:
            yield from parts(value, f"{at}[]")
    elif isinstance(found, pl.DataFrame):
        for column in found.iter_columns():
            yield from parts([column.name, *column.unique().to_list()], f"{at}.{column.name}")
    elif hasattr(found, "__dict__") and not isinstance(found, type | ModuleType | FunctionType | MethodType):
        names = {field.name for field in fields(found)} if is_dataclass(found) else set()
        for name, value in vars(found).items():
            yield from parts(value, f"{at}.{name}" if name in names else f"{at}.{name} (no field)")


def in_message(message: object, secret: "re.Pattern[str]") -> Iterator[str]:
    """What a message tells that it must not."""
    for at, found in parts(message, type(message).__name__):
        kind = type(found)
        if at.endswith("(no field)"):
            yield f"{at}: not of the contract"
        if kind.__module__.split(".")[0] in ("sim", "simpy") or callable(found):
            yield f"{at}: an object of the simulator, {kind.__module__}.{kind.__name__}"
        elif not isinstance(found, (*PLAIN, Mapping, list, tuple, set, frozenset, pl.DataFrame)) and at.count("."):
            yield f"{at}: {kind.__name__} is no plain value"
        text = found.decode("utf-8", "replace") if isinstance(found, bytes) else found if isinstance(found, str) else ""
        yield from (f"{at}: {word[0]!r} in {text[:80]!r}" for word in secret.finditer(text))


def objects_behind(root: object) -> Iterator[object]:
    """Everything that can be reached from an object but for code, classes and modules."""
    seen, waiting = {id(root)}, [root]
    while waiting:
        found = waiting.pop()
        yield found
        for other in gc.get_referents(found):
            code = isinstance(other, type | ModuleType | BuiltinFunctionType) or type(other).__name__ == "code"
            if code or id(other) in seen or (isinstance(other, dict) and "__builtins__" in other):
                continue
            seen.add(id(other))
            waiting.append(other)


class Overheard:
    """A run of which every message to the OSS is kept. ``told``: (ms from the start, inbox) of each step."""

    def __init__(self, scenario) -> None:
        self.composed = compose(scenario)
        self.told, step = [], self.composed.oss.step

        def listen(now_ms, inbox):
            self.told.append((now_ms - scenario.spec.starts_ms, list(inbox)))
            return step(now_ms, inbox)

        self.composed.oss.step = listen
        self.composed.exchange.start()
        self.composed.env.run(until=scenario.spec.ends_ms + 1)
        self.starts_ms, self.world, self.oss = scenario.spec.starts_ms, self.composed.world, self.composed.oss
        del self.oss.step  # the recorder itself is none of the OSS

    @property
    def messages(self):
        return [(at_ms, message) for at_ms, inbox in self.told for message in inbox]

    def leaks(self) -> list[str]:
        """All that is wrong with what the OSS was told, and with what it holds."""
        secret = secrets(self.world)
        found = [leak for _, message in self.messages for leak in in_message(message, secret)]
        return sorted({*found, *self.order(), *self.haste(), *self.strangers(), *self.borrowed()})

    def order(self) -> Iterator[str]:
        """Messages of one instant lie in the order of what they say themselves, so that it tells no more."""
        for at_ms, inbox in self.told:
            if inbox != sorted(inbox, key=lambda m: (m.occurred_ms, m.sender, m.message_id)):
                yield f"the order of the messages at {at_ms} is not that of their own stamps"

    def haste(self) -> Iterator[str]:
        """A message takes its time: hardly any arrives within the very millisecond in which a fault begins or ends, and
        none before what it tells of."""
        turns = {at for f in self.world.truth.facts if f.kind == "fault" for at in (f.at_ms, f.until_ms) if at is not None}
        lines = [(at_ms + self.starts_ms, m) for at_ms, m in self.messages if isinstance(m, VendorMessage)]
        if early := [m.message_id for at_ms, m in lines if at_ms < m.occurred_ms]:
            yield f"heard before it happened: {early[:3]}"
        if (prompt := sum(at_ms in turns for at_ms, _ in lines)) > max(3, len(lines) // 20):
            yield f"{prompt} of {len(lines)} messages of elements arrive in the millisecond of a fault"

    def strangers(self) -> Iterator[str]:
        """Senders are elements, managers, crews, partners and what else the operator knows."""
        known = {"network", "terminal", "test", "planning", "bss", *self.oss.crews.crews, *self.oss.inventory.managers}
        known |= {*self.oss.inventory.site_of_node, *self.world.partners.partners}
        return (f"a message of {m.sender!r}, whom nobody knows" for _, m in self.messages if m.sender not in known)

    def borrowed(self) -> Iterator[str]:
        """No object of the simulator hangs on the OSS, and none of its documents is the world's own."""
        held = list(objects_behind(self.oss))
        for one in held:
            if type(one).__module__.split(".")[0] in ("sim", "simpy"):
                yield f"the OSS holds a {type(one).__module__}.{type(one).__name__}"
        mine = {id(one) for one in held if isinstance(one, dict | list)}
        for one in objects_behind(self.world.plant.network.document):
            if isinstance(one, dict | list) and id(one) in mine and one:
                yield f"the OSS and the world hold one and the same {str(one)[:60]}"
