"""A vendor's element manager: a system of its own between its elements and the OSS, with its own state and failures."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import Any

import simpy

from ossbss.contract.assurance import AlarmList, AlarmListRequest, PollReply, PollRequest, VendorMessage
from ossbss.contract.ports import Message
from sim.world.elements.memory import AlarmMemory, Said, Thing, thing_of
from sim.world.management.cpu import Cpu, slots
from sim.world.management.plan import ManagementPlan
from sim.world.network.management import reachable, reachable_from
from sim.world.network.state import FailureState, Network
from sim.world.truth import Fact, Truth


class ElementManager:
    """Asks its elements in turn, passes on what they say, and reads again what it has missed.

    A manager that is down takes and sends nothing, and loses what was inside. Whatever an element has said that did
    not get through to the OSS is ``behind``: read again, by request and so without loss on the way, at the next
    answer of the element that is late enough for messages on their way to have arrived (a cycle of its own is needed
    for that), and at once for all elements when the manager comes back.
    """

    def __init__(
        self, env: simpy.Environment, network: Network, manager_id: str, node: str, elements: Iterable[str],
        plan: ManagementPlan, truth: Truth, post: Callable[[Message], None],
    ) -> None:  # fmt: skip
        """``node``: through which it is reached; ``elements``: ids, in the order in which it asks them."""
        self.env, self.network, self.manager_id, self.node = env, network, manager_id, node
        self.plan, self.truth, self.post = plan, truth, post
        self.memories = {element: AlarmMemory() for element in elements}
        self.element_cpus = {element: Cpu(plan.element_cpu) for element in self.memories}
        self.cpu = Cpu(plan.manager_cpu)
        self.failures = self.starts = self.sent = self.polls = 0
        self.asked_ms = dict.fromkeys(self.memories, int(env.now))
        self.silent: set[str] = set()
        """as of its own last question"""
        self.heard: dict[str, dict[Thing, Said]] = {element: {} for element in self.memories}
        """element → what of it has got through to the OSS"""
        self.behind: dict[str, int] = {}
        """element → when it last said something that has not got through"""
        self.overflow: Counter[str] = Counter()
        self.state: Callable[[], FailureState] = FailureState
        self._seen: tuple[FailureState | None, frozenset[str]] = (None, frozenset())
        self._easy: set[str] = set()
        """elements that only need to be asked while the network is ``_easy_in``: they answer, and are not behind"""
        self._easy_in: FailureState | None = None

    # -- its elements ----------------------------------------------------------------------------------

    def start(self, state: Callable[[], FailureState]) -> None:
        """From now on it may look at the network, and asks in a cycle of its own where it has one."""
        self.state = state
        if self.plan.cycle_ms is not None and self.memories:
            self.env.process(self._cycle(self.plan.cycle_ms))

    def within(self, state: FailureState) -> frozenset[str]:
        """Nodes that it can talk to in this state of the network, its own elements or not."""
        if self._seen[0] is not state:
            self._seen = state, reachable_from(self.network, state, self.node)
        return self._seen[1]

    def _cycle(self, cycle_ms: int) -> Generator[simpy.Event, Any, None]:
        """One element after the other, evenly through the cycle; late when the processor is."""
        env, timeout, state, asked_ms = self.env, self.env.timeout, self.state, self.asked_ms
        turns, limited = list(zip(self.memories, slots(cycle_ms, len(self.memories)), strict=True)), self._is_limited
        begins_ms = now_ms = int(env.now)
        while True:
            for element, slot_ms in turns:
                if (at_ms := begins_ms + slot_ms) >= now_ms:
                    yield timeout(at_ms - now_ms)
                    now_ms = at_ms
                if limited and not self.failures and (turn_ms := self.cpu.spend(now_ms)) > now_ms:
                    yield timeout(turn_ms - now_ms)
                    now_ms = turn_ms
                # Nearly all that ever happens in a large network is this line, so it comes first and calls nothing.
                if element in self._easy and state() is self._easy_in:
                    asked_ms[element] = now_ms
                    self.polls += 1
                elif not self.failures:
                    self._ask(element)
            begins_ms = max(begins_ms + cycle_ms, now_ms)

    def _ask(self, element: str) -> None:
        now_ms, state = int(self.env.now), self.state()
        self.asked_ms[element] = now_ms
        self.polls += 1
        if self._easy_in is not state and self.plan.element_cpu.per_s is None:
            self._easy_in = state
            self._easy = (self.memories.keys() & self.within(state)) - self.behind.keys() - self.silent
        if not self._answers(element, self.within(state), now_ms):
            self.silent.add(element)
            return
        self.silent.discard(element)
        if element in self.behind and now_ms > self.behind[element] + self._on_the_way_ms:
            self._read_again(element)
        if element not in self.behind and self.plan.element_cpu.per_s is None:
            self._easy.add(element)

    def _answers(self, element: str, within: frozenset[str], now_ms: int) -> bool:
        """An element whose processor is behind answers late, which may be never."""
        return element in within and self.element_cpus[element].spend(now_ms) - now_ms <= self.plan.answer_ms

    @property
    def _is_limited(self) -> bool:
        return self.plan.manager_cpu.per_s is not None

    @property
    def _on_the_way_ms(self) -> int:
        transport = self.plan.transport
        return (transport.late_delay_ms if transport.late_milli else transport.delay_ms) + self.plan.forward_ms

    def _read_again(self, element: str) -> None:
        """Ask for the alarm list, and pass on what the OSS has not heard, with the times that the element gave."""
        del self.behind[element]
        for said in list(self.memories[element].unheard(self.heard[element])):
            for line in said.lines:
                self.sent += 1
                self.take(element, said, line, f"{element}/again/{self.sent:06d}")

    # -- messages --------------------------------------------------------------------------------------

    def note(self, element: str, said: Said) -> None:
        """The element has something to say, whether it gets through or not."""
        self.memories[element].note(said)
        self._falls_behind(element)

    def _falls_behind(self, element: str) -> None:
        self.behind[element] = int(self.env.now)
        self._easy.discard(element)

    def take(self, element: str, said: Said, line: bytes, message_id: str) -> None:
        """A message has come in: it waits for the processor; lost where the queue is full or the manager down."""
        if self.failures:
            return
        now_ms = int(self.env.now)
        done_ms = self.cpu.take(now_ms)
        self._count_overflow(dropped=done_ms is None, now_ms=now_ms)
        if done_ms is None:
            self._falls_behind(element)
            return
        message = VendorMessage(
            sender=element, message_id=message_id, occurred_ms=said.event.at_ms, element_id=element,
            dialect=self.network.nodes[element]["vendor"], payload=line,
        )  # fmt: skip
        self._later(done_ms + self.plan.forward_ms, lambda: self._forward(element, said, message))

    def take_file(self, message: VendorMessage) -> None:
        """A performance file has come in. It is fetched beside the messages and takes no turn (assumption); it is lost
        where the manager is down, or not heard."""
        if not self.failures:
            self._later(int(self.env.now) + self.plan.forward_ms, partial(self._pass_on, message))

    def _forward(self, element: str, said: Said, message: VendorMessage) -> None:
        if not self._is_heard():
            self._falls_behind(element)
            return
        self.post(message)
        heard, thing = self.heard[element], thing_of(said.event)
        if thing not in heard or heard[thing].event.at_ms <= said.event.at_ms:
            heard[thing] = said
        if element in self.behind and next(self.memories[element].unheard(heard), None) is None:
            del self.behind[element]

    def _later(self, at_ms: int, then: Callable[[], None]) -> None:
        """At once where there is nothing to wait for; never where the manager goes down before."""
        start = self.starts
        if at_ms <= self.env.now:
            then()
        else:
            waited = self.env.timeout(at_ms - self.env.now)
            waited.callbacks.append(lambda _: then() if self.starts == start and not self.failures else None)

    def _is_heard(self) -> bool:
        return self.node in reachable(self.network, self.state())

    def _count_overflow(self, *, dropped: bool, now_ms: int) -> None:
        """In the truth: from the first message dropped until the next that finds room, and how many were dropped."""
        if dropped:
            if not self.overflow:
                self.truth.begin(Fact(now_ms, "manager_overflow", self.manager_id, "", self.overflow))
            self.overflow["dropped"] += 1
        elif self.overflow:
            self.truth.end("manager_overflow", self.manager_id, "", now_ms)
            self.overflow = Counter()

    # -- the OSS, and its own failures -----------------------------------------------------------------

    def answer(self, request: PollRequest) -> None:
        """Tell the OSS who answers. A manager without a cycle of its own asks them all now."""
        if self.failures or not self._is_heard():
            return
        now_ms = int(self.env.now)
        done_ms = self.cpu.spend(now_ms)
        if self.plan.cycle_ms is None:
            self._ask_all(now_ms)
        answered = frozenset(self.memories).difference(self.silent)
        self.sent += 1
        reply = PollReply(
            sender=self.manager_id, message_id=f"{self.manager_id}-{self.sent:09d}", occurred_ms=now_ms,
            request_id=request.message_id, manager_id=self.manager_id, answered=answered,
            asked_ms={} if self.plan.cycle_ms is None else dict(self.asked_ms),
        )  # fmt: skip
        self._later(done_ms + self.plan.forward_ms, lambda: self.post(reply) if self._is_heard() else None)

    def tell_alarms(self, request: AlarmListRequest) -> None:
        """All that each of these elements holds raised; nothing of those that do not answer."""
        if self.failures or not self._is_heard():
            return
        now_ms, within = int(self.env.now), self.within(self.state())
        for element in sorted(request.element_ids & self.memories.keys()):
            if self._answers(element, within, now_ms):
                self.sent += 1
                told = AlarmList(
                    sender=self.manager_id, message_id=f"{self.manager_id}-{self.sent:09d}", occurred_ms=now_ms,
                    element_id=element, dialect=self.network.nodes[element]["vendor"],
                    payloads=tuple(line for said in self.memories[element].raised() for line in said.lines),
                )  # fmt: skip
                self._later(self.cpu.spend(now_ms) + self.plan.forward_ms, partial(self._pass_on, told))

    def _pass_on(self, told: AlarmList | VendorMessage) -> None:
        if self._is_heard():
            self.post(told)

    def _ask_all(self, now_ms: int) -> None:
        within, limited = self.within(self.state()), self.plan.element_cpu.per_s is not None
        self.polls += len(self.memories)
        if limited:
            self.silent = {element for element in self.memories if not self._answers(element, within, now_ms)}
        else:
            self.silent = set(self.memories.keys() - within)
        if self._is_limited:
            for _ in self.memories:
                self.cpu.spend(now_ms)

    def commands(self, element: str, state: FailureState) -> bool:
        """Whether the OSS can have something done by this element, through the manager."""
        return not self.failures and self.node in reachable(self.network, state) and element in self.within(state)

    def fail(self) -> None:
        """One more fault holds it down; what was inside is lost."""
        self.failures += 1
        self.starts += 1
        self.cpu.clear()
        self._easy_in, self._easy = None, set()

    def mend(self) -> None:
        """One fault less; when none is left it starts, asks all its elements and reads again what it has missed."""
        self.failures -= 1
        if self.failures:
            return
        for element in self.memories:
            self.cpu.spend(int(self.env.now))
            self._ask(element)
            if element in self.behind and element not in self.silent:
                self._read_again(element)
