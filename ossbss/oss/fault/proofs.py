"""What proves that an act has helped: tests that show, independently of who did it, what a healthy network would."""

from collections.abc import Set

from ossbss.oss.fault.hypothesis import Hypothesis
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.remediation import probe_targets
from ossbss.oss.fault.runbooks import Runbook
from ossbss.oss.fault.test_catalogue import ActiveTest
from ossbss.oss.inventory import Inventory


def proofs(
    book: Runbook, hypothesis: Hypothesis, incident: Incident, held_down: Set[str], inventory: Inventory
) -> frozenset[ActiveTest]:
    """Tests that must all show health. Of what does not cure, only the services are asked: the cause is there still.

    ``held_down``: what other failures take down; it is not asked.
    """
    resource, found = hypothesis.resource, set[ActiveTest]()
    if "probe" in book.proof:
        targets = probe_targets(inventory, incident) - held_down
        found |= {ActiveTest("probe", t) for t in targets if book.cures or t in inventory.services}
    if "show_card" in book.proof and resource in inventory.card_slots:
        found.add(ActiveTest("show_card", resource, inventory.card_slots[resource][0]))
    if "show_cell" in book.proof and resource in inventory.cells:
        found.add(ActiveTest("show_cell", resource, inventory.cells[resource].node))
    if "show_metric" in book.proof and resource in inventory.links:
        found.add(ActiveTest("show_metric", resource, inventory.links[resource].ends[0]))
    return frozenset(found)


def all_protected(link: str, inventory: Inventory) -> bool:
    """Whether each service that is planned over a link, one at least, has a second path without it."""
    on = [s for s in inventory.services.values() if link in s.path]
    return bool(on) and all(s.protection == "1+1" and s.backup_path and link not in s.backup_path for s in on)


def asleep(hypothesis: Hypothesis, inventory: Inventory) -> tuple[str, ...]:
    """The service of a cell that is believed to sleep: it loses nothing."""
    service = inventory.service_of_cell.get(hypothesis.resource)
    return (service,) if service else ()
