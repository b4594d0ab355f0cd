"""The town that ships, which the tests share: small enough to reckon by hand.

        north ── farm
       /     \\
    hub       east ── port        two fibres leave the hub in one duct, duct-river
       \\     /
        south
"""

import json
from pathlib import Path
from typing import Any

import yaml

from sim import Run, Scenario
from sim.testbed.shipped import shipped_folder
from tests.runs import played

SPANS = [("hub", "north"), ("east", "north"), ("hub", "south"), ("east", "south"), ("east", "port"), ("farm", "north")]


def town() -> dict[str, Any]:
    """The network document: one node, one card and one cell a site; services end at the hub."""
    found: dict[str, Any] = json.loads((shipped_folder() / "networks" / "town.json").read_text())
    return found


def scenario_file(folder: Path, timeline: list[dict[str, str]], **changes: Any) -> Path:
    """A scenario on the town: a day, 60 lines, one crew at the hub; ``changes``: top-level keys to replace. Its elements
    hand in performance files only where the world of the changes says so."""
    spec = {
        "name": "town",
        "title": {"en": "Town"},
        "story": {"en": "A town."},
        "starts": "2024-05-06T06:00:00+03:00",
        "lasts": "1 day",
        "seed": 1,
        "network": {"file": "town.json", "management": changes.pop("management", "out_of_band")},
        "population": {"subscribers": 60, "offerings": {"postpay-s": 1}},
        "catalogue": "shillings-a",
        "operations": {"crews": [{"id": "crew-1", "site": "hub"}]},
        "timeline": timeline,
    }
    path = folder / "town.yaml"
    world = {"performance": {"files": False}} | changes.pop("world", {})
    path.write_text(yaml.safe_dump(spec | {"world": world} | changes))
    return path


def play(folder: Path, timeline: list[dict[str, str]], seed: int = 1, drawn: bool = False, **changes: Any) -> Run:
    """The run of that scenario; its report is drawn for tests that look at it."""
    return played(Scenario.load(scenario_file(folder, timeline, **changes), seed=seed), folder / "run", drawn)
