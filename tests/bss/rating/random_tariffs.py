"""Random catalogues, accounts, purchases and usage, for laws about rating."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import reject
from hypothesis import strategies as st
from pydantic import ValidationError

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS

STARTS_MS = int(datetime(2024, 3, 30, tzinfo=UTC).timestamp()) * 1000
"""two days before a month ends, one before Berlin's clocks go forward"""
SPAN_MS = 4 * DAY_MS
ZONES = ("near", "far", "abroad")
CALENDAR = {
    "night": {"from": "22:30", "to": "06:00"},
    "day": {"from": "06:00", "to": "22:30"},
    "sunday": {"days": [7], "weight": 20},
    "short": {"from": "12:00", "to": "12:01", "weight": 30},
}
PULSES = {"voice": (1, 1000, 6000, 60_000), "sms": (1,), "data": (1000, 100_000), "content": (1_000_000,)}
money = st.integers(0, 5_000_000).map(lambda micros: f"{micros // 1_000_000}.{micros % 1_000_000:06}")
tiny_money = st.integers(0, 10**6).map(lambda n: f"0.000{n:06}")
fine_money = st.integers(0, 10**9).map(lambda n: f"{n // 10**9}.{n % 10**9:09}")


@st.composite
def bands(draw, name):
    begins = [0, *sorted(draw(st.sets(st.sampled_from([10_000, 60_000, 61_000, 600_000]), max_size=2)))]
    per = draw(st.sampled_from([None, 1, 1000, 60_000, 7])) if name == "voice" else None
    price = tiny_money if per else fine_money if name in ("voice", "sms") else money
    return [{"from": at, "price": draw(price), "per": per, "pulse": draw(st.sampled_from(PULSES[name]))} for at in begins]


@st.composite
def rates(draw, name):
    windows = draw(st.sampled_from([("always",), ("night", "day"), ("night", "always"), ("sunday", "short", "always"), ("day",)]))
    rated = {w: {"connection_fee": draw(money), "bands": draw(bands(name))} for w in windows}
    price = {"rates": rated, "priced_at": draw(st.sampled_from(["instant", "start"]))}
    if draw(st.booleans()):
        price |= {"most": draw(money), "at_most": draw(st.sampled_from(["free", "disconnect"]))}
    return price


@st.composite
def tiers(draw, last):
    ups = sorted(draw(st.sets(st.integers(1, 50), max_size=2)))
    return [{"up_to": str(up), **draw(last)} for up in ups] + [draw(last)]


@st.composite
def by_quantity(draw, name):
    flat = st.fixed_dictionaries({"unit_price": fine_money, "flat_fee": money})
    share = st.fixed_dictionaries({"rate_pct": st.integers(0, 3000).map(lambda p: f"{p / 100}"), "flat_fee": money})
    blocks = st.fixed_dictionaries({"block": st.integers(1, 9), "max_blocks": st.integers(1, 5), "block_price": money})
    options = [
        st.builds(lambda p: {"model": "per_unit", "unit_price": p}, fine_money),
        st.builds(lambda p, i: {"model": "per_unit", "unit_price": p, "interval": i}, fine_money, st.integers(1, 9)),
        st.builds(lambda n, p, f: {"model": "package", "package_size": n, "package_price": p, "free_units": f},
                  st.integers(1, 20), money, st.integers(0, 20)),
        st.builds(lambda t: {"model": "graduated", "tiers": t}, tiers(flat)),
        st.builds(lambda t: {"model": "volume", "tiers": t}, tiers(flat)),
        st.builds(lambda t: {"model": "graduated_blocks", "tiers": t}, st.lists(blocks, min_size=1, max_size=3)),
        st.builds(lambda t: {"model": "volume_blocks", "tiers": t}, st.lists(blocks, min_size=1, max_size=3)),
    ]  # fmt: skip
    if name == "content":
        options = [
            st.builds(lambda t: {"model": "graduated_percentage", "tiers": t}, tiers(share)),
            st.builds(lambda m: {"model": "cost_plus", "multiplier": m}, fine_money),
            st.builds(
                lambda r, f, n, t, low, more: {
                    "model": "percentage", "rate_pct": f"{r / 100}", "fixed_per_event": f, "free_events": n,
                    "free_total": t, "min_per_event": low, "max_per_event": None if low is None or more is None
                    else f"{int(low[:-7]) + more}{low[-7:]}"},
                st.integers(0, 3000), money, st.none() | st.integers(0, 4), st.none() | money, st.none() | money,
                st.none() | st.integers(0, 3)),
        ]  # fmt: skip
    price = {"by_quantity": draw(st.one_of(options)), "over": draw(st.sampled_from(["month", "session"]))}
    return {**price, "pulse": draw(st.sampled_from(PULSES[name]))}


@st.composite
def prices(draw, name):
    sets = draw(st.sampled_from([((),), (("near",), ()), (("near", "far"),), (("near",), ("abroad",))]))
    kinds = st.one_of(rates(name), rates(name), by_quantity(name))
    return [{"zones": list(zones), **draw(kinds)} for zones in sets]


