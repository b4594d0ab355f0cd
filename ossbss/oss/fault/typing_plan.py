"""A line of a runbook becomes what is typed at which element, in its order."""

from ossbss.oss.elements.commands import Action
from ossbss.oss.elements.orders import order
from ossbss.oss.fault.hypothesis import Hypothesis
from ossbss.oss.fault.runbooks import CONFIRM_MIN, TAKES, Runbook
from ossbss.oss.inventory import HIGHEST_METRIC, Inventory

Typed = tuple[str, Action]
"""(element, what is typed there)"""


def to_type(book: Runbook, hypothesis: Hypothesis, inventory: Inventory) -> tuple[Typed, ...]:
    """Empty where nothing is typed."""
    if book.act is None:
        return ()
    resource = hypothesis.resource
    confirm_min = CONFIRM_MIN if book.takes_back else None
    link = inventory.links.get(resource)
    planned = link.metric if link else 0
    metric = HIGHEST_METRIC if book.kind == "drain" else planned
    about = "" if book.act in ("roll_back", "restart_node") else resource
    node = element_of(resource, inventory)
    act = (node, order(book.act, node, inventory, about, metric=metric, confirm_min=confirm_min))
    return ((node, order("show_change", node, inventory)), act) if book.act == "roll_back" else (act,)


def element_of(resource: str, inventory: Inventory) -> str:
    """The element at which something is typed about a link, card, cell or node: of a link its first end."""
    if resource in inventory.links:
        return inventory.links[resource].ends[0]
    if resource in inventory.card_slots:
        return inventory.card_slots[resource][0]
    return inventory.cells[resource].node if resource in inventory.cells else resource


def taken(book: Runbook, resource: str, inventory: Inventory) -> frozenset[str]:
    """What is out of service while it lasts, or because of it."""
    what = TAKES[book.act] if book.act is not None else "nothing"
    if what == "nothing":
        return frozenset()
    return frozenset((element_of(resource, inventory) if what == "node" else resource,))
