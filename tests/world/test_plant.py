"""The plant: outages by cell."""

import pytest
import simpy

from sim.world.network.state import Network
from sim.world.plant import Plant
from sim.world.truth import Truth
from tests.town import town


def test_two_services_of_one_cell_are_refused() -> None:
    document = town()
    document["services"].append({**document["services"][0], "id": "svc-again"})
    with pytest.raises(ValueError, match="more than one service of a cell: cell-hub"):
        Plant(simpy.Environment(), Network(document), 3_000, Truth(), lambda event, state: None)
