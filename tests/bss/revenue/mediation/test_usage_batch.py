"""Every record is guided or kept with its reason; none is lost, none counted twice."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation import mediate
from ossbss.bss.revenue.seen import SeenRecords
from ossbss.contract.charging import LARGEST, USAGE_CLASSES
from tests.bss import shop

NONE_SEEN = pl.DataFrame(schema={"element_id": pl.String, "sequence": pl.Int64})
NOON = "2024-05-06 12:00"


def test_each_bad_record_is_kept_with_its_reason():
    batch = shop.usage(
        (1, "a", "voice", NOON, 60_000),
        (2, "a", "fax", NOON, 1),
        (3, "a", "sms", NOON, -1),
        (4, "a", "data", NOON, 0),
        (5, "nobody", "sms", NOON, 1),
        (6, "a", "sms", "2024-07-01 12:00", 1),
        (7, "a", "sms", NOON, 1, "moon"),
        (8, "a", "sms", "2024-04-30 23:59", 1),
    )
    result = mediate(batch, shop.accounts("a"), NONE_SEEN)
    assert result.guided["usage_id"].to_list() == [1]
    assert dict(result.unrated.select("usage_id", "state").iter_rows()) == {
        2: "rejected", 3: "rejected", 4: "filtered", 5: "suspended", 6: "rejected", 7: "rejected", 8: "suspended",
    }  # fmt: skip
    assert result.unrated["reason"].null_count() == 0


def test_a_file_that_comes_twice_is_rated_once():
    batch = shop.usage((1, "a", "sms", NOON, 1), (2, "a", "sms", NOON, 1))
    first = mediate(batch, shop.accounts("a"), NONE_SEEN)
    again = mediate(batch, shop.accounts("a"), batch.select("element_id", "sequence"))
    assert (first.guided.height, again.guided.height) == (2, 0)
    assert again.unrated["state"].to_list() == ["duplicate", "duplicate"]


def test_a_bad_record_that_comes_twice_is_rejected_twice_and_still_waits_for_a_good_one():
    bad, good = shop.usage((1, "a", "sms", NOON, -1)), shop.usage((1, "a", "sms", NOON, 1))
    result = mediate(pl.concat([bad, bad, good, good]), shop.accounts("a"), NONE_SEEN)
    assert result.unrated["state"].to_list() == ["rejected", "rejected", "duplicate"]
    assert (result.guided.height, result.taken.rows()) == (1, [("r-1", 1)])


@pytest.mark.parametrize("fault", [{"quantity": -1}, {"subscriber_id": "nobody"}, {"class": "fax"}])
def test_a_refused_record_is_rated_when_it_comes_again_mended(fault):
    seen, good = SeenRecords(), shop.usage((1, "a", "sms", NOON, 1))
    states = []
    for batch in (good.with_columns(pl.lit(value).alias(name) for name, value in fault.items()), good, good):
        result = mediate(batch, shop.accounts("a"), seen.near(batch))
        seen.add(result.taken)
        states += result.unrated["state"].to_list() or ["guided"]
    assert states[1:] == ["guided", "duplicate"]
    assert states[0] in {"rejected", "suspended"}


def test_what_is_free_is_set_aside_once():
    batch = shop.usage((1, "a", "emergency", NOON, 1))
    first = mediate(batch, shop.accounts("a"), NONE_SEEN)
    assert mediate(batch, shop.accounts("a"), first.taken).unrated["state"].to_list() == ["duplicate"]


@pytest.mark.parametrize("name", ["usage_id", "element_id", "sequence", "known_ms"])
def test_without_a_key_nothing_is_a_duplicate_and_nothing_is_rated(name):
    two = shop.usage((1, "a", "sms", NOON, 1), (2, "a", "voice", NOON, 60_000)).with_columns(
        pl.lit(None).cast(pl.String if name == "element_id" else pl.Int64).alias(name)
    )
    seen = SeenRecords()
    for _ in range(2):
        result = mediate(two, shop.accounts("a"), seen.near(two))
        seen.add(result.taken)
        assert result.unrated["reason"].to_list() == ["a field is missing"] * 2
        assert result.taken.is_empty()


@pytest.mark.parametrize(("name", "most"), [(name, LARGEST[name]) for name in USAGE_CLASSES])
def test_more_than_a_record_can_carry_is_rejected_and_stops_nobody(name, most):
    batch = shop.usage((1, "a", name, NOON, most), (2, "a", name, NOON, most + 1), (3, "a", name, NOON, 2**63 - 1),
                       (4, "a", "sms", NOON, 1, "international"))  # fmt: skip
    result = mediate(batch, shop.accounts("a"), NONE_SEEN)
    refused = result.unrated.filter(pl.col("reason").str.starts_with(f"quantity beyond the {most} "))
    assert refused["usage_id"].to_list() == [2, 3]
    rated = shop.rating(result.guided, shop.accounts("a")).rated
    assert dict(rated.select("usage_id", "amount_micros").iter_rows())[4] == 10_000_000


def test_what_was_seen_is_found_again_however_the_files_lie():
    seen = SeenRecords()
    for first, last in ((1, 3), (10, 12), (4, 9)):
        seen.add(pl.DataFrame({"element_id": ["r"] * (last - first + 1), "sequence": range(first, last + 1)}))
    seen.add(pl.DataFrame({"element_id": ["other"], "sequence": [5]}))
    batch = pl.DataFrame({"element_id": ["r", "r", None, "new"], "sequence": [5, 11, 3, 1]})
    met = batch.join(seen.near(batch), on=["element_id", "sequence"], how="semi")
    assert met.rows() == [("r", 5), ("r", 11)]


def test_the_account_is_the_one_of_the_time_of_the_call():
    moved = shop.accounts("a").with_columns(pl.lit(shop.at("2024-05-10 00:00")).alias("valid_until_ms"))
    after = shop.accounts("a", since="2024-05-10 00:00").with_columns(pl.lit("acc-new").alias("account_id"))
    batch = shop.usage((1, "a", "sms", "2024-05-09 23:59", 1), (2, "a", "sms", "2024-05-10 00:00", 1))
    assert mediate(batch, pl.concat([moved, after]), NONE_SEEN).guided["account_id"].to_list() == ["acc-a", "acc-new"]


records = st.tuples(
    st.integers(1, 5), st.sampled_from(["a", "b", "nobody"]), st.sampled_from(["voice", "sms", "data", "fax"]),
    st.sampled_from([NOON, "2024-05-01 00:00", "2024-09-01 00:00"]), st.integers(-2, 5),
)  # fmt: skip


@given(st.lists(records, max_size=12), st.lists(records, max_size=12))
def test_in_equals_guided_plus_unrated_by_count_and_volume(first, second):
    seen = NONE_SEEN
    for batch in (shop.usage(*first), shop.usage(*second)):
        result = mediate(batch, shop.accounts("a", "b"), seen)
        assert result.guided.height + result.unrated.height == batch.height
        assert result.guided["quantity"].sum() + result.unrated["quantity"].sum() == batch["quantity"].sum()
        keys = pl.concat([seen, result.guided.select("element_id", "sequence")])
        assert keys.n_unique() == keys.height
        assert result.taken.join(seen, on=["element_id", "sequence"], how="semi").is_empty()
        seen = pl.concat([seen, result.taken])
