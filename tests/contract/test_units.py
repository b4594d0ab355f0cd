"""Money never loses a micro-unit on its way from a price list to a bill."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.contract.units import Rounding, RoundingMode, currency_units, micros, round_money


@given(st.integers(-(10**15), 10**15))
def test_micro_units_survive_the_printed_form(amount_micros: int) -> None:
    assert micros(str(currency_units(amount_micros))) == amount_micros


@pytest.mark.parametrize("amount", ["0.0000001", "NaN", "Infinity"])
def test_an_amount_finer_than_a_micro_unit_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="6 decimals"):
        micros(amount)


@pytest.mark.parametrize(("mode", "decimal_mode"), [("half_up", ROUND_HALF_UP), ("half_even", ROUND_HALF_EVEN)])
@given(hundredths=st.integers(-10_000, 10_000))
def test_rounding_agrees_with_decimal(mode: RoundingMode, decimal_mode: str, hundredths: int) -> None:
    """The decimal module is the oracle: half an (even) step goes the same way for both signs."""
    exact = Fraction(hundredths, 100)
    expected = int((Decimal(hundredths) / 100).quantize(Decimal(1), rounding=decimal_mode))
    assert round_money(exact, Rounding("test", mode, 1)) == expected


def test_a_step_of_one_cent() -> None:
    cent = Rounding("invoice", "half_up", 10_000)
    assert round_money(1_235_000, cent) == 1_240_000
    assert round_money(1_234_999, cent) == 1_230_000
