"""The clear executor and the batch one: the same amount, fee, free units and leftovers for every record."""

from hypothesis import given, reject
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, scalar
from ossbss.bss.revenue.rating.entitlements import entitlements
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.contract.units import DAY_MS
from tests.bss.rating.random_tariffs import SPAN_MS, STARTS_MS, catalogues, people, shopping, usages

SPAN = Period(STARTS_MS - DAY_MS, STARTS_MS + SPAN_MS + DAY_MS)


def in_batch(*arguments):
    """Few random lists leave 64 bits; those are for the clear executor (test_run)."""
    try:
        return batch.rate(*arguments)
    except NotInBatchError:
        reject()


@given(st.data())
def test_they_agree_on_every_record(data):
    rules, accounts = RuleSet(data.draw(catalogues())), data.draw(people())
    usage = data.draw(usages(accounts))
    entitled = entitlements(accounts, data.draw(shopping()), rules, SPAN)
    assert_frame_equal(in_batch(usage, entitled, rules)[0], scalar.rate_columns(usage, entitled, rules)[0])


@given(st.data(), st.integers(0, SPAN_MS))
def test_they_agree_from_one_run_to_the_next(data, cut_ms):
    rules, accounts = RuleSet(data.draw(catalogues())), data.draw(people())
    usage = data.draw(usages(accounts))
    entitled = entitlements(accounts, data.draw(shopping()), rules, SPAN)
    early = usage["started_ms"] < STARTS_MS + cut_ms
    fast_before, clear_before = NOTHING_YET, NOTHING_YET
    for part in (usage.filter(early), usage.filter(~early)):
        fast, fast_before = in_batch(part, entitled, rules, fast_before)
        clear, clear_before = scalar.rate_columns(part, entitled, rules, clear_before)
        assert_frame_equal(fast, clear)
    assert_frame_equal(fast_before.left, clear_before.left, check_row_order=False)
    assert_frame_equal(fast_before.used, clear_before.used, check_row_order=False)
