"""The world and the testbed: ``from sim import Scenario, run``."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.testbed.run import Run, run
    from sim.testbed.scenario import Scenario

__all__ = ["Run", "Scenario", "run"]


def __getattr__(name: str) -> Any:
    """Import on first use: the command's --help must not wait for polars and matplotlib."""
    from importlib import import_module  # noqa: PLC0415

    homes = {"Run": "sim.testbed.run", "run": "sim.testbed.run", "Scenario": "sim.testbed.scenario"}
    if name not in homes:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(homes[name]), name)
