"""Usage as people write it, read or told what is wrong."""

import pytest

from ossbss.bss.product.trial.usage_text import UsageExample, read_usage
from ossbss.documents import DocumentError
from tests.bss.product.bazaar import catalogue

EVENING_MS = 1715013000000  # 6 May 2024 19:30 in Nairobi


@pytest.mark.parametrize(
    ("text", "usage_class", "quantity", "more"),
    [
        ("voice 3 min to home at 2024-05-06T19:30", "voice", 180_000, {"zone": "home"}),
        ("voice 1 h 5 s at 2024-05-06T19:30", "voice", 3_605_000, {}),
        ("voice 90 s at 2024-05-06T16:30+00:00 to +254700123", "voice", 90_000, {"number": "+254700123"}),
        ("voice 90 s from +255 to +254 at 2024-05-06 19:30", "voice", 90_000, {"number": "+254", "origin": "+255"}),
        ("sms 5 to abroad at 2024-05-06T19:30", "sms", 5, {"zone": "abroad"}),
        ("data 20 MB at 2024-05-06T19:30", "data", 20_000_000, {}),
        ("content 49.50 at 2024-05-06T19:30", "content", 49_500_000, {}),
    ],
)
def test_an_example_is_read(text, usage_class, quantity, more):
    assert read_usage(text, catalogue()) == (UsageExample(text, usage_class, quantity, EVENING_MS, **more),)


def test_several_stand_apart_by_semicolons():
    one = "sms 5 at 2024-05-06T19:30"
    assert [example.text for example in read_usage(f"{one};  {one} ;", catalogue())] == [one, one]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["usage: nothing is used → for example voice 3 min to on_net at 2024-05-06T19:30"]),
        (
            "vioce 3 min at 2024-05-06",
            ["usage 1: 'vioce' is no class of usage; there are voice, sms, data, content → did you mean 'voice'?"],
        ),
        (
            "voice 3 mn to hom at dawn",
            [
                "usage 1: voice: '3 mn' is not a number with a unit, such as 90 s, 15 min, 6 h, 3 days; did you mean '3 min'?",
                "usage 1: to 'hom': this is no number and no zone; there are home, abroad → did you mean 'home'?",
                "usage 1: at 'dawn': this is no time → for example at 2024-05-06T19:30",
            ],
        ),
        (
            "sms 5 at 2024-05-06; sms 2.5 from here",
            [
                "usage 2: sms: '2.5' is no number of messages; give a whole number such as 5",
                "usage 2: from 'here': this is no number → for example from +254700",
                "usage 2: it does not say when → at the end: at 2024-05-06T19:30",
            ],
        ),
        (
            "sms 0 at 2024-05-06; voice 32 days at 2024-05-06",
            [
                "usage 1: sms: '0' is not above 0 and at most what one record may carry",
                "usage 2: voice: '32 days' is not above 0 and at most what one record may carry",
            ],
        ),
        ("sms 1 at 2024-05-06 at 2024-05-07", ["usage 1: 'at' stands twice → take one out"]),
        (
            "content nan at 2024-05-06",
            ["usage 1: content: nan is not a whole number of micro-units; give at most 6 decimals"],
        ),
        (
            "content -5 at 0001-01-01",
            [
                "usage 1: content: '-5' is not above 0 and at most what one record may carry",
                "usage 1: at '0001-01-01': this is no time from 1900 to 2999",
            ],
        ),
    ],
)
def test_every_mistake_is_told_at_once(text, messages):
    with pytest.raises(DocumentError) as caught:
        read_usage(text, catalogue())
    assert [str(mistake) for mistake in caught.value.mistakes] == messages
