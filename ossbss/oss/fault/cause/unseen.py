"""Failures of which no port tells, by number: routing that is cut off, links that lose packets, cells that sleep."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.sparse import csr_array

from ossbss.oss.fault.cause.arrays import Ints, array, numbered, rows
from ossbss.oss.fault.cause.beliefs import CandidateKind
from ossbss.oss.fault.cause.planned_ways import planned_ways
from ossbss.oss.fault.symptoms import Identity, idle_cell, path_loss, port_errors
from ossbss.oss.inventory import Inventory


@dataclass(frozen=True, eq=False)
class Unseen:
    """``kinds``: which there are; ``cuts``, ``loses``, ``sleeps``: candidate → links that carry nothing though their
    ports are up, the link that loses packets, the cell that carries nothing; what does none of it is left out.
    ``ways``: services × links of the way that each takes while nothing has failed, None where nobody asks for loss.
    ``cell_node``: cell → its node; ``cell_service``: cell → its service."""

    kinds: frozenset[CandidateKind]
    cuts: Mapping[int, Ints]
    loses: Mapping[int, int]
    sleeps: Mapping[int, int]
    ways: csr_array | None
    cell_node: Ints
    cell_service: Ints


def hidden_candidates(inventory: Inventory, kinds: Collection[CandidateKind]) -> dict[CandidateKind, Iterable[str]]:
    """kind → ids, of those of these kinds of which no port tells"""
    ids: dict[CandidateKind, Iterable[str]] = {
        "routing": inventory.site_of_node,
        "lossy": [name for name, link in inventory.links.items() if not link.dormant],
        "cell": _cells(inventory, kinds),
    }
    return {kind: names for kind, names in ids.items() if kind in kinds}


def hidden_symptoms(
    inventory: Inventory, kinds: Collection[CandidateKind], services: Sequence[str], links: Sequence[str]
) -> list[list[Identity]]:
    """Loss of services, errors at the ends of links, cells that are missed."""
    lossy = "lossy" in kinds
    return [
        [path_loss(service) for service in services if lossy],
        [port_errors(link, end) for link in links if lossy for end in inventory.links[link].ends],
        [idle_cell(cell) for cell in _cells(inventory, kinds)],
    ]


def unseen(
    inventory: Inventory, kinds: Collection[CandidateKind], candidates: Sequence[tuple[str, str]],
    nodes: Sequence[str], links: Sequence[str], services: Sequence[str],
) -> Unseen:  # fmt: skip
    """``candidates``: (id, kind) of all; ``nodes``, ``links``, ``services``: in the order of their numbers."""
    cells = _cells(inventory, kinds)
    node_no, link_no, service_no, cell_no = (numbered(ids) for ids in (nodes, links, services, cells))
    of: dict[str, dict[int, str]] = {kind: {} for kind in ("routing", "lossy", "cell")}
    for no, (name, kind) in enumerate(candidates):
        if kind in of:
            of[kind][no] = name
    ways = planned_ways(inventory, services) if "lossy" in kinds else None
    return Unseen(
        kinds=frozenset(kinds),
        cuts={no: array(link_no[link] for link in sorted(inventory.links_on.get(name, ())))
              for no, name in of["routing"].items()},
        loses={no: link_no[name] for no, name in of["lossy"].items()},
        sleeps={no: cell_no[name] for no, name in of["cell"].items()},
        ways=None if ways is None else rows([[link_no[link] for link in way] for way in ways], len(links)),
        cell_node=array(node_no[inventory.cells[cell].node] for cell in cells),
        cell_service=array(service_no[inventory.service_of_cell[cell]] for cell in cells),
    )  # fmt: skip


def _cells(inventory: Inventory, kinds: Collection[CandidateKind]) -> list[str]:
    """Those that serve somebody."""
    return sorted(inventory.cells.keys() & inventory.service_of_cell.keys()) if "cell" in kinds else []
