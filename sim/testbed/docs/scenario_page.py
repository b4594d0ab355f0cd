"""docs/scenarios.md: every key of a scenario, from the JSON Schema."""

from collections.abc import Iterator
from typing import get_args

from sim.testbed.docs.json_schema import scenario_schema
from sim.testbed.docs.key_tables import Schema, key_table, parts_below
from sim.testbed.docs.scenario_prose import HEAD, TAIL
from sim.testbed.fault_schema import EVENTS, FaultKind
from sim.testbed.journal_kinds import KINDS


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
        waiting = [(at + step, inner) for at, item in below for step, inner in parts_below(item, defs)] + waiting
    for paths, part in found.values():
        yield _section(paths, part)


def _section(paths: list[str], part: Schema) -> str:
    heading = "## Keys" if paths == [""] else f"### {', '.join(f'`{path}`' for path in paths)}"
    return f"{heading}\n\n{key_table(part)}"


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
