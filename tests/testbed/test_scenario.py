"""Loading: variants, overrides, and every mistake with its line and the mend."""

import pytest

from ossbss.documents import DocumentError
from sim import Scenario
from sim.testbed.resolved import resolved_files
from sim.testbed.scenario import list_shipped
from sim.testbed.shipped import shipped, shipped_folder

FIBRE_CUT = (shipped_folder() / "fibre-cut.yaml").read_text()


def mistakes_of(tmp_path, *changes):
    text = FIBRE_CUT
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        Scenario.load(path)
    return caught.value.mistakes


def line_of(text):
    return next(number for number, line in enumerate(FIBRE_CUT.splitlines(), start=1) if text in line)


MISTAKES = [
    ("lasts: 3 days", "lasts: 3 dayz", "lasts", "3 days"),
    ("lasts: 3 days", "lasts: 3", "lasts", "unit"),
    ("seed: 7", "seed: -7", "seed", "0"),
    ("seed: 7", "sede: 7", "sede", "did you mean 'seed'"),
    ("starts: 2024-05-06T00:00:00+03:00", "starts: 2024-05-06T00:00:00", "starts", "offset"),
    ("catalogue: shillings-a", "catalogue: shilling-a", "catalogue", "did you mean 'shillings-a'"),
    ("topohub: sndlib/germany50", "topohub: sndlib/germany51", "network", "germany51"),
    ("station_site: frankfurt", "station_site: frankfort", "network", "frankfort"),
    ("management: out_of_band", "management: out_of_bend", "management", "did you mean 'out_of_band'"),
    ("postpay-m: 30", "postpay-x: 30", "postpay-x", "it has postpay-s"),
    ("subscribers: 10000", "subscribers: 0", "subscribers", "above 0"),
    ("convergence: 3 s", "convergance: 3 s", "convergance", "did you mean 'convergence'"),
    ("lost_milli: 0", "lost_milli: 1001", "lost_milli", "1000"),
    ("site: hamburg", "site: hamburk", "site", "did you mean 'hamburg'"),
    ("at: day 2 19:00", "at: day 9 19:00", "at", "not within the run"),
    ("at: day 2 19:00", "at: tomorrow", "at", "day 2 19:00"),
    ("do: cut_duct", "do: cut_dukt", "do", "did you mean 'cut_duct'"),
    ("do: cut_duct", "do: cut_link", "target", "has no 'duct-eider'"),
    ("target: duct-eider", "target: duct-eidr", "target", "did you mean 'duct-eider'"),
    ("repair: crew", "repair: magic", "repair", "crew"),
    ("kpi: incidents", "kpi: incident", "kpi", "did you mean 'incidents'"),
    ('is: "> 0"', 'is: "big"', "is", ""),
    ("    set:\n      network.management", "    set:\n      network.managment", "managment", "did you mean 'management'"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "place", "said"), MISTAKES, ids=[m[1][:40] for m in MISTAKES])
def test_a_mistake_has_its_line_what_is_allowed_and_the_mend(tmp_path, right, wrong, place, said):
    mistakes = mistakes_of(tmp_path, (right, wrong))
    told = [str(m) for m in mistakes if place in m.place]
    assert any(said in text for text in told), mistakes
    lines = {m.line for m in mistakes}
    assert line_of(right.splitlines()[-1].strip().split("#")[0][:30]) in lines or place == "network"


def test_many_mistakes_are_told_at_once_in_the_order_of_lines(tmp_path):
    found = mistakes_of(
        tmp_path, ("lasts: 3 days", "lasts: 3"), ("seed: 7", "sede: 7"), ("lost_milli: 0", "lost_milli: x")
    )
    assert len(found) == 3
    assert [m.line for m in found] == sorted(m.line for m in found)


def test_the_management_station_never_fails(tmp_path):
    found = mistakes_of(tmp_path, ("do: cut_duct, target: duct-eider", "do: fail_node, target: r-frankfurt"))
    assert any("never fails" in m.problem for m in found)


