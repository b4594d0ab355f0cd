"""Faults that a scenario scripts: each at its time."""

from collections.abc import Generator, Iterable
from typing import Any

import simpy

from sim.world.faults.registry import Faults
from sim.world.plan import ScriptedFault


def play_script(env: simpy.Environment, faults: Faults, script: Iterable[ScriptedFault]) -> None:
    """Let every fault of the script begin when its time has come."""
    for scripted in script:
        env.process(_wait(env, faults, scripted))


def _wait(env: simpy.Environment, faults: Faults, scripted: ScriptedFault) -> Generator[simpy.Event, Any, None]:
    yield env.timeout(scripted.at_ms - int(env.now))
    faults.begin(scripted.fault)
