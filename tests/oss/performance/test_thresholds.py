"""Thresholds of one period, as tables: over, fine, or nothing that anybody could say."""

import pytest

from ossbss.oss.performance.thresholds import Standing, errors, judged, loss, verdict

SESSIONS = [
    # sent, lost, unavailable → (lost, sent) while the service was available
    (900, 0, 0, (0, 900)),
    (900, 24, 0, (24, 900)),
    (900, 320, 300, (20, 600)),  # down for five minutes: fault management has those
    (900, 900, 900, None),  # down all the time
    (900, 900, 0, None),  # nothing arrived at all: that is no degradation either
    (900, 901, 0, None),  # contradicts itself
    (900, 10, 20, None),
    (900, None, 0, None),
    (None, 0, 0, None),
    (900, 9, None, (9, 900)),  # an element that does not tell unavailable time apart
]


@pytest.mark.parametrize(("sent", "lost", "unavailable", "found"), SESSIONS)
def test_what_is_lost_while_the_service_is_down_does_not_count(sent, lost, unavailable, found):
    counts = {"twampSent": sent, "twampLost": lost, "twampUnavailable": unavailable}
    assert loss({counter: count for counter, count in counts.items() if count is not None}) == found


def test_packets_that_came_damaged_are_a_share_of_all_that_came():
    assert errors({"ifInErrors": 30, "ifHCInUcastPkts": 970}) == (30, 1000)
    assert errors({"ifInErrors": 30}) is None
    assert errors({"ifHCInUcastPkts": 970}) is None
    assert errors({"ifInErrors": -1, "ifHCInUcastPkts": 970}) is None


@pytest.mark.parametrize(("part", "whole", "found"), [
    (10, 1000, None), (11, 1000, "over"), (5, 1000, "fine"), (6, 1000, None), (0, 1000, "fine"),
    (9, 900, None), (10, 900, "over"), (4, 900, "fine"), (99, 99, None), (100, 100, "over"), (0, 99, None),
])  # fmt: skip
def test_one_percent_raises_half_of_it_ends_and_little_says_nothing(part, whole, found):
    assert verdict(part, whole, raise_milli=10, least=100) == found


def test_what_lies_between_changes_nothing():
    seen = [judged(Standing(), None, 0, 1).over]
    standing = Standing()
    for number, found in enumerate([None, "over", None, "over", None, "fine", None, "fine"]):
        standing = judged(standing, found, number, number + 1)
        seen.append(standing.over)
    assert seen == [False, False, True, True, True, True, False, False, False]
    assert standing == Standing(over=False, fine_ms=8, over_ms=3)
