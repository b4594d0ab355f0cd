"""Tables of the keys of a document, from its JSON Schema."""

import json
from collections.abc import Mapping
from typing import Any

from sim.testbed.docs.written_schema import DURATION_REF

Schema = Mapping[str, Any]
Names = Mapping[str, str]
"""Part → what to say of a key that holds one; ``SEE_BELOW`` of those that are not named."""
SEE_BELOW = "keys, see below"
_MANY = 9
_HEAD = "| key | written as | default | unit | meaning |\n|---|---|---|---|---|"
_FORMATS = {"date": "date"}
_PLAIN = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_UNITS = (
    ("_km_h", "km/h"), ("_knots", "knots"), ("_ms", "ms"), ("_octets_per_day", "octets a day"), ("_per_day", "a day"),
    ("_share", "part of 1"), ("subscribers", "lines"), ("_milli", "thousandths"), ("_pct", "percent"),
    ("percent", "percent"),
)  # fmt: skip


def parts_below(item: Schema, defs: Schema) -> list[tuple[str, Schema]]:
    """Parts with keys that may stand under this key: (what follows the key in a dotted path, the part)."""
    if "$ref" in item:
        found = defs[item["$ref"].rsplit("/", 1)[-1]]
        return [("", found)] if "properties" in found else []
    inner: list[tuple[str, Schema]] = [("", choice) for choice in item.get("anyOf", ())]
    if isinstance(item.get("items"), dict):
        inner.append((".N", item["items"]))
    if isinstance(item.get("additionalProperties"), dict):
        inner.append((".NAME", item["additionalProperties"]))
    return [(step + more, found) for step, one in inner for more, found in parts_below(one, defs)]


def key_table(part: Schema, names: Names | None = None) -> str:
    """What a part is, and a row for each of its keys."""
    rows = [_row(name, item, part, names or {}) for name, item in part["properties"].items()]
    return "\n".join([plain(str(part.get("description", ""))), "", _HEAD, *rows])


def plain(text: str) -> str:
    """A docstring as one line of Markdown."""
    return " ".join(text.replace("``", "`").split())


def _row(name: str, item: Schema, part: Schema, names: Names) -> str:
    default = f"`{_value(item['default'])}`" if "default" in item else ""
    default = "needed" if name in part.get("required", ()) else default
    cells = (f"`{name}`", _written(item, names), default, _unit(name, item), plain(str(item.get("description", ""))))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value)


def _unit(name: str, item: Schema) -> str:
    if "x-unit" in item:
        return str(item["x-unit"])
    if item.get("$ref") == DURATION_REF:
        return "in the value"
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def _written(item: Schema, names: Names) -> str:
    """How a value of this schema is written, in words."""
    if word := _word(item, names):
        return word
    if choices := item.get("anyOf") or item.get("oneOf"):
        return " or ".join(dict.fromkeys(_written(choice, names) for choice in choices))
    if item.get("type") == "array":
        return _list(item, names)
    if item.get("type") == "object":
        return _names(item, names)
    return _PLAIN.get(str(item.get("type")), "any value") + _range(item)


def _word(item: Schema, names: Names) -> str:
    """A way of writing that has a word of its own; empty where it has none."""
    if "x-written" in item:
        return str(item["x-written"])
    if "$ref" in item:
        return "duration" if item["$ref"] == DURATION_REF else names.get(item["$ref"].rsplit("/", 1)[-1], SEE_BELOW)
    if "enum" in item or "const" in item:
        words = item.get("enum", [item.get("const")])
        return " or ".join(f"`{word}`" for word in words) if len(words) < _MANY else "a name"
    return _FORMATS.get(str(item.get("format")), "")


def _names(item: Schema, names: Names) -> str:
    inner = item.get("additionalProperties")
    if not isinstance(inner, dict):
        return "keys with values"
    named = " or ".join(f"`{name}`" for name in item.get("propertyNames", {}).get("enum", ()))
    return f"{f'keys {named}' if named else 'names'}, each with {_written(inner, names)}"


def _list(item: Schema, names: Names) -> str:
    if "prefixItems" in item:
        return f"[{', '.join(_written(inner, names) for inner in item['prefixItems'])}]"
    return f"list of {_written(item.get('items', {}), names)}"


def _range(item: Schema) -> str:
    least, most = item.get("minimum"), item.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    above, below = item.get("exclusiveMinimum"), item.get("exclusiveMaximum")
    said = f", {least} or more" if least is not None else f", above {above}" if above is not None else ""
    return said + (f", below {below}" if below is not None else "")
