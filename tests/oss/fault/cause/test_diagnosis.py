"""Diagnosis by hand: small windows on a town's network whose right answer anybody can see."""

import json

import pytest

from ossbss.oss.fault.cause.beliefs import Beliefs
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.symptoms import Symptoms
from tests.town import town

SECOND, MINUTE = 1_000, 60_000
SPAN = (0, 15 * MINUTE)
DELAY = {"lossOfSignal": 1, "equipmentMalfunction": 3, "powerProblem": 0.5, "communicationsSubsystemFailure": 60,
         "underlyingResourceUnavailable": 8}  # fmt: skip


def document(mode="out_of_band", **changes):
    found = json.loads(json.dumps(town()))
    found["management"]["mode"] = mode
    return found | changes


def heard(shown, *failed, at_s=300, lost=(), but=()):
    """What these failures make heard, ``at_s`` after the window began; ``but``: alarms that are lost."""
    alarms, _ = Symptoms(shown).of(failed, lost)
    kept = sorted(alarm for alarm in alarms if alarm not in but)
    return [AlarmRecord(alarm, int((at_s + DELAY[alarm[1]]) * SECOND)) for alarm in kept]


def ask(shown, records, reports=(), beliefs=None):
    return Diagnostician(read_inventory(shown), beliefs).diagnose(Case(records, reports, SPAN))


def named(answer):
    return [{cause.resource, *cause.alternatives} for cause in answer.failed]


@pytest.mark.parametrize("mode", ["in_band", "out_of_band"])
def test_each_single_failure_is_named_or_one_that_looks_the_same(mode):
    shown = document(mode)
    symptoms = Symptoms(shown)
    for resource in sorted(set().union(*symptoms.candidates.values())):
        alarms, down = symptoms.of([resource])
        if alarms:
            twins = {r for ids in symptoms.candidates.values() for r in ids if symptoms.of([r]) == (alarms, down)}
            (found,) = named(ask(shown, heard(shown, resource)))
            assert found == twins, resource


def test_no_alarm_no_cause():
    answer = ask(document(), [])
    assert (answer.failed, answer.unexplained) == ((), ())
    assert answer.probability > 0.5


def test_what_the_inventory_does_not_know_stays_unexplained():
    strange = ("moon", "lossOfSignal", "r-hub")
    answer = ask(document(), [AlarmRecord(strange, 300 * SECOND)])
    assert (answer.failed, answer.unexplained) == ((), (strange,))


def test_one_alarm_alone_is_rather_false():
    """A single end without light, of a fibre whose other end is well managed and says nothing."""
    answer = ask(document(), [AlarmRecord(("hub-north", "lossOfSignal", "r-hub"), 300 * SECOND)])
    assert answer.failed == ()


def test_one_alarm_that_is_certain_is_a_failure_all_the_same():
    alarm = ("hub-north", "lossOfSignal", "r-hub")
    case = Case([AlarmRecord(alarm, 300 * SECOND)], (), SPAN, certain=frozenset({alarm}))
    (cause,) = Diagnostician(read_inventory(document())).diagnose(case).failed
    assert cause.explains == {alarm}
    assert {cause.resource, *cause.alternatives} & {"hub-north", "r-hub/1", "r-north", "north"}


def test_alarms_that_come_together_are_one_failure_and_apart_are_none():
    """Both ends of a fibre: a second apart they are its failure, ten minutes apart rather two false alarms."""
    ends = [("farm-north", "lossOfSignal", end) for end in ("r-farm", "r-north")]
    together = ask(document(), [AlarmRecord(end, (300 + n) * SECOND) for n, end in enumerate(ends)])
    apart = ask(document(), [AlarmRecord(end, (100 + 600 * n) * SECOND) for n, end in enumerate(ends)])
    assert {"farm-north"} <= named(together)[0]
    assert apart.failed == ()


def test_alarms_of_an_earlier_failure_that_are_still_listed_are_no_failure_of_now():
    shown = document()
    old = [AlarmRecord(r.identity, -MINUTE * (10 + 7 * n)) for n, r in enumerate(heard(shown, "farm-north"))]
    assert ask(shown, old).failed == ()


def test_a_cleared_alarm_is_over():
    shown = document()
    records = heard(shown, "farm-north")
    over = [AlarmRecord(r.identity, r.raised_ms, 400 * SECOND) for r in records]
    assert ask(shown, [*records, *over]).failed == ()


