"""Messages of one instant: drained, sorted, given to each system in one step, for a bounded number of rounds."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import simpy
from simpy.events import EventPriority

from ossbss.contract import assurance, charging, fulfilment
from ossbss.contract.ports import Message, System
from sim.testbed.journal import Journal

MAX_ROUNDS = 50
AFTER_ALL_ELSE = EventPriority(9)
"""SimPy priority of the delivery: everything else of the instant happens first."""

DESTINATION: Mapping[type[Message], str] = {
    assurance.VendorMessage: "oss",
    assurance.PollReply: "oss",
    assurance.AlarmList: "oss",
    assurance.AlarmAction: "oss",
    assurance.TestResult: "oss",
    assurance.CommandResult: "oss",
    assurance.CrewReport: "oss",
    assurance.CustomerReport: "oss",
    assurance.PlannedWork: "oss",
    fulfilment.ServicePriority: "oss",
    charging.UsageFile: "oss",
    assurance.PollRequest: "world",
    assurance.AlarmListRequest: "world",
    assurance.TestRequest: "world",
    assurance.Command: "world",
    assurance.CapacityOrder: "world",
    assurance.WorkOrder: "world",
    assurance.Notice: "world",
    charging.UsageBatch: "bss",
    assurance.Contact: "bss",
    assurance.ServiceProblemOpened: "bss",
    assurance.ServiceProblemResolved: "bss",
}

FLOWS: Mapping[str, tuple[type[Message], ...]] = {
    "customer_reports": (assurance.CustomerReport,),
    "service_priorities": (fulfilment.ServicePriority,),
    "service_problems": (assurance.ServiceProblemOpened, assurance.ServiceProblemResolved),
}
"""Flows across the border between OSS and BSS that a scenario may switch off."""


class MessageLoopError(RuntimeError):
    """Systems keep answering each other without time passing."""


class World(Protocol):
    """What the exchange needs of the world: somebody who takes the messages meant for it."""

    def receive(self, message: Message) -> None: ...


class _Delivery(simpy.Event):
    """An event that comes about at an instant of its own choice, as a timeout does, but after all else of it."""

    def __init__(self, env: simpy.Environment, delay_ms: int, then: Callable[[simpy.Event], None]) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self.callbacks.append(then)
        env.schedule(self, priority=AFTER_ALL_ELSE, delay=delay_ms)


class Exchange:
    """Carries messages between world, OSS and BSS on the simulated clock; the environment's time is Unix ms."""

    def __init__(
        self, env: simpy.Environment, systems: Iterable[System], journal: Journal, cut_flows: frozenset[str], seed: int
    ) -> None:
        self.env, self.journal, self.seed = env, journal, seed
        self.systems = {system.name: system for system in systems}
        self.cut = tuple(kind for flow in cut_flows for kind in FLOWS[flow])
        self.waiting: list[Message] = []
        self.world: World | None = None
        self.round_of_instant: Counter[int] = Counter()
        self.scheduled_ms: set[int] = set()

    def start(self) -> None:
        """Ask every system when it wants to be woken first."""
        for system in self.systems.values():
            self._wake_at(system.next_wakeup_ms)

    def post(self, message: Message) -> None:
        """Take a message from the world, to be delivered at this instant after all else."""
        self.waiting.append(message)
        self._wake_at(int(self.env.now))

    def _wake_at(self, at_ms: int | None) -> None:
        if at_ms is None or at_ms in self.scheduled_ms:
            return
        self.scheduled_ms.add(at_ms)
        _Delivery(self.env, max(0, at_ms - int(self.env.now)), self._deliver)

    def _deliver(self, _: simpy.Event) -> None:
        now_ms = int(self.env.now)
        self.scheduled_ms.discard(now_ms)
        self._count_round(now_ms)
        arrived, self.waiting = sorted(self.waiting, key=_order), []
        for name, system in self.systems.items():
            inbox = [m for m in arrived if DESTINATION[type(m)] == name and not isinstance(m, self.cut)]
            wakeup_ms = system.next_wakeup_ms
            if inbox or (wakeup_ms is not None and wakeup_ms <= now_ms):
                self._step(system, now_ms, inbox)
        for message in arrived:
            if DESTINATION[type(message)] == "world" and self.world:
                self.world.receive(message)

    def _step(self, system: System, now_ms: int, inbox: list[Message]) -> None:
        outbox = system.step(now_ms, inbox)
        self.journal.add(now_ms, outbox.entries)
        for message in outbox.messages:
            self.post(message)
        wakeup_ms = system.next_wakeup_ms
        if wakeup_ms is not None and wakeup_ms <= now_ms:
            raise MessageLoopError(
                f"{system.name} asks to be woken at {wakeup_ms}, not after {now_ms}; seed {self.seed}"
            )
        self._wake_at(wakeup_ms)

    def _count_round(self, now_ms: int) -> None:
        if now_ms not in self.round_of_instant:
            self.round_of_instant.clear()
        self.round_of_instant[now_ms] += 1
        if self.round_of_instant[now_ms] > MAX_ROUNDS:
            kinds = ", ".join(sorted({f"{type(m).__name__} from {m.sender}" for m in self.waiting}))
            raise MessageLoopError(
                f"more than {MAX_ROUNDS} rounds at {now_ms} ms; going round: {kinds}; seed {self.seed}"
            )


def _order(message: Message) -> tuple[int, str, str]:
    return (message.occurred_ms, message.sender, message.message_id)


Post = Callable[[Message], None]
