"""Pitfalls 13, 14, 16 and 18 of the standards' checklist, clause by clause, where a single window shows them."""

from itertools import combinations

import networkx as nx
import pytest

from ossbss.oss.fault.cause.answer import Answer, Named
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.networks import dressed_network
from sim.testbed.windows.symptoms import Symptoms
from sim.testbed.windows.trial import CALIBRATED_ON, MODES, REGIMES, TRIED_ON, judged
from sim.testbed.windows.windows import Window, draw_window
from sim.world.network.topology import edges_in
from sim.world.streams import Streams
from tests.oss.fault.cause.test_diagnosis import ask, document, heard, named


def surety(answer, resource):
    return max((cause.probability for cause in answer.failed if resource in (cause.resource, *cause.alternatives)), default=0)


def test_pitfall_13_the_same_silence_speaks_against_a_failure_where_it_could_have_been_heard():
    """The north dies in band: the farm behind it cannot say that its light is gone. Out of band it could have."""
    in_band = document("in_band")
    records = heard(in_band, "r-north")
    behind = ("farm-north", "lossOfSignal", "r-farm")
    assert behind not in {record.identity for record in records}
    deaf, hearing = ask(in_band, records), ask(document("out_of_band"), records)
    assert surety(deaf, "r-north") > 0.9
    assert surety(hearing, "r-north") < surety(deaf, "r-north")


@pytest.mark.parametrize("mode", ["in_band", "out_of_band"])
def test_pitfall_13_of_every_node_that_cuts_others_off_the_lost_alarms_are_no_evidence(mode):
    shown = document(mode)
    symptoms = Symptoms(shown)
    for node in sorted(read_inventory(shown).site_of_node):
        alarms, _ = symptoms.of([node])
        if alarms:
            twins = {r for ids in symptoms.candidates.values() for r in ids if symptoms.of([r]) == symptoms.of([node])}
            assert {node} <= twins == set.union(*named(ask(shown, heard(shown, node)))), node


@pytest.mark.parametrize("mode", ["in_band", "out_of_band"])
def test_pitfall_14_an_inventory_that_is_true_is_not_doubted(mode):
    shown = document(mode)
    symptoms = Symptoms(shown)
    for resource in sorted(set().union(*symptoms.candidates.values())):
        answer = ask(shown, heard(shown, resource))
        assert (answer.doubts, answer.unexplained) == ((), ()), resource


def window(failed, equivalents):
    return Window((), (), failed, (), {f: frozenset(equivalents.get(f, {f})) for f in failed})


def said(*resources):
    return Answer(tuple(Named(r, "link", (), 0.5, 1.0, frozenset(), frozenset()) for r in resources), 0.5, (), ())


CLASS = {"a": {"a", "b", "c"}}


@pytest.mark.parametrize(("failed", "answer", "exact"), [
    (("a",), ("a",), True),
    (("a",), ("b",), True),  # looks the same: as good an answer
    (("a",), ("d",), False),
    (("a",), ("a", "b"), False),  # one class, one fault: to name two of it is to name one too many
    (("a",), (), False),
    ((), (), True),
    ((), ("a",), False),
])  # fmt: skip
def test_pitfall_16_a_trial_scores_the_class_and_not_the_luck(failed, answer, exact):
    assert judged("x", window(failed, CLASS), said(*answer)).exact is exact


def trial_windows(networks, each=3):
    for key in networks:
        for mode in MODES[:1]:
            symptoms = Symptoms(dressed_network(key, mode, 11))
            for name, regime in REGIMES.items():
                rng = Streams(11).get(f"windows/{key}/{mode}/{name}")
                for _ in range(each):
                    yield f"{key}/{mode}", draw_window(symptoms, regime, rng)


def test_pitfall_18_no_window_is_drawn_twice_not_even_on_two_networks():
    """Rows of alarms and reports as the diagnosis sees them, to the millisecond; empty windows have nothing to leak."""
    rows = {}
    for where, drawn in trial_windows([*CALIBRATED_ON, *TRIED_ON]):
        alarms = [(alarm, round(a * 1000), b and round(b * 1000)) for alarm, a, b in drawn.alarms]
        if alarms or drawn.reports:
            rows.setdefault((tuple(alarms), tuple((s, round(at * 1000)) for s, at in drawn.reports)), []).append(where)
    assert len(rows) > 150
    assert {tuple(where) for where in rows.values() if len(where) > 1} == set()


def test_pitfall_18_the_networks_of_trial_and_calibration_are_different_graphs():
    """By shape, not by name: a copy under another name would leak as well."""
    graphs = {key: nx.Graph(edges_in(key)) for key in (*CALIBRATED_ON, *TRIED_ON)}
    assert not [pair for pair in combinations(graphs, 2) if nx.is_isomorphic(*(graphs[key] for key in pair))]
    renamed = nx.relabel_nodes(graphs[CALIBRATED_ON[0]], {node: f"x-{node}" for node in graphs[CALIBRATED_ON[0]]})
    assert nx.is_isomorphic(renamed, graphs[CALIBRATED_ON[0]])  # what a leak would look like
