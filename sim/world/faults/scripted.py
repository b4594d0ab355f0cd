"""What a scenario scripts: faults, changes, disasters, and what people do, each at its time."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import simpy

from ossbss.contract.assurance import PlannedWork
from ossbss.contract.ports import Message
from sim.world.faults.configuration import goes_wrong
from sim.world.faults.disaster import struck
from sim.world.faults.laws import draw_ms
from sim.world.faults.registry import Faults
from sim.world.plan import Fault, Scripted
from sim.world.power_supply import Power
from sim.world.remote.capacity import darken, light
from sim.world.streams import Streams
from sim.world.truth import Fact


@dataclass(frozen=True)
class Stage:
    """Where a script is played. Streams: ``mend/scripted/KIND/TARGET/N`` for the Nth such event of a target,
    ``change/TARGET/N`` for the luck of a change, ``disaster/SITE/N/WHAT`` for each thing that a disaster threatens."""

    env: simpy.Environment
    faults: Faults
    power: Power
    streams: Streams
    post: Callable[[Message], None]


def play_script(stage: Stage, script: Iterable[Scripted]) -> None:
    """Let everything of the script come about when its time has come."""
    occasions: Counter[tuple[str, str]] = Counter()
    for event in script:
        occasions[event.kind, event.target] += 1
        occasion = occasions[event.kind, event.target]
        stage.env.process(_wait(stage, event, occasion))
        if event.kind == "planned_work" and event.terms.announced:
            stage.env.process(_announce(stage, event, occasion))


def _wait(stage: Stage, event: Scripted, occasion: int) -> Generator[simpy.Event, Any, None]:
    yield stage.env.timeout(event.at_ms - int(stage.env.now))
    act = ACTS.get(event.kind)
    if act is None:
        stage.faults.begin(_fault(stage, event, occasion))
        return
    waits = act(stage, event, occasion)
    if waits is not None:
        yield from waits


def _lasts_ms(stage: Stage, event: Scripted, occasion: int) -> int | None:
    if event.lasts is None:
        return None
    return draw_ms(event.lasts, stage.streams.get(f"mend/scripted/{event.kind}/{event.target}/{occasion}"))


def _fault(stage: Stage, event: Scripted, occasion: int) -> Fault:
    lasts_ms = _lasts_ms(stage, event, occasion)
    return Fault(f"fault-{event.number}", event.kind, event.target, lasts_ms, event.terms)


def _note(stage: Stage, kind: str, event: Scripted, body: Mapping[str, Any]) -> None:
    """Something true that happened in an instant."""
    now_ms = int(stage.env.now)
    fact = Fact(now_ms, kind, event.target, f"fault-{event.number}", body, until_ms=now_ms)
    stage.faults.truth.facts.append(fact)


# -- what is more than a fault -------------------------------------------------------------------------

Act = Callable[[Stage, Scripted, int], Generator[simpy.Event, Any, None] | None]


def _change(stage: Stage, event: Scripted, occasion: int) -> None:
    """A change of configuration, which may go wrong."""
    terms = event.terms
    wrong = goes_wrong(terms, stage.streams.get(f"change/{event.target}/{occasion}"))
    body = {"went_wrong": wrong, "risk_milli": terms.risk_milli, "reviewed": terms.reviewed, "effect": terms.effect}
    _note(stage, "change", event, body)
    stage.faults.changes.append((int(stage.env.now), event.target, f"fault-{event.number}"))
    if wrong:
        stage.faults.begin(_fault(stage, event, occasion))


def _roll_back(stage: Stage, event: Scripted, occasion: int) -> None:  # noqa: ARG001 - every act is asked so
    """Every bad change of this target is taken back."""
    for fault in [f for f in stage.faults.active.values() if f.kind == "bad_change" and f.target == event.target]:
        stage.faults.mend(fault.fault_id)


def _disaster(stage: Stage, event: Scripted, occasion: int) -> None:
    """Ordinary faults at one instant, each mended for itself."""

    def draw(what: str) -> Any:
        return stage.streams.get(f"disaster/{event.target}/{occasion}/{what}")

    hit = struck(stage.faults.plant.network, event.target, event.terms, draw)
    _note(stage, "disaster", event, {"struck": [one.target for one in hit]})
    for one in hit:
        name = replace(event, kind=one.kind, target=one.target)
        lasts_ms = _lasts_ms(stage, name, occasion)
        stage.faults.begin(Fault(f"fault-{event.number}/{one.target}", one.kind, one.target, lasts_ms))


def _steal_fuel(stage: Stage, event: Scripted, occasion: int) -> None:  # noqa: ARG001
    _note(stage, "fuel_theft", event, {"share_milli": event.terms.share_milli})
    stage.power.steal_fuel(event.target, event.terms.share_milli)


def _refuel(stage: Stage, event: Scripted, occasion: int) -> None:  # noqa: ARG001
    stage.power.refuel(event.target)


def _buy(stage: Stage, event: Scripted, occasion: int) -> Generator[simpy.Event, Any, None]:  # noqa: ARG001
    """A dormant link carries traffic when its lead time is over."""
    yield stage.env.timeout(event.terms.lead_ms)
    fact = Fact(int(stage.env.now), "capacity", event.target, "", {"lead_ms": event.terms.lead_ms})
    light(stage.faults.plant, stage.faults.truth, fact)


def _release(stage: Stage, event: Scripted, occasion: int) -> None:  # noqa: ARG001
    darken(stage.faults.plant, stage.faults.truth, event.target, "", int(stage.env.now))


ACTS: Mapping[str, Act] = {
    "bad_change": _change,
    "roll_back": _roll_back,
    "disaster": _disaster,
    "steal_fuel": _steal_fuel,
    "refuel": _refuel,
    "buy_capacity": _buy,
    "release_capacity": _release,
}


def _announce(stage: Stage, event: Scripted, occasion: int) -> Generator[simpy.Event, Any, None]:
    """The OSS's calendar learns of the work before it begins."""
    now_ms, notice_ms = int(stage.env.now), event.terms.notice_ms
    at_ms = now_ms if notice_ms is None else max(now_ms, event.at_ms - notice_ms)
    yield stage.env.timeout(at_ms - now_ms)
    lasts_ms = _lasts_ms(stage, event, occasion)
    stage.post(PlannedWork(
        sender="planning", message_id=f"work-{event.number}", occurred_ms=at_ms, resource_id=event.target,
        starts_ms=event.at_ms, ends_ms=event.at_ms + (lasts_ms or 0),
    ))  # fmt: skip
