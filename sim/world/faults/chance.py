"""Faults by chance: each component works, fails and is mended again, with luck of its own or shared with its group."""

from collections.abc import Generator, Iterable, Iterator
from itertools import chain, count
from typing import Any

import simpy

from sim.world.faults.lives import alone, in_common, life
from sim.world.faults.registry import Faults
from sim.world.plan import Fault, RandomFaults
from sim.world.streams import Streams

Turns = Iterator[tuple[int, int | None]]
"""Of one life: how long it works, and how long it takes to mend then (None: until somebody has mended it)."""


def play_chance(env: simpy.Environment, faults: Faults, rules: Iterable[RandomFaults], streams: Streams) -> None:
    """Let every target of every rule, and every group with failures in common, live its life (``lives`` draws it)."""
    lives: list[tuple[int, Generator[simpy.Event, Any, None]]] = []
    for rule in rules:
        for target in rule.targets:
            if (own := alone(rule, target)) is not None:
                works_ms, turns = _first(life(own, target, streams))
                lives.append((works_ms, _live(env, faults, own, target, turns)))
        common, groups = in_common(rule)
        for group in groups:
            works_ms, turns = _first(life(common, "+".join(group), streams))
            lives.append((works_ms, _live_together(env, faults, common, group, turns, streams)))
    env.process(_begin(env, int(env.now), sorted(lives, key=lambda each: each[0])))


def _begin(
    env: simpy.Environment, starts_ms: int, lives: Iterable[tuple[int, Generator[simpy.Event, Any, None]]]
) -> Generator[simpy.Event, Any, None]:
    """Each joins the clock when it fails first: thousands that wait would slow down every other event."""
    for works_ms, live in lives:
        yield env.timeout(starts_ms + works_ms - int(env.now))
        env.process(live)


def _first(turns: Turns) -> tuple[int, Turns]:
    """How long it works at first; and its turns, the first without that wait."""
    works_ms, lasts_ms = next(turns)
    return works_ms, chain([(0, lasts_ms)], turns)


def _live(
    env: simpy.Environment, faults: Faults, rule: RandomFaults, target: str, turns: Turns
) -> Generator[simpy.Event, Any, None]:
    for occasion, (works_ms, lasts_ms) in zip(count(1), turns, strict=False):
        yield env.timeout(works_ms)
        fault_id = f"fault-{rule.kind}/{target}/{occasion}"
        yield faults.begin(Fault(fault_id, rule.kind, target, lasts_ms, rule.terms))


def _live_together(
    env: simpy.Environment,
    faults: Faults,
    rule: RandomFaults,
    group: tuple[str, ...],
    turns: Turns,
    streams: Streams,
) -> Generator[simpy.Event, Any, None]:
    """All fail at one instant, each is mended for itself; the next turn begins when the last is.

    The occasions are drawn under the group's name, ``A+B``, the repairs under ``A+B/TARGET``.
    """
    name = "+".join(group)
    repairs = {target: life(rule, f"{name}/{target}", streams) for target in group}
    for occasion, (works_ms, _) in zip(count(1), turns, strict=False):
        yield env.timeout(works_ms)
        begun = []
        for target in group:
            fault_id = f"fault-{rule.kind}/{name}/{occasion}/{target}"
            begun.append(faults.begin(Fault(fault_id, rule.kind, target, next(repairs[target])[1], rule.terms)))
        yield simpy.AllOf(env, begun)
