"""Faults by chance: each component works, fails and is mended again, with luck of its own or shared with its group."""

from collections.abc import Generator, Iterable
from itertools import count
from typing import Any

import simpy

from sim.world.faults.lives import life, lives_of
from sim.world.faults.registry import Faults
from sim.world.plan import Fault, RandomFaults
from sim.world.streams import Streams


def play_chance(env: simpy.Environment, faults: Faults, rules: Iterable[RandomFaults], streams: Streams) -> None:
    """Let every target of every rule, and every group with failures in common, live its life (``lives`` draws it)."""
    for rule in rules:
        targets, groups, alone, common = lives_of(rule)
        for target in targets:
            env.process(_live(env, faults, alone, target, (target,), streams))
        for name, group in groups:
            env.process(_live(env, faults, common, name, group, streams))


def _live(
    env: simpy.Environment, faults: Faults, rule: RandomFaults, name: str, targets: tuple[str, ...], streams: Streams
) -> Generator[simpy.Event, Any, None]:
    """The next turn begins when the last of an occasion's targets is mended; each is mended for itself."""
    if len(targets) == 1 and name == targets[0]:
        turns = life(rule, name, streams)
        for occasion, (works_ms, lasts_ms) in zip(count(1), turns, strict=False):
            yield env.timeout(works_ms)
            fault_id = f"fault-{rule.kind}/{name}/{occasion}"
            yield faults.begin(Fault(fault_id, rule.kind, name, lasts_ms, rule.terms))
        return
    repairs = {target: life(rule, f"{name}/{target}", streams) for target in targets}
    for occasion, (works_ms, _) in zip(count(1), life(rule, name, streams), strict=False):
        yield env.timeout(works_ms)
        begun = []
        for target in targets:
            fault_id = f"fault-{rule.kind}/{name}/{occasion}/{target}"
            begun.append(faults.begin(Fault(fault_id, rule.kind, target, next(repairs[target])[1], rule.terms)))
        yield simpy.AllOf(env, begun)
