"""Every record is guided or kept with its reason; none is lost, none counted twice."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation import mediate
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


def test_a_bad_record_that_comes_twice_is_one_rejected_and_one_duplicate():
    batch = shop.usage((1, "a", "sms", NOON, -1))
    assert mediate(pl.concat([batch, batch]), shop.accounts("a"), NONE_SEEN).unrated["state"].to_list() == [
        "rejected",
        "duplicate",
    ]


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
        seen = pl.concat([seen, batch.select("element_id", "sequence")]).unique()
