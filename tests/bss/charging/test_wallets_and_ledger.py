"""Can a ledger be kept of prepaid money from what charging tells? Its liability is what the wallets have, at any time."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import HOUR, KB, MINUTE, NOON, ask, at, charging, giving, money
from tests.bss.charging.prepaid_shop import row as request
from tests.bss.charging.steps import begin, end, frame, update

POLICY = PrepaidPolicy.model_validate({
    "advance": {"amounts": ["10"], "fee_milli": 150},
})  # fmt: skip
SHOP = giving(
    "half, percent: 50, excluded_zones: [abroad], buys_bundles: false", "tenth, percent: 10", "hours, percent: 20, valid: 5 h",
    "quarter, percent: 15, valid: 20 min, excluded_zones: [abroad]",
)  # fmt: skip
LASTING, LAPSING = 60, 35
"""percent of what is paid in"""
LINES = {"a": "w", "b": "w", "c": "v"}
"""line → wallet"""
ENTRIES = {
    "topped_up": ("cash", "liability"),
    "repaid": ("cash", "lent"),
    "bonus": ("promotions", "liability"),
    "bonus_lapsed": ("liability", "lapsed"),
    "lent": ("lent", "liability"),
    "advance_fee": ("lent", "fees"),
    "purchased": ("liability", "bundles"),
    "session_timed_out": ("liability", "usage"),
}
"""event → (debited, credited)"""
UNIT = {"voice": 1000, "data": 10 * KB, "sms": 1}


class Ledger:
    """Double entry, by wallet, from nothing but the answers of charging."""

    def __init__(self):
        self.accounts = Counter()

    def post(self, wallet, debited, credited, amount):
        self.accounts[wallet, debited] += amount
        self.accounts[wallet, credited] -= amount

    def read(self, asked, answer, events):
        if asked[2] == "usage" or asked[2].startswith("session"):
            self.post(LINES[asked[1]], "liability", "usage", answer["amount_micros"])
        for event in events:
            if event["kind"] in ENTRIES:
                self.post(event["wallet_id"], *ENTRIES[event["kind"]], event["amount_micros"])


lines = st.sampled_from(sorted(LINES))
kinds = st.sampled_from(sorted(UNIT))
zones = st.sampled_from(["on_net", "abroad"])
numbers = st.integers(1, 2)
percents = st.sampled_from([0, 50, 100, 150])
deeds = st.one_of(
    st.tuples(st.just("topup"), lines, st.integers(1, 60)),
    st.tuples(st.just("advance"), lines, st.just(10)),
    st.tuples(st.just("purchase"), lines, st.sampled_from(["data-day", "data-week", "talk", "family", "night"])),
    st.tuples(st.sampled_from(["use", "late"]), lines, kinds, st.integers(0, 400), zones),
    st.tuples(st.just("begin"), numbers, lines, st.sampled_from(["voice", "data"]), st.integers(0, 400), zones),
    st.tuples(st.just("update"), numbers, percents, st.integers(0, 400)),
    st.tuples(st.just("update"), numbers, percents, st.integers(0, 400)),
    st.tuples(st.just("end"), numbers, percents),
)  # fmt: skip
days = st.lists(st.tuples(st.sampled_from([MINUTE, 20 * MINUTE, HOUR, 7 * HOUR]), deeds), min_size=4, max_size=30)
PAID_BEFORE = [(0, ("topup", "a", 300)), (0, ("topup", "c", 200))]


class Day:
    """Deeds as rows: sessions of the numbers 1 and 2, which use a part of their grant, or more than it."""

    def __init__(self):
        self.at_ms, self.number = at("20:00"), 100
        self.sessions = {}

    def row(self, after_ms, deed):
        self.at_ms, self.number = self.at_ms + after_ms, self.number + 1
        return getattr(self, f"_{deed[0]}", self._plain)(*deed)

    def _plain(self, kind, line, what):
        return request(self.number, kind, self.at_ms, what, line=line)

    def _use(self, _, line, kind, units, zone):
        return request(self.number, kind, self.at_ms, units * UNIT[kind], zone, line)

    _late = _use

    def _begin(self, _, number, line, kind, units, zone):
        self.sessions.setdefault(number, {"line": line, "kind": kind, "granted": 0})
        running = self.sessions[number]
        return begin(self.at_ms, units * UNIT[running["kind"]], running["kind"], zone, number, running["line"])

    def _update(self, _, number, percent, units):
        session = self.sessions.get(number, {"line": "a", "kind": "voice", "granted": 7})
        used = session["granted"] * percent // 100
        return update(self.at_ms, used, units * UNIT[session["kind"]], session["kind"], number, session["line"])

    def _end(self, _, number, percent):
        session = self.sessions.get(number, {"line": "a", "kind": "voice", "granted": 7})
        return end(self.at_ms, session["granted"] * percent // 100, session["kind"], number, session["line"])

    def heard(self, row, answer):
        number, _, kind = row[:3]
        if number in self.sessions and kind.startswith("session"):
            self.sessions[number]["granted"] = answer["granted"]
            gone = kind == "session_end" or answer["reason"] == "unknown_session"
            if gone or (kind == "session_begin" and answer["outcome"] == "refused"):
                del self.sessions[number]


@given(days)
@settings(max_examples=200)
def test_the_liability_of_the_ledger_is_what_the_wallets_have_and_its_receivable_what_they_owe(deeds):
    door = Charging(SHOP, [Line(line, wallet, "payg") for line, wallet in LINES.items()], POLICY)
    day, ledger, cash = Day(), Ledger(), Counter()
    for after_ms, deed in [*PAID_BEFORE, *deeds]:
        row = day.row(after_ms, deed)
        grants = (door.charge_later if deed[0] == "late" else door.grant)(frame(row))
        answer = grants.row(0, named=True)
        day.heard(row, answer)
        ledger.read(row, answer, door.take_events().rows(named=True))
        cash[LINES[row[1]]] += row[9] if row[2] == "topup" else 0
        for wallet, balance, held, owed in door.balances().rows():
            assert -ledger.accounts[wallet, "liability"] == balance >= held >= 0
            assert ledger.accounts[wallet, "lent"] == owed >= 0
            assert ledger.accounts[wallet, "cash"] == cash[wallet]
            assert ledger.accounts[wallet, "promotions"] == cash[wallet] * (LASTING + LAPSING) // 100
            assert 0 <= -ledger.accounts[wallet, "lapsed"] <= cash[wallet] * LAPSING // 100
    door.look_after(day.at_ms + 10 * HOUR)
    assert {name for wallet in door.wallets.values() for name in wallet.values_micros} <= {"main", "bonus/half", "bonus/tenth"}
    for event in door.take_events().filter(kind="bonus_lapsed").rows(named=True):
        ledger.post(event["wallet_id"], *ENTRIES["bonus_lapsed"], event["amount_micros"])
    assert all(-ledger.accounts[wallet, "lapsed"] <= cash[wallet] * LAPSING // 100 for wallet in cash)


def test_a_day_in_the_ledger():
    """Lent 10 for 1.50; paid 30: 11.50 repaid, 18.50 kept, 15 + 3 + 6 + 4.50 as bonus; a call for 6 takes the 4.50 that
    end soonest and 1.50 of the 6, of which the rest lapses after five hours; a bundle for 10."""
    door = charging(policy=POLICY, rules=SHOP)
    ends_ms = NOON + 1 + 5 * HOUR
    grants = ask(door, ("advance", NOON, 10), ("topup", NOON + 1, 30), ("voice", NOON + 2, 2 * MINUTE), ("purchase", ends_ms, "data-day"))
    told = {(e["kind"], e["subject"].split("/1")[0]): e["amount_micros"] for e in door.take_events().rows(named=True) if e["kind"] in ENTRIES}
    assert told == {
        ("lent", "main"): micros(10), ("advance_fee", "main"): micros("1.5"), ("repaid", "main"): micros("11.5"),
        ("topped_up", "main"): micros("18.5"), ("bonus", "bonus/half"): micros(15), ("bonus", "bonus/tenth"): micros(3),
        ("bonus", "bonus/hours"): micros(6), ("bonus", "bonus/quarter"): micros("4.5"), ("bonus_lapsed", "bonus/hours"): micros("4.5"),
        ("purchased", "data-day"): micros(10),
    }  # fmt: skip
    assert grants[2]["amount_micros"] == micros(6)
    assert door.balances().rows() == [("w", micros("36.5"), 0, 0)]
    assert (money(door), money(door, "bonus/half"), money(door, "bonus/tenth")) == (micros("21.5"), micros(15), 0)
