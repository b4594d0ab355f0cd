"""When a scenario's times are."""

from datetime import datetime

import pytest

from sim.testbed.clock import at_ms

STARTS = datetime.fromisoformat("2024-05-06T06:30:00+03:00")


def local(text):
    return int(datetime.fromisoformat(f"{text}+03:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 s", "2024-05-06T06:30:00"),
        ("19h", "2024-05-07T01:30:00"),
        ("90 min", "2024-05-06T08:00:00"),
        ("day 1 19:00", "2024-05-06T19:00:00"),
        ("day 2 19:00:30", "2024-05-07T19:00:30"),
        ("day 3", "2024-05-08T00:00:00"),
        ("2024-05-07T16:00:00+00:00", "2024-05-07T19:00:00"),
    ],
)
def test_an_offset_a_day_or_a_time(text, expected):
    assert at_ms(text, STARTS) == local(expected)


@pytest.mark.parametrize(
    "text", ["soon", "day 0 10:00", "day 2 25:00", "day 2 10:99", "2024-05-07T16:00:00", "-3 h", ""]
)
def test_anything_else_is_answered_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="give"):
        at_ms(text, STARTS)
