"""A disaster on 1,000 elements, said in 100,000 vendor messages within a minute: from the raw lines to the crews.

The rings of the benchmark ``elements``, managed by a network beside them, half of the elements of each of the two
families whose lines the world writes. Links are cut and elements without life all over the network, other links flap
four times a second at both ends and stay up or down at last, a fifth of the lines come twice, one element babbles, and
the rest is news of no alarm. Messages are handed over in steps of a second, as a system that is behind gets them; then
time goes on, polls are answered and probes told the truth, until no alarm can wait for its cause any more.

``storm``: all of it, through ``Operations.step``; ``reading``: the same messages only read, each by its dialect. Seconds
are of the process. ``*_share``: of the time of a profiled run, by the hop whose code spent it, libraries counted with
the hop that called them. ``faults_found_rate``: faults that an incident names, alone or among what looks the same;
``incidents_true_rate``: incidents with a cause that is one.
"""

import cProfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import process_time
from typing import Any

import networkx as nx
import numpy as np

from ossbss.contract.assurance import (
    AlarmList,
    AlarmListRequest,
    PollReply,
    PollRequest,
    TestRequest,
    TestResult,
    VendorMessage,
)
from ossbss.contract.ports import Message
from ossbss.contract.units import DAY_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.elements.adapters import read
from ossbss.oss.inventory import read_inventory
from ossbss.oss.operations import Operations
from ossbss.oss.policy import Crew, OperationsPolicy
from sim.world.elements.dialects import WRITERS, port_name
from sim.world.elements.events import ElementEvent, EventKind
from sim.world.elements.stamp import stamp
from sim.world.streams import Streams
from tests.benchmarks.elements import document
from tests.benchmarks.harness import Result, interleaved
from tests.benchmarks.hops import shares

RINGS, OF_A_RING = 40, 25
MESSAGES = 100_000
BEGINS_MS = 20_000 * DAY_MS
STORM_MS = MINUTE_MS
SETTLED_MS = 6 * MINUTE_MS
"""after the first message: flapping has settled, two windows of correlation are over"""
CUT, DEAD, FLAPPING = 0.05, 0.004, 0.1
"""shares of the links and elements"""
FLAP_MS = 250
CREWS = 10
DOUBLED = 0.2
BABBLE = 0.05
"""share of all messages that one element says"""
SERVED = 5
"""every so many-th element has a service"""
NEWS = {
    "ios": "<189>{n}: {host}: {stamp}: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)",
    "junos": "<29>{stamp} {host} mgd[7]: UI_COMMIT: User 'admin' requested 'commit' operation (comment: {n})",
}
Steps = dict[int, list[VendorMessage]]


def network(rings: int, of_a_ring: int) -> dict[str, Any]:
    """Every other element is of the other family, with ports and slots in its own words, and a line card for each way
    out of it."""
    found = document(rings, of_a_ring)
    vendors = {node["id"]: ("ios", "junos")[place % 2] for place, node in enumerate(found["nodes"])}
    for node in found["nodes"]:
        node["vendor"] = vendors[node["id"]]
    slots = dict.fromkeys(vendors, 0)
    found["cards"] = []
    for link in found["links"]:
        for end in ("a", "z"):
            node = link[end]
            slots[node] += 1
            link[f"{end}_port"], link[f"{end}_card"] = port_name(vendors[node], slots[node], 0), f"{node}/{slots[node]}"
            found["cards"].append({"id": f"{node}/{slots[node]}", "node": node, "slot": str(slots[node])})
    served = [node["id"] for node in found["nodes"]][1::SERVED]
    found["cells"] = [{"id": f"cell-{node}", "node": node, "core_node": "n-0-0"} for node in served]
    found["services"] = [{"id": f"svc-{node}", "a": node, "z": "n-0-0", "protection": "restoration", "path": [],
                          "backup_path": [], "cell": f"cell-{node}", "probe": str(k)} for k, node in enumerate(served)]  # fmt: skip
    found["management"]["mode"] = "out_of_band"
    return found


