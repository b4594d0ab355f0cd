"""Luck has names: what else happens, and who else asks, moves nobody's draws."""

from dataclasses import replace

import polars as pl
import pytest
import simpy

from ossbss.contract.assurance import WorkOrder
from ossbss.contract.charging import UsageFile
from ossbss.contract.units import DAY_MS
from sim.testbed.exchange import Exchange
from sim.world.crews import Crews
from sim.world.elements.events import ElementEvent
from sim.world.faults.registry import Faults
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import FailureState, Network
from sim.world.people.field_force import CrewPlan, FieldForce
from sim.world.people.habits import Habits
from sim.world.people.intents import INTENTS_SCHEMA, draw_hour
from sim.world.people.usage_files import spoil
from sim.world.plan import Fault
from sim.world.plant import Plant
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Truth
from tests.town import play, town

LINES = pl.DataFrame({"subscriber_id": [f"line-{n}" for n in range(300)], "octets_per_day": [0.0, 1e8, 2e8] * 100})


def wishes(habits, places=("cell-a",)):
    frames = dict.fromkeys(places, LINES)
    return draw_hour(frames, dict.fromkeys(places, habits), 5, 5 * 3_600_000, 19, Streams(3))


@pytest.mark.parametrize("change", [{"sms_per_day": 9.0}, {"calls_per_day": 0.1}, {"emergency_calls_per_day": 3.0}])
def test_another_habit_of_one_class_moves_no_other_class(change):
    moved = {"sms_per_day": "sms", "calls_per_day": "voice", "emergency_calls_per_day": "emergency"}[next(iter(change))]
    one, other = wishes(Habits()), wishes(replace(Habits(), **change))
    assert not one.equals(other)
    assert one.filter(pl.col("class") != moved).equals(other.filter(pl.col("class") != moved))


def test_ids_are_the_intents_own_and_rise_with_the_rows():
    ids = wishes(Habits(), ("cell-a", "cell-b"))["intent_id"]
    assert ids.is_unique().all()
    assert ids.is_sorted()
    assert set(ids // 10**12) == {5}


def test_what_spoils_a_record_is_the_luck_of_its_intent():
    intents = wishes(Habits())
    usage = intents.select(
        pl.col("intent_id").alias("usage_id"), pl.lit("r").alias("element_id"), pl.lit("f").alias("file_id"),
        pl.int_range(pl.len()).alias("sequence"), "subscriber_id", "class", "place_id", "started_ms",
        pl.col("requested").alias("quantity"), "zone",
    )  # fmt: skip
    assert "spoil" in INTENTS_SCHEMA
    whole, half = spoil(usage, intents, 300), spoil(usage[1::2], intents, 300)
    assert half.equals(whole[1::2])
    assert set(whole.filter(pl.col("quantity") < 0)["class"]) >= {"voice", "data"}
    spoilt = (whole != usage).select(pl.any_horizontal(pl.all())).to_series()
    assert spoilt.mean() == pytest.approx(0.3, abs=0.1)
    assert spoil(usage, intents, 0).equals(usage)


FILES = {"usage_files": {"doubled_milli": 300, "corrupted_milli": 200}}


def files_of(folder, repair, monkeypatch):
    """Every usage file of a day on which the port was cut off for that long."""
    folder.mkdir()
    sent, post = [], Exchange.post
    with monkeypatch.context() as patch:
        patch.setattr(Exchange, "post", lambda self, message: (sent.append(message), post(self, message))[1])
        play(folder, [{"at": "2 h", "do": "cut_link", "target": "east-port", "repair": repair}], world=FILES)
    return [message for message in sent if isinstance(message, UsageFile)]


def test_another_repair_time_spoils_no_other_record_and_doubles_no_other_file(tmp_path, monkeypatch):
    quick, slow = (files_of(tmp_path / name.replace(" ", ""), name, monkeypatch) for name in ("1 h", "9 h"))
    assert [file.message_id for file in quick] == [file.message_id for file in slow]
    assert any(file.message_id.endswith("/again") for file in quick)
    how = (
        pl.when(pl.col("quantity") < 0).then(1).when(pl.col("subscriber_id").str.starts_with("unknown")).then(2)
        .when(pl.col("class") == "?").then(3).otherwise(0).alias("how")
    )  # fmt: skip
    frames = [pl.concat([f.usage for f in files]).unique("usage_id").select("usage_id", pl.col("quantity").abs(), how)
              for files in (quick, slow)]  # fmt: skip
    assert frames[0].height > frames[1].height
    both = frames[0].join(frames[1], on=["usage_id", "quantity"], suffix="_slow")
    assert both["how"].to_list() == both["how_slow"].to_list()
    assert set(both["how"]) == {0, 1, 2, 3}


def arrivals_of_the_card(*before):
    """When the copies of the line about a failed card arrive, after other events of that element."""
    env, arrived = simpy.Environment(initial_time=0), []

    def note(message):
        if b"FPC" in message.payload or b"crashed" in message.payload:
            arrived.append(int(env.now))

    plan = ManagementPlan(TransportPolicy(0, 500, 500, 500, 30_000))
    telemetry = Telemetry(env, Network(town()), plan, Streams(5), Truth(), note)
    for kind in [*before, "card_failed"]:
        telemetry.say(ElementEvent(kind, "r-farm", 0, "3"), FailureState())
    env.run(until=DAY_MS)
    return arrived


def test_another_event_of_an_element_moves_no_line_of_this_one():
    assert arrivals_of_the_card() == arrivals_of_the_card("probe_failed") != []


def repaired_ms(crews_at_the_first):
    """How long work on the second fault of a link takes, when so many crews went to the first."""
    env, reports, document = simpy.Environment(initial_time=0), [], town()
    network, truth, streams = Network(document), Truth(), Streams(2)
    plant = Plant(env, network, 3_000, truth, lambda event, state: None)
    faults = Faults(env, plant, truth)
    bases = dict.fromkeys(("crew-1", "crew-2"), CrewPlan("east"))
    crews = Crews(env, network, FieldForce(), bases, faults, streams, reports.append, truth)

    def order(number, crew):
        return WorkOrder(sender="oss", message_id=f"o{number}", occurred_ms=int(env.now), work_order_id=f"w{number}",
                         crew_id=crew, site_id="east", resource_id="east-port")  # fmt: skip

    faults.begin(Fault("fault-1", "cut_link", "east-port", None))
    for number, crew in enumerate(list(bases)[:crews_at_the_first]):
        crews.send(order(number, crew))
    env.run(until=DAY_MS)
    faults.begin(Fault("fault-2", "cut_link", "east-port", None))
    crews.send(order(9, "crew-1"))
    env.run(until=2 * DAY_MS)
    return next(report.occurred_ms - DAY_MS for report in reports if report.work_order_id == "w9"
                and report.result == "repaired")  # fmt: skip


def test_a_second_crew_at_a_fault_leaves_the_luck_of_the_next():
    assert repaired_ms(1) == repaired_ms(2)
