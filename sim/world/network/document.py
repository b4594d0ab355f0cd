"""The network document: one inventory as plain data, of which world and OSS each read their own copy."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

Document = dict[str, Any]
"""JSON object: sites, nodes, cards, links, shared_risk_groups, services, cells, element_managers, management."""

KINDS = ("sites", "nodes", "cards", "links", "shared_risk_groups", "services", "cells")
"""The lists of records that carry an id."""


def load(path: Path) -> Document:
    """The document in a JSON file, plain or gzipped (``.gz``); ValueError when it is not one with unique ids."""
    octets = path.read_bytes()
    document = json.loads(gzip.decompress(octets) if path.suffix == ".gz" else octets)
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds no network document; it must be one JSON object")
    require_unique_ids(document)
    return document


def ids(document: Document) -> list[str]:
    """All ids of the document, kind after kind, in its order; an id used twice stands twice."""
    found = [str(record["id"]) for kind in KINDS for record in document.get(kind, [])]
    return found + [str(manager) for manager in document.get("element_managers", [])]


def require_unique_ids(document: Document) -> None:
    """ValueError with every id that names two things, over all kinds of resource."""
    doubled = sorted(found for found, times in Counter(ids(document)).items() if times > 1)
    if doubled:
        raise ValueError(f"ids must be unique over all kinds of resource; used twice: {', '.join(doubled)}")


def copy_of(document: Document) -> Document:
    """A deep copy, so that one reader's changes never reach another."""
    copied: Document = json.loads(json.dumps(document))
    return copied
