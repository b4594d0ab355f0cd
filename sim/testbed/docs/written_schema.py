"""JSON Schemas of documents as people write them, not of what the program makes of them."""

import json
from fractions import Fraction
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from ossbss.contract.quantities import DURATION_PATTERN, DURATION_SCHEMA, duration_text

DURATION_REF = "#/$defs/Duration"
_DURATION_HELP = "a number with a unit (ms, s, min, h, days, weeks), or several in a row"
_UNKNOWN = ("gt", "ge", "lt", "le")
"""Pydantic leaves them where they bound what is read, not what is written."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Untitled(GenerateJsonSchema):
    """Names made from the names of fields say nothing new; exact numbers are numbers."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the signature is pydantic's
        return False

    def encode_default(self, dft: Any) -> Any:
        whole = isinstance(dft, Fraction) and dft.denominator == 1
        return int(dft) if whole else super().encode_default(dft)


def raw_schema(model: type[BaseModel]) -> dict[str, Any]:
    """As pydantic makes it."""
    return model.model_json_schema(by_alias=True, schema_generator=_Untitled)


def document_schema(raw: dict[str, Any], title: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a document."""
    made = as_written(raw)
    definitions = {"Duration": {**DURATION_SCHEMA, "description": _DURATION_HELP}, **made.pop("$defs")}
    return {"$schema": _DIALECT, "title": title, **made, "$defs": definitions}


def schema_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def as_written(node: Any) -> Any:
    """Durations by reference and as text; no defaults that are whole parts or nothing; no null."""
    if isinstance(node, list):
        return [as_written(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: as_written(value) for key, value in node.items() if not _says_nothing(key, value)}
    others = [choice for choice in made.get("anyOf", ()) if choice != {"type": "null"}]
    if len(others) == 1:
        del made["anyOf"]
        made |= others[0]
    elif others:
        made["anyOf"] = others
    return _duration(made) if made.get("pattern") == DURATION_PATTERN or made.get("$ref") == DURATION_REF else made


def _says_nothing(key: str, value: Any) -> bool:
    made_title = key == "title" and isinstance(value, str)
    unknown = key in _UNKNOWN and not isinstance(value, dict)
    return made_title or unknown or (key == "default" and (value in (None, [], "") or isinstance(value, dict)))


def _duration(made: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in made.items() if key not in DURATION_SCHEMA}
    if isinstance(kept.get("default"), int):
        kept["default"] = duration_text(kept["default"])
    return {"$ref": DURATION_REF, **kept}
