"""The published noise-free symptoms of every fault of the benchmark's small network."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.world.network.document import load
from sim.world.network.management import reachable
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.state import FailureState, Network, living_links
from tests.world.network.plans import failing

EXAMPLES = Path(__file__).parents[3].parent / "shared" / "diagnosis" / "examples"
EXPECTED = EXAMPLES / "expected.jsonl"
ROWS: list[dict[str, Any]] = (
    [json.loads(line) for line in EXPECTED.read_text().splitlines()] if EXPECTED.exists() else []
)

pytestmark = pytest.mark.skipif(not ROWS, reason="shared/diagnosis/examples/expected.jsonl is absent")


@cache
def _tiny(mode: str) -> Network:
    return Network(load(EXAMPLES / f"tiny-{mode}.json"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['mode']}:{'+'.join(row['failed'])}")
def test_services_links_and_reach_are_those_published(row: dict[str, Any]) -> None:
    network = _tiny(row["mode"])
    state = failing(network, *row["failed"])
    forwarding = Forwarding(network, 0)
    forwarding.change(state)
    forwarding.converge()
    managed, alive = reachable(network, state), living_links(network, state)
    down = [network.links[link] for link in network.links if link not in alive]
    assert sorted(forwarding.down()) == sorted(row["services_down"])
    assert _said(row, "communicationsSubsystemFailure") == {
        (node, network.station) for node in set(network.nodes) - managed
    }
    assert _said(row, "lossOfSignal") == {
        (link["id"], end) for link in down for end in (link["a"], link["z"]) if end in managed
    }


def _said(row: dict[str, Any], cause: str) -> set[tuple[str, str]]:
    return {(resource, source) for resource, found, source in row["alarms"] if found == cause}


def test_protection_switches_without_an_interruption_and_both_lost_is_down() -> None:
    network = _tiny("out_of_band")
    protected = next(s for s, record in network.services.items() if record["protection"] == "1+1")
    record, forwarding = network.services[protected], Forwarding(network, 0)
    working, backup = record["path"][0], record["backup_path"][0]
    forwarding.change(failing(network, working))
    path = forwarding.path_of(protected)
    assert path is not None
    assert list(path.links) == record["backup_path"]
    assert (protected, "down") in forwarding.change(failing(network, working, backup))
    assert (protected, "up") not in forwarding.change(FailureState())
    assert (protected, "up") in forwarding.converge()
