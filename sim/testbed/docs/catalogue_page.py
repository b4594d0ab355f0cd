"""docs/catalogues.md: how a catalogue is written; its words stand in templates/catalogues.md."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.testbed.docs.catalogue_schema import catalogue_schema
from sim.testbed.docs.key_tables import key_table
from sim.testbed.docs.worked_examples import worked

TEMPLATE = Path(__file__).parents[1] / "templates" / "catalogues.md"
KEYS = re.compile(r"^<!-- keys: (\w+) = (.*) -->$", re.MULTILINE)
"""Where a table stands: of which part, and what one of it is called."""


def catalogue_page() -> str:
    """The whole page."""
    text = TEMPLATE.read_text(encoding="utf-8")
    schema = catalogue_schema()
    parts: Mapping[str, Any] = {"Catalogue": schema, **schema["$defs"]}
    links = {part: f"[{called}](#{_anchor(called)})" for part, called in KEYS.findall(text)}
    tables = KEYS.sub(lambda found: f"#### {_heading(found[2])}\n\n{key_table(parts[found[1]], links)}", text)
    return worked(tables)


def _heading(called: str) -> str:
    return f"Keys of {called}"


def _anchor(called: str) -> str:
    """As GitHub makes it of the heading."""
    return re.sub(r"[^\w -]", "", _heading(called).lower()).replace(" ", "-")
