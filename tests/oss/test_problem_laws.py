"""Service problems are opened once and resolved once an outage, whatever flaps, comes late or is lost.

The OSS alone, without a world: lines of the two ends of one service arrive when they arrive, polls and probes are
answered at once and truly.
"""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.assurance import (
    PollReply,
    PollRequest,
    ServiceProblemOpened,
    ServiceProblemResolved,
    TestRequest,
    TestResult,
    VendorMessage,
)
from ossbss.contract.units import DAY_MS, HOUR_MS, SECOND_MS
from ossbss.oss.operations import Operations
from ossbss.oss.policy import OperationsPolicy
from sim.world.elements.dialects import WRITERS
from sim.world.elements.events import ElementEvent
from tests.town import town

STARTS_MS = 1_714_960_800_000
SERVICE, ENDS = "svc-port", {"r-port": "ios", "r-hub": "ios"}
NODES = frozenset(node["id"] for node in town()["nodes"])
PROBE = next(service["probe"] for service in town()["services"] if service["id"] == SERVICE)


class Play:
    """Messages in order of arrival, and the OSS stepped whenever it wants to be."""

    def __init__(self, outages):
        """``outages``: (from_ms, until_ms), in order."""
        self.outages, self.sent, self.told = outages, 0, []
        self.oss = Operations(town(), OperationsPolicy(poll_period_ms=HOUR_MS // 6), STARTS_MS)

    def until(self, ends_ms, arriving):
        """``arriving``: (at_ms, message)."""
        waiting = sorted(arriving, key=lambda pair: (pair[0], pair[1].message_id))
        now_ms = STARTS_MS
        while now_ms <= ends_ms:
            inbox = [message for at_ms, message in waiting if at_ms <= now_ms]
            waiting = waiting[len(inbox) :]
            while True:
                out = self.oss.step(now_ms, inbox)
                self.told += [(now_ms, m) for m in out.messages if isinstance(m, ServiceProblemOpened | ServiceProblemResolved)]
                inbox = [reply for message in out.messages for reply in self.answer(message, now_ms)]
                if not inbox:
                    break
            due = [at_ms for at_ms in (self.oss.next_wakeup_ms, *(at_ms for at_ms, _ in waiting[:1])) if at_ms is not None]
            now_ms = max(now_ms + 1, min(due))
        return self.told

    def answer(self, message, now_ms):
        self.sent += 1
        head = {"sender": "network", "message_id": f"network-{self.sent:09d}", "occurred_ms": now_ms}
        if isinstance(message, PollRequest):
            yield PollReply(**head, request_id=message.message_id, manager_id=message.manager_id, answered=NODES, asked_ms={})
        if isinstance(message, TestRequest):
            down = any(begin <= now_ms < end for begin, end in self.outages) and message.target in (SERVICE, "east-port")
            yield TestResult(**head, request_id=message.message_id, method="probe", target=message.target, passed=not down)


def line(node, kind, at_ms, number):
    (payload,) = WRITERS[ENDS[node]](ElementEvent(kind, node, at_ms, PROBE), number)
    return VendorMessage(sender="em", message_id=f"em-{number:06d}", occurred_ms=at_ms, element_id=node, dialect=ENDS[node], payload=payload)


@st.composite
def troubles(draw):
    """(outages, messages with the time of their arrival): short and long, close together and far apart."""
    outages, arriving, at_ms = [], [], STARTS_MS + HOUR_MS
    for _ in range(draw(st.integers(1, 6))):
        length_ms = draw(st.sampled_from([2, 20, 90, 600, 3 * 3600])) * SECOND_MS
        outages.append((at_ms, at_ms + length_ms))
        at_ms += length_ms + draw(st.sampled_from([3, 30, 200, 3600, 5 * 3600])) * SECOND_MS
    number = 0
    for begin, end in outages:
        for node in ENDS:
            for kind, said_ms in (("probe_failed", begin), ("probe_restored", end)):
                number += 1
                if draw(st.integers(0, 9)):  # one in ten is lost
                    late_ms = draw(st.sampled_from([100, 100, 2_000, 30_000]))
                    arriving.append((said_ms + late_ms, line(node, kind, said_ms, number)))
    return outages, arriving


@settings(max_examples=40, derandomize=True, deadline=None, phases=[Phase.generate])
@given(troubles())
def test_opened_once_and_resolved_once_an_outage(trouble):
    outages, arriving = trouble
    told = Play(outages).until(outages[-1][1] + 2 * HOUR_MS, arriving)
    problems, open_ = [], None
    for _, message in told:
        if isinstance(message, ServiceProblemOpened):
            assert open_ is None
            open_ = message
        else:
            assert open_ is not None
            assert message.problem_id == open_.problem_id
            problems.append((message.opened_ms, message.occurred_ms))
            open_ = None
    assert open_ is None
    for begin, end in outages:
        assert sum(opened < end and begin < resolved for opened, resolved in problems) <= 1
    for opened, resolved in problems:
        assert any(opened < end and begin < resolved for begin, end in outages)


@settings(max_examples=20, derandomize=True, deadline=None, phases=[Phase.generate])
@given(st.integers(120, 20_000), st.integers(0, 30_000), st.integers(0, 30_000))
def test_an_outage_of_two_minutes_and_more_of_which_all_is_heard_is_one_problem_with_its_own_boundaries(length_s, late_ms, later_ms):
    begin = STARTS_MS + HOUR_MS
    end = begin + length_s * SECOND_MS
    lates = {"r-port": late_ms, "r-hub": later_ms}
    arriving = [(at_ms + 1 + lates[node], line(node, kind, at_ms, 2 * no + of)) for no, node in enumerate(ENDS)
                for of, (kind, at_ms) in enumerate([("probe_failed", begin), ("probe_restored", end)])]  # fmt: skip
    told = [message for _, message in Play([(begin, end)]).until(end + HOUR_MS, arriving)]
    assert [type(message) for message in told] == [ServiceProblemOpened, ServiceProblemResolved]
    assert (told[1].opened_ms, told[1].occurred_ms) == (begin, end)


def test_a_lost_clear_of_a_short_outage_is_made_good_by_probes_though_they_had_passed_before_it():
    first, second = ((STARTS_MS + at * HOUR_MS, STARTS_MS + at * HOUR_MS + 600 * SECOND_MS) for at in (1, 5))
    arriving = [(at_ms + 100, line("r-hub", kind, at_ms, number)) for number, (kind, at_ms) in enumerate([
        ("probe_failed", first[0]), ("probe_restored", first[1]), ("probe_failed", second[0])])]  # fmt: skip
    told = [type(m) for _, m in Play([first, second]).until(STARTS_MS + DAY_MS, arriving)]
    assert told == [ServiceProblemOpened, ServiceProblemResolved] * 2
