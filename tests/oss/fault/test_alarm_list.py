"""The three life cycles of an alarm: what the resource, the operator and the administrator do, each without the others."""

from dataclasses import replace

import pytest

from ossbss.oss.fault.housekeeping import compressed, purgeable
from ossbss.oss.fault.records import HISTORY
from tests.oss.fault.watching import H, M, Watching, cleared, raised

DAY = 24 * H


def states(alarm):
    return [(c.at_ms, c.state, c.user_id, c.text) for c in alarm.operator_changes]


# -- the resource --------------------------------------------------------------------------------------


def test_another_severity_is_a_change_and_not_another_alarm():
    watch = Watching().hears(raised(1 * M, severity="minor"), raised(5 * M, severity="critical"),
                             raised(9 * M, severity="major"))  # fmt: skip
    assert watch.kinds() == ["raised", "changed", "changed"]
    assert len(watch.list.alarms) == len(watch.list.pending) == 1
    assert watch.alarm().perceived_severity == "major"
    assert watch.alarm().raised.occurred_ms == 1 * M


def test_two_alarms_that_only_their_qualifier_tells_apart_are_two():
    first, second = (replace(raised(1 * M, cause="lossOfNeighbour"), qualifier=peer) for peer in ("10.0.0.1", "10.0.0.2"))
    watch = Watching().hears(first, second, replace(second, occurred_ms=9 * M, known_ms=9 * M, perceived_severity="cleared"))
    assert watch.list.active == {first.identity}
    assert len(watch.list.alarms) == 2


def test_an_older_severity_that_comes_late_does_not_count():
    watch = Watching().hears(raised(5 * M, severity="critical"), raised(3 * M, severity="minor", known_ms=6 * M))
    assert watch.alarm().perceived_severity == "critical"


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_severities_of_one_instant_the_graver_counts_in_whatever_order_they_come(order):
    both = [raised(5 * M, severity="minor", known_ms=6 * M), raised(5 * M, severity="critical", known_ms=7 * M)]
    first, second = (replace(n, known_ms=(6 + k) * M) for k, n in enumerate(both[::order]))
    assert Watching().hears(first, second).alarm().perceived_severity == "critical"


def test_another_text_is_kept_in_the_history():
    watch = Watching().hears(raised(1 * M, text="LINK down"), raised(2 * M, text="LINEPROTO down"), cleared(3 * M, text="up"))
    assert [c.text for c in watch.alarm().status_changes] == ["LINK down", "LINEPROTO down", "up"]


def test_the_history_is_bounded_and_keeps_the_latest():
    severities = ["minor", "major"]
    watch = Watching().hears(*[raised(n * M, severity=severities[n % 2]) for n in range(100)])
    assert [c.at_ms for c in watch.alarm().status_changes] == [n * M for n in range(100 - HISTORY, 100)]


# -- the operator --------------------------------------------------------------------------------------


def test_who_did_what_when_and_why_is_kept():
    watch = Watching().hears(raised(1 * M))
    watch.does("acknowledge", 2 * M).does("comment", 3 * M, user="juma", text="crew called")
    watch.does("shelve", 4 * M, shelf="ticket 7").does("unshelve", 5 * M).does("unacknowledge", 6 * M)
    watch.does("close", 7 * M, text="not ours")
    assert states(watch.alarm()) == [
        (2 * M, "ack", "asha", ""), (3 * M, "commented", "juma", "crew called"), (4 * M, "shelved", "asha", ""),
        (5 * M, "un-shelved", "asha", ""), (6 * M, "none", "asha", ""), (7 * M, "closed", "asha", "not ours"),
    ]  # fmt: skip
    assert watch.kinds() == ["raised", "acknowledged", "commented", "shelved", "unshelved", "unacknowledged", "closed"]


