"""What every method of diagnosis must do: one compliance suite for the port; and how far each of them gets."""

import json

import pytest

from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.nearest_parent import NearestParent
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.cause.set_cover import SetCover
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.symptoms import Symptoms
from sim.testbed.windows.trial import REGIMES, diagnosed, judged
from sim.testbed.windows.windows import draw_window
from sim.world.streams import Streams
from tests.oss.fault.cause.test_diagnosis import SECOND, SPAN, document, heard

LIKELIHOOD, COVER, PARENT = "likelihood", "set cover", "nearest parent"
FINDERS = {LIKELIHOOD: Diagnostician, COVER: SetCover, PARENT: NearestParent}


def suspicious(inventory):
    return Diagnostician(inventory, suspect_all=False)


@pytest.mark.parametrize("finder", [*FINDERS.values(), suspicious], ids=[*FINDERS, "likelihood of suspects"])
class TestEveryFinder:
    def ask(self, finder, shown, records, **more):
        return finder(read_inventory(shown)).diagnose(Case(records, (), SPAN, **more))

    def test_a_quiet_window_has_no_cause(self, finder):
        assert self.ask(finder, document(), []).failed == ()

    def test_a_plain_failure_is_one_cause_that_explains_alarms_that_are_there(self, finder):
        records = heard(document(), "farm-north")
        (cause,) = self.ask(finder, document(), records).failed
        assert cause.explains <= {r.identity for r in records}
        assert cause.explains

    def test_what_nobody_knows_is_left_over(self, finder):
        strange = AlarmRecord(("moon", "lossOfSignal", "r-hub"), SECOND)
        assert self.ask(finder, document(), [strange]).unexplained == (strange.identity,)

    def test_nothing_that_is_ruled_out_is_named(self, finder):
        records = heard(document(), "east-port")
        (first,) = self.ask(finder, document(), records).failed
        out = frozenset((first.resource, *first.alternatives))
        again = self.ask(finder, document(), records, ruled_out=out)
        assert all(cause.resource not in out for cause in again.failed)

    def test_the_same_question_has_the_same_answer(self, finder):
        records = heard(document(), "r-north")
        assert self.ask(finder, document(), records) == self.ask(finder, document(), records)

    def test_cleared_alarms_are_no_evidence(self, finder):
        records = heard(document(), "east-port")
        over = [AlarmRecord(r.identity, r.raised_ms, 500 * SECOND) for r in records]
        assert self.ask(finder, document(), [*records, *over]).failed == ()


@pytest.mark.parametrize("finder", [Diagnostician, SetCover, suspicious], ids=[LIKELIHOOD, COVER, "of suspects"])
def test_what_is_known_to_have_failed_is_not_named_again_but_explains_its_part(finder):
    shown = document()
    records = sorted([*heard(shown, "farm-north"), *heard(shown, "east-port", at_s=350)], key=lambda r: r.raised_ms)
    answer = finder(read_inventory(shown)).diagnose(Case(records, (), SPAN, known=frozenset({"farm-north"})))
    assert [{c.resource, *c.alternatives} & {"farm-north", "east-port"} for c in answer.failed] == [{"east-port"}]


@pytest.mark.parametrize("mode", ["in_band", "out_of_band"])
def test_suspecting_only_who_is_spoken_of_finds_the_same(mode):
    shown = document(mode)
    everybody, suspects = (Diagnostician(read_inventory(shown), suspect_all=all_) for all_ in (True, False))
    for resource in sorted(set().union(*Symptoms(shown).candidates.values())):
        case = Case(heard(shown, resource), (), SPAN)
        both = [f.diagnose(case) for f in (everybody, suspects)]
        assert len({tuple((c.resource, *sorted(c.alternatives)) for c in a.failed) for a in both}) == 1, resource


def test_the_likelihood_gets_further_than_the_baselines():
    """Sixty windows with two faults near each other, in the town."""
    shown = json.loads(json.dumps(document("in_band")))
    symptoms, exact = Symptoms(shown), {}
    for name, finder in FINDERS.items():
        rng, made = Streams(1).get("test/finders"), finder(read_inventory(shown))
        windows = [draw_window(symptoms, REGIMES["two, near each other"], rng) for _ in range(60)]
        exact[name] = sum(judged("", window, diagnosed(made, window)).exact for window in windows)
    assert exact[LIKELIHOOD] > exact[COVER] > exact[PARENT]
