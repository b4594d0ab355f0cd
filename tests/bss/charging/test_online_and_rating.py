"""Two ways to the same amount: charged online request by request, and rated afterwards out of entitlements."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from ossbss.bss.revenue.rating.scalar import rate
from tests.bss.charging.prepaid_shop import HOUR, KB, MINUTE, NOON, RULES, ask, charging

SPAN = Period(NOON - HOUR, NOON + 1000 * HOUR)
BUNDLES = ["data-day", "data-week", "family", "night", "talk"]
deeds = st.one_of(
    st.tuples(st.just("purchase"), st.sampled_from(BUNDLES), st.just(None)),
    st.tuples(st.just("voice"), st.integers(0, 40 * MINUTE), st.sampled_from(["on_net", "abroad"])),
    st.tuples(st.just("data"), st.integers(0, 30_000).map(lambda units: units * KB), st.none()),
    st.tuples(st.just("sms"), st.integers(0, 25), st.just("on_net")),
)
stories = st.lists(st.tuples(st.sampled_from([HOUR, 9 * HOUR, 30 * HOUR]), st.sampled_from(["a", "b"]), deeds), max_size=20)


def timed(story):
    at_ms = NOON
    for after_ms, line, deed in story:
        at_ms += after_ms
        yield at_ms, line, deed


@given(stories)
@settings(max_examples=150)
def test_with_money_enough_each_request_costs_what_its_record_costs_and_leaves_as_much(story):
    """Nothing is bought during a call: what is granted at once is charged as things are when it begins."""
    door = charging(100_000, lines=("a", "b"))
    rows = [
        (kind, at_ms, what, None, line) if kind == "purchase" else (kind, at_ms, what, zone, line)
        for at_ms, line, (kind, what, zone) in timed(story)
    ]
    answers = ask(door, *rows)
    online = [a["amount_micros"] for a, row in zip(answers, rows, strict=True) if row[0] != "purchase"]
    bought = [("w", line, what, at_ms) for kind, at_ms, what, _, line in rows if kind == "purchase"]
    purchases = pl.DataFrame(bought, schema=PURCHASES_SCHEMA, orient="row")
    usage = pl.DataFrame(
        [("w", line, "payg", kind, zone, at_ms, what, no, 1) for no, (kind, at_ms, what, zone, line) in enumerate(rows) if kind != "purchase"],
        schema={"account_id": pl.String, "subscriber_id": pl.String, "offering_id": pl.String, "class": pl.String,
                "zone": pl.String, "started_ms": pl.Int64, "quantity": pl.Int64, "usage_id": pl.Int64, "leg": pl.Int64},
        orient="row",
    )  # fmt: skip
    entitled = entitlements(pl.DataFrame(schema=ACCOUNTS_SCHEMA), purchases, RULES, SPAN)
    rated, memory = rate(usage, entitled, RULES)
    assert online == [one.charge.amount_micros for one in rated]
    last_ms = rows[-1][1] if rows else NOON
    heirs = set(entitled["carried_from"].drop_nulls()) - {None}
    for name, bucket in door.wallets["w"].holdings.buckets.items():
        begins, until_ms = (entitled.filter(entitlement_id=name)[column].item() for column in ("from_ms", "until_ms"))
        assert (bucket.valid_from_ms, bucket.expires_ms) == (begins, until_ms)
        if usage.height and usage["started_ms"][-1] == last_ms and name not in heirs:
            assert bucket.left == dict(memory.left.select("entitlement_id", "left").iter_rows())[name]
