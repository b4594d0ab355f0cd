"""Is this file a network that a scenario can run on? Its lists, its records, and what refers to what."""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ossbss.documents import Document, DocumentError, Mistake, check
from ossbss.mistakes import nearest, shown
from sim.world.network.document import KINDS, ids


class Record(BaseModel):
    """One object of the file; keys that are not read here are left alone."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)


class Named(Record):
    id: str = Field(min_length=1)


class Owned(Named):
    owner: str | None = Field(default=None, min_length=1)
    """the third party that alone may mend it; not given: the operator"""


class Site(Owned):
    name: str
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    shared_risk_groups: tuple[str, ...]


class Node(Owned):
    site: str
    vendor: Literal["ios", "junos"]
    role: str
    element_manager: str
    last_gasp: bool


class Card(Owned):
    node: str
    slot: str | int


class Link(Owned):
    a: str
    z: str
    a_card: str
    z_card: str
    a_port: str
    z_port: str
    shared_risk_groups: tuple[str, ...]
    igp_metric: int = Field(gt=0, lt=2**24 - 1)  # RFC 5305, 3: the largest would keep the link out of routing
    capacity_bps: int | None = Field(default=None, gt=0)
    dormant: bool = False


class Group(Owned):
    kind: Literal["duct", "cable", "power"]
    lon: float | None = Field(default=None, ge=-180, le=180)
    """with lat, of a cable: where it breaks, and a ship sails to; not given: its landing"""
    lat: float | None = Field(default=None, ge=-90, le=90)


class Service(Named):
    a: str
    z: str
    protection: Literal["none", "1+1", "restoration"]
    path: tuple[str, ...]
    backup_path: tuple[str, ...]
    cell: str
    probe: str
    backup_z: tuple[str, ...] = ()


class Cell(Named):
    node: str
    core_node: str
    backup_core_node: tuple[str, ...] = ()
    capacity_bps: int | None = Field(default=None, gt=0)
    voice_channels: int | None = Field(default=None, ge=0)
    emergency_channels: int = Field(default=0, ge=0)


class Demand(Record):
    a: str
    z: str
    bps: int = Field(gt=0)


class ManagerPlace(Record):
    node: str


class Management(Record):
    mode: Literal["in_band", "out_of_band", "partly_shared"]
    station: str
    in_band_nodes: tuple[str, ...] = ()
    shares: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    managers: dict[str, ManagerPlace] = Field(default_factory=dict)


class NetworkFile(Record):
    sites: tuple[Site, ...] = Field(min_length=1)
    nodes: tuple[Node, ...] = Field(min_length=1)
    cards: tuple[Card, ...]
    links: tuple[Link, ...]
    shared_risk_groups: tuple[Group, ...]
    services: tuple[Service, ...] = Field(min_length=1)
    cells: tuple[Cell, ...] = Field(min_length=1)
    element_managers: tuple[str, ...]
    management: Management
    demands: tuple[Demand, ...] = ()


REFERENCES = (
    ("sites", "shared_risk_groups", "shared_risk_groups"),
    ("nodes", "site", "sites"), ("nodes", "element_manager", "element_managers"),
    ("cards", "node", "nodes"),
    ("links", "a", "nodes"), ("links", "z", "nodes"), ("links", "a_card", "cards"), ("links", "z_card", "cards"),
    ("links", "shared_risk_groups", "shared_risk_groups"),
    ("services", "a", "nodes"), ("services", "z", "nodes"), ("services", "path", "links"),
    ("services", "backup_path", "links"), ("services", "cell", "cells"),
    ("services", "backup_z", "nodes"),
    ("demands", "a", "nodes"), ("demands", "z", "nodes"),
    ("cells", "node", "nodes"), ("cells", "core_node", "nodes"), ("cells", "backup_core_node", "nodes"),
)  # fmt: skip
"""(list, key of its records, the list in which what it names must be)"""


def check_network_file(file: Path, name: str) -> list[Mistake]:
    """Every mistake of the network document in this file (JSON, or JSON in gzip); ``name`` is what people call it."""
    try:
        document = Document(name, _data(file))
        if not isinstance(document.data, dict):
            return [Mistake("(document)", None, "it must be one JSON object", source=name)]
        check(document, NetworkFile)
    except json.JSONDecodeError as error:
        return [Mistake("(document)", error.lineno, f"this is no JSON: {error.msg}", source=name)]
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error, RecursionError):
        return [Mistake("(document)", None, "this is neither JSON in UTF-8 nor JSON in gzip (.gz)", source=name)]
    except DocumentError as error:
        return [replace(mistake, line=None, source=name) for mistake in error.mistakes]
    found = [*_doubled(document), *_dangling(document), *_cells_without_service(document), *_shared_cells(document)]
    found += _unlike_their_cell(document)
    return [replace(mistake, source=name) for mistake in found]


def _data(file: Path) -> Any:
    octets = file.read_bytes()
    return json.loads((gzip.decompress(octets) if file.suffix == ".gz" else octets).decode("utf-8-sig"))


def _doubled(document: Document) -> list[Mistake]:
    doubled = [name for name, times in Counter(ids(document.data)).items() if times > 1]
    return [Mistake(f"id {shown(name)}", None, "two things have this id; ids must be unique") for name in doubled]


def _dangling(document: Document) -> list[Mistake]:
    data = document.data
    known = {kind: [str(record["id"]) for record in data[kind]] for kind in KINDS}
    known["element_managers"] = data["element_managers"]
    named: list[tuple[tuple[str | int, ...], str, str]] = [
        ((kind, number, key), word, of)
        for kind, key, of in REFERENCES
        for number, record in enumerate(data.get(kind, []))
        for word in _words(record.get(key, []))
    ]
    named += _named_by_management(data["management"])
    return [
        document.mistake(path, f"{shown(word)} is not among the {of}", nearest(word, known[of]))
        for path, word, of in named
        if word not in known[of]
    ]


def _words(named: str | list[str]) -> list[str]:
    return named if isinstance(named, list) else [named]


def _unlike_their_cell(document: Document) -> list[Mistake]:
    """Usage of a cell is filed where its service ends, so both must name the same backup cores; and only a service
    that is rerouted can end elsewhere."""
    of_cell = {cell["id"]: cell.get("backup_core_node", []) for cell in document.data["cells"]}
    found = []
    for number, service in enumerate(document.data["services"]):
        backups = service.get("backup_z", [])
        if backups and service["protection"] != "restoration":
            problem = f"protection is {shown(service['protection'])}, which keeps to its paths"
            found.append(document.mistake(("services", number, "backup_z"), problem, "give protection: restoration"))
        if backups != of_cell.get(service["cell"], backups):
            named = ", ".join(of_cell[service["cell"]]) or "none"
            problem = f"cell {shown(service['cell'])} has another backup_core_node: {named}"
            found.append(document.mistake(("services", number, "backup_z"), problem, "give both the same"))
    return found


def _named_by_management(management: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    yield ("management", "station"), management["station"], "nodes"
    for number, node in enumerate(management.get("in_band_nodes", ())):
        yield ("management", "in_band_nodes", number), node, "nodes"
    for duct, nodes in management.get("shares", {}).items():
        yield ("management", "shares", duct), duct, "shared_risk_groups"
        yield from ((("management", "shares", duct, number), node, "nodes") for number, node in enumerate(nodes))
    for manager, place in management.get("managers", {}).items():
        yield ("management", "managers", manager), manager, "element_managers"
        yield ("management", "managers", manager, "node"), place["node"], "nodes"


def _cells_without_service(document: Document) -> list[Mistake]:
    served = {service["cell"] for service in document.data["services"]}
    cells = [(number, cell["id"]) for number, cell in enumerate(document.data["cells"]) if cell["id"] not in served]
    return [document.mistake(("cells", number), f"no service is of cell {shown(cell)}") for number, cell in cells]


def _shared_cells(document: Document) -> list[Mistake]:
    """A cell has one access service: what its people get is what that one carries."""
    first: dict[str, str] = {}
    found = []
    for number, service in enumerate(document.data["services"]):
        if (other := first.setdefault(service["cell"], service["id"])) != service["id"]:
            problem = f"cell {shown(service['cell'])} has the service {shown(other)} already; give each cell one"
            found.append(document.mistake(("services", number, "cell"), problem))
    return found
