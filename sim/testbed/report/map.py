"""The network as a map: what failed, which places were cut off, where core, charging, station and crews are."""

from math import cos, radians

import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ossbss.contract.units import MINUTE_MS
from sim.testbed.charging_schema import CHARGING_ROLE
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD, figure
from sim.testbed.view import RunView
from sim.world.network.state import FailureState, Network, failing, living_links

Point = tuple[float, float]


def network_map(view: RunView, crew_sites: tuple[str, ...] = ()) -> Figure:
    """Sites at their longitude and latitude; red: links that failed, and sites that were cut off."""
    network = Network(view.network)
    drawn, axes = figure(5.2, 6.4)
    places = {site: (record["lon"], record["lat"]) for site, record in network.sites.items()}
    failed = failed_links(network, view.truth("fault")["subject"].to_list())
    _links(axes, network, places, failed)
    _sites(axes, network, places, cut_off_sites(view, network))
    for site in crew_sites:
        axes.plot(*places[site], marker="P", color="#b7791f", markersize=9, zorder=4, linestyle="none")
    latitudes = [latitude for _, latitude in places.values()]
    axes.set_aspect(1 / cos(radians(sum(latitudes) / len(latitudes))))
    axes.axis("off")
    _legend(axes, bool(crew_sites), bool(_sites_of(network, CHARGING_ROLE)))
    return drawn


def failed_links(network: Network, targets: list[str]) -> frozenset[str]:
    """Links that any of these faults took down."""
    state = failing(network, set(targets).difference(network.document["element_managers"], network.cells))
    return living_links(network, FailureState()) - living_links(network, state)


def cut_off_sites(view: RunView, network: Network) -> frozenset[str]:
    """Sites with a cell that was out of service for more than a minute."""
    length = pl.col("until_ms").fill_null(view.ends_ms) - pl.col("at_ms")
    services = view.truth("service_outage").filter(length > MINUTE_MS)["subject"].to_list()
    cells = {network.services[service]["cell"] for service in services}
    return frozenset(network.nodes[network.cells[cell]["node"]]["site"] for cell in cells)


def _links(axes: Axes, network: Network, places: dict[str, Point], failed: frozenset[str]) -> None:
    def ends(link: str) -> list[Point]:
        return [places[network.nodes[network.links[link][end]]["site"]] for end in ("a", "z")]

    whole = [ends(link) for link in network.links if link not in failed]
    axes.add_collection(LineCollection(whole, colors=PALE, linewidths=1.2, zorder=1))
    axes.add_collection(
        LineCollection([ends(link) for link in sorted(failed)], colors=FAILED, linewidths=2.4, zorder=2)
    )
    axes.autoscale()


def _sites(axes: Axes, network: Network, places: dict[str, Point], cut_off: frozenset[str]) -> None:
    cores, charging = _sites_of(network, "core"), _sites_of(network, CHARGING_ROLE)
    station = network.nodes[network.station]["site"]
    for site, place in places.items():
        told = site in cut_off or site in cores or site in charging
        colour = FAILED if site in cut_off else OSS if site in cores else BSS if site in charging else WORLD
        marker = "s" if site in cores else "D" if site in charging else "o"
        axes.plot(*place, marker=marker, color=colour, markersize=8 if told else 4, zorder=3)
        if told or site == station:
            label = network.sites[site]["name"] + (" (management)" if site == station else "")
            axes.annotate(label, place, xytext=(6, 5), textcoords="offset points", color=INK, fontsize=9, zorder=5)


def _sites_of(network: Network, role: str) -> frozenset[str]:
    return frozenset(record["site"] for record in network.nodes.values() if record["role"] == role)


def _legend(axes: Axes, with_crews: bool, with_charging: bool) -> None:
    samples = [("s", OSS, "core site"), ("o", WORLD, "site"), ("o", FAILED, "cut off"), ("_", FAILED, "failed link")]
    samples += [("P", "#b7791f", "crew")] if with_crews else []
    samples += [("D", BSS, "charging")] if with_charging else []
    for marker, colour, label in samples:
        axes.plot([], [], marker=marker, color=colour, linestyle="none", label=label, markeredgewidth=2)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=6, handletextpad=0.2, frameon=False, fontsize=8)
