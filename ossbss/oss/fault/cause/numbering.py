"""The inventory by number: candidates that may have failed, symptoms they may show, and what rests on what."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.fault.cause.arrays import Ints, array, numbered, pairs, rows
from ossbss.oss.fault.cause.beliefs import CandidateKind
from ossbss.oss.fault.cause.unseen import Unseen, hidden_candidates, hidden_symptoms, unseen
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import SERVICE_DOWN, Inventory

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Places:
    """Where the symptoms of each kind stand: two for a link (its ends), one for a card, a node's contact and its last
    gasp, a manager, two for a service, some for each node that may tell of its site's power. Where failures that no
    port tells of are numbered: one for loss on a service's way, two for errors at a link's ends, one for an idle cell.
    """

    signal: slice
    card: slice
    contact: slice
    power: slice
    manager: slice
    service: slice
    site: slice
    loss: slice
    errors: slice
    idle: slice


def within(symptoms: Ints, place: slice) -> Bools:
    """Which of these symptoms are of the kind that stands there."""
    found: Bools = (symptoms >= place.start) & (symptoms < place.stop)
    return found


@dataclass(frozen=True, eq=False)
class Numbering:
    """``kills``, ``breaks``, ``blinds``: candidate → nodes that die, links that break, nodes whose way beside the
    network is lost. ``gasps``: candidate → nodes that may say that they lose power; ``tells``: candidate → symptoms
    by which its sites may tell of their power. ``paths``, ``backups``: services × links. ``unseen``: what is said of
    candidates of which no port tells."""

    candidates: tuple[str, ...]
    candidate_no: dict[tuple[str, str], int]
    """(id, kind) → number"""
    kinds: tuple[CandidateKind, ...]
    kills: tuple[Ints, ...]
    breaks: tuple[Ints, ...]
    blinds: tuple[Ints, ...]
    gasps: tuple[Ints, ...]
    tells: tuple[Ints, ...]
    card_of: Ints
    symptoms: tuple[Identity, ...]
    symptom_no: dict[Identity, int]
    places: Places
    nodes: tuple[str, ...]
    in_band: Bools
    station: int
    manager_of: Ints
    managers: tuple[str, ...]
    manager_node: Ints
    links: tuple[str, ...]
    link_ends: Ints
    dark_links: Bools
    card_node: Ints
    services: tuple[str, ...]
    service_no: dict[str, int]
    service_ends: Ints
    restored: Bools
    protected: Bools
    paths: csr_array
    backups: csr_array
    unseen: Unseen

    @cached_property
    def numbers_of(self) -> dict[str, tuple[int, ...]]:
        """id → its candidates: several where it can fail in more than one way (a site dead, or on its stores)"""
        found: dict[str, tuple[int, ...]] = {}
        for no, name in enumerate(self.candidates):
            found[name] = (*found.get(name, ()), no)
        return found

    def way_of(self, service: str) -> tuple[str, ...]:
        """The links of its way while nothing has failed; none where nobody asks for loss."""
        ways, place = self.unseen.ways, self.service_no[service]
        return () if ways is None else tuple(self.links[link] for link in ways[[place]].indices)

    def called(self, names: Iterable[str]) -> list[int]:
        """Candidates of these ids, sorted; an id that none has is left out."""
        return sorted(no for name in names for no in self.numbers_of.get(name, ()))


def number(
    inventory: Inventory, station_source: str | None = None, hidden: Collection[CandidateKind] = ()
) -> Numbering:
    """``station_source``: who signs the alarms of the station; None: its node. ``hidden``: kinds of which no port tells
    that are to be numbered, too."""
    nodes, links, cards = (
        tuple(sorted(known)) for known in (inventory.site_of_node, inventory.links, inventory.card_slots)
    )
    services, managers = tuple(sorted(inventory.services)), tuple(sorted(inventory.managers))
    node_no, link_no, card_no = (numbered(ids) for ids in (nodes, links, cards))
    symptoms, places = _symptoms(
        inventory, station_source or inventory.station, nodes, links, cards, services, managers,
        hidden_symptoms(inventory, hidden, services, links),
    )  # fmt: skip
    symptom_no, candidates = numbered(symptoms), _candidates(inventory, hidden)
    dead = [inventory.dead_nodes(c) if kind in _DIE else frozenset[str]() for c, kind in candidates]
    return Numbering(
        candidates=tuple(c for c, _ in candidates),
        candidate_no={candidate: place for place, candidate in enumerate(candidates)},
        kinds=tuple(kind for _, kind in candidates),
        kills=tuple(array(node_no[n] for n in sorted(found - {inventory.station})) for found in dead),
        breaks=tuple(array(link_no[link] for link in sorted(inventory.links_on.get(c, ())) if kind in _HOLD_LINKS)
                     for c, kind in candidates),
        blinds=tuple(array(node_no[n] for n in sorted(inventory.shares.get(c, ()))) for c, _ in candidates),
        gasps=tuple(array(node_no[n] for n in sorted(found & inventory.last_gasp) if kind in _SAY_SO)
                    for found, (_, kind) in zip(dead, candidates, strict=True)),
        tells=tuple(_told(inventory, c if kind in _POWERED else None, symptom_no) for c, kind in candidates),
        card_of=array(card_no.get(c, -1) for c, _ in candidates),
        symptoms=symptoms,
        symptom_no=symptom_no,
        places=places,
        nodes=nodes,
        in_band=np.array([n in inventory.in_band_nodes for n in nodes], dtype=bool),
        station=node_no[inventory.station],
        manager_of=array(numbered(managers)[inventory.manager_of_node[n]] for n in nodes),
        managers=managers,
        manager_node=array(node_no[inventory.managers[m]] for m in managers),
        links=links,
        link_ends=pairs((node_no[end] for end in inventory.links[link].ends) for link in links),
        dark_links=np.array([inventory.links[link].dormant for link in links], dtype=bool),
        card_node=array(node_no[inventory.card_slots[card][0]] for card in cards),
        services=services,
        service_no=numbered(services),
        service_ends=pairs((node_no[end] for end in inventory.services[s].ends) for s in services),
        restored=np.array([inventory.services[s].protection == "restoration" for s in services], dtype=bool),
        protected=np.array([inventory.services[s].protection == "1+1" for s in services], dtype=bool),
        paths=rows([[link_no[link] for link in inventory.services[s].path] for s in services], len(links)),
        backups=rows([[link_no[link] for link in inventory.services[s].backup_path] for s in services], len(links)),
        unseen=unseen(inventory, hidden, candidates, nodes, links, services),
    )  # fmt: skip


_HOLD_LINKS, _DIE = ("link", "duct", "card"), ("node", "site", "power")
_SAY_SO, _POWERED = ("site", "power"), ("site", "power", "mains")


def _told(inventory: Inventory, powered: str | None, symptom_no: dict[Identity, int]) -> Ints:
    nodes = inventory.dead_nodes(powered) if powered else ()
    told = ((inventory.site_of_node[node], cause, node) for node in sorted(nodes) for cause in sorted(SITE_CAUSES))
    return array(symptom_no[alarm] for alarm in told)


def _candidates(inventory: Inventory, hidden: Collection[CandidateKind]) -> list[tuple[str, CandidateKind]]:
    """(id, kind) of all that may be named; the station, its site and its power never fail.

    A site or power area may have lost its power altogether, or only its mains, while its stores last (``mains``).
    """
    home = inventory.site_of_node[inventory.station]
    safe = {inventory.station, home, *(area for area, sites in inventory.group_sites.items() if home in sites)}
    kinds: dict[CandidateKind, Iterable[str]] = {
        "link": inventory.links,
        "duct": [g for g, kind in inventory.groups.items() if kind != "power"],
        "card": inventory.card_slots,
        "node": inventory.site_of_node,
        "site": inventory.nodes_at,
        "power": [g for g, kind in inventory.groups.items() if kind == "power"],
        "manager": inventory.managers,
        "mains": [*inventory.nodes_at, *(g for g, kind in inventory.groups.items() if kind == "power")],
    }
    kinds |= hidden_candidates(inventory, hidden)
    return [(c, kind) for kind, ids in kinds.items() for c in sorted(ids) if c not in safe]


def _symptoms(
    inventory: Inventory, station: str, nodes: tuple[str, ...], links: tuple[str, ...], cards: tuple[str, ...],
    services: tuple[str, ...], managers: tuple[str, ...], hidden: list[list[Identity]],
) -> tuple[tuple[Identity, ...], Places]:  # fmt: skip
    kinds: list[list[Identity]] = [
        [(link, "lossOfSignal", end) for link in links for end in inventory.links[link].ends],
        [(card, "equipmentMalfunction", inventory.card_slots[card][0]) for card in cards],
        [(node, "communicationsSubsystemFailure", station) for node in nodes],
        [(node, "powerProblem", node) for node in nodes],
        [(manager, "communicationsSubsystemFailure", station) for manager in managers],
        [(service, SERVICE_DOWN, end) for service in services for end in inventory.services[service].ends],
        [(inventory.site_of_node[node], cause, node) for node in nodes for cause in sorted(SITE_CAUSES)],
        *hidden,
    ]
    ends = np.cumsum([0, *map(len, kinds)]).tolist()
    return tuple(s for kind in kinds for s in kind), Places(*map(slice, ends, ends[1:]))
