"""The oracle of redundancy: networkx, and every single resource taken away, one after the other."""

import networkx as nx


def resources(document):
    """All that may fail on its own."""
    kinds = ("links", "cards", "nodes", "sites", "shared_risk_groups")
    return sorted(record["id"] for kind in kinds for record in document[kind])


def left(document, failed):
    """The graph of what lives: rule by rule, as the document says."""
    dark_sites = {s["id"] for s in document["sites"] if s["id"] in failed or failed & set(s["shared_risk_groups"])}
    graph = nx.MultiGraph()
    graph.add_nodes_from(n["id"] for n in document["nodes"] if n["id"] not in failed and n["site"] not in dark_sites)
    for link in document["links"]:
        rests_on = {link["id"], link["a_card"], link["z_card"], *link["shared_risk_groups"]}
        if not rests_on & failed and {link["a"], link["z"]} <= set(graph) and not link.get("dormant"):
            graph.add_edge(link["a"], link["z"], key=link["id"], weight=link["igp_metric"])
    return graph


def works(service, graph):
    if service["protection"] == "restoration":
        choices = (service["z"], *service.get("backup_z", ()))
        return any({service["a"], z} <= set(graph) and nx.has_path(graph, service["a"], z) for z in choices)
    living = {link for _, _, link in graph.edges(keys=True)}
    paths = (service["path"], service["backup_path"]) if service["protection"] == "1+1" else (service["path"],)
    return {service["a"], service["z"]} <= set(graph) and any(living.issuperset(path) for path in paths)


def metric(service, graph):
    try:
        return nx.shortest_path_length(graph, service["a"], service["z"], weight="weight")
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return float("inf")


def states(document, failed):
    """Service → state, by its definition."""
    failed, whole = set(failed), left(document, set())
    now, found = left(document, failed), {}
    with_one_more = {r: (left(document, {r}), left(document, failed | {r})) for r in resources(document)}
    for service in document["services"]:
        if not works(service, now):
            found[service["id"]] = "down"
        elif any(works(service, alone) and not works(service, both) for alone, both in with_one_more.values()):
            found[service["id"]] = "at_risk"
        elif service["protection"] == "restoration":
            found[service["id"]] = "degraded" if metric(service, now) > metric(service, whole) else "working"
        else:
            living = {link for _, _, link in now.edges(keys=True)}
            whole_paths = living.issuperset({*service["path"], *service["backup_path"]})
            found[service["id"]] = "working" if whole_paths else "degraded"
    return found
