"""Every expectation of a shipped scenario can fail: for each there is a mutant that breaks it, and only then."""

from collections import Counter
from dataclasses import replace

import polars as pl
import pytest

from ossbss.bss import business
from ossbss.bss.revenue.charging import online
from ossbss.bss.revenue.charging.charge import Terms
from ossbss.documents import read
from sim import Scenario
from sim.testbed.shipped import shipped
from tests.runs import FIBRE_CUT_FEWER, played

NO_FILES = {"world.performance.files": False}
SMALL = dict.fromkeys(("healthy-day", "one-crew-two-faults", "power-cut", "charging-outage"), NO_FILES)
SMALL["charging-day"] = NO_FILES | {"population.subscribers": 400}
SMALL["busy-evening"] = NO_FILES | {"lasts": "28 h"}
SMALL["fibre-cut"] = FIBRE_CUT_FEWER
"""What makes a scenario quick without changing what it shows."""

DEAF = {"integration.service_problems": False}
UNGUIDED = {"integration.service_priorities": False}
SILENT = {"world.telemetry.lost_milli": 1000, "world.callers_milli": 0}
UNHEARD = SILENT | {"operations.poll_period": "1 day"}
HASTY = {"operations.correlation_window": "1 ms", "operations.active_tests": False}
NO_FAULT = {"timeline": []}
ONE_DUCT = {"network.shared_ducts.duct-eider": ["flensburg-kiel", "bremerhaven-flensburg", "hamburg-kiel"]}
NO_THEFT = {"timeline.0.share_milli": 0}
CUT = {"timeline": [{"at": "8 h", "do": "cut_link", "target": "east-port", "repair": "3 h"}]}
DARK = {"timeline": [{"at": "8 h", "do": "cut_power", "target": "giessen", "repair": "5 h"}]}
ROOM = {"network.capacity.links": "400 Gbit/s"}
NARROW = {"network.capacity.links": "100 Gbit/s"}
FEW_FARMERS = {"population.places.farm.subscribers": 100, "population.places.port.habits.emergency_calls_per_day": 0.2}
"""and so many emergency calls from the port that few seeds show what becomes of them"""
PORT_FIRST = [
    {"at": "day 2 10:01", "do": "cut_link", "target": "farm-north"},
    {"at": "day 2 10:00", "do": "cut_link", "target": "east-port"},
]


def twice_the_price(*arguments):
    rated = business_rate(*arguments)
    return replace(rated, rated=rated.rated.with_columns(pl.col("amount_micros") * 2))


def emergencies_elsewhere(calls, lines):
    return Counter({"svc-farm": 1})


def paid_twice(*arguments):
    return business_as_rated(*arguments).with_columns(pl.col("amount_micros") * 2)


def without_duplicates(*arguments):
    mediated = business_mediate(*arguments)
    return replace(mediated, unrated=mediated.unrated.filter(pl.col("state") != "duplicate"))


business_rate, business_mediate, business_as_rated = business.rate, business.mediate, business.as_rated
DOUBLED = (business, "rate", twice_the_price)
MISHEARD = (business, "emergency_calls", emergencies_elsewhere)
PAID_TWICE = (business, "as_rated", paid_twice)
LOST = (business, "mediate", without_duplicates)
ON_CREDIT = (online, "ASKED", Terms(on_credit=True))
RICH = {"population.prepaid.habits.opening": {1_000_000: 1}}
SPOILT = {"world.usage_files.corrupted_milli": 100}
OCS_DOWN = {"timeline": [{"at": "10 h", "do": "fail_node", "target": "ocs-1", "repair": "3 h"}]}
OPEN, CLOSED = ({"world.charging.on_unreachable": way} for way in ("fail_open", "fail_closed"))
AS_EVER = {"population.prepaid.habits": {}}

