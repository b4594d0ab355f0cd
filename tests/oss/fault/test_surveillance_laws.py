"""Laws of the alarm list, held against a model that knows nothing of it: sets of times, and who is heard when."""

from dataclasses import fields

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.records import RANKS, ListedAlarm
from ossbss.oss.policy import OperationsPolicy
from tests.oss.fault.watching import END, LINK, M, S, Watching, back, cleared, lost, raised, work

LAW = settings(derandomize=True, phases=[Phase.generate], max_examples=150, deadline=None)
POLICY = OperationsPolicy()
FIELDS = {field.name for field in fields(ListedAlarm)}
THINGS = (LINK, "hub-north", "farm-north")
FACTS = st.tuples(
    st.sampled_from(THINGS), st.booleans(), st.integers(0, 40), st.sampled_from(["minor", "major", "critical"]),
    st.integers(0, 12), st.integers(0, 2),
)  # fmt: skip
"""(thing, whether raised, when in units of 10 s, severity, how long on its way, how often it arrives: 0 is lost)"""


def notifications(facts):
    told = []
    for thing, is_raise, at, severity, way, copies in facts:
        at_ms, known_ms = at * 10 * S, (at + way) * 10 * S
        one = raised(at_ms, thing, severity=severity, known_ms=known_ms) if is_raise else cleared(at_ms, thing, known_ms=known_ms)
        told += [one] * copies
    return told


class Naive:
    """All times of raises and clears of each thing: it is raised if the youngest of them is a raise. A clear and a raise
    of one instant: over."""

    def __init__(self):
        self.raises, self.clears = {}, {}

    def hear(self, alarm):
        if alarm.perceived_severity == "cleared":
            self.clears.setdefault(alarm.alarmed_object, set()).add(alarm.occurred_ms)
        else:
            said = (alarm.occurred_ms, RANKS[alarm.perceived_severity])
            self.raises.setdefault(alarm.alarmed_object, set()).add(said)

    def youngest(self, thing):
        return max(self.raises.get(thing, ()), default=(-1, 0))

    def is_raised(self, thing):
        return self.youngest(thing)[0] > max(self.clears.get(thing, ()), default=-1)


@LAW
@given(st.lists(FACTS, max_size=25))
def test_late_doubled_or_lost_the_list_is_what_the_naive_model_says(facts):
    watch, naive = Watching(), Naive()
    for one in sorted(notifications(facts), key=lambda n: n.known_ms):
        watch.hears(one)
        naive.hear(one)
        for thing in THINGS:
            listed = watch.list.alarms.get((thing, "lossOfSignal", END))
            assert (listed is not None and listed.active) == naive.is_raised(thing)
            if naive.is_raised(thing):
                assert RANKS[listed.perceived_severity] == naive.youngest(thing)[1]
    watch.until(10**9)
    assert all(vars(listed).keys() == FIELDS for listed in watch.list.alarms.values())
    assert {identity[0] for identity in watch.list.active} == {thing for thing in THINGS if naive.is_raised(thing)}


@LAW
@given(st.lists(FACTS, max_size=15), st.randoms(use_true_random=False))
def test_the_order_of_what_is_heard_at_one_instant_does_not_matter(facts, luck):
    told, naive, outcomes = notifications(facts), Naive(), []
    for one in told:
        naive.hear(one)
    for _ in range(2):
        luck.shuffle(told)
        watch = Watching()
        watch.list.take(told, 600 * S)
        assert all(a.active == naive.is_raised(thing) for (thing, _, _), a in watch.list.alarms.items())
        outcomes.append((watch.list.alarms, watch.list.active, watch.list.pending,
                         [(e.kind, e.subject, e.occurred_ms) for e in watch.desk.out.entries]))  # fmt: skip
    assert outcomes[0] == outcomes[1]


@LAW
@given(st.lists(FACTS, max_size=25), st.lists(st.integers(0, 60), max_size=4, unique=True))
def test_no_alarm_is_hidden_for_longer_than_the_hold_and_no_clear_is_held_off_for_longer_than_the_quiet(facts, contact):
    """Contact with the element is lost and found at times; the list is looked at every second."""
    turns = [(lost if n % 2 == 0 else back)(at * 10 * S) for n, at in enumerate(sorted(contact))]
    told = sorted([*notifications(facts), *turns], key=lambda n: n.known_ms)
    watch, naive = Watching(), Naive()
    hidden_ms, last_ms = dict.fromkeys(THINGS, 0), dict.fromkeys(THINGS, 0)
    for now_ms in range(0, 15 * M, S):
        while told and told[0].known_ms <= now_ms:
            one = told.pop(0)
            watch.hears(one)
            if one.source == END:
                naive.hear(one)
                last_ms[one.alarmed_object] = now_ms
        watch.until(now_ms)
        for thing in THINGS:
            really, shown = naive.is_raised(thing), watch.shows(thing)
            hidden_ms[thing] = hidden_ms[thing] + S if really and not shown else 0
            assert hidden_ms[thing] <= POLICY.resync_hold_ms
            assert not shown or really or now_ms - last_ms[thing] < POLICY.flap_quiet_ms


WHAT = st.sampled_from(["acknowledge", "unacknowledge", "close", "shelve", "unshelve", "comment"])


@LAW
@given(st.lists(FACTS, max_size=20), st.lists(st.tuples(WHAT, st.sampled_from(THINGS), st.integers(0, 50)), max_size=10),
       st.lists(st.tuples(st.sampled_from(THINGS), st.integers(0, 20), st.integers(1, 20)), max_size=3))  # fmt: skip
def test_neither_operators_nor_planned_work_change_the_resources_state(facts, actions, windows):
    def state(disturbed):
        watch = Watching()
        for thing, start, length in windows if disturbed else ():
            watch.list.plan(work(thing, start * 20 * S, (start + length) * 20 * S), 0)
        deeds = sorted(actions, key=lambda deed: deed[2]) if disturbed else []
        for one in sorted(notifications(facts), key=lambda n: n.known_ms):
            while deeds and deeds[0][2] * 10 * S <= one.known_ms:
                action, thing, at = deeds.pop(0)
                watch.does(action, at * 10 * S, thing=thing, shelf="s", text="t")
            watch.hears(one)
        return {i: (a.raised, a.began, a.repeats, a.flaps, a.cleared_ms, a.clear_known_ms, a.perceived_severity,
                    a.status_changes, a.flapping_until_ms) for i, a in watch.list.alarms.items()}  # fmt: skip

    assert state(disturbed=True) == state(disturbed=False)
