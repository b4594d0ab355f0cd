"""What a price list may say, and what a mistake in it is answered with."""

from decimal import Decimal
from pathlib import Path

import pytest

from ossbss.bss.product.catalogue import load_catalogue, read_catalogue
from ossbss.documents import DocumentError
from tests.bss import shop

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios" / "catalogues").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_shipped_price_list_is_valid(path):
    assert load_catalogue(path).name == path.stem


def test_the_version_of_its_day_is_sold():
    price_list = shop.catalogue()
    fees = [
        price_list.version_at("plan", shop.at(day)).recurring_fee for day in ("2024-05-31 23:59", "2024-06-01 00:00")
    ]
    assert fees == [3_100_000_000, 6_000_000_000]


def test_before_its_first_version_nothing_is_sold():
    with pytest.raises(KeyError, match="no version"):
        shop.catalogue().version_at("plan", shop.at("2019-12-31 23:59"))


def test_decimals_are_read_exactly():
    assert load_catalogue(SHIPPED[0]).offering("payg").versions[0].usage["voice"].rates["on_net"].peak == int(
        Decimal("4.87") * 10**6
    )


MISTAKES = [
    ("currency: KES", "currency: kes", "currency", 4),
    ("time_zone: Africa/Nairobi", "time_zone: Africa/Nairoby", "time_zone", 5),
    ("fee_multiple: 3", "fee_multipel: 3", "did you mean 'fee_multiple'", 20),
    ("recurring_fee: 3100", "recurring_fee: lots", "recurring_fee", 17),
    ("recurring_fee: 3100", "recurring_fee: 0.0000001", "6 decimals", 17),
    ("voice: 10 min", "voice: 10 parsecs", "10 parsecs", 18),
    ("voice: 10 min", "voice: 1500 ms", "multiple of its pulse", 16),
    ("sources: [made for tests]", "sources: [made for tests", "broken YAML", 3),
    ("name: test", "name: test\nname: again", "stands twice", 3),
    ("name: test", "name: &a test", "anchors", None),
]


@pytest.mark.parametrize(("right", "wrong", "said", "line"), MISTAKES)
def test_a_mistake_is_named_with_its_line(right, wrong, said, line):
    with pytest.raises(DocumentError) as caught:
        read_catalogue(shop.text().replace(right, wrong, 1), "list.yaml")
    assert said in str(caught.value)
    assert line is None or f"line {line}:" in str(caught.value)


def test_all_mistakes_are_told_at_once():
    text = shop.text()
    for right, wrong, _, _ in MISTAKES[:4]:
        text = text.replace(right, wrong, 1)
    with pytest.raises(DocumentError) as caught:
        read_catalogue(text, "list.yaml")
    assert {m.line for m in caught.value.mistakes} == {4, 5, 17, 20}


@pytest.mark.parametrize("hours", ["{from_hour: 22, to_hour: 6}", "{from_hour: 8, to_hour: 8}"])
def test_a_peak_without_hours_is_refused(hours):
    with pytest.raises(DocumentError, match="holds no hour; from_hour must be below to_hour"):
        read_catalogue(shop.text().replace("{from_hour: 8, to_hour: 22}", hours), "test")
