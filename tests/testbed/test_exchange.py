"""Messages of one instant: order, rounds, and a loop that is named."""

from dataclasses import dataclass, field

import pytest
import simpy

from ossbss.contract.assurance import CustomerReport, ServiceProblemOpened
from ossbss.contract.ports import Outbox
from sim.testbed.exchange import Exchange, MessageLoopError
from sim.testbed.journal import Journal


@dataclass
class Fake:
    """A system that remembers what it was given and answers as it is told."""

    name: str
    answer: object = None
    wakes: list = field(default_factory=list)
    seen: list = field(default_factory=list)

    def step(self, now_ms, inbox):
        self.seen.append((now_ms, [m.message_id for m in inbox]))
        self.wakes = [at for at in self.wakes if at > now_ms]
        return Outbox(messages=[self.answer(m, now_ms) for m in inbox] if self.answer else [])

    @property
    def next_wakeup_ms(self):
        return min(self.wakes, default=None)

    def tables(self):
        return {}


def report(number, occurred_ms, sender="bss"):
    return CustomerReport(sender=sender, message_id=f"m{number}", occurred_ms=occurred_ms, service_id="svc")


def opened(number, occurred_ms):
    return ServiceProblemOpened(sender="oss", message_id=f"p{number}", occurred_ms=occurred_ms, problem_id="p",
                                service_id="svc", occurred_uncertainty_ms=0, root_cause_resource=None)  # fmt: skip


def play(systems, posts, cut=(), until=100):
    env = simpy.Environment()
    exchange = Exchange(env, systems, Journal(), frozenset(cut), seed=1)

    def post_all():
        for at_ms, message in posts:
            yield env.timeout(at_ms - env.now)
            exchange.post(message)

    env.process(post_all())
    exchange.start()
    env.run(until=until)


def test_messages_of_one_instant_come_in_one_step_sorted_by_time_sender_and_id():
    oss = Fake("oss")
    play([oss], [(5, report(3, 2)), (5, report(2, 1)), (5, report(1, 1, "a")), (9, report(4, 9))])
    assert oss.seen == [(5, ["m1", "m2", "m3"]), (9, ["m4"])]


def test_a_system_is_woken_when_it_asked_to_be():
    oss = Fake("oss", wakes=[7, 3])
    play([oss], [])
    assert oss.seen == [(3, []), (7, [])]


def test_a_flow_that_is_cut_arrives_nowhere():
    oss = Fake("oss")
    play([oss], [(5, report(1, 1))], cut=["customer_reports"])
    assert oss.seen == []


def test_an_answer_of_the_same_instant_is_delivered_in_it():
    bss = Fake("bss")
    oss = Fake("oss", answer=lambda m, now: opened(1, now))
    play([oss, bss], [(5, report(1, 5))])
    assert bss.seen == [(5, ["p1"])]


def test_two_systems_that_answer_each_other_for_ever_are_named_with_the_seed():
    oss = Fake("oss", answer=lambda m, now: opened(1, now))
    bss = Fake("bss", answer=lambda m, now: report(1, now))
    with pytest.raises(MessageLoopError, match=r"from (bss|oss).*seed 1"):
        play([oss, bss], [(5, report(1, 5))])
