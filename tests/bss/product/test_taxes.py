"""Excise and VAT against a clerk with fractions, and laws that hold whatever the taxes."""

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.taxes import Tax, TaxLaw
from ossbss.contract.units import Rounding

NAIROBI = ZoneInfo("Africa/Nairobi")
CENT = Rounding("tax", "half_up", 10_000)
JULY_MS = 1688158800000  # 1 July 2023 in Nairobi
EXCISE = Tax(name="excise", rate_milli=150)
VAT = Tax(name="VAT", rate_milli=160, on_top_of=("excise",))

rates = st.integers(0, 999)
amounts = st.integers(-(10**15), 10**15)
steps = st.sampled_from([1, 10_000, 1_000_000])
modes = st.sampled_from(["half_up", "half_even", "up", "down", "ceiling", "floor"])
residues = st.sampled_from(["net", "excise", "VAT"])


def law(*taxes, rounding=CENT, residue="net"):
    return TaxLaw(taxes, NAIROBI, rounding, residue)


@pytest.mark.parametrize(
    ("net", "excise", "vat"),
    [
        (100_000_000, 15_000_000, 18_400_000),  # 100: 15, then 16 % of 115
        (1_000_000, 150_000, 180_000),  # 1: 0.15, then 0.184 → 0.18
        (30_000, 0, 0),  # 0.03: 0.0045 → 0.00, then 0.0048 → 0.00
        (-100_000_000, -15_000_000, -18_400_000),
    ],
)
def test_vat_is_on_the_amount_with_excise(net, excise, vat):
    found = law(VAT, EXCISE).added_to(net, 0)
    assert (found.taxes, found.gross_micros) == ({"excise": excise, "VAT": vat}, net + excise + vat)


@pytest.mark.parametrize(
    ("residue", "net", "excise", "vat"),
    [
        # 100 holds 100 / 1.334 = 74.9625…; excise 11.2444, VAT 13.7931
        ("net", 74_970_000, 11_240_000, 13_790_000),
        ("excise", 74_960_000, 11_250_000, 13_790_000),
        ("VAT", 74_960_000, 11_240_000, 13_800_000),
    ],
)
def test_an_inclusive_price_is_taken_apart_and_the_residue_goes_where_it_is_said(residue, net, excise, vat):
    found = law(EXCISE, VAT, residue=residue).contained_in(100_000_000, 0)
    assert (found.net_micros, found.taxes) == (net, {"excise": excise, "VAT": vat})


@given(rates, rates, amounts, steps, modes, residues)
def test_parts_of_an_inclusive_amount_sum_to_it_and_are_near_the_exact_ones(first, second, gross, step, mode, residue):
    rounding = Rounding("tax", mode, step)
    taxes = Tax(name="excise", rate_milli=first), Tax(name="VAT", rate_milli=second, on_top_of=("excise",))
    found = law(*taxes, rounding=rounding, residue=residue).contained_in(gross, 0)
    net = Fraction(gross) / (1 + Fraction(first, 1000)) / (1 + Fraction(second, 1000))
    exact = {"net": net, "excise": net * Fraction(first, 1000)}
    exact["VAT"] = gross - exact["net"] - exact["excise"]
    parts = {"net": found.net_micros, **found.taxes}
    assert sum(parts.values()) == gross
    for name, amount in parts.items():
        assert abs(amount - exact[name]) < (3 if name == residue else 1) * step
        assert name == residue or amount % step == 0


@given(st.lists(rates, min_size=1, max_size=5), amounts)
def test_taxes_each_on_all_before_multiply(given_rates, net):
    names = [f"t{n}" for n in range(len(given_rates))]
    taxes = [Tax(name=name, rate_milli=rate, on_top_of=tuple(names[:n])) for n, (name, rate) in enumerate(zip(names, given_rates, strict=True))]
    found = law(*reversed(taxes), rounding=Rounding("tax", "half_up", 1)).added_to(net * 1000**5, 0)
    exact = Fraction(net * 1000**5)
    for rate in given_rates:
        exact += exact * rate / 1000
    assert found.gross_micros == exact
    assert list(found.taxes) == names


@given(rates, amounts)
def test_what_is_added_is_what_is_contained_where_nothing_is_rounded(rate, net):
    one = law(Tax(name="VAT", rate_milli=rate), rounding=Rounding("tax", "half_up", 1))
    added = one.added_to(net * 1000, 0)
    assert one.contained_in(added.gross_micros, 0) == added


def test_taxes_change_at_their_local_midnight():
    later = Tax(name="VAT", rate_milli=180, valid_from="2023-07-01", on_top_of=("excise",))
    excise = Tax(name="excise", rate_milli=100, valid_from="2023-07-01T06:00:00+03:00")
    found = [law(later, VAT, excise).added_to(1_000_000, JULY_MS + h * 3_600_000 + ms).taxes for h, ms in ((0, -1), (0, 0), (6, -1), (6, 0))]
    assert found == [
        {"VAT": 160_000}, {"VAT": 180_000}, {"VAT": 180_000}, {"excise": 100_000, "VAT": 200_000},
    ]  # fmt: skip  # 0.198 rounds to 0.20


def test_without_taxes_an_amount_is_net():
    assert law().contained_in(7, 0).net_micros == law().added_to(7, 0).gross_micros == 7