@dataclass
class Disaster:
    """What is true: ``cut`` links and ``dead`` elements for good, ``flapping`` ones of which half stay down."""

    document: dict[str, Any]
    messages: int
    rng: np.random.Generator = field(default_factory=lambda: Streams(1).get("benchmark/storm"))
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vendor = {node["id"]: node["vendor"] for node in self.document["nodes"]}
        self.links = {link["id"]: link for link in self.document["links"]}
        nodes = [node for node in self.vendor if not node.endswith("-0")]  # who joins a ring to the others lives
        self.dead = frozenset(self._some(nodes, DEAD))
        living = [link for link in self.links if self.dead.isdisjoint(self._ends(link))]
        self.cut = frozenset(self._some(living, CUT))
        self.flapping = self._some([link for link in living if link not in self.cut], FLAPPING)
        self.down = self.cut | frozenset(self.flapping[::2]) | (self.links.keys() - frozenset(living))
        graph = nx.Graph(self._ends(link) for link in self.links.keys() - self.down)
        whole = nx.node_connected_component(graph, "n-0-0")
        self.failed_services = frozenset(s["id"] for s in self.document["services"] if s["a"] not in whole)

    def _some(self, of: list[str], share: float) -> list[str]:
        return [str(name) for name in self.rng.choice(of, max(1, round(share * len(of))), replace=False)]

    def _ends(self, link: str) -> tuple[str, str]:
        return self.links[link]["a"], self.links[link]["z"]

    @property
    def faults(self) -> frozenset[str]:
        return self.dead | self.cut | frozenset(self.flapping[::2])

    def works(self, target: str) -> bool:
        """Whether a probe of it passes."""
        return target not in self.down and target not in self.dead and target not in self.failed_services

    def steps(self) -> Steps:
        """Instant → what is heard in the second before it, as many messages as there shall be."""
        said = [copy for one in self._said() for copy in [one] * (1 + int(self.rng.random() < DOUBLED))]
        babbler = next(node for node in self.vendor if node not in self.dead)
        said += [self._news(babbler) for _ in range(round(BABBLE * self.messages))]
        others = sorted(self.vendor.keys() - self.dead)
        said += [self._news(others[n % len(others)]) for n in range(self.messages - len(said))]
        assert len(said) == self.messages
        steps: Steps = {}
        for message in sorted(said, key=lambda m: (m.occurred_ms, m.sender, m.message_id)):
            steps.setdefault((message.occurred_ms // SECOND_MS + 1) * SECOND_MS, []).append(message)
        return steps

    def _said(self) -> Iterator[VendorMessage]:
        for link in sorted(self.down - frozenset(self.flapping)):
            yield from self._at_ends("port_down", link, BEGINS_MS + int(self.rng.integers(2_000, 8_000)))
        for service in self.document["services"]:
            if service["id"] in self.failed_services:
                for end in (service["a"], service["z"]):
                    at_ms = BEGINS_MS + int(self.rng.integers(9_000, 15_000))
                    yield from self._of(end, "probe_failed", at_ms, service["probe"])
        for place, link in enumerate(self.flapping):
            turns = (STORM_MS - 8_000) // FLAP_MS // 2 * 2 + (place % 2 == 0)  # an odd one: it stays down
            for turn in range(turns):
                kind: EventKind = "port_up" if turn % 2 else "port_down"
                yield from self._at_ends(kind, link, BEGINS_MS + 3_000 + turn * FLAP_MS)

    def _at_ends(self, kind: EventKind, link: str, at_ms: int) -> Iterator[VendorMessage]:
        record = self.links[link]
        for end in ("a", "z"):
            yield from self._of(record[end], kind, at_ms + int(self.rng.integers(0, 100)), record[f"{end}_port"])

    def _of(self, node: str, kind: EventKind, at_ms: int, name: str) -> Iterator[VendorMessage]:
        if node not in self.dead:
            for line in WRITERS[self.vendor[node]](ElementEvent(kind, node, at_ms, name), self.numbers.get(node, 0)):
                yield self._message(node, at_ms, line)

    def _news(self, node: str) -> VendorMessage:
        at_ms = BEGINS_MS + int(self.rng.integers(0, STORM_MS))
        line = NEWS[self.vendor[node]].format(n=self.numbers.get(node, 0), host=node, stamp=stamp(at_ms))
        return self._message(node, at_ms, line.encode())

    def _message(self, node: str, at_ms: int, line: bytes) -> VendorMessage:
        number = self.numbers[node] = self.numbers.get(node, 0) + 1
        return VendorMessage(sender=node, message_id=f"{node}/{number:06d}", occurred_ms=at_ms, element_id=node,
                             dialect=self.vendor[node], payload=line)  # fmt: skip

    def answers(self, asked: Iterable[Message], now_ms: int) -> Iterator[Message]:
        """What managers, elements and the network itself answer; crews are on their way all the time."""
        for message in asked:
            head: dict[str, Any] = {"sender": "world", "message_id": f"re-{message.message_id}", "occurred_ms": now_ms}
            if isinstance(message, PollRequest):
                alive = frozenset(n["id"] for n in self.document["nodes"] if n["element_manager"] == message.manager_id)
                yield PollReply(**head, request_id=message.message_id, manager_id=message.manager_id,
                                answered=alive - self.dead, asked_ms={})  # fmt: skip
            elif isinstance(message, TestRequest):
                yield TestResult(**head, request_id=message.message_id, method=message.method, target=message.target,
                                 passed=self.works(message.target))  # fmt: skip
            elif isinstance(message, AlarmListRequest):
                for element in sorted(message.element_ids - self.dead):
                    lines = tuple(m.payload for m in self._raised(element, now_ms))
                    yield AlarmList(**head | {"message_id": f"re-{message.message_id}-{element}"}, element_id=element,
                                    dialect=self.vendor[element], payloads=lines)  # fmt: skip

    def _raised(self, element: str, now_ms: int) -> Iterator[VendorMessage]:
        for link in sorted(link for link in self.down if element in self._ends(link)):
            end = "a" if self.links[link]["a"] == element else "z"
            yield from self._of(element, "port_down", now_ms, self.links[link][f"{end}_port"])
        for service in self.document["services"]:
            if service["id"] in self.failed_services and element in (service["a"], service["z"]):
                yield from self._of(element, "probe_failed", now_ms, service["probe"])


def digest(disaster: Disaster, steps: Steps) -> Operations:
    """Play it; the OSS afterwards."""
    crews = tuple(Crew(f"crew-{n}", disaster.document["sites"][n]["id"]) for n in range(CREWS))
    oss = Operations(disaster.document, OperationsPolicy(crews=crews, active_tests=False, remote_repair=False), BEGINS_MS)
    answers: list[Message] = []
    now_ms = BEGINS_MS
    while now_ms < BEGINS_MS + SETTLED_MS:
        storm_ms = now_ms // SECOND_MS * SECOND_MS + SECOND_MS
        wakes_ms = max(now_ms + 1, oss.next_wakeup_ms or storm_ms)
        now_ms = storm_ms if storm_ms in steps or answers else wakes_ms
        out = oss.step(now_ms, [*steps.get(now_ms, ()), *answers])
        answers = list(disaster.answers(out.messages, now_ms))
    return oss


def measure(repetitions: int, rings: int = RINGS, of_a_ring: int = OF_A_RING, messages: int = MESSAGES) -> Result:
    disaster = Disaster(network(rings, of_a_ring), messages)
    steps = disaster.steps()
    names = read_inventory(disaster.document).names
    rivals: dict[str, Callable[[], Callable[[], object]]] = {
        "storm": lambda: lambda: digest(disaster, steps),
        "reading": lambda: lambda: [read(m, at_ms, names).alarms for at_ms, said in steps.items() for m in said],
    }
    seconds = interleaved(rivals, repetitions, process_time)
    profile = cProfile.Profile(process_time)
    oss = profile.runcall(digest, disaster, steps)
    blamed = [{i.root_cause_resource, *i.equivalents} for i in oss.cases.incidents.values() if i.root_cause_resource]
    ducts = {group: link for link, record in disaster.links.items() for group in record["shared_risk_groups"]}
    right = [{ducts.get(name or "", name) for name in names_} & disaster.faults for names_ in blamed]
    figures = {
        "elements": len(disaster.vendor), "messages": messages, "links_down": len(disaster.down),
        "elements_dead": len(disaster.dead), "alarms_listed": len(oss.watch.alarms), "incidents": len(oss.cases.incidents),
        "faults": len(disaster.faults), "orders_out": CREWS - len(oss.crews.free),
        "faults_found_rate": len(frozenset[str | None]().union(*right)) / len(disaster.faults),
        "incidents_true_rate": sum(map(bool, right)) / max(1, len(blamed)),
        "storm_s": seconds["storm"], "messages_per_s": messages / seconds["storm"],
        "reading_messages_per_s": messages / seconds["reading"],
        **{f"{hop}_share": share for hop, share in shares(profile).items()},
    }  # fmt: skip
    return Result("storm", figures, {"storm_over_reading": seconds["storm"] / seconds["reading"]}, repetitions)
