"""Laws of prepaid money and units over random stories: nothing is lost, nothing is spent twice, nobody owes unasked."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.notices import held_micros, held_units
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.sessions import Step
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import HOUR, KB, MB, MINUTE, NOON, ask, charging, giving, left

POLICY = PrepaidPolicy.model_validate({
    "advance": {"amounts": ["10"], "fee_milli": 100},
})  # fmt: skip
SHOP = giving("half, percent: 50, excluded_zones: [abroad], buys_bundles: false")
PRICE = {"data-day": 10, "data-week": 40, "talk": 20, "family": 50}
SIZE = {"data-day": 10 * MB, "data-week": 50 * MB}
ZONE = {"voice": "on_net", "data": None}
UNIT = {"voice": 1000, "data": 100 * KB}
NAMES = ("x", "y", "z")

deeds = st.one_of(
    st.tuples(st.just("topup"), st.integers(1, 60)),
    st.tuples(st.just("advance"), st.sampled_from([10, 11])),
    st.tuples(st.just("purchase"), st.sampled_from(sorted(PRICE))),
    st.tuples(st.just("use"), st.sampled_from(sorted(ZONE)), st.integers(0, 400)),
    st.tuples(st.just("begin"), st.sampled_from(NAMES), st.sampled_from(sorted(ZONE)), st.integers(0, 400)),
    st.tuples(st.just("report"), st.sampled_from(NAMES), st.integers(0, 100), st.integers(0, 400)),
    st.tuples(st.just("end"), st.sampled_from(NAMES), st.integers(0, 100)),
)
stories = st.lists(st.tuples(st.sampled_from([0, 1000, MINUTE, 20 * MINUTE, 7 * HOUR]), deeds), max_size=25)


@dataclass
class Story:
    """Plays deeds at one wallet, and counts what went in and what was answered. Sessions use at most what they got."""

    door: object = field(default_factory=lambda: charging(0, POLICY, rules=SHOP))
    at_ms: int = NOON
    number: int = 0
    income: int = 0
    spent: int = 0
    bought: dict = field(default_factory=dict)
    used_data: int = 0
    open: dict = field(default_factory=dict)
    lapsed: int = 0

    def play(self, after_ms, deed):
        self.at_ms += after_ms
        self.door.look_after(self.at_ms)
        self.number += 1
        for name in set(self.open) - set(self.holdings.sessions):
            self.spent += self.open.pop(name)["charged"]
        getattr(self, deed[0])(*deed[1:])

    @property
    def holdings(self):
        return self.door.wallets["w"].holdings

    def ask(self, *asked):
        return ask(self.door, asked, first_id=self.number)[0]

    def topup(self, shillings):
        assert self.ask("topup", self.at_ms, shillings)["outcome"] == "full"
        self.income += micros(shillings) * 3 // 2

    def advance(self, shillings):
        if self.ask("advance", self.at_ms, shillings)["outcome"] == "full":
            self.spent += micros(1)

    def purchase(self, offering):
        if self.ask("purchase", self.at_ms, offering)["outcome"] == "full":
            self.spent += micros(PRICE[offering])
            self.bought[offering] = self.bought.get(offering, 0) + 1

    def use(self, kind, units):
        answer = self.ask(kind, self.at_ms, units * UNIT[kind], ZONE[kind])
        self.spent += answer["amount_micros"]
        self.used_data += answer["granted"] if kind == "data" else 0

    def begin(self, name, kind, units):
        if name in self.open:
            return
        request = Request(self.at_ms, kind, 0, ZONE[kind])
        answer = self.step(name, "initial", 0, units * UNIT[kind], request)
        if answer.outcome == "granted":
            self.open[name] = {"kind": kind, "steps": 1, "granted": answer.granted, "charged": 0}

    def report(self, name, percent, units):
        self._report(name, "update", percent, units)

    def end(self, name, percent):
        self._report(name, "final", percent, 0)
        if name in self.open:
            self.spent += self.open.pop(name)["charged"]

    def _report(self, name, kind, percent, units):
        if name not in self.open:
            return
        call = self.open[name]
        unit = UNIT[call["kind"]]
        used = call["granted"] * percent // 100 // unit * unit
        answer = self.step(name, kind, used, units * unit, None, call["steps"])
        assert answer.leaked_units == 0
        call.update(steps=call["steps"] + 1, granted=answer.granted, charged=answer.charged_micros)
        self.used_data += used if call["kind"] == "data" else 0

    def step(self, name, kind, used, wanted, request=None, number=0):
        return self.door.session("a", Step(name, kind, number, self.at_ms, used, wanted, request))

    def finish(self):
        for name in list(self.open):
            self.play(0, ("end", name, 100))

    def count_lapsed(self):
        rows = self.door.take_events().rows(named=True)
        self.lapsed += sum(e["units"] for e in rows if e["kind"] == "lapsed" and e["subject"].startswith("data"))
        return self.lapsed


@given(stories)
@settings(max_examples=150)
def test_money_is_conserved_at_every_moment_and_no_balance_is_below_zero(deeds):
    story = Story()
    for after_ms, deed in deeds:
        story.play(after_ms, deed)
        have = story.holdings
        running = sum(call["charged"] for call in story.open.values())
        held = sum(held_micros(have, name) for name in have.money)
        assert story.income - story.spent - running == have.free_micros + held - have.owed_micros
        assert min(balance.value_micros for balance in have.money.values()) >= 0
        assert min((bucket.left for bucket in have.buckets.values()), default=0) >= 0
        assert held >= 0
    story.finish()
    assert story.holdings.sessions == {}
    assert story.income - story.spent == story.holdings.free_micros - story.holdings.owed_micros


@given(stories)
@settings(max_examples=150)
def test_units_are_conserved_bought_is_used_left_or_lapsed(deeds):
    """Of a line that uses data out of bundles only, in whole pulses."""
    story = Story()
    wallet = story.door.wallets["w"]
    wallet.holdings = wallet.holdings.without_out_of_bundle({"data"})
    story.topup(500)
    for after_ms, deed in deeds:
        story.play(after_ms, deed)
        have = story.holdings
        bought = sum(SIZE.get(name, 0) * count for name, count in story.bought.items())
        mine = {name: units for name, units in left(story.door).items() if name.startswith("data")}
        held = sum(held_units(have, name) for name in have.buckets if name.startswith("data"))
        assert bought == story.used_data + sum(mine.values()) + held + story.count_lapsed()
    story.finish()
    assert story.holdings.sessions == {}


calls = st.lists(
    st.tuples(st.sampled_from(sorted(ZONE)), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100)), min_size=1, max_size=4)),
    min_size=1, max_size=4,
)  # fmt: skip


def by_sessions(door, kind, parts, start_ms, name):
    """A session in parts of (units wanted, percent of them used); what was used in all."""
    unit, now_ms, granted, total = UNIT[kind], start_ms, 0, 0
    percent = 0
    for number, (wanted, next_percent) in enumerate(parts):
        used = granted * percent // 100 // unit * unit
        now_ms, total = now_ms + (used if kind == "voice" else 0), total + used
        step = Step(name, "update" if number else "initial", number, now_ms, used, wanted * unit,
                    None if number else Request(start_ms, kind, 0, ZONE[kind]))  # fmt: skip
        granted, percent = door.session("a", step).granted, next_percent
    used = granted * percent // 100 // unit * unit
    now_ms, total = now_ms + (used if kind == "voice" else 0), total + used
    door.session("a", Step(name, "final", len(parts), now_ms, used))
    return total


@given(calls, st.integers(0, 80), st.lists(st.sampled_from(["talk", "data-day", "data-week"]), max_size=2))
@settings(max_examples=150)
def test_sessions_one_after_the_other_cost_what_their_use_costs_without_reservation(calls, shillings, bundles):
    held, plain = charging(shillings), charging(shillings)
    for door in (held, plain):
        for no, bundle in enumerate(bundles):
            ask(door, ("purchase", NOON, bundle), first_id=no)
    for number, (kind, parts) in enumerate(calls):
        start_ms = NOON + number * HOUR
        used = by_sessions(held, kind, parts, start_ms, f"s{number}")
        ask(plain, (kind, start_ms, used, ZONE[kind]), first_id=100 + number)
        assert held.wallets["w"].values_micros == plain.wallets["w"].values_micros
        assert left(held) == left(plain)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=20))
def test_sessions_at_once_cost_in_ample_money_what_their_use_costs_in_order_of_their_ends(turns):
    """(which call, minutes it used, minutes it wants); a call that asks for none has ended."""
    held, plain = charging(10_000), charging(10_000)
    calls = {}
    for which, used, wanted in turns:
        call = calls.setdefault(which, {"steps": 0, "granted": 0, "used": 0, "over": False})
        if not call["over"]:
            _turn(held, call, which, used, wanted)
            if call["over"]:
                ask(plain, ("voice", NOON, call["used"]), first_id=which)
    for which, call in calls.items():
        if not call["over"]:
            _turn(held, call, which, 0, 0)
            ask(plain, ("voice", NOON, call["used"]), first_id=which)
    assert held.wallets["w"].values_micros == plain.wallets["w"].values_micros


def _turn(door, call, which, used, wanted):
    units = min(used * MINUTE // 2, call["granted"])
    kind = "initial" if not call["steps"] else "update" if wanted else "final"
    request = Request(NOON, "voice", 0, "on_net") if kind == "initial" else None
    answer = door.session(
        "a", Step(f"s{which}", kind, call["steps"], NOON + call["used"] + units, units, max(wanted, 1) * MINUTE, request)
    )
    call.update(steps=call["steps"] + 1, granted=answer.granted, used=call["used"] + units, over=kind == "final")


@given(st.integers(0, 10**9), st.lists(st.tuples(st.sampled_from(["voice", "data"]), st.integers(0, 3000)), max_size=20))
def test_requests_of_an_hour_are_answered_in_order_of_time_whatever_their_order_in_the_columns(seed, uses):
    rows = [(kind, NOON + (seed * (no + 1)) % 97, units * UNIT[kind] // 10) for no, (kind, units) in enumerate(uses)]
    one, other = charging(30), charging(30)
    answers = ask(one, *rows)
    order = sorted(range(len(rows)), key=lambda no: (rows[no][1], no))
    singly = {no: ask(other, rows[no], first_id=no)[0] for no in order}
    assert answers == [singly[no] for no in range(len(rows))]
