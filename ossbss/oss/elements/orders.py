"""What to type at which element to look at a resource, or to do something about it: ids → an action."""

from ossbss.contract.assurance import Command
from ossbss.oss.elements.commands import DIALECTS, Action, ActionKind, typed
from ossbss.oss.inventory import Inventory


def order(
    kind: ActionKind, node: str, inventory: Inventory, resource: str = "", *, metric: int = 0, checkpoint: str = "",
    confirm_min: int | None = 5,
) -> Action:  # fmt: skip
    """The action at ``node``; ``resource``: the link, card or cell there that it is about (none for the node itself).

    ValueError where it is not at that node, or the vendor has no word for the port of a radio.
    """
    port, slot = _port(node, resource, inventory), _slot(node, resource, inventory)
    if resource and not port and not slot:
        raise ValueError(f"{resource!r} is no link, card or cell at {node!r}")
    links = (link for link in inventory.links.values() if node in link.ends)
    ports = tuple((link.port_at(node), link.metric) for link in links) if kind in ("isolate", "rejoin") else ()
    return Action(kind, port, slot, metric, ports, checkpoint, confirm_min)


def _port(node: str, resource: str, inventory: Inventory) -> str:
    link, cell = inventory.links.get(resource), inventory.cells.get(resource)
    if link is not None and node in link.ends:
        return link.port_at(node)
    if cell is None or cell.node != node:
        return ""
    dialect = DIALECTS.get(inventory.vendor_of_node[node])
    if dialect is None or dialect.radio_port is None:
        raise ValueError(f"{inventory.vendor_of_node[node]!r} has no word for the port of a radio")
    return dialect.radio_port(cell.radio)


def _slot(node: str, resource: str, inventory: Inventory) -> str:
    owner, slot = inventory.card_slots.get(resource, ("", ""))
    return slot if owner == node else ""


def command(action: Action, node: str, inventory: Inventory, head: dict[str, object]) -> Command:
    """The message that has it typed; ``head``: sender, message_id and occurred_ms. ValueError as ``typed``."""
    dialect = inventory.vendor_of_node[node]
    return Command(**head, element_id=node, dialect=dialect, payload=typed(action, dialect))  # type: ignore[arg-type]
