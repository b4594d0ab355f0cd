"""Re-rating: a new run and a difference, never an edit; as if everything had been rated in order from the beginning."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue import ledger
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, run, scalar
from ossbss.bss.revenue.rating.entitlements import entitlements
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.rating.prepare import by_rules, prepare_for_any, state_of
from ossbss.bss.revenue.rating.rerate import rerate, rerate_prepared
from ossbss.contract.units import DAY_MS
from tests.bss.rating.random_tariffs import SPAN_MS, STARTS_MS, catalogues, people, shopping, usages
from tests.bss.rating.test_run import CATALOGUE, NO_PURCHASES, TEXT, calls, rated
from tests.bss.shop import accounts

SPAN = Period(STARTS_MS - DAY_MS, STARTS_MS + SPAN_MS + DAY_MS)
EARLY, LATE = (1, "2024-05-02 12:00", 540), (2, "2024-05-02 11:00", 120)


def again(before, usage, catalogue=CATALOGUE, since=NOTHING_YET):
    return rerate(before, usage, accounts("L"), NO_PURCHASES, RuleSet(catalogue), since, "rating-2")


def test_a_call_that_came_late_gets_the_minutes_that_were_its_own():
    """Ten minutes are free. The call of 12:00 took nine of them; that of 11:00, two minutes long, came after it and
    found one: it paid a minute at 6. In order it has both, and the call of 12:00 pays the last of its nine."""
    first = rated(calls(EARLY))
    second = rated(calls(LATE), first.memory)
    before = pl.concat([first.rated, second.rated])
    assert before["amount_micros"].to_list() == [0, 6_000_000]
    found = again(before, calls(EARLY, LATE))
    told = found.differences.select("usage_id", "instead_of", "before_micros", "after_micros", "amount_micros").rows()
    assert told == [(1, "rating-1", 0, 6_000_000, 6_000_000), (2, "rating-1", 6_000_000, 0, -6_000_000)]
    assert found.run.rated["run_id"].unique().to_list() == ["rating-2"]


def test_a_price_that_was_wrong_is_made_good_by_a_credit():
    """Six a minute should have been four: 60 s beyond the allowance cost 6 and 0.50, and should have cost 4 and 0.50."""
    usage = calls((1, "2024-05-02 12:00", 600), (2, "2024-05-02 13:00", 60))
    before = rated(usage).rated
    found = again(before, usage, read_catalogue(TEXT.replace("day: 6", "day: 4"), "test"))
    assert found.differences["amount_micros"].to_list() == [-2_000_000]
    postings = ledger.post(ledger.of_rating(found.differences, "rating-2"), 1, 0)
    assert postings.select("account", "amount_micros").rows() == [
        ("unbilled_receivables", -2_000_000), ("revenue:usage:voice", 2_000_000)
    ]  # fmt: skip


def test_what_has_no_price_any_more_is_refunded_whole():
    usage = calls((1, "2024-05-02 12:00", 660))
    before = rated(usage).rated
    found = again(before, usage, read_catalogue(TEXT.replace("zones: [on_net], prices", "zones: [abroad], prices"), "test"))
    assert found.run.rated.height == 0
    assert found.differences["amount_micros"].to_list() == [-before["amount_micros"][0]] != [0]


def test_rated_records_that_are_not_given_again_are_named():
    before = rated(calls(EARLY, LATE)).rated
    with pytest.raises(ValueError, match=r"1 rated records are not in the usage: \[2\]"):
        again(before, calls(EARLY))


@given(st.data(), st.permutations(range(3)))
def test_the_differences_lead_from_what_was_posted_to_what_is_right(data, order):
    """Three files in any order, by another list; then all of it again: as the clear executor has it, to each account."""
    old, new, owners = RuleSet(data.draw(catalogues())), RuleSet(data.draw(catalogues())), data.draw(people())
    usage, bought = data.draw(usages(owners)), data.draw(shopping())
    usage = usage.with_columns(pl.lit("e").alias("element_id"), pl.col("usage_id").alias("sequence"))
    parts, memory = [pl.DataFrame(schema=run.RATED_SCHEMA)], NOTHING_YET
    for number in order:
        made = run.rate(usage.filter(pl.col("usage_id") % 3 == number), owners, bought, old, memory, f"r{number}")
        parts.append(made.rated)
        memory = made.memory
    before = pl.concat(parts)
    kept = before.clone()
    found = rerate(before, usage, owners, bought, new, NOTHING_YET, "again")
    assert_frame_equal(before, kept)

    entitled = entitlements(owners, bought, new, SPAN)
    right = scalar.rate_columns(usage, entitled, new)[0].filter("is_priced")
    owed = dict.fromkeys(owners["account_id"].to_list(), 0)
    for account, micros in pl.concat([right.select("account_id", "amount_micros"),
                                      before.select("account_id", -pl.col("amount_micros"))]).iter_rows():  # fmt: skip
        owed[account] += micros
    posted = ledger.post(ledger.of_rating(found.differences, "again"), 1, 0)
    claims = posted.filter(pl.col("account") == "unbilled_receivables")
    assert dict(claims.select("party", "amount_micros").iter_rows()) == {name: m for name, m in owed.items() if m}
    assert posted["amount_micros"].sum() == 0
    assert rerate(found.run.rated, usage, owners, bought, new, NOTHING_YET, "thrice").differences.height == 0


@given(st.data())
def test_prepared_once_it_is_rated_again_by_any_rules(data):
    lists, owners = [RuleSet(data.draw(catalogues())) for _ in range(2)], data.draw(people())
    usage, bought = data.draw(usages(owners).filter(lambda frame: frame.height)), data.draw(shopping())
    given_once, before = prepare_for_any(usage), pl.Series([0] * usage.height, dtype=pl.Int64).to_numpy()
    for rules in lists:
        entitled = entitlements(owners, bought, rules, SPAN)
        clear = scalar.rate_columns(usage, entitled, rules)[0]
        try:
            prepared = by_rules(given_once, usage["subscriber_id"], entitled, rules)
        except NotInBatchError:
            continue
        found, differences = rerate_prepared(prepared, before, rules, NOTHING_YET)
        assert found.amount_micros.tolist() == clear["amount_micros"].gather(given_once.order).to_list()
        now = pl.Series(found.amount_micros - before)
        assert differences["amount_micros"].sum() == now.sum()
        each = usage[given_once.order].with_columns(now.alias("d")).group_by("account_id", "class").agg(pl.col("d").sum())
        assert_frame_equal(differences, each.filter(pl.col("d") != 0).rename({"d": "amount_micros"}), check_row_order=False)
        assert batch.run(prepared, *state_of(prepared, NOTHING_YET), rules).free.tolist() == found.free.tolist()
        before = found.amount_micros
