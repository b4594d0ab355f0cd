"""Weeks of random faults on several networks, drawn beforehand: every policy meets the same ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from sim.testbed.fault_schema import FaultKind
from sim.testbed.fault_targets import vulnerable
from sim.testbed.scenario import Scenario
from sim.world.network.state import Network
from sim.world.streams import Streams

TEMPLATE = Path(__file__).parent.parent / "templates" / "fault-week.yaml"
NETWORKS: Mapping[str, str] = {"sndlib/polska": "warsaw", "sndlib/nobel-germany": "frankfurt", "sndlib/newyork": "n1"}
"""TopoHub topology → the site of its core and its station. None of them is in the public diagnosis cases, nor among
those on which the diagnosis was calibrated."""
KINDS = (*(kind for kind in get_args(FaultKind) if kind != "cut_cable"), "bad_change")
"""What may fail; the networks have no submarine cable."""
FAULTS_A_WEEK = 18
SPACING_MS = 9 * HOUR_MS
"""From one fault to the next, on average; the first comes after as long (assumptions)."""


@dataclass(frozen=True)
class Week:
    """One run of the plan: a network, its number there, and what fails."""

    network: str
    number: int
    scenario: Scenario


def weeks(networks: Sequence[str], each: int, active_tests: bool, seed: int) -> Iterator[Week]:
    """So many weeks on each network; the same faults with and without active tests."""
    for network in networks:
        for number in range(1, each + 1):
            drawn = _scenario(network, seed * 1_000 + number, {})
            rng = Streams(seed).get(f"experiment/{network}/{number}")
            changes = {"timeline": list(_timeline(Network(drawn.network), rng)),
                       "operations.active_tests": active_tests}  # fmt: skip
            yield Week(network, number, _scenario(network, drawn.seed, changes))


def _scenario(network: str, seed: int, changes: Mapping[str, Any]) -> Scenario:
    core = NETWORKS[network]
    where = {"network.topohub": network, "network.core_sites": [core], "network.station_site": core,
             **{f"operations.crews.{n}.site": core for n in range(3)}}  # fmt: skip
    return Scenario.load(TEMPLATE, overrides={"seed": seed, **where, **changes})


def _timeline(network: Network, rng: np.random.Generator) -> Iterator[dict[str, str]]:
    """Kinds in equal shares, each on any of what can fail so; a crew has to mend it, unless something cures it."""
    for number in range(FAULTS_A_WEEK):
        kind = str(rng.choice(KINDS))
        targets = [t for t in vulnerable(network, kind) if kind != "cut_power" or t in network.sites]  # type: ignore[arg-type]
        target = str(rng.choice(sorted(targets)))
        at_ms = SPACING_MS * (number + 1) + int(rng.integers(-SPACING_MS // 2, SPACING_MS // 2))
        event = {"at": f"{at_ms // MINUTE_MS} min", "do": kind, "target": target}
        yield event | (_effect(network, target, rng) if kind == "bad_change" else {})


def _effect(network: Network, target: str, rng: np.random.Generator) -> dict[str, str]:
    """A bad change closes ports, or isolates a node."""
    return {"effect": "isolate" if target in network.nodes and rng.random() < 0.5 else "shutdown"}
