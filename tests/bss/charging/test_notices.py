"""What a line is told, and that it is told once."""

import pytest

from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.sessions import Step
from tests.bss.charging.prepaid_shop import DAY, MB, MINUTE, NOON, ask, charging, told


def thresholds(door) -> list[tuple[str, int]]:
    return [(subject, percent) for _, subject, _, percent in told(door, "threshold")]


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ((4, 1), [("data-day", 50)]),
        ((4.9, 0.0), []),
        ((5, 1, 2, 2), [("data-day", 50), ("data-day", 20), ("data-day", 0)]),
        ((9,), [("data-day", 20)]),
        ((10,), [("data-day", 0)]),
        ((9, 0.5, 0.5), [("data-day", 20), ("data-day", 0)]),
    ],
)
def test_a_bucket_tells_each_threshold_once_and_of_several_at_once_the_lowest(used, expected):
    door = charging(10)
    ask(door, ("purchase", NOON, "data-day"))
    for no, volume in enumerate(used):
        ask(door, ("data", NOON, int(volume * MB)), first_id=no + 1)
    assert [notice for notice in thresholds(door) if notice[0] == "data-day"] == expected


def test_a_balance_tells_its_thresholds_again_after_a_top_up():
    door = charging(10)
    ask(door, ("voice", NOON, 2 * MINUTE), ("topup", NOON, 6), ("voice", NOON, MINUTE), ("voice", NOON, MINUTE))
    assert thresholds(door) == [("main", 50), ("main", 50)]
    ask(door, ("sms", NOON, 1), ("topup", NOON, 8), ("sms", NOON, 1), first_id=9)
    assert thresholds(door) == []


def test_what_a_session_holds_and_has_not_used_is_not_told_as_used():
    door = charging(50)
    ask(door, ("purchase", NOON, "talk"))
    told(door)
    door.session("a", Step("s", "initial", 0, NOON, 0, 12 * MINUTE, Request(NOON, "voice", 0, "on_net")))
    assert thresholds(door) == []
    door.session("a", Step("s", "update", 1, NOON + 6 * MINUTE, 6 * MINUTE, 12 * MINUTE))
    assert thresholds(door) == [("talk", 50)]
    door.session("a", Step("s", "final", 2, NOON + 18 * MINUTE, 12 * MINUTE))
    assert thresholds(door) == [("talk", 0), ("main", 20)]


def test_that_a_bundle_is_about_to_expire_is_told_once_and_only_where_something_is_left():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-week"), ("purchase", NOON + DAY, "data-week"), ("data", NOON + DAY, 50 * MB))
    told(door)
    door.look_after(NOON + 6 * DAY)
    assert told(door, "expiring") == []
    door.look_after(NOON + 7 * DAY - 1)
    assert told(door, "expiring") == []
    door.look_after(NOON + 8 * DAY)
    assert told(door, "expiring", "lapsed") == [("expiring", "data-week", 50 * MB, None), ("lapsed", "data-week", 50 * MB, None)]


def test_out_of_credit_is_told_once_until_the_next_top_up():
    door = charging(1)
    ask(door, ("voice", NOON, 1), ("voice", NOON, 1), ("topup", NOON, 1), ("voice", NOON, 1))
    assert len(told(door, "out_of_credit")) == 2