MUTANTS = [
    # scenario, variant, number of the clause, what is changed, what of the BSS is broken (module, name, by what)
    ("fibre-cut", None, 0, NO_FAULT, None),
    ("fibre-cut", None, 1, HASTY, None),
    ("fibre-cut", None, 2, DEAF, None),
    ("fibre-cut", None, 3, DEAF, None),
    ("fibre-cut", None, 4, {"timeline.0.repair": "30 days"}, None),
    ("fibre-cut", None, 5, {"operations.correlation_window": "30 min"}, None),
    ("fibre-cut", "ring-everywhere", 0, NO_FAULT, None),
    ("fibre-cut", "ring-everywhere", 1, HASTY, None),
    ("fibre-cut", "ring-everywhere", 2, ONE_DUCT, None),
    ("fibre-cut", "ring-everywhere", 3, ONE_DUCT | DEAF, None),
    ("fibre-cut", "ring-everywhere", 4, ONE_DUCT, None),
    ("fibre-cut", "in-band", 0, HASTY, None),
    ("fibre-cut", "in-band", 1, DEAF, None),
    ("fibre-cut", "in-band", 2, DEAF, None),
    ("healthy-day", None, 0, CUT, None),
    ("healthy-day", None, 1, CUT, None),
    ("healthy-day", None, 2, CUT, None),
    ("healthy-day", None, 3, CUT | {"world.callers_milli": 1000}, None),
    ("healthy-day", None, 4, CUT, None),
    ("healthy-day", None, 5, {"world.usage_files.corrupted_milli": 100}, None),
    ("healthy-day", None, 6, {}, DOUBLED),
    ("healthy-day", None, 7, CUT, None),
    ("healthy-day", "evening-cut", 0, SILENT, None),
    ("healthy-day", "evening-cut", 1, DEAF, None),
    ("healthy-day", "evening-cut", 2, NO_FAULT, None),
    ("one-crew-two-faults", None, 0, SILENT, None),
    ("one-crew-two-faults", None, 1, DEAF, None),
    ("one-crew-two-faults", None, 2, UNGUIDED, None),
    ("one-crew-two-faults", None, 3, {"timeline": PORT_FIRST, "business.priority_rule": "most_users"}, None),
    ("one-crew-two-faults", None, 4, UNGUIDED, None),
    ("one-crew-two-faults", "first-come", 0, SILENT, None),
    ("one-crew-two-faults", "first-come", 1, DEAF, None),
    ("one-crew-two-faults", "most-users", 0, {"seed": 2}, None),
    ("one-crew-two-faults", "emergency-first", 0, FEW_FARMERS, MISHEARD),
    ("busy-evening", None, 0, SILENT, None),
    ("busy-evening", None, 1, ROOM, None),
    ("busy-evening", None, 2, {"world.traffic.first": "data"}, None),
    ("busy-evening", None, 3, DARK, None),
    ("busy-evening", None, 4, DARK, None),
    ("busy-evening", "people-first", 0, ROOM, None),
    ("busy-evening", "people-first", 1, {"world.traffic.first": "nobody"}, None),
    ("busy-evening", "wider-trunks", 0, NARROW, None),
    ("busy-evening", "wider-trunks", 1, NARROW, None),
    ("busy-evening", "at-night", 0, {"timeline.0.at": "day 1 19:00"}, None),
    ("power-cut", None, 0, SILENT, None),
    ("power-cut", None, 1, DEAF, None),
    ("power-cut", None, 2, {"operations.crews": []}, None),
    ("power-cut", "nobody-comes", 0, NO_THEFT, None),
    ("power-cut", "nobody-comes", 1, NO_THEFT, None),
    ("charging-outage", None, 0, NO_FAULT, None),
    ("charging-outage", None, 1, UNHEARD, None),
    ("charging-outage", None, 2, SILENT | {"operations.poll_period": "10 min"}, None),
    ("charging-outage", None, 3, CUT, None),
    ("charging-outage", None, 4, CUT, None),
    ("charging-outage", None, 5, NO_FAULT, None),
    ("charging-outage", None, 6, OPEN, None),
    ("charging-outage", None, 7, OPEN, None),
    ("charging-outage", None, 8, {}, ON_CREDIT),
    ("charging-outage", None, 9, {"operations.correlation_window": "30 min"}, None),
    ("charging-outage", "fail-open", 0, CLOSED, None),
    ("charging-outage", "fail-open", 1, NO_FAULT, None),
    ("charging-outage", "fail-open", 2, CLOSED, None),
    ("charging-outage", "fail-open", 3, {}, ON_CREDIT),
    ("charging-day", None, 0, OCS_DOWN, None),
    ("charging-day", None, 1, RICH, None),
    ("charging-day", None, 2, RICH, None),
    ("charging-day", None, 3, {}, ON_CREDIT),
    ("charging-day", None, 4, {"world.usage_files.doubled_milli": 500}, LOST),
    ("charging-day", None, 5, SPOILT, None),
    ("charging-day", None, 6, OCS_DOWN | OPEN, None),
    ("charging-day", None, 7, {}, PAID_TWICE),
    ("charging-day", "nobody-tops-up", 0, AS_EVER, None),
    ("charging-day", "nobody-tops-up", 1, AS_EVER, None),
    ("charging-day", "nobody-tops-up", 2, {}, ON_CREDIT),
    ("charging-day", "broken-records", 0, {}, LOST),
    ("charging-day", "broken-records", 1, {"world.usage_files.corrupted_milli": 0}, None),
    ("charging-day", "broken-records", 2, {}, PAID_TWICE),
    ("charging-day", "broken-records", 3, {}, ON_CREDIT),
]
SCENARIOS = sorted({(name, variant) for name, variant, *_ in MUTANTS}, key=str)
LONG = ("fibre-cut", "one-crew-two-faults", "busy-evening", "charging-day")
"""Scenarios that take long to play: the quick tests have one of their mutants."""
QUICK = [("fibre-cut", 2), ("one-crew-two-faults", 1), ("busy-evening", 1), ("charging-day", 1)]


