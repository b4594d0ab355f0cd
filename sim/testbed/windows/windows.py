"""Windows to diagnose, with their truth: faults, what is heard of them late, twice or not at all, and what is false."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.testbed.windows.symptoms import CARD, LOST, POWER, SIGNAL, Alarm, Symptoms
from sim.world.network.state import dead_links, dead_nodes, failing

LENGTH_S = 900.0
DELAYS_S = {SIGNAL: (0.1, 3.0), CARD: (1.0, 6.0), POWER: (0.0, 1.0), LOST: (30.0, 120.0)}
"""FORMAT.md, "Symptom model"; services: 2 to 20 s."""
KINDS = ("link", "card", "node", "shared_risk_group", "site", "power_area")
KIND_SHARES = (0.19, 0.19, 0.19, 0.19, 0.16, 0.08)
"""about equal weight, power areas rarer (FORMAT.md); the figures are an assumption"""


@dataclass(frozen=True)
class Regime:
    """How many faults and how much noise. ``missing``, ``late``, ``reported``: shares; ``spurious``: false alarms as a
    share of the true ones (of 20 at least); ``silent_managers``: at most so many have lost contact; ``leftovers``,
    ``chatter``: whether alarms of an earlier fault are still listed, whether one element chatters."""

    faults: Sequence[int]
    missing: float = 0.1
    spurious: float = 0.05
    late: float = 0.0
    reported: float = 0.3
    silent_managers: int = 0
    leftovers: bool = False
    chatter: bool = False
    near: bool = False


@dataclass(frozen=True)
class Window:
    """``alarms``: (identity, raised s, cleared s or None) by time; ``reports``: (service, s)."""

    alarms: tuple[tuple[Alarm, float, float | None], ...]
    reports: tuple[tuple[str, float], ...]
    failed: tuple[str, ...]
    hidden: tuple[str, ...]
    equivalents: dict[str, frozenset[str]]


def draw_window(symptoms: Symptoms, regime: Regime, rng: np.random.Generator) -> Window:
    failed = _faults(symptoms, regime, rng)
    managers = sorted(set(symptoms.manager_of.values()))
    lost = [str(m) for m in rng.permutation(managers)[: int(rng.integers(regime.silent_managers + 1))]]
    begins = rng.uniform(240, 360)
    starts = {fault: float(begins + rng.uniform(0, 240) * place) for place, fault in enumerate(failed)}
    alarms, down = symptoms.of(failed, lost)
    onsets = {alarm: _starts(alarm, symptoms, starts, lost) for alarm in alarms}
    raised: list[tuple[Alarm, float, float | None]] = []
    for alarm in sorted(alarms):
        sure = alarm[1] == LOST and alarm[0] in lost
        if sure:
            raised.append((alarm, float(rng.uniform(60, 240)), None))
        elif rng.random() >= regime.missing:
            raised += _heard(alarm, onsets[alarm], regime, rng)
    raised += _false(symptoms, max(20, len(alarms)), regime, rng)
    reports = [(s, _service_start(s, symptoms, starts, lost) + 20 + float(rng.exponential(120)))
               for s in sorted(down) if rng.random() < regime.reported]  # fmt: skip
    if rng.random() < 0.1:
        reports.append((str(rng.choice(sorted(symptoms.network.services))), float(rng.uniform(0, LENGTH_S))))
    hidden = tuple(f for f in failed if symptoms.of(set(failed) - {f}, lost) == (alarms, down))
    alike = {f: _alike(f, failed, lost, symptoms) for f in failed}
    inside = [record for record in raised if record[1] < LENGTH_S]
    ordered = sorted(inside, key=lambda r: r[2] if r[2] is not None else r[1])
    return Window(tuple(ordered), tuple(r for r in reports if r[1] < LENGTH_S), failed, hidden, alike)


def _faults(symptoms: Symptoms, regime: Regime, rng: np.random.Generator) -> tuple[str, ...]:
    found: list[str] = []
    count = int(rng.choice(regime.faults))
    while len(found) < count:
        kind = str(rng.choice(KINDS, p=KIND_SHARES))
        ids = symptoms.candidates[kind]
        pick = str(rng.choice(ids)) if ids else None
        far = regime.near and pick and found and not _is_near(pick, found[0], symptoms)
        if pick and pick not in found and not far:
            found.append(pick)
    return tuple(found)


def _touched(resource: str, symptoms: Symptoms) -> set[str]:
    alarms, _ = symptoms.of([resource])
    return {source for _, cause, source in alarms if cause == SIGNAL} | {o for o, c, _ in alarms if c == LOST}


def _is_near(one: str, other: str, symptoms: Symptoms) -> bool:
    network = symptoms.network
    around = _touched(other, symptoms)
    around |= {network.other_end(link, node) for node in list(around) for link in network.links_at[node]}
    return bool(_touched(one, symptoms) & around)


def _starts(alarm: Alarm, symptoms: Symptoms, starts: dict[str, float], lost: Iterable[str]) -> float:
    """The earliest failure that causes it alone; the last of all where only several together do."""
    alone = [at for fault, at in starts.items() if alarm in symptoms.of([fault], lost)[0]]
    return min(alone) if alone else max(starts.values(), default=0.0)


def _service_start(service: str, symptoms: Symptoms, starts: dict[str, float], lost: Iterable[str]) -> float:
    alone = [at for fault, at in starts.items() if service in symptoms.of([fault], lost)[1]]
    return min(alone) if alone else max(starts.values())


def _heard(alarm: Alarm, onset: float, regime: Regime, rng: np.random.Generator) -> list[tuple[Alarm, float, None]]:
    low, high = DELAYS_S.get(alarm[1], (2.0, 20.0))
    at = onset + float(rng.uniform(low, high))
    if rng.random() < regime.late:
        at += float(rng.exponential(60))
    again = [(alarm, at + float(rng.exponential(20)), None)] if rng.random() < 0.1 else []
    return [(alarm, at, None), *again]


def _false(
    symptoms: Symptoms, true: int, regime: Regime, rng: np.random.Generator
) -> list[tuple[Alarm, float, float | None]]:  # fmt: skip
    every = all_alarms(symptoms)
    found: list[tuple[Alarm, float, float | None]] = []
    for _ in range(int(rng.poisson(regime.spurious * true))):
        found.append((every[int(rng.integers(len(every)))], float(rng.uniform(0, LENGTH_S)), None))
    for _ in range(int(rng.poisson(regime.spurious * true / 2))):
        alarm, at = every[int(rng.integers(len(every)))], float(rng.uniform(0, LENGTH_S - 60))
        found += [(alarm, at, None), (alarm, at, at + float(rng.uniform(1, 60)))]
    if regime.leftovers:
        found += _left_over(symptoms, rng)
    if regime.chatter:
        alarm = every[int(rng.integers(len(every)))]
        at = float(rng.uniform(0, 300))
        for _ in range(int(rng.integers(5, 20))):
            found += [(alarm, at, None), (alarm, at, at + 5.0)]
            at += float(rng.uniform(10, 60))
    return found


def _left_over(symptoms: Symptoms, rng: np.random.Generator) -> list[tuple[Alarm, float, float | None]]:
    kind = str(rng.choice(KINDS, p=KIND_SHARES))
    ids = symptoms.candidates[kind]
    if not ids:
        return []
    found: list[tuple[Alarm, float, float | None]] = []
    for alarm in sorted(symptoms.of([str(rng.choice(ids))])[0]):
        at = -float(rng.uniform(900, 2400))
        found.append((alarm, at, None))
        if rng.random() < 0.8:
            found.append((alarm, at, float(rng.uniform(10, 110))))
    return found


def all_alarms(symptoms: Symptoms) -> list[Alarm]:
    """The whole symptom space."""
    network, station = symptoms.network, symptoms.network.station
    return [
        *((link, SIGNAL, r[end]) for link, r in network.links.items() for end in ("a", "z")),
        *((card, CARD, r["node"]) for card, r in network.cards.items()),
        *((node, LOST, station) for node in network.nodes),
        *((node, POWER, node) for node, r in network.nodes.items() if r["last_gasp"]),
        *((s, "underlyingResourceUnavailable", r[end]) for s, r in network.services.items() for end in ("a", "z")),
    ]


def _alike(fault: str, failed: tuple[str, ...], lost: list[str], symptoms: Symptoms) -> frozenset[str]:
    """Resources that in its place would make exactly the same be seen."""
    seen, rest = symptoms.of(failed, lost), set(failed) - {fault}
    return frozenset(c for c in _around(fault, symptoms) if c not in failed and symptoms.of(rest | {c}, lost) == seen)


def _around(fault: str, symptoms: Symptoms) -> set[str]:
    network = symptoms.network
    state = failing(network, [fault])
    near: set[str] = set(dead_nodes(network, state))
    links = set(dead_links(network, state))
    for link in links:
        r = network.links[link]
        near |= {r["a"], r["z"], r["a_card"], r["z_card"], *r["shared_risk_groups"]}
    near |= links
    for node in list(near & network.nodes.keys()):
        site = network.nodes[node]["site"]
        near |= {site, *network.sites[site]["shared_risk_groups"]}
    if fault in network.cards:
        near.add(network.cards[fault]["node"])
    return near - network.never_fails
