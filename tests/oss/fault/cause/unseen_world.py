"""What the world does when routing is cut off, links lose packets and cells sleep: by its own state, paths and events.

Beside ordinary failures; the networks that the tests of this share.
"""

from dataclasses import dataclass
from functools import cache

from ossbss.oss.fault.symptoms import STATION, Identity, idle_cell, path_loss, port_errors
from ossbss.oss.inventory import SERVICE_DOWN, read_inventory
from sim.testbed.windows.networks import dressed_network
from sim.world.elements.changes import changes
from sim.world.network.management import reachable
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.state import FailureState, Network, loss_milli_of_path
from tests.town import town
from tests.world.network.plans import germany

MODES = ("in_band", "out_of_band")
WORDS = {"port_down": "lossOfSignal", "card_failed": "equipmentMalfunction"}
KIND_OF = {"links": "link", "nodes": "node", "cards": "card", "groups": "duct", "sites": "site", "power_areas": "power"}


def _completed(document):
    """With a cell for each service, at its first end, and names for ports, slots and probes."""
    cells = [{"id": f"cell-{s['id']}", "node": s["a"]} for s in document["services"]]
    services = [{**s, "cell": f"cell-{s['id']}", "probe": s["id"]} for s in document["services"]]
    links = [{**link, "a_port": link["id"], "z_port": link["id"]} for link in document["links"]]
    cards = [{**card, "slot": card["id"]} for card in document["cards"]]
    return {**document, "cells": cells, "services": services, "links": links, "cards": cards}


@cache
def document(name, mode):
    if name == "polska":
        return _completed(dressed_network("sndlib/polska", mode, 3))
    found = town() if name == "town" else germany()
    return {**found, "management": {**found["management"], "mode": mode}}


NAMES = ("town", "germany", "polska")


@dataclass(frozen=True)
class Seen:
    """``alarms``: all that are raised and heard once things have settled, last words and errors left out; ``losing``,
    ``detoured``: services that work and lose packets, that take another way than they would if all were well;
    ``down``, ``unserved``: services that do not work, and whose customers cannot do anything; ``errors``: alarms about
    damaged packets."""

    alarms: frozenset[Identity]
    losing: frozenset[str]
    detoured: frozenset[str]
    down: frozenset[str]
    unserved: frozenset[str]
    errors: frozenset[Identity]


class World:
    """One network; what is wrong in it is given as (resource, kind of candidate)."""

    def __init__(self, shown):
        self.network, self.inventory = Network(shown), read_inventory(shown)
        self.usual = Forwarding(self.network, 0)

    def state(self, wrong):
        state = FailureState()
        for resource, kind in wrong:
            field = {"routing": "isolated", "lossy": "lossy", "cell": "sleeping"}.get(kind)
            value = (resource, 30) if kind == "lossy" else resource
            state = state.failed(field or self.network.kind_of(resource), value)
        return state

    def ordinary(self):
        """(resource, kind) of the failures that ports tell of"""
        network = self.network
        ids = {*network.links, *network.nodes, *network.cards, *network.groups, *network.sites} - network.never_fails
        return sorted((name, KIND_OF[network.kind_of(name)]) for name in ids)

    def hidden(self, kind):
        network = self.network
        ids = {"routing": network.nodes.keys() - {network.station}, "lossy": network.links, "cell": network.cells}[kind]
        return [(name, kind) for name in sorted(ids)]

    def seen(self, wrong, lost=()):
        network, state = self.network, self.state(wrong)
        routing = Forwarding(network, 0)
        routing.change(state)
        routing.converge()
        down, managed = routing.down(), reachable(network, state)
        of = {node: record["element_manager"] for node, record in network.nodes.items()}
        heard = {node for node in managed if of[node] not in lost}
        events = changes(network, FailureState(), state, sorted(down), (), 0)
        alarms = {(self._named(event), WORDS[event.kind], event.hostname) for event in events
                  if event.kind in WORDS and event.hostname in heard}  # fmt: skip
        alarms |= {(s, SERVICE_DOWN, end) for s in down for end in self._ends(s) if end in heard}
        alarms |= {(node, "communicationsSubsystemFailure", STATION) for node in network.nodes.keys() - managed
                   if of[node] not in lost}  # fmt: skip
        alarms |= {(manager, "communicationsSubsystemFailure", STATION) for manager in lost}
        paths = {s: path for s in network.services if (path := routing.path_of(s))}
        losing = {s for s, path in paths.items() if loss_milli_of_path(state, path.links) > 0}
        alarms |= {path_loss(s) for s in losing if heard.intersection(self._ends(s))}
        cells = {record["cell"]: s for s, record in network.services.items()}
        return Seen(
            alarms=frozenset(alarms),
            losing=frozenset(losing),
            detoured=frozenset(s for s, path in paths.items() if path.links != self.usual.path_of(s).links),
            down=frozenset(down),
            unserved=frozenset(down | {cells[cell] for cell in state.sleeping}),
            errors=frozenset(port_errors(link, end) for link, _ in state.lossy
                             for end in self.inventory.links[link].ends if end in heard),
        )  # fmt: skip

    def idle(self, wrong):
        """Cells that carry nothing, as the station would miss their traffic."""
        unserved = self.seen(wrong).unserved
        return {idle_cell(record["cell"]) for s, record in self.network.services.items() if s in unserved}

    def _ends(self, service):
        return self.inventory.services[service].ends

    def _named(self, event):
        names = self.inventory.names[event.hostname]
        return {"port_down": names.link_of_port, "card_failed": names.card_of_slot}[event.kind][event.name]


@cache
def world(name, mode):
    return World(document(name, mode))
