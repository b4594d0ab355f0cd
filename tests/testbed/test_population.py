"""Who pays ahead where a scenario says so, and where it says nothing."""

from collections import Counter
from math import sqrt

import pytest
import yaml

from sim import Scenario
from sim.testbed.compose import compose
from sim.testbed.population_schema import PopulationSpec
from sim.world.people.credit.habits import PrepaidHabits
from tests.testbed.broken import GOOD


def lines(folder, **population):
    """Counts of (offering, payment), and the prepaid habits of the world."""
    spec = yaml.safe_load(GOOD)
    spec["population"] = population
    (folder / "town.yaml").write_text(yaml.safe_dump(spec))
    composed = compose(Scenario.load(folder / "town.yaml"))
    return Counter(composed.lines.select("offering", "payment").rows()), composed.world.traffic.plan.prepaid


def test_without_a_word_on_offerings_nearly_everybody_pays_ahead(tmp_path):
    found, habits = lines(tmp_path, subscribers=20_000)
    assert {payment for (name, payment) in found if name == "payg"} == {"prepaid"}
    assert {payment for (name, payment) in found if name != "payg"} == {"postpaid"}
    ahead = found["payg", "prepaid"] / found.total()
    assert abs(ahead - 0.976) < 4 * sqrt(0.976 * 0.024 / 20_000)
    assert habits == PrepaidHabits()


def test_with_offerings_nobody_pays_ahead_unless_it_is_said(tmp_path):
    found, habits = lines(tmp_path, subscribers=500, offerings={"payg": 1, "postpay-s": 1})
    assert {payment for _, payment in found} == {"postpaid"}
    assert habits is None


def test_some_pay_ahead_and_with_habits_of_their_own(tmp_path):
    given = {"offerings": ["postpay-s"], "habits": {"top_ups": {5: 1, "20": 2}, "bundles": {"postpay-l": 1}}}
    found, habits = lines(tmp_path, subscribers=500, offerings={"payg": 1, "postpay-s": 1}, prepaid=given,
                          places={"port": {"subscribers": 100, "offerings": {"postpay-s": 1}}})  # fmt: skip
    assert set(found) == {("payg", "postpaid"), ("postpay-s", "prepaid")}
    assert found.total() == 600
    assert (habits.top_ups, habits.bundles, habits.opening) == ({5: 1, 20: 2}, {"postpay-l": 1}, PrepaidHabits().opening)


@pytest.mark.parametrize(
    ("given", "ahead"),
    [({}, ("payg",)), ({"prepaid": None}, None), ({"offerings": {"payg": 1}}, None), ({"prepaid": {}}, ("payg",)),
     ({"prepaid": {"offerings": ["a", "b"]}}, ("a", "b"))],
)  # fmt: skip
def test_who_pays_ahead(given, ahead):
    found = PopulationSpec(subscribers=1, **given).who_pays_ahead
    assert (found and found.offerings) == ahead
