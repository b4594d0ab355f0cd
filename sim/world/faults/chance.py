"""Faults by chance: each component works, fails and is mended again, with luck of its own."""

from collections.abc import Generator, Iterable
from itertools import count
from typing import Any

import simpy

from sim.world.faults.laws import draw_ms
from sim.world.faults.registry import Faults
from sim.world.plan import Fault, RandomFaults
from sim.world.streams import Streams


def play_chance(env: simpy.Environment, faults: Faults, rules: Iterable[RandomFaults], streams: Streams) -> None:
    """Let every target of every rule live its life. Streams: ``failure/KIND/TARGET/N`` and ``mend/KIND/TARGET/N``."""
    for rule in rules:
        for target in rule.targets:
            env.process(_life(env, faults, rule, target, streams))


def _life(
    env: simpy.Environment, faults: Faults, rule: RandomFaults, target: str, streams: Streams
) -> Generator[simpy.Event, Any, None]:
    for occasion in count(1):
        name = f"{rule.kind}/{target}/{occasion}"
        yield env.timeout(draw_ms(rule.between, streams.get(f"failure/{name}")))
        lasts_ms = draw_ms(rule.repair, streams.get(f"mend/{name}")) if rule.repair else None
        yield faults.begin(Fault(f"fault-{name}", rule.kind, target, lasts_ms))
