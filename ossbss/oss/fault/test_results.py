"""What a test has shown, in the words in which ``test_catalogue`` says what it would: answers → outcomes."""

from ossbss.contract.assurance import TestResult
from ossbss.oss.elements.answers import AlarmFacts, Answer, CardFacts, ChangeFacts, MetricFacts, PortFacts
from ossbss.oss.elements.names import ElementNames
from ossbss.oss.fault.test_catalogue import UNKNOWN, ActiveTest, Outcome
from ossbss.oss.inventory import Inventory

OWN = "oss"
"""Who operations are at an element's terminal: what they changed themselves is not what they look for."""
_WORDS = {
    "probe": {True: "passes", False: "fails"},
    "loopback": {True: "hears itself", False: "deaf"},
}


def outcome_of_test(result: TestResult) -> Outcome:
    """Of a probe, traceroute, loopback or reflectometry."""
    if result.passed is None:
        return UNKNOWN
    if result.method == "reflectometry":
        return "no event" if result.passed else str(result.event)
    if result.method == "traceroute":
        return "arrives over " + " ".join(result.hops) if result.passed else "stops"
    return _WORDS[result.method][result.passed]


def outcome_of_look(test: ActiveTest, answer: Answer, inventory: Inventory, changed_since_ms: int) -> Outcome:
    """Of what an element was asked to show; ``changed_since_ms``: an older change of its configuration is not new."""
    match answer.facts:
        case PortFacts() as port:
            return _radio(port) if test.method == "show_cell" else _port(port)
        case CardFacts(working):
            slot = inventory.card_slots[test.target][1]
            return {True: "works", False: "failed"}.get(dict(working).get(slot), UNKNOWN)  # type: ignore[arg-type]
        case AlarmFacts() as facts:
            return _alarms(facts, inventory.names[test.from_node])
        case ChangeFacts() as change:
            return "changed" if is_change(change, changed_since_ms) else "no change"
        case MetricFacts(metric):
            return "as planned" if metric == inventory.links[test.target].metric else "not as planned"
    return UNKNOWN


def is_change(change: ChangeFacts, since_ms: int) -> bool:
    """Whether somebody else has changed the configuration since."""
    return change.at_ms is not None and change.at_ms >= since_ms and change.user != OWN


def _radio(port: PortFacts) -> Outcome:
    """A cell to which no line is attached is idle, too: worth a look only where there are customers."""
    return "used" if port.up and port.input_bps else "idle"


def _port(port: PortFacts) -> Outcome:
    if not port.admin_up:
        return "administratively down"
    if not port.readable:
        return "down, unreadable"
    if port.up:
        return "up, errors" if port.input_errors else "up"
    return "down, dark" if port.dark else "down"


def _alarms(facts: AlarmFacts, names: ElementNames) -> Outcome:
    ports = [names.link_of_port.get(a.object_name, "?") for a in facts.alarms if a.object_kind == "port"]
    cards = [names.card_of_slot.get(a.object_name, "?") for a in facts.alarms if a.object_kind == "card"]
    return "lists " + " ".join([*sorted(ports), *sorted(cards)])
