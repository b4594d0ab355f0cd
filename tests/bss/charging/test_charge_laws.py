"""Sessions against a clerk who looks at every second, and laws of money that hold whatever the tariff."""

from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.calendars import Window
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import Terms, charge
from ossbss.bss.revenue.charging.plan import Plan, PricedVersion, Timetable
from ossbss.bss.revenue.charging.wallet import Wallet
from ossbss.contract.units import Rounding, round_money

UTC = ZoneInfo("UTC")
NOON_MS = 1714564800000  # 1 May 2024 12:00 UTC
STEP = Rounding("charge", "half_up", 1)
LATER = Terms(cut=False)
WINDOWS = {"early": Window.model_validate({"from": "00:00", "to": "12:01"}), "late": Window.model_validate({"from": "12:01"})}

bands = st.lists(
    st.tuples(st.integers(1, 90), st.integers(0, 500), st.sampled_from([1, 60]), st.sampled_from([1, 6, 10, 60])),
    min_size=1, max_size=3, unique_by=lambda band: band[0],
)  # fmt: skip
rates = st.tuples(st.integers(0, 50), bands)
prices = st.tuples(rates, rates)
bucket_rows = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from([1, 7, 30]), st.integers(0, 2), st.integers(-60, 60), st.integers(30, 200)),
    max_size=3,
)
sessions = st.tuples(st.integers(-90, 90), st.integers(0, 240))


def price_of(rows) -> UsagePrice:
    def rate(row):
        fee, each = row
        begins = [0, *sorted(at for at, *_ in each)[1:]]
        return {"connection_fee": f"0.{fee:02}", "bands": [
            {"from": begin * 1000, "price": f"0.{price:03}", "per": per * 1000, "pulse": pulse * 1000}
            for begin, (_, price, per, pulse) in zip(begins, each, strict=True)]}  # fmt: skip

    return UsagePrice.model_validate({"rates": {"early": rate(rows[0]), "late": rate(rows[1])}})


def plan_of(price: UsagePrice) -> Plan:
    return Plan((PricedVersion(0, "plan@1970", "plan@1970/voice/", price, Timetable(WINDOWS, UTC), 60_000),), timed=True)


def buckets_of(rows) -> list[Bucket]:
    return [
        Bucket(f"bucket-{no}", left * 1000, pulse * 1000, priority, valid_from_ms=NOON_MS + 1000 * opens,
               expires_ms=NOON_MS + 1000 * (opens + lasts))
        for no, (left, pulse, priority, opens, lasts) in enumerate(rows)
    ]  # fmt: skip


def asked(session) -> Request:
    return Request(NOON_MS + 1000 * session[0], "voice", 1000 * session[1])


def clerk(price: UsagePrice, buckets: list[Bucket], request: Request) -> tuple[int, dict[str, int]]:
    """Second by second: who pays for it? (micro-units with the fee, units left by bucket)"""
    order = sorted(buckets, key=lambda b: (-b.priority, b.expires_ms))
    left = {b.id: b.left for b in buckets}
    paid_until, first, groups = 0, None, list[list]()
    for second in range(0, request.quantity, 1000):
        if second < paid_until:
            continue
        at = request.start_ms + second
        bucket = next((b for b in order if b.valid_from_ms <= at < b.expires_ms and left[b.id] >= b.pulse), None)
        if bucket:
            left[bucket.id] -= bucket.pulse
            paid_until = second + bucket.pulse
            label = bucket.id
        else:
            window = "early" if at < NOON_MS + 60_000 else "late"
            label = (window, max(no for no, band in enumerate(price.rates[window].bands) if band.starts_at <= second))
        first = first or label
        if groups and groups[-1][0] == label and not bucket:
            groups[-1][1] += 1
        else:
            groups.append([label, 1])
    total = Fraction(0)
    for label, seconds in groups:
        if not isinstance(label, str):
            band = price.rates[label[0]].bands[label[1]]
            pulse_s = band.pulse // 1000
            total += Fraction(-(-seconds // pulse_s) * pulse_s * band.price, band.per // 1000)
    opening = "early" if request.start_ms < NOON_MS + 60_000 else "late"
    fee = 0 if not first or isinstance(first, str) else price.rates[opening].connection_fee
    return round_money(total, STEP) + fee, left


@given(prices, bucket_rows, sessions)
def test_each_second_is_paid_by_whom_the_clerk_finds(rows, bucket_rows, session):
    price, buckets, request = price_of(rows), buckets_of(bucket_rows), asked(session)
    found = charge(plan_of(price), request, buckets, None, STEP, LATER)
    amount, left = clerk(price, buckets, request)
    assert found.outcome == "full"
    assert found.amount_micros == amount
    taken = {b.id: b.left - sum(t.quantity for t in found.taken if t.bucket == b.id) for b in buckets}
    assert taken == left


@given(prices, bucket_rows, sessions, st.integers(0, 40_000_000))
def test_money_goes_as_far_as_it_pays_and_no_further(rows, bucket_rows, session, value):
    plan, buckets, request = plan_of(price_of(rows)), buckets_of(bucket_rows), asked(session)
    got = charge(plan, request, buckets, [Money("main", value)], STEP, Terms())
    whole = charge(plan, request, buckets, None, STEP, LATER)
    assert got.amount_micros == sum(got.debited.values()) <= value
    assert (got.granted == request.quantity) == (whole.amount_micros <= value)
    if got.outcome == "partial":
        assert got.reason == "insufficient_credit"
        one_more = Request(request.start_ms, "voice", min(got.granted + 1000, request.quantity))
        assert charge(plan, one_more, buckets, None, STEP, LATER).amount_micros > value


@given(prices, bucket_rows, sessions, st.integers(0, 40_000_000))
def test_all_or_nothing_leaves_a_wallet_as_it_was_and_a_refund_restores_it(rows, bucket_rows, session, value):
    plan, request = plan_of(price_of(rows)), asked(session)
    wallet = Wallet([Money("main", value)], buckets_of(bucket_rows))
    before = dict(wallet.values_micros), dict(wallet.units_left)
    paid = wallet.pay(plan, request, STEP, Terms(whole=True))
    if paid.outcome == "refused":
        assert (wallet.values_micros, wallet.units_left) == before
    assert min(wallet.values_micros.values()) >= 0
    wallet.refund(paid)
    assert (wallet.values_micros, wallet.units_left) == before


@given(prices, sessions, st.integers(0, 1_000_000))
def test_on_credit_all_is_served_and_what_is_short_is_owed(rows, session, value):
    plan, request = plan_of(price_of(rows)), asked(session)
    wallet = Wallet([Money("main", value)])
    paid = wallet.pay(plan, request, STEP, Terms(on_credit=True))
    assert paid.granted == request.quantity
    assert wallet.values_micros["main"] == value - paid.amount_micros
