"""The alarm list under doubled, late, overtaking and lost notifications."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.contract.assurance import Alarm
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.fault.surveillance import survey
from ossbss.oss.policy import OperationsPolicy


def alarm(word, at_ms, known_ms=None):
    severity = {"raise": "critical", "clear": "cleared"}[word]
    return Alarm("kiel-luebeck", "communicationsAlarm", "lossOfSignal", severity, "r-kiel", at_ms, 0, known_ms or at_ms)


def play(*notifications):
    """What each did, and whether the alarm is active at the end."""
    listed, kinds = None, []
    for notification in notifications:
        for change in survey(listed, notification, OperationsPolicy()):
            listed = change.alarm
            kinds.append(change.kind)
    return kinds, listed.active


STORIES = [
    ("raise and clear", [("raise", 1), ("clear", 5)], ["raised", "cleared"], False),
    ("a doubled raise is a repeat", [("raise", 1), ("raise", 1), ("clear", 5)], ["raised", "repeated", "cleared"], False),
    ("a doubled clear changes nothing", [("raise", 1), ("clear", 5), ("clear", 5)], ["raised", "cleared", "late"], False),
    ("again after the clear", [("raise", 1), ("clear", 5), ("raise", 9)], ["raised", "cleared", "raised"], True),
    ("a raise that arrives after its clear", [("clear", 5), ("raise", 1)], ["late", "late"], False),
    ("the second raise is overtaken too", [("raise", 1), ("clear", 5), ("clear", 12), ("raise", 9)],
     ["raised", "cleared", "late", "late"], False),
    ("an old clear does not end a new alarm", [("raise", 9), ("clear", 5)], ["raised", "late"], True),
    ("raised again before the late clear of the first", [("raise", 1), ("raise", 9), ("clear", 5)],
     ["raised", "repeated", "cleared", "raised"], True),
    ("a clear of what was never raised", [("clear", 5)], ["late"], False),
]  # fmt: skip


@pytest.mark.parametrize(("words", "kinds", "active"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_the_list_after(words, kinds, active):
    """Times in minutes: nothing here comes so fast that it would be flapping."""
    assert play(*(alarm(word, minute * MINUTE_MS) for word, minute in words)) == (kinds, active)


@given(st.permutations([("raise", 1), ("clear", 5), ("raise", 9), ("clear", 12)]), st.booleans())
def test_in_whatever_order_lines_arrive_what_is_over_is_over(order, doubled):
    notifications = [alarm(*word) for word in order]
    _, active = play(*notifications, *(notifications if doubled else []))
    assert not active


@given(st.permutations([("raise", 1), ("clear", 5), ("raise", 9)]), st.booleans())
def test_in_whatever_order_lines_arrive_what_goes_on_goes_on(order, doubled):
    notifications = [alarm(*word) for word in order]
    _, active = play(*notifications, *(notifications if doubled else []))
    assert active