def test_a_chattering_alarm_says_nothing():
    chatter = ("farm-north", "lossOfSignal", "r-farm")
    records = [AlarmRecord(chatter, n * SECOND, n * SECOND + 500 if n % 2 else None) for n in range(60)]
    other = heard(document(), "east-port")
    answer = ask(document(), [*records, *other])
    assert [names & {"east-port"} for names in named(answer)] == [{"east-port"}]


def test_two_failures_far_apart_are_two():
    shown = document()
    records = sorted([*heard(shown, "farm-north"), *heard(shown, "east-port", at_s=420)], key=lambda r: r.raised_ms)
    assert {frozenset(names & {"farm-north", "east-port"}) for names in named(ask(shown, records))} == {
        frozenset({"farm-north"}), frozenset({"east-port"})
    }  # fmt: skip


def test_complaints_alone_are_evidence_when_every_manager_is_silent():
    shown = document("in_band")
    lost = [AlarmRecord((m, "communicationsSubsystemFailure", shown["management"]["station"]), 100 * SECOND)
            for m in shown["element_managers"]]  # fmt: skip
    down = ["svc-north", "svc-farm"]
    _, served = Symptoms(shown).of(["r-north"])
    assert set(down) <= served
    answer = ask(shown, lost, [(service, 400 * SECOND) for service in down])
    assert answer.failed
    assert all(named(answer)[0] & {"r-north", "north", "hub-north", "farm-north"} for _ in (0,))


def test_pitfall_13_silence_of_what_is_cut_off_is_not_health():
    """In band the farm hangs on the north: that it says nothing must not speak against the north's failure."""
    shown = document("in_band")
    (found,) = named(ask(shown, heard(shown, "r-north")))
    assert "r-north" in found


def test_pitfall_14_an_inventory_out_of_date_is_noticed_and_no_second_failure_invented():
    """Three fibres lie in the duct, the inventory knows of two."""
    true = document()
    duct = "duct-river"
    inside = [link["id"] for link in true["links"] if duct in link["shared_risk_groups"]]
    extra = "east-north"
    assert extra not in inside
    truth = json.loads(json.dumps(true))
    for link in truth["links"]:
        if link["id"] == extra:
            link["shared_risk_groups"] = [duct]
    answer = ask(true, heard(truth, duct))
    assert [cause.resource for cause in answer.failed] == [duct]
    assert extra in answer.doubts


def test_pitfall_14_a_service_that_runs_elsewhere_than_written_is_noticed():
    shown = document()
    for service in shown["services"]:
        if service["id"] == "svc-port":
            service |= {"protection": "none", "path": ["hub-south"]}
    truth = json.loads(json.dumps(shown))
    next(s for s in truth["services"] if s["id"] == "svc-port")["path"] = ["farm-north"]
    answer = ask(shown, heard(truth, "farm-north"))
    assert [names & {"farm-north"} for names in named(answer)] == [{"farm-north"}]
    assert answer.doubts == ("svc-port",)


def test_pitfall_16_causes_that_look_the_same_are_one_class_of_one_probability():
    shown = document()
    answer = ask(shown, heard(shown, "farm-north"))
    (cause,) = answer.failed
    symptoms = Symptoms(shown)
    looks = {symptoms.of([r]) for r in (cause.resource, *cause.alternatives)}
    assert len(looks) == 1
    assert cause.alternatives
    assert cause.probability > 0.75


def test_the_margin_tells_how_much_better_than_the_next_explanation():
    shown = document()
    sure = ask(shown, heard(shown, "farm-north")).failed[0]
    lossy = heard(shown, "farm-north", but={("farm-north", "lossOfSignal", "r-farm")})
    less = ask(shown, lossy).failed[0]
    assert sure.margin > less.margin > 0


def test_what_was_expected_and_not_heard_is_told():
    shown = document()
    missing = ("farm-north", "lossOfSignal", "r-farm")
    (cause,) = ask(shown, heard(shown, "farm-north", but={missing})).failed
    assert cause.absent == {missing}


def test_a_failure_that_is_never_named_has_no_share():
    shown = document()
    share = {**Beliefs().share, "link": 0.0}
    answer = ask(shown, heard(shown, "farm-north"), beliefs=Beliefs(share=share))
    assert all("farm-north" not in names for names in named(answer))
