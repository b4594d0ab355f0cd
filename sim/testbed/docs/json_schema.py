"""The format of scenarios as a JSON Schema: what people write, not what the program makes of it."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from ossbss.bss.policy import BusinessPolicy
from ossbss.contract.quantities import DURATION_PATTERN, DURATION_SCHEMA, duration_text
from ossbss.oss.policy import OperationsPolicy
from sim.testbed.kpis import KPIS
from sim.testbed.scenario_schema import ScenarioSpec

DURATION_REF = "#/$defs/Duration"
_DURATION_HELP = "a number with a unit (ms, s, min, h, days, weeks), or several in a row"


_POLICIES: dict[str, Any] = {"OperationsSpec": OperationsPolicy(), "BusinessSpec": BusinessPolicy()}
"""A part of a scenario → what holds where it gives nothing."""


class _Untitled(GenerateJsonSchema):
    """Names made from the names of fields say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the signature is pydantic's
        return False


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file."""
    raw = ScenarioSpec.model_json_schema(by_alias=True, schema_generator=_Untitled)
    for part, policy in _POLICIES.items():
        _take_defaults(raw["$defs"][part]["properties"], policy)
    made = _as_written(raw)
    made["$defs"]["ClauseSpec"]["properties"]["kpi"] |= {"enum": [kpi.name for kpi in KPIS]}
    definitions = {"Duration": {**DURATION_SCHEMA, "description": _DURATION_HELP}, **made.pop("$defs")}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A scenario of ossbss"}
    return {**head, **made, "$defs": definitions}


def schema_text() -> str:
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def _take_defaults(properties: dict[str, Any], policy: Any) -> None:
    for name, item in properties.items():
        for attribute in (name, f"{name}_ms"):
            if item.get("default") is None and isinstance(getattr(policy, attribute, None), int):
                item["default"] = getattr(policy, attribute)


def _as_written(node: Any) -> Any:
    """Durations by reference and as text; no defaults that are whole parts or nothing; no null."""
    if isinstance(node, list):
        return [_as_written(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_written(value) for key, value in node.items() if not _says_nothing(key, value)}
    others = [choice for choice in made.get("anyOf", ()) if choice != {"type": "null"}]
    if len(others) == 1:
        del made["anyOf"]
        made |= others[0]
    elif others:
        made["anyOf"] = others
    return _duration(made) if made.get("pattern") == DURATION_PATTERN or made.get("$ref") == DURATION_REF else made


def _says_nothing(key: str, value: Any) -> bool:
    made_title = key == "title" and isinstance(value, str)
    return made_title or (key == "default" and (value in (None, [], "") or isinstance(value, dict)))


def _duration(made: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in made.items() if key not in DURATION_SCHEMA}
    if isinstance(kept.get("default"), int):
        kept["default"] = duration_text(kept["default"])
    return {"$ref": DURATION_REF, **kept}
