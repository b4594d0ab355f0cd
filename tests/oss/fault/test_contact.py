"""What silence means: of an element behind a manager that answers, and of the manager itself."""

import pytest

from ossbss.contract.assurance import PollReply
from ossbss.oss.fault.contact import ManagerWatch, overdue, replied, requested
from ossbss.oss.policy import OperationsPolicy

POLICY = OperationsPolicy(poll_period_ms=60_000, missed_polls=2)
PERIOD_MS = POLICY.poll_period_ms


def polls(*answers, cycle_ms=None):
    """(poll number, alarmed object, severity, occurred before that poll, uncertainty) of each contact alarm.

    Each answer: those of kiel and luebeck that answer; None: the manager says nothing. The first poll is number 1.
    """
    watch, said = ManagerWatch("em", frozenset(("kiel", "luebeck")), 0, 0), []
    for number, answer in enumerate([*answers, None], start=1):
        now_ms = number * PERIOD_MS
        watch, alarms = overdue(watch, now_ms, POLICY)
        watch = requested(watch, f"poll-{number}", now_ms)
        if answer is not None:
            asked_ms = {} if cycle_ms is None else dict.fromkeys(("kiel", "luebeck"), now_ms // cycle_ms * cycle_ms)
            reply = PollReply(sender="em", message_id="m", occurred_ms=now_ms, request_id=f"poll-{number}",
                              manager_id="em", answered=frozenset(answer.split()), asked_ms=asked_ms)  # fmt: skip
            watch, heard = replied(watch, reply, now_ms, POLICY)
            alarms = [*alarms, *heard]
        said += [(number, a.alarmed_object, a.perceived_severity, now_ms - a.occurred_ms, a.occurred_uncertainty_ms)
                 for a in alarms]  # fmt: skip
    return said


BOTH = "kiel luebeck"
STORIES = [
    ("one missed poll is nothing", [BOTH, "kiel", BOTH], []),
    ("two are a loss of contact, an answer clears it", [BOTH, "kiel", "kiel", "kiel", BOTH],
     [(3, "luebeck", "major", 0, 120_000), (5, "luebeck", "cleared", 0, 60_000)]),
    ("silent from the start", ["kiel", "kiel"], [(2, "luebeck", "major", 0, 120_000)]),
    ("a silent manager is one alarm and none of its elements", [BOTH, None, None, None, BOTH],
     [(4, "em", "major", 60_000, 120_000), (5, "em", "cleared", 0, 240_000)]),
    ("one poll without reply is nothing", [BOTH, None, BOTH], []),
    ("what was silent before stays so, with the time of its last answer", ["kiel", None, None, "kiel"],
     [(4, "em", "major", 60_000, 120_000), (4, "em", "cleared", 0, 180_000), (4, "luebeck", "major", 0, 240_000)]),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "alarms"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_alarms_of_contact(answers, alarms):
    assert polls(*answers) == alarms


def test_a_manager_that_asks_less_often_than_it_is_asked_counts_each_question_once():
    """Cycle three minutes: asked at 3, 6 and 9 min; two questions without an answer are 6 and 9, told at poll 9."""
    silent = ["kiel"] * 5
    assert polls(*[BOTH] * 5, *silent, cycle_ms=180_000) == [(9, "luebeck", "major", 0, 360_000)]


def test_a_reply_that_comes_too_late_still_tells_that_the_manager_lives():
    watch = ManagerWatch("em", frozenset(("kiel",)), 0, 0)
    for number in (1, 2):
        watch = requested(watch, f"poll-{number}", number * PERIOD_MS)
        watch, alarms = overdue(watch, (number + 1) * PERIOD_MS, POLICY)
    assert [a.alarmed_object for a in alarms] == ["em"]
    watch = requested(watch, "poll-3", 3 * PERIOD_MS)
    late = PollReply(sender="em", message_id="m", occurred_ms=PERIOD_MS, request_id="poll-1", manager_id="em",
                     answered=frozenset(("kiel",)), asked_ms={})  # fmt: skip
    watch, alarms = replied(watch, late, 3 * PERIOD_MS + 5_000, POLICY)
    assert [(a.alarmed_object, a.perceived_severity) for a in alarms] == [("em", "cleared")]
    assert watch.open_request == ("poll-3", 3 * PERIOD_MS)
