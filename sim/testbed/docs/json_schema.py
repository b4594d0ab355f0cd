"""The format of scenarios as a JSON Schema."""

from typing import Any

from ossbss.bss.policy import BusinessPolicy
from ossbss.oss.policy import OperationsPolicy
from sim.testbed.docs.written_schema import document_schema, raw_schema
from sim.testbed.kpis import KPIS
from sim.testbed.scenario_schema import ScenarioSpec

_POLICIES: dict[str, Any] = {"OperationsSpec": OperationsPolicy(), "BusinessSpec": BusinessPolicy()}
"""A part of a scenario → what holds where it gives nothing."""


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file."""
    raw = raw_schema(ScenarioSpec)
    for part, policy in _POLICIES.items():
        _take_defaults(raw["$defs"][part]["properties"], policy)
    made = document_schema(raw, "A scenario of ossbss")
    made["$defs"]["ClauseSpec"]["properties"]["kpi"] |= {"enum": [kpi.name for kpi in KPIS]}
    return made


def _take_defaults(properties: dict[str, Any], policy: Any) -> None:
    for name, item in properties.items():
        for attribute in (name, f"{name}_ms"):
            if item.get("default") is None and isinstance(getattr(policy, attribute, None), int):
                item["default"] = getattr(policy, attribute)