@st.composite
def allowances(draw, number):
    name = draw(st.sampled_from(["voice", "sms", "data"]))
    amounts = {"voice": 40 * MINUTE_MS, "sms": 20, "data": 5_000_000}
    return {
        "id": f"a{number}", "classes": draw(st.sampled_from([[name], [name], ["voice", "data"]])),
        "amount": draw(st.sampled_from(["unlimited", amounts[name], amounts[name], amounts[name] // 7])),
        "pulse": draw(st.sampled_from(PULSES[name])),
        "zones": draw(st.sampled_from([[], [], ["near"], ["near", "far"]])),
        "windows": draw(st.sampled_from([[], [], ["night"], ["night", "short"], ["sunday"]])),
        "valid": draw(st.sampled_from(["cycle", "24 h", "6 h", "30 min"])),
        "priority": draw(st.integers(0, 1)), "connection_fee": draw(st.sampled_from(["0", "0.5"])),
        "shared": draw(st.booleans()), "rolls_over": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def offerings(draw, number):
    classes = draw(st.sets(st.sampled_from(sorted(PULSES)), min_size=2).map(sorted))
    later = draw(st.sampled_from([None, "2024-03-31T10:30:00Z", "2024-04-01"]))
    versions = [
        {"valid_from": since, "usage": {name: draw(prices(name)) for name in classes},
         "allowances": [draw(allowances(n)) for n in range(draw(st.integers(0, 3)))]}
        for since in ("2024-01-01", later) if since
    ]  # fmt: skip
    return {"id": f"offer-{number}", "title": {"en": "an offer"}, "versions": versions}


@st.composite
def catalogues(draw):
    rounding = {"mode": draw(st.sampled_from(["half_up", "half_even", "up", "down", "ceiling", "floor"])),
                "step": draw(st.sampled_from(["0.000001", "0.01", "0.0007"]))}  # fmt: skip
    data = {
        "name": "random", "sources": [], "currency": "XXX", "calendar": CALENDAR,
        "time_zone": draw(st.sampled_from(["Europe/Berlin", "Africa/Nairobi", "UTC"])),
        "rounding": {"charge": rounding, "tax": rounding, "invoice": rounding},
        "zones": {zone: [{"prefixes": [zone]}] for zone in ZONES},
        "offerings": [draw(offerings(n)) for n in range(2)],
    }  # fmt: skip
    try:
        return Catalogue.model_validate(data)
    except ValidationError as error:  # prices that overflow are refused, as they must be; all else is a mistake here
        if not any("below 2**62 is allowed" in one["msg"] for one in error.errors()):
            raise
        reject()


instants = st.integers(0, SPAN_MS - 1).map(lambda ms: STARTS_MS + ms) | st.sampled_from(
    [STARTS_MS + n * HOUR_MS + off for n in (0, 4, 10, 22, 23, 46) for off in (-1000, 0, 1000) if n or off >= 0]
)
LINES = [("line-1", "family"), ("line-2", "family"), ("line-3", "single")]


@st.composite
def people(draw):
    rows = [
        (line, account, "service", draw(st.sampled_from(["offer-0", "offer-1"])),
         STARTS_MS - DAY_MS, draw(st.none() | st.just(STARTS_MS + 3 * DAY_MS)), "postpaid")
        for line, account in LINES
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=ACCOUNTS_SCHEMA, orient="row")


@st.composite
def shopping(draw):
    made = draw(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(["offer-0", "offer-1"]), instants), max_size=6))
    rows = [(account, line, offering, at) for (line, account), offering, at in made]
    return pl.DataFrame(rows, schema=PURCHASES_SCHEMA, orient="row")


QUANTITIES = {
    "voice": st.integers(0, 3 * HOUR_MS) | st.sampled_from([0, 1, 60_000, 60_001, 30 * HOUR_MS]),
    "sms": st.integers(0, 60), "data": st.integers(0, 30_000_000), "content": st.integers(0, 9_000_000),
}  # fmt: skip
USAGE_SCHEMA = {
    "usage_id": pl.Int64, "account_id": pl.String, "subscriber_id": pl.String, "offering_id": pl.String, "class": pl.String,
    "zone": pl.String, "started_ms": pl.Int64, "quantity": pl.Int64, "leg": pl.Int64,
}  # fmt: skip


@st.composite
def usages(draw, accounts):
    bought = {row["subscriber_id"]: row["offering_id"] for row in accounts.iter_rows(named=True)}
    rows = []
    for number in range(draw(st.integers(0, 25))):
        line, account = draw(st.sampled_from(LINES))
        name = draw(st.sampled_from(sorted(QUANTITIES)))
        rows.append((number, account, line, bought[line], name, draw(st.sampled_from(ZONES)), draw(instants),
                     draw(QUANTITIES[name]), draw(st.sampled_from([1, 1, 2]))))  # fmt: skip
    return pl.DataFrame(rows, schema=USAGE_SCHEMA, orient="row")