def test_a_variant_changes_what_it_sets_and_replaces_what_is_expected():
    base, ring = Scenario.load("fibre-cut"), Scenario.load("fibre-cut", variant="ring-everywhere")
    assert len(base.spec.network.shared_ducts["duct-eider"]) == 3
    assert len(ring.spec.network.shared_ducts["duct-eider"]) == 2
    assert base.spec.expect != ring.spec.expect
    assert base.spec.population == ring.spec.population


def test_overrides_reach_into_lists_and_maps():
    changed = Scenario.load("fibre-cut", seed=9, overrides={"timeline.0.at": "30h", "world.telemetry.lost_milli": 100})
    assert (changed.seed, changed.spec.timeline[0].at, changed.spec.world.telemetry.lost_milli) == (9, "30h", 100)


@pytest.mark.parametrize("key", ["timeline.7.at", "seed.high", "nothing.here"])
def test_an_override_that_leads_nowhere_is_a_mistake(key):
    with pytest.raises(DocumentError):
        Scenario.load("fibre-cut", overrides={key: 1})


def test_an_unknown_variant_is_answered_with_the_nearest():
    with pytest.raises(DocumentError, match="did you mean 'in-band'"):
        Scenario.load("fibre-cut", variant="in-bond")


def test_the_resolved_scenario_is_a_scenario_of_the_same_content(tmp_path):
    ring = Scenario.load("fibre-cut", variant="ring-everywhere", overrides={"population.subscribers": 50})
    path = tmp_path / "scenario.yaml"
    for name, text in resolved_files(ring).items():
        (tmp_path / name).write_text(text)
    again = Scenario.load(path)
    assert again.spec == ring.spec.model_copy(update={"variants": {}, "catalogue": "catalogue.yaml"})
    assert again.catalogue == ring.catalogue
    assert again.network == ring.network


def test_a_decimal_number_is_a_decimal_number_in_the_resolved_scenario_too(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text(FIBRE_CUT.replace("  subscribers:", "  habits: {data_octets_per_day: 30.0e+6}\n  subscribers:"))
    once = Scenario.load(path)
    for name, text in resolved_files(once).items():
        (tmp_path / name).write_text(text)
    assert Scenario.load(path).spec.population.habits.data_octets_per_day == 30_000_000
    assert "data_octets_per_day: 30000000.0\n" in resolved_files(once)["scenario.yaml"]


def test_a_rival_with_another_price_list_keeps_it_in_the_resolved_scenario(tmp_path):
    clause = {"kpi": "revenue_billed", "below": "dearer"}
    text = FIBRE_CUT.replace("variants:\n", "variants:\n  dearer: {set: {catalogue: shillings-a-double-data}}\n")
    path = tmp_path / "scenario.yaml"
    path.write_text(text)
    files = resolved_files(Scenario.load(path, overrides={"expect": [clause]}))
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert {"catalogue.yaml", "catalogue-dearer.yaml"} < set(files)
    again = Scenario.load(path)
    assert [again.catalogue.name, again.sibling("dearer", 1).catalogue.name] == [
        "shillings-a", "shillings-a-double-data"]  # fmt: skip


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_and_variant_is_good_and_bilingual(name):
    scenario = Scenario.load(name)
    assert {"en", "sw"} <= scenario.spec.title.keys() & scenario.spec.story.keys()
    assert scenario.spec.expect
    for variant, of in scenario.spec.variants.items():
        assert {"en", "sw"} <= of.story.keys()
        Scenario.load(name, variant=variant)
    assert name in {spec.name for spec in list_shipped()}


def test_an_override_of_an_event_changes_nothing_in_a_rival_without_it():
    late = Scenario.load("healthy-day", variant="evening-cut", overrides={"timeline.0.at": "20 h"})
    assert [event.at for event in late.spec.timeline] == ["20 h"]
    assert late.sibling("base", 3).spec.timeline == ()
    with pytest.raises(DocumentError, match="leads nowhere"):
        Scenario.load("healthy-day", overrides={"timeline.0.at": "20 h"})
