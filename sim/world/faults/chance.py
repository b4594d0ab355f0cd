"""Faults by chance: each component works, fails and is mended again, with luck of its own or shared with its group."""

from collections.abc import Generator, Iterable
from itertools import count
from typing import Any

import simpy

from sim.world.faults.lives import alone, in_common, life
from sim.world.faults.registry import Faults
from sim.world.plan import Fault, RandomFaults
from sim.world.streams import Streams


def play_chance(env: simpy.Environment, faults: Faults, rules: Iterable[RandomFaults], streams: Streams) -> None:
    """Let every target of every rule, and every group with failures in common, live its life (``lives`` draws it)."""
    for rule in rules:
        for target in rule.targets:
            if (own := alone(rule, target)) is not None:
                env.process(_live(env, faults, own, target, streams))
        common, groups = in_common(rule)
        for group in groups:
            env.process(_live_together(env, faults, common, group, streams))


def _live(
    env: simpy.Environment, faults: Faults, rule: RandomFaults, target: str, streams: Streams
) -> Generator[simpy.Event, Any, None]:
    for occasion, (works_ms, lasts_ms) in zip(count(1), life(rule, target, streams), strict=False):
        yield env.timeout(works_ms)
        fault_id = f"fault-{rule.kind}/{target}/{occasion}"
        yield faults.begin(Fault(fault_id, rule.kind, target, lasts_ms, rule.terms))


def _live_together(
    env: simpy.Environment, faults: Faults, rule: RandomFaults, group: tuple[str, ...], streams: Streams
) -> Generator[simpy.Event, Any, None]:
    """All fail at one instant, each is mended for itself; the next turn begins when the last is.

    The occasions are drawn under the group's name, ``A+B``, the repairs under ``A+B/TARGET``.
    """
    name = "+".join(group)
    repairs = {target: life(rule, f"{name}/{target}", streams) for target in group}
    for occasion, (works_ms, _) in zip(count(1), life(rule, name, streams), strict=False):
        yield env.timeout(works_ms)
        begun = []
        for target in group:
            fault_id = f"fault-{rule.kind}/{name}/{occasion}/{target}"
            begun.append(faults.begin(Fault(fault_id, rule.kind, target, next(repairs[target])[1], rule.terms)))
        yield simpy.AllOf(env, begun)
