"""docs/scenarios.md: every key of a scenario, from the JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from sim.testbed.docs.json_schema import DURATION_REF, scenario_schema
from sim.testbed.docs.scenario_prose import HEAD, TAIL
from sim.testbed.fault_schema import EVENTS, FaultKind
from sim.testbed.journal_kinds import KINDS
from sim.testbed.scenario_words import CONDITION_PATTERN

Schema = Mapping[str, Any]
_MANY = 9
_PLAIN = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_UNITS = (
    ("_km_h", "km/h"), ("_knots", "knots"), ("_ms", "ms"), ("_octets_per_day", "octets a day"), ("_per_day", "a day"),
    ("_share", "part of 1"), ("subscribers", "lines"),
)  # fmt: skip


def scenario_page() -> str:
    """The whole page."""
    schema = scenario_schema()
    parts = [HEAD, *_sections(schema, schema["$defs"]), _faults(), TAIL, _kinds()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _sections(schema: Schema, defs: Schema) -> Iterator[str]:
    """One section for each part that has keys of its own, in the order in which the keys stand."""
    waiting: list[tuple[str, Schema]] = [("", schema)]
    found: dict[int, tuple[list[str], Schema]] = {}
    while waiting:
        path, part = waiting.pop(0)
        found.setdefault(id(part), ([], part))[0].append(path)
        below = [(f"{path}.{name}".lstrip("."), item) for name, item in part["properties"].items()]
        waiting = [(at + step, inner) for at, item in below for step, inner in _parts(item, defs)] + waiting
    for paths, part in found.values():
        yield _section(paths, part, defs)


def _parts(item: Schema, defs: Schema) -> list[tuple[str, Schema]]:
    """Parts with keys that may stand under this key: (what follows the key in a dotted path, the part)."""
    if "$ref" in item:
        found = defs[item["$ref"].rsplit("/", 1)[-1]]
        return [("", found)] if "properties" in found else []
    inner: list[tuple[str, Schema]] = [("", choice) for choice in item.get("anyOf", ())]
    if isinstance(item.get("items"), dict):
        inner.append((".N", item["items"]))
    if isinstance(item.get("additionalProperties"), dict):
        inner.append((".NAME", item["additionalProperties"]))
    return [(step + more, found) for step, one in inner for more, found in _parts(one, defs)]


def _section(paths: list[str], part: Schema, defs: Schema) -> str:
    heading = "## Keys" if paths == [""] else f"### {', '.join(f'`{path}`' for path in paths)}"
    rows = [_row(name, item, part, defs) for name, item in part["properties"].items()]
    head = "| key | written as | default | unit | meaning |\n|---|---|---|---|---|"
    return "\n".join([heading, "", _plain(str(part.get("description", ""))), "", head, *rows])


def _row(name: str, item: Schema, part: Schema, defs: Schema) -> str:
    default = f"`{_value(item['default'])}`" if "default" in item else ""
    default = "needed" if name in part.get("required", ()) else default
    cells = (f"`{name}`", _written(item, defs), default, _unit(name, item), _plain(str(item.get("description", ""))))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value)


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _unit(name: str, item: Schema) -> str:
    if "x-unit" in item:
        return str(item["x-unit"])
    if item.get("$ref") == DURATION_REF:
        return "in the value"
    return next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def _written(item: Schema, defs: Schema) -> str:
    """How a value of this schema is written, in words."""
    if "anyOf" in item:
        return " or ".join(dict.fromkeys(_written(choice, defs) for choice in item["anyOf"]))
    if item.get("type") == "array":
        return _list(item, defs)
    if item.get("type") == "object":
        return _names(item, defs)
    return _word(item) or _PLAIN.get(str(item.get("type")), "any value") + _range(item)


def _word(item: Schema) -> str:
    """A way of writing that has a word of its own; empty where it has none."""
    if "$ref" in item:
        return "duration" if item["$ref"] == DURATION_REF else "keys, see below"
    if "enum" in item or "const" in item:
        words = item.get("enum", [item.get("const")])
        return " or ".join(f"`{word}`" for word in words) if len(words) < _MANY else "a name"
    return "condition" if item.get("pattern") == CONDITION_PATTERN else str(item.get("x-written", ""))


def _names(item: Schema, defs: Schema) -> str:
    inner = item.get("additionalProperties")
    if not isinstance(inner, dict):
        return "keys with values"
    named = " or ".join(f"`{name}`" for name in item.get("propertyNames", {}).get("enum", ()))
    return f"{f'keys {named}' if named else 'names'}, each with {_written(inner, defs)}"


def _list(item: Schema, defs: Schema) -> str:
    if "prefixItems" in item:
        return f"[{', '.join(_written(inner, defs) for inner in item['prefixItems'])}]"
    return f"list of {_written(item.get('items', {}), defs)}"


def _range(item: Schema) -> str:
    least, most = item.get("minimum"), item.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    above = item.get("exclusiveMinimum")
    return f", {least} or more" if least is not None else f", above {above}" if above is not None else ""


def _faults() -> str:
    chance = get_args(FaultKind)
    rows = [
        f"| `{name}` | {kind.of} | {kind.effect} | {', '.join(f'`{key}`' for key in kind.keys)} "
        f"| {'yes' if name in chance else ''} |"
        for name, kind in EVENTS.items()
    ]
    head = "| do | target: one of the network's | effect | its keys | also by chance |\n|---|---|---|---|---|"
    return "\n".join(["## What can happen", "", head, *rows])


def _kinds() -> str:
    rows = [f"| `{kind}` | {meaning} |" for kind, meaning in KINDS.items()]
    return "\n".join(["## What the journal tells", "", "| kind | meaning |", "|---|---|", *rows])
