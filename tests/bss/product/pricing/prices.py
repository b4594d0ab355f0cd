"""Prices as a tariff person writes them, and money in the main unit, for the tests of pricing."""

from fractions import Fraction

from hypothesis import strategies as st

from ossbss import documents
from ossbss.bss.product.pricing.models import PriceModel, QuantityRule
from ossbss.bss.product.pricing.spend import SpendRules
from ossbss.documents import Strict

MICROS = 1_000_000


class Offer(Strict):
    """A document with what is tested."""

    price: PriceModel | None = None
    rule: QuantityRule | None = None
    spend: SpendRules = SpendRules()


def offer(text):
    return documents.check(documents.read(text, "offer.yaml"), Offer)


def price(text):
    return offer(f"price: {{{text}}}").price


def money(micros):
    return Fraction(micros) / MICROS


def total(parts):
    return money(sum(parts))


def n(value):
    return Fraction(str(value))


def amounts(most=50, places=2):
    """Exact numbers of few decimals, 0 and more."""
    return st.integers(0, most * 10**places).map(lambda whole: Fraction(whole, 10**places))


def whole(most=60):
    return st.integers(0, most).map(Fraction)


@st.composite
def tiers(draw, most=4, fees=True, bounds=None):
    """Written as in a catalogue: rising whole bounds, the last without."""
    uppers = draw(st.lists(st.integers(1, 40), unique=True, max_size=most - 1).map(sorted))
    decimal = st.integers(0, 500).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
    return [
        {"up_to": upper, "unit_price": draw(decimal), "flat_fee": draw(decimal) if fees else "0"}
        for upper in [*uppers, None]
    ]


@st.composite
def blocks(draw, most=4):
    count = draw(st.integers(1, most))
    return [
        {
            "block": draw(st.integers(1, 9)),
            "max_blocks": draw(st.integers(1, 6)),
            "block_price": draw(st.integers(0, 20)),
        }
        for _ in range(count)
    ]
