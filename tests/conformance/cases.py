"""The rating vectors: read, held against their schema, and the folders that ``RATING_CASES`` adds."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

SHARED = Path(__file__).parents[3] / "shared" / "rating"
PUBLIC = SHARED / "cases"
LATER = {
    "billing": "invoices come with billing",
    "proration": "conventions of proration come with billing",
}
"""Families that are not rated yet: their cases are counted, and not run."""

@dataclass(frozen=True)
class Case:
    """One vector. ``expected`` is for the comparison only."""

    id: str
    family: str
    model: str
    tariff: Mapping[str, Any]
    state: Mapping[str, Any]
    usage: Mapping[str, Any]
    rounding: Mapping[str, Any] | None
    tolerance: str
    expected: Mapping[str, Any]


def files() -> list[Path]:
    """The public files and what ``RATING_CASES`` names, files or folders; none where ../shared is absent."""
    named = [Path(part) for part in os.environ.get("RATING_CASES", "").split(os.pathsep) if part]
    folders = [PUBLIC, *named] if PUBLIC.is_dir() else named
    return [file for at in folders for file in (sorted(at.glob("*.yaml")) if at.is_dir() else [at])]


def read(file: Path) -> list[Case]:
    """The cases of one file; ValueError with the first thing that its schema does not allow."""
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if (SHARED / "schema.json").is_file():
        schema = json.loads((SHARED / "schema.json").read_text(encoding="utf-8"))
        wrong = next(Draft202012Validator(schema).iter_errors(document), None)
        if wrong is not None:
            raise ValueError(f"{file.name}: {wrong.json_path}: {wrong.message}")
    return [_case(data) for data in document["cases"]]


def _case(data: Mapping[str, Any]) -> Case:
    return Case(
        data["id"], data["family"], data["model"], data.get("tariff", {}), data.get("state", {}), data["usage"],
        data.get("rounding"), str(data.get("tolerance", "0.000001")), data["expected"],
    )  # fmt: skip


def every() -> Iterator[Case]:
    for file in files():
        yield from read(file)
