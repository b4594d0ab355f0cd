"""One window of alarms on networks of 200, 1,000 and 5,000 nodes: processor time for its causes, once the model is built.

The networks are Gabriel graphs of random points, as TopoHub's synthetic ones are, dressed as those of the trials
(``sim.testbed.windows``), managed in band; a window has two faults, a tenth of the alarms missing, false ones among
them and complaints. The baselines diagnose the same windows, one after the other with ours; ``*_exact_rate`` says how
many windows each of them answers with all faults and nothing else, so that nobody is fast by being wrong. Times are of
the process, medians over windows and repetitions; on the largest network all is done once. Exponents: slope of log
seconds over log nodes, least squares.
"""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

import networkx as nx
import numpy as np
from scipy.spatial import Delaunay, cKDTree

from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.nearest_parent import NearestParent
from ossbss.oss.fault.cause.port import RootCauseFinder
from ossbss.oss.fault.cause.set_cover import SetCover
from ossbss.oss.inventory import Inventory, read_inventory
from sim.testbed.windows.networks import Document, dressed
from sim.testbed.windows.symptoms import Symptoms
from sim.testbed.windows.trial import case_of, judged
from sim.testbed.windows.windows import Regime, Window, draw_window
from sim.world.streams import Streams
from tests.benchmarks.harness import Result

SIZES = (200, 1_000, 5_000)
WINDOWS = 50
ONCE_FROM = 5_000
TWO_FAULTS = Regime((2,))
OF_CORE = 2.5
"""nodes of a dressed network to one of its core"""
RIVALS: dict[str, Callable[[Inventory], RootCauseFinder]] = {
    "ours": Diagnostician, "set_cover": SetCover, "nearest_parent": NearestParent,
}  # fmt: skip


def network(nodes: int) -> Document:
    rng = Streams(1).get(f"benchmark/diagnosis/{nodes}")
    return dressed(gabriel(round(nodes / OF_CORE), rng), f"gabriel-{nodes}", "in_band", rng)


def gabriel(count: int, rng: np.random.Generator) -> "nx.Graph[str]":
    """Points in a square; two are joined where the circle over the line between them holds no third."""
    points = rng.random((count, 2))
    corners = Delaunay(points).simplices
    pairs = np.unique(np.sort(corners[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2), axis=1), axis=0)
    halves = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1) / 2
    nearest, _ = cKDTree(points).query(points[pairs].mean(axis=1))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((f"p{a}", f"p{z}") for a, z in pairs[nearest >= halves - 1e-12].tolist())
    return graph


@dataclass
class Trial:
    """What the finders said in each window: seconds, and whether it was exact."""

    seconds: dict[str, list[float]]
    exact: dict[str, int]


def windows_on(document: Document, count: int) -> list[Window]:
    symptoms = Symptoms(document)
    return [draw_window(symptoms, TWO_FAULTS, Streams(1).get(f"benchmark/window/{n}")) for n in range(count)]


def tried(finders: dict[str, RootCauseFinder], windows: list[Window], repetitions: int) -> Trial:
    trial = Trial({name: [] for name in finders}, dict.fromkeys(finders, 0))
    for repetition in range(repetitions):
        gc.collect()
        for window in windows:
            case = case_of(window)
            for name, finder in finders.items():
                began = process_time()
                answer = finder.diagnose(case)
                trial.seconds[name].append(process_time() - began)
                trial.exact[name] += repetition == 0 and judged("", window, answer).exact
    return trial


def build_s(inventory: Inventory, repetitions: int) -> float:
    taken = []
    for _ in range(repetitions):
        gc.collect()
        began = process_time()
        Diagnostician(inventory)
        taken.append(process_time() - began)
    return statistics.median(taken)


def measure(repetitions: int, sizes: tuple[int, ...] = SIZES, windows: int = WINDOWS) -> Result:
    figures: dict[str, float] = {"windows": windows}
    ratios: dict[str, float] = {}
    taken: dict[str, list[float]] = {}
    for nodes in sizes:
        document = network(nodes)
        inventory = read_inventory(document)
        finders = {name: made(inventory) for name, made in RIVALS.items()}
        often = repetitions if nodes < ONCE_FROM else 1
        trial = tried(finders, windows_on(document, windows), often)
        window_s = {name: statistics.median(seconds) for name, seconds in trial.seconds.items()}
        model_s = build_s(inventory, often)
        on = f"{nodes}_nodes"
        figures |= {f"candidates_{on}": len(Diagnostician(inventory, suspect_all=False).footprints.log_prior),
                    f"model_build_{on}_s": model_s}  # fmt: skip
        for name, seconds in {**window_s, "model_build": model_s}.items():
            taken.setdefault(name, []).append(seconds)
        for name, seconds in window_s.items():
            figures |= {f"{name}_{on}_ms": 1_000 * seconds, f"{name}_{on}_exact_rate": trial.exact[name] / windows}
        ratios |= {f"ours_over_{name}_{on}": window_s["ours"] / window_s[name] for name in list(RIVALS)[1:]}
        figures[f"ours_{on}_p95_ms"] = 1_000 * float(np.quantile(trial.seconds["ours"], 0.95))
    ratios |= {f"{name}_growth_exponent": float(np.polyfit(np.log(sizes), np.log(of), 1)[0]) for name, of in taken.items()}
    return Result("diagnosis", figures, ratios, repetitions)
