"""A change of configuration that goes wrong: what it does, and whether it goes wrong at all."""

from collections.abc import Iterator

import numpy as np

from sim.world.faults.steps import Step
from sim.world.network.state import Hold, Network
from sim.world.plan import Fault, Terms

MILLI = 1_000
REVIEW_FINDS_MILLI = 600
"""Of the mistakes in what is reviewed, those found (Boehm and Basili, "Software defect reduction top 10
list", IEEE Computer 34(1), 2001, item 6: 31 to 93 %, median about 60 %; software, not networks: an assumption)."""


def goes_wrong(terms: Terms, rng: np.random.Generator) -> bool:
    """Whether this change goes wrong. Two draws whatever the terms, so that a review moves nobody else's luck."""
    risk, review = (float(u) * MILLI for u in rng.random(2))
    return risk < terms.risk_milli and not (terms.reviewed and review < REVIEW_FINDS_MILLI)


def misconfigure(network: Network, fault: Fault) -> Iterator[Step]:
    """At once and until it is rolled back.

    isolate: a node's routing is cut off; its ports stay up, so that no port tells (Rogers 2022, in small).
    metric: a link has the wrong IGP weight (T-Mobile 2020). shutdown: ports are closed by command.
    """
    terms, target = fault.terms, fault.target
    if terms.effect == "isolate":
        items: tuple[Hold, ...] = (("isolated", target),)
    elif terms.effect == "metric":
        items = (("metrics", (target, terms.metric)),)
    else:
        items = tuple(("shut", closed) for closed in _ports(network, target))
    yield Step(0, True, items)


def _ports(network: Network, target: str) -> list[tuple[str, str]]:
    """(link, node) of the ports of a node or card, or of a link's first end."""
    if target in network.links:
        return [(target, str(network.links[target]["a"]))]
    node = target if target in network.nodes else str(network.cards[target]["node"])
    at = [(link, "a" if network.links[link]["a"] == node else "z") for link in network.links_at[node]]
    return [(link, node) for link, end in at if target in (node, network.links[link][f"{end}_card"])]
