"""Small networks drawn by hand for the tests of routing: nodes are letters, links name their two ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.world.network.state import Network


def mesh(links: Mapping[str, int], services: Sequence[Mapping[str, Any]] = (), **more: Any) -> Network:
    """``links``: two letters (and perhaps a digit, for parallel links) → metric. Every node has a site and a card of
    its own, every link a duct; ``ducts``: link → duct; ``areas``: node → power area; the station stands at ``s``,
    which is joined to nothing."""
    ducts, areas = more.pop("ducts", {}), more.pop("areas", {})
    nodes = sorted({end for link in links for end in link[:2]} | {"s"})
    groups = [*{ducts.get(link, f"duct-{link}") for link in links}]
    return Network(
        {
            "sites": [{"id": f"site-{n}", "shared_risk_groups": [areas[n]] if n in areas else []} for n in nodes],
            "nodes": [{"id": n, "site": f"site-{n}", "vendor": "ios", "last_gasp": False} for n in nodes],
            "cards": [{"id": f"card-{n}", "node": n, "slot": "1"} for n in nodes],
            "links": [
                {
                    "id": link, "a": link[0], "z": link[1], "a_card": f"card-{link[0]}", "z_card": f"card-{link[1]}",
                    "igp_metric": metric, "shared_risk_groups": [ducts.get(link, f"duct-{link}")],
                    "a_port": f"{link}-a", "z_port": f"{link}-z",
                }
                for link, metric in links.items()
            ],
            "shared_risk_groups": [{"id": group, "kind": "duct"} for group in groups]
            + [{"id": area, "kind": "power"} for area in sorted(set(areas.values()))],
            "cells": [{"id": f"cell-{s['id']}", "node": s["a"], "core_node": s["z"]} for s in services],
            "services": [
                {"protection": "restoration", "path": [], "backup_path": [], "cell": f"cell-{s['id']}", "probe": "1", **s}
                for s in services
            ],
            "management": {"mode": "out_of_band", "station": "s"},
        }
    )  # fmt: skip


def service(ends: str, **more: Any) -> dict[str, Any]:
    """A service named after its two ends."""
    return {"id": ends, "a": ends[0], "z": ends[1], **more}