REFUSED = [
    ([], "acknowledge", {"thing": "hub-north"}, "the list has no alarm hub-north|lossOfSignal|r-port"),
    ([], "acknowledge", {"user": " "}, "nobody is named who does it"),
    (["acknowledge"], "acknowledge", {}, "already acknowledged by asha"),
    (["close"], "acknowledge", {}, "it is closed"),
    (["close"], "close", {}, "already closed by asha"),
    ([], "unacknowledge", {}, "it is not acknowledged"),
    ([], "unshelve", {}, "it is on no shelf"),
    ([], "shelve", {}, "no shelf is named"),
    ([], "shelve", {"shelf": "noise", "until_ms": 1}, "it would come off the shelf before now"),
    ([], "comment", {"text": "  "}, "the comment is empty"),
    ([], "clear", {}, "no action 'clear'; there are acknowledge, unacknowledge, close, shelve, unshelve, comment"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "action", "how", "reason"), REFUSED, ids=[r[3] for r in REFUSED])
def test_what_cannot_be_done_is_refused_with_the_reason_and_changes_nothing(before, action, how, reason):
    watch = Watching().hears(raised(1 * M))
    for done in before:
        watch.does(done, 2 * M)
    kept = dict(watch.list.alarms)
    watch.does(action, 3 * M, **how)
    assert watch.list.alarms == kept
    last = watch.desk.out.entries[-1]
    assert (last.kind, last.body["reason"]) == ("operator_action.refused", reason)


def test_a_clear_heard_before_its_raise_is_no_alarm_to_act_on():
    watch = Watching().hears(cleared(1 * M)).does("acknowledge", 2 * M)
    assert watch.desk.out.entries[-1].kind == "operator_action.refused"


def test_a_shelved_alarm_twice_on_a_shelf_is_refused_and_comes_off_by_itself_when_that_was_said():
    watch = Watching().hears(raised(1 * M)).does("shelve", 2 * M, shelf="noise", until_ms=H)
    watch.does("shelve", 3 * M, shelf="other")
    assert watch.desk.out.entries[-1].body["reason"] == "already on shelf 'noise'"
    assert not watch.until(H - 1).shows()
    assert watch.until(H).shows()
    assert watch.alarm().shelf is None


def test_what_is_raised_anew_needs_to_be_acknowledged_anew_but_stays_on_its_shelf():
    watch = Watching().hears(raised(1 * M)).does("acknowledge", 2 * M).does("shelve", 2 * M, shelf="noise")
    watch.hears(cleared(10 * M), raised(30 * M))
    assert (watch.alarm().operator_state, watch.alarm().shelf) == ("none", "noise")
    assert not watch.shows()
    assert watch.does("unshelve", 40 * M).shows()


def test_acknowledged_it_stays_while_it_flaps():
    watch = Watching().hears(raised(1 * M)).does("acknowledge", 61_000)
    watch.hears(cleared(62_000), raised(63_000), cleared(64_000))
    assert watch.alarm().operator_state == "ack"


# -- the administrator ---------------------------------------------------------------------------------


def test_cleared_alarms_stay_until_they_are_purged_and_raised_ones_for_ever():
    watch = Watching().hears(raised(1 * M), cleared(2 * M), raised(1 * M, "hub-north"))
    watch.does("close", 3 * M)
    assert purgeable(watch.list.alarms, 30 * DAY, 30 * DAY) == []
    assert purgeable(watch.list.alarms, 2 * M + 30 * DAY, 30 * DAY) == [watch.alarm().raised.identity]
    watch.until(3 * M).list.tick(3 * M)
    assert len(watch.list.alarms) == 2
    for day in range(1, 92):
        watch.list.tick(day * DAY)
    assert {identity[0] for identity in watch.list.alarms} == {"hub-north"}


def test_a_compressed_history_is_its_last_entry_and_all_that_operators_did():
    watch = Watching().hears(raised(1 * M, severity="minor"), raised(2 * M)).does("comment", 3 * M, text="seen")
    short = compressed(watch.alarm())
    assert [c.at_ms for c in short.status_changes] == [2 * M]
    assert short.operator_changes == watch.alarm().operator_changes
    assert short.active
