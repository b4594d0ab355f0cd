"""The tests that operations can make, as data: of what, at what cost, for how long, and what they disturb.

What each would show if a hypothesis were true, ``outcome``, is what makes one worth more than another.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.fault.hypothesis import Effects, Hypothesis
from ossbss.oss.inventory import Inventory

Method = Literal[
    "probe", "traceroute", "show_port", "show_card", "show_cell", "show_alarms", "show_change", "show_metric",
    "loopback", "reflectometry", "visit",
]  # fmt: skip
Intrusiveness = Literal["none", "interrupts"]
Of = Literal["service", "link", "card", "node", "cell", "duct", "site"]


@dataclass(frozen=True)
class MethodTerms:
    """``cost_milli``: in thousandths of a technician's minute. ``duration_ms``: until the result is there, as a rule.
    ``interrupts``: what carries nothing meanwhile."""

    of: tuple[Of, ...]
    cost_milli: int
    duration_ms: int
    intrusiveness: Intrusiveness
    interrupts: str
    source: str


_SHOW = MethodTerms(("link",), 20, SECOND_MS, "none", "", "assumption: a second of a shared script")
CATALOGUE: Mapping[Method, MethodTerms] = {
    "probe": MethodTerms(
        ("service", "link", "node"), 10, 0, "none", "", "assumption: a few packets of a script (RFC 2681 measures so)"
    ),
    "traceroute": MethodTerms(
        ("service", "node"), 50, 11 * SECOND_MS, "none", "",
        "assumption; a silent hop is waited for 3 × 3 s (defaults of IOS)",
    ),
    "show_port": _SHOW,
    "show_card": MethodTerms(("card",), 20, SECOND_MS, "none", "", _SHOW.source),
    "show_cell": MethodTerms(("cell",), 20, SECOND_MS, "none", "", _SHOW.source),
    "show_alarms": MethodTerms(("node",), 30, SECOND_MS, "none", "", _SHOW.source),
    "show_change": MethodTerms(("node",), 20, SECOND_MS, "none", "", _SHOW.source),
    "show_metric": MethodTerms(("link",), 20, SECOND_MS, "none", "", _SHOW.source),
    "loopback": MethodTerms(
        ("link",), 3_000, MINUTE_MS, "interrupts", "everything on the link",
        "assumption: a technician at the screen for three minutes, one of them measuring",
    ),
    "reflectometry": MethodTerms(
        ("link",), 5_000, 3 * MINUTE_MS, "interrupts", "everything on the link, while it is lit",
        "assumption: averaging takes up to three minutes",
    ),
    "visit": MethodTerms(
        ("site", "link", "duct", "card", "node", "cell"), 120_000, 2 * HOUR_MS, "none", "",
        "assumption: an hour on the road, half an hour's look, half an hour besides",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ActiveTest:
    """One test that could be made. ``from_node``: where it starts or what is asked; for ``traceroute`` and the looks at
    an element it must be given."""

    method: Method
    target: str
    from_node: str = ""

    @property
    def terms(self) -> MethodTerms:
        return CATALOGUE[self.method]

    @property
    def rank(self) -> tuple[int, str, str, str]:
        """The cheapest first."""
        return self.terms.cost_milli, self.method, self.target, self.from_node


Outcome = str
"""What a test shows; two hypotheses with one outcome it cannot tell apart. ``unknown``: it could not be made."""
UNKNOWN: Outcome = "unknown"


_ONLY_WITHOUT: Mapping[Outcome, frozenset[Outcome]] = {
    "fails": frozenset(("passes",)),
    "failed": frozenset(("works",)),
    "deaf": frozenset(("hears itself",)),
    "break": frozenset(("no event", "loss")),
    "loss": frozenset(("no event",)),
    "idle": frozenset(("used",)),
    "not as planned": frozenset(("as planned",)),
    "up, errors": frozenset(("up",)),
    "down, dark": frozenset(("up", "up, errors")),
    "down, unreadable": frozenset(("up", "up, errors", "down", "down, dark")),
    "administratively down": frozenset(("up", "up, errors", "down", "down, dark")),
}
"""What a failure would show → what is shown only where it has not come about, whatever else has failed."""


def refutes(seen: Outcome, wanted: Outcome) -> bool:
    """Whether this is seen only where what was ``wanted`` by a hypothesis is not true, even if other things have failed
    besides: failures add up, and none makes another one well."""
    if wanted.startswith("lists ") and seen.startswith("lists "):
        return not set(wanted.split()) <= set(seen.split())
    return seen in _ONLY_WITHOUT.get(wanted, ()) or (wanted == "stops" and seen.startswith("arrives"))


def may_run(test: ActiveTest, idle_links: Set[str]) -> bool:
    """An intrusive test only on a link that carries nothing: no working service rests there."""
    return test.terms.intrusiveness == "none" or test.target in idle_links


def outcome(test: ActiveTest, hypothesis: Hypothesis, inventory: Inventory) -> Outcome:
    """What the test would show if the hypothesis were true; KeyError for a target that the inventory has not."""
    return expected(test, Effects(hypothesis, inventory))


def expected(test: ActiveTest, effects: Effects) -> Outcome:
    """The same, for many tests of one hypothesis."""
    if test.method == "visit":
        return _visit(test, effects)
    if test.method != "probe" and not effects.is_managed(test.from_node or effects.inventory.station):
        return UNKNOWN
    return _OUTCOMES[test.method](test, effects)


def _visit(test: ActiveTest, effects: Effects) -> Outcome:
    """A crew meets what failed there, what rests on it, and what it rests on."""
    named, inventory = effects.hypothesis.resource, effects.inventory
    if not named:
        return "nothing found"
    on_target = inventory.links_on.get(test.target, frozenset())
    met = named == test.target or named in on_target or test.target in inventory.links_on.get(named, frozenset())
    met = met or inventory.site_of_node.get(named) == test.target
    return "found" if met else "nothing found"


def _probe(test: ActiveTest, effects: Effects) -> Outcome:
    inventory = effects.inventory
    if test.target in inventory.links:
        ends = inventory.links[test.target].ends
        if not any(effects.is_managed(end) for end in ends):
            return UNKNOWN
        return "fails" if test.target in effects.dead_links else "passes"
    if test.target in inventory.services:
        a, z = inventory.services[test.target].ends
        if not effects.is_managed(z):
            return UNKNOWN
        return "fails" if effects.way(a, z) is None else "passes"
    return "passes" if effects.is_reached(test.target) else "fails"


def _traceroute(test: ActiveTest, effects: Effects) -> Outcome:
    """Over which nodes the packets arrive, or that they do not. To a service: from its core back to its first end,
    from another node on its path on to the core, from elsewhere to its first end."""
    service = effects.inventory.services.get(test.target)
    start = test.from_node or effects.inventory.station
    way = effects.way(*service.ends) if service else None
    if way and start == way[0][-1]:
        nodes = way[0][::-1]
    elif way and start in way[0]:
        nodes = way[0][way[0].index(start) :]
    else:
        other = effects.way(start, service.ends[0] if service else test.target)
        nodes = other[0] if other else ()
    return "arrives over " + " ".join(nodes) if nodes else "stops"


def _own_card_failed(test: ActiveTest, effects: Effects) -> bool:
    card = effects.inventory.links[test.target].card_at(test.from_node)
    return effects.hypothesis == Hypothesis(card)


def _show_port(test: ActiveTest, effects: Effects) -> Outcome:
    if (test.target, test.from_node) in effects.shut_ports:
        return "administratively down"
    if _own_card_failed(test, effects):
        return "down, unreadable"
    if test.target in effects.dark_links:
        return "down, dark"
    return "up, errors" if effects.hypothesis == Hypothesis(test.target, "lossy") else "up"


def _show_card(test: ActiveTest, effects: Effects) -> Outcome:
    return "failed" if effects.hypothesis == Hypothesis(test.target) else "works"


def _show_cell(test: ActiveTest, effects: Effects) -> Outcome:
    return "idle" if effects.hypothesis == Hypothesis(test.target) else "used"


def _show_alarms(test: ActiveTest, effects: Effects) -> Outcome:
    """The links of which it misses the light, and its failed cards."""
    node, inventory = test.from_node, effects.inventory
    at = (link for link in effects.dark_links if node in inventory.links[link].ends)
    wrong = sorted(link for link in at if (link, node) not in effects.shut_ports)
    card = effects.hypothesis.resource
    if inventory.card_slots.get(card, ("",))[0] == node and effects.hypothesis.mode == "failed":
        wrong.append(card)
    return "lists " + " ".join(wrong)


def _show_change(test: ActiveTest, effects: Effects) -> Outcome:
    """Whether it was changed lately; a change of a link is made at its first end."""
    named, inventory = effects.hypothesis.resource, effects.inventory
    if effects.hypothesis.mode not in ("shut", "isolated", "metric"):
        return "no change"
    where = inventory.links[named].ends[0] if named in inventory.links else inventory.card_slots.get(named, (named,))[0]
    return "changed" if where == test.from_node else "no change"


def _show_metric(test: ActiveTest, effects: Effects) -> Outcome:
    return "not as planned" if effects.hypothesis == Hypothesis(test.target, "metric") else "as planned"


def _loopback(test: ActiveTest, effects: Effects) -> Outcome:
    if (test.target, test.from_node) in effects.shut_ports:
        return UNKNOWN
    return "deaf" if _own_card_failed(test, effects) else "hears itself"


def _reflectometry(test: ActiveTest, effects: Effects) -> Outcome:
    if not effects.inventory.links[test.target].length_km:
        return UNKNOWN
    if test.target in effects.broken_fibres:
        return "break"
    return "loss" if effects.hypothesis == Hypothesis(test.target, "lossy") else "no event"


_OUTCOMES: Mapping[Method, Callable[[ActiveTest, Effects], Outcome]] = {
    "probe": _probe,
    "traceroute": _traceroute,
    "show_port": _show_port,
    "show_card": _show_card,
    "show_cell": _show_cell,
    "show_alarms": _show_alarms,
    "show_change": _show_change,
    "show_metric": _show_metric,
    "loopback": _loopback,
    "reflectometry": _reflectometry,
}