def sparing(rows, is_slow):
    """The same cases, marked where they are for the slow tests."""
    marks = [pytest.mark.slow if is_slow(*row) else () for row in rows]
    return [pytest.param(*row, marks=m, id=" ".join(map(str, row[:3]))) for row, m in zip(rows, marks, strict=True)]


def grouped():
    """(scenario, variant, numbers of the clauses, changes, broken): what is changed alike is played once."""
    found = {}
    for name, variant, number, changes, broken in MUTANTS:
        found.setdefault((name, variant, str(changes), str(broken)), (changes, broken, []))[2].append(number)
    return [(name, variant, numbers, changes, broken) for (name, variant, *_), (changes, broken, numbers) in found.items()]


def is_slow(name, variant, numbers=None, *_):
    """Variants, and what is long. That all holds in the fibre cut unchanged is seen in test_fibre_cut, quickly."""
    if numbers is None:
        return variant or name in ("one-crew-two-faults", "fibre-cut")
    return variant or (name in LONG and not any((name, number) in QUICK for number in numbers))


def clauses(name, variant):
    """The clauses as they stand in the file; fewer seeds than that are enough to see a mutant."""
    document = read(shipped()[name].read_text(), name).data
    told = document["variants"][variant]["expect"] if variant else document["expect"]
    return [{**clause, "seeds": 4} if "seeds" in clause else clause for clause in told]


def test_every_clause_of_every_shipped_scenario_has_a_mutant():
    names = [(name, None) for name in shipped()]
    for name in shipped():
        document = read(shipped()[name].read_text(), name).data
        names += [(name, v) for v, body in document["variants"].items() if "expect" in body]
    every = [(name, variant, n) for name, variant in names for n in range(len(clauses(name, variant)))]
    assert sorted(every, key=str) == sorted(((n, v, i) for n, v, i, *_ in MUTANTS), key=str)


def play(folder, name, variant, expect, changes):
    overrides = {**SMALL.get(name, {}), **changes, "expect": expect}
    return played(Scenario.load(name, variant=variant, overrides=overrides), folder / "run", paired=True)


@pytest.mark.parametrize(("name", "variant"), sparing(SCENARIOS, is_slow))
def test_unchanged_everything_holds(tmp_path, name, variant):
    verdicts = play(tmp_path, name, variant, clauses(name, variant), {}).verdicts
    assert len(verdicts) == len(clauses(name, variant))
    assert [v for v in verdicts if not v.holds] == []


@pytest.mark.parametrize(("name", "variant", "numbers", "changes", "broken"), sparing(grouped(), is_slow))
def test_the_mutant_breaks_its_clauses(tmp_path, monkeypatch, name, variant, numbers, changes, broken):
    if broken:
        monkeypatch.setattr(*broken)
    told = clauses(name, variant)
    verdicts = play(tmp_path, name, variant, [told[number] for number in numbers], changes).verdicts
    assert len(verdicts) == len(numbers)
    assert [verdict for verdict in verdicts if verdict.holds] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped())
def test_as_it_ships_everything_holds(tmp_path, name):
    """At full size, with files of counters."""
    assert [v for v in played(Scenario.load(name), tmp_path / "run").verdicts if not v.holds] == []
