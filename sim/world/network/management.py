"""Which elements the management station can talk to (FORMAT.md of the diagnosis benchmark, *cut off*)."""

from sim.world.network.state import FailureState, Network, living_links, living_nodes, remembered


@remembered
def reachable(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the managed nodes, always with the station's own, which never fails.

    Out of band every living node is managed; in band only those that living links and nodes join to the station.
    """
    if network.document["management"]["mode"] == "out_of_band":
        return living_nodes(network, state)
    links = living_links(network, state)
    seen, waiting = {network.station}, [network.station]
    while waiting:
        node = waiting.pop()
        beyond = {network.other_end(link, node) for link in network.links_at[node] if link in links} - seen
        seen |= beyond
        waiting.extend(beyond)
    return frozenset(seen)
