"""The clear executor and the batch one: the same amount, fee, free units and leftovers for every record."""

from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, scalar
from ossbss.bss.revenue.rating.entitlements import entitlements
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.contract.units import DAY_MS
from tests.bss.rating.random_tariffs import SPAN_MS, STARTS_MS, catalogues, people, shopping, usages

SPAN = Period(STARTS_MS - DAY_MS, STARTS_MS + SPAN_MS + DAY_MS)


def clear(usage, entitled, rules, before):
    found, after = scalar.rate(usage, entitled, rules, before)
    rows = [
        (each.record["usage_id"], 0, 0, 0, False) if isinstance(each.charge, str) else
        (each.record["usage_id"], each.charge.amount_micros, each.charge.fee_micros,
         sum(taken.end - taken.start for taken in each.charge.taken), True)
        for each in found
    ]  # fmt: skip
    return rows, after


def fast(usage, entitled, rules, before):
    found, after = batch.rate(usage, entitled, rules, before)
    return found.select("usage_id", "amount_micros", "fee_micros", "free", "is_priced").rows(), after


@given(st.data())
def test_they_agree_on_every_record(data):
    rules, accounts = RuleSet(data.draw(catalogues())), data.draw(people())
    usage = data.draw(usages(accounts))
    entitled = entitlements(accounts, data.draw(shopping()), rules, SPAN)
    assert fast(usage, entitled, rules, NOTHING_YET)[0] == clear(usage, entitled, rules, NOTHING_YET)[0]


@given(st.data(), st.integers(0, SPAN_MS))
def test_they_agree_from_one_run_to_the_next(data, cut_ms):
    rules, accounts = RuleSet(data.draw(catalogues())), data.draw(people())
    usage = data.draw(usages(accounts))
    entitled = entitlements(accounts, data.draw(shopping()), rules, SPAN)
    early = usage["started_ms"] < STARTS_MS + cut_ms
    fast_before, clear_before = NOTHING_YET, NOTHING_YET
    for part in (usage.filter(early), usage.filter(~early)):
        fast_rows, fast_before = fast(part, entitled, rules, fast_before)
        clear_rows, clear_before = clear(part, entitled, rules, clear_before)
        assert fast_rows == clear_rows
    assert_frame_equal(fast_before.left, clear_before.left)
    assert_frame_equal(fast_before.used, clear_before.used)
