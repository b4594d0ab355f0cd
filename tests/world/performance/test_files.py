"""Performance files of the town: what they say is what flowed, and who cannot say it says nothing."""

from collections import Counter, defaultdict

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from ossbss.oss.elements import adapters, pm_xml
from ossbss.oss.inventory import read_inventory
from sim import Scenario
from sim.testbed.compose import compose
from sim.world.elements.pm_xml import MeasInfo, write
from sim.world.network.traffic.loading import PACKET_OCTETS
from tests.town import scenario_file, town

NOBODY_ACTS = {"crews": [], "active_tests": False, "remote_repair": False}

H, M, Q = HOUR_MS, MINUTE_MS, 15 * MINUTE_MS
INVENTORY = read_inventory(town())


def files_of(tmp_path, timeline=(), lasts="6 h", **changes):
    """(world, begin, [(known_ms, message)]) of a run in which the OSS only listens."""
    changes.setdefault("world", {})
    changes["world"] = {"performance": {"files": True}, "telemetry": {"late_milli": 0, "doubled_milli": 0}, **changes["world"]}
    composed = compose(Scenario.load(scenario_file(tmp_path, list(timeline), lasts=lasts, **changes)))
    heard = []
    post = composed.exchange.post
    for manager in composed.world.telemetry.managers.values():
        manager.post = lambda message: (heard.append((int(composed.env.now), message)), post(message))
    composed.exchange.start()
    composed.env.run(until=composed.world.traffic.plan.ends_ms + 2 * M)
    return composed.world, composed.world.traffic.plan.starts_ms, [
        (at, message) for at, message in heard if getattr(message, "dialect", "") == "pm_xml"]  # fmt: skip


def measured(heard):
    """(resource, counter, element, begin) → value, as the OSS reads the files; nothing may be rejected."""
    found = {}
    for at_ms, message in heard:
        reading = adapters.read(message, at_ms, INVENTORY.names)
        assert reading.rejected is None
        for each in reading.measurements:
            key = (each.measured_object, each.counter, each.element, each.begins_ms)
            assert key not in found
            found[key] = None if each.suspect else each.value
    return found


def totals(found, counter):
    sums = Counter()
    for (thing, name, *_), value in found.items():
        if name == counter:
            sums[thing] += int(value)
    return sums


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    return files_of(tmp_path_factory.mktemp("quiet"))


def test_each_element_hands_in_a_file_every_quarter_that_arrives_as_messages_do(quiet):
    _, zero, heard = quiet
    ended = Counter((message.element_id, message.occurred_ms - zero) for _, message in heard)
    assert ended == Counter((node, n * Q) for node in INVENTORY.site_of_node for n in range(1, 25))
    assert all(0 <= at_ms - message.occurred_ms <= 500 for at_ms, message in heard)


def test_the_periods_sum_to_what_was_served(quiet):
    """Attempts are the truth of usage: every session's octets and every connection stand in some period, none twice."""
    world, _, heard = quiet
    found, attempts = measured(heard), world.traffic.table()
    served = attempts.filter(pl.col("class") == "data").group_by("place_id").agg(pl.col("served").sum())
    mbit = totals(found, "DRB.PdcpSduVolumeDL_Filter")
    assert {cell: octets // 125_000 for cell, octets in served.iter_rows()} == {c: n for c, n in mbit.items() if n}
    begun = Counter(attempts.filter(pl.col("outcome") != "blocked")["place_id"].to_list())
    assert totals(found, "RRC.ConnEstabSucc.Sum") == begun


def test_with_a_lossy_line_the_ports_of_both_ends_agree(tmp_path):
    """What the hub sends to the port's line is what arrives there, whole or damaged; 5 % are damaged from 2 h on."""
    loss = {"at": "2 h", "do": "degrade_link", "target": "east-port", "loss_milli": 50, "repair": "3 h"}
    world, zero, heard = files_of(tmp_path, [loss], population={"subscribers": 600, "offerings": {"postpay-s": 1}})
    found = measured(heard)
    at = {counter: {node: defaultdict(int) for node in ("r-east", "r-port")} for counter in
          ("ifHCInOctets", "ifHCOutOctets", "ifHCInUcastPkts", "ifInErrors")}  # fmt: skip
    for (thing, counter, node, begins_ms), value in found.items():
        if thing == "east-port" and counter in at:
            at[counter][node][begins_ms - zero] += int(value)
    for begins_ms in range(0, 6 * H, Q):
        sent, came = at["ifHCOutOctets"]["r-east"][begins_ms], at["ifHCInOctets"]["r-port"][begins_ms]
        damaged = at["ifInErrors"]["r-port"][begins_ms]
        assert came + PACKET_OCTETS * damaged == sent > 0
        share = damaged / (damaged + at["ifHCInUcastPkts"]["r-port"][begins_ms])
        assert share == pytest.approx(0.05 if 2 * H <= begins_ms < 5 * H else 0, abs=0.002)
    counted = world.traffic.counters().filter(pl.col("counter") == "ifHCOutOctets").group_by("object").agg(pl.col("value").sum())
    assert dict(counted.iter_rows()) == dict(totals(found, "ifHCOutOctets"))


def test_volumes_of_cells_behind_a_lossy_line_are_what_arrived(tmp_path):
    loss = {"at": "0 h", "do": "degrade_link", "target": "east-port", "loss_milli": 400, "repair": "6 h"}
    world, _, heard = files_of(tmp_path, [loss])
    arrived = world.traffic.counters().filter(pl.col("counter") == "carriedOctets").group_by("object").agg(pl.col("value").sum())
    mbit = totals(measured(heard), "DRB.PdcpSduVolumeDL_Filter")
    assert {cell: octets // 125_000 for cell, octets in arrived.iter_rows()} == dict(mbit)


def test_files_change_nothing_of_what_people_get_and_ports_count(tmp_path):
    loss = {"at": "1 h", "do": "degrade_link", "target": "hub-north", "loss_milli": 100, "repair": "2 h"}
    tables = []
    for files in (True, False):
        world, *_ = files_of(tmp_path, [loss], world={"performance": {"files": files}}, operations=NOBODY_ACTS)
        counters = world.traffic.counters()
        tables.append((world.traffic.table(), counters.sort(counters.columns)))
    assert tables[0][0].equals(tables[1][0])
    assert tables[0][1].equals(tables[1][1])


def test_a_run_that_begins_within_a_period_doubts_its_first_file(tmp_path):
    _, zero, heard = files_of(tmp_path, lasts="2 h", starts="2024-05-06T06:10:00+03:00")
    suspect = {message.occurred_ms - zero for _, message in heard if b"<suspect>true</suspect>" in message.payload}
    assert suspect == {5 * M}
    assert all((message.occurred_ms // Q) * Q == message.occurred_ms for _, message in heard)


def test_hours_off_the_grid_lose_nothing(tmp_path):
    """Hours of people's days end ten minutes past; a period spans two of them."""
    world, zero, heard = files_of(tmp_path, lasts="5 h", starts="2024-05-06T06:10:00+03:00")
    served = world.traffic.table().filter(pl.col("started_ms") < zero + 5 * H - 10 * M)
    begun = Counter(served.filter(pl.col("outcome") != "blocked")["place_id"].to_list())
    reported = Counter()
    for at_ms, message in heard:
        for each in adapters.read(message, at_ms, INVENTORY.names).measurements:
            if each.counter == "RRC.ConnEstabSucc.Sum":
                reported[each.measured_object] += int(each.value)
    assert reported == begun


def test_an_element_that_restarts_doubts_its_period_and_one_that_is_dead_is_silent(tmp_path):
    events = [{"at": "65 min", "do": "fail_node", "target": "r-farm", "repair": "5 min"},
              {"at": "125 min", "do": "fail_node", "target": "r-port", "repair": "20 min"}]  # fmt: skip
    _, zero, heard = files_of(tmp_path, events, lasts="4 h")
    said = {(m.element_id, (m.occurred_ms - zero) // Q): b"<suspect>true</suspect>" in m.payload for _, m in heard}
    assert {place for place, suspect in said.items() if suspect} == {("r-farm", 5), ("r-port", 10)}
    assert set(INVENTORY.site_of_node) - {node for node, n in said if n == 9} == {"r-port"}


def test_a_cut_off_element_s_file_is_lost(tmp_path):
    cut = {"at": "55 min", "do": "cut_link", "target": "east-port", "repair": "10 min"}
    _, zero, heard = files_of(tmp_path, [cut], lasts="2 h", management="in_band")
    from_port = [(m.occurred_ms - zero) // Q for _, m in heard if m.element_id == "r-port"]
    assert from_port == [1, 2, 3, 5, 6, 7, 8]


def test_a_longer_period_is_the_sum_of_its_quarters(tmp_path, quiet):
    _, _, heard = files_of(tmp_path, world={"performance": {"period": "1 h"}})
    assert len(heard) == 6 * 6
    hourly, quarterly = measured(heard), measured(quiet[2])
    for counter in ("RRC.ConnEstabSucc.Sum", "DRB.PdcpSduVolumeDL_Filter", "twampSent"):
        assert totals(hourly, counter) == totals(quarterly, counter)


def test_files_say_nothing_that_only_the_truth_knows(tmp_path):
    """Pitfall 15: no id of a fault, cell or link, only the vendor's names."""
    loss = {"at": "1 h", "do": "degrade_link", "target": "east-port", "loss_milli": 100, "repair": "2 h"}
    _, _, heard = files_of(tmp_path, [loss], lasts="3 h")
    said = b"".join(message.payload for _, message in heard)
    names = [*INVENTORY.links, *INVENTORY.cells, *INVENTORY.services, "fault", "degrade", "lossy"]
    assert [name for name in names if name.encode() in said] == []


# -- the writer ----------------------------------------------------------------------------------------

INFO = MeasInfo("ports", ("ifInErrors", "ifHCInOctets"), (("IpInterface=a&b", (1, 2)), ("IpInterface=c", (3, 2**64 + 4))))


@pytest.mark.parametrize("vendor", ["ios", "junos"])
def test_both_encodings_say_the_same(vendor):
    file = write("r-kiel", vendor, 0, Q, (INFO, MeasInfo("cells", ("x",), ())), suspect=False)
    assert (b"measResults" in file) == (vendor == "junos")
    parsed = pm_xml.parse(file, 0)
    assert parsed.rejected is None
    assert parsed.rejected_parts == ()
    assert [(m.measured_object, m.counter, m.value, m.begins_ms, m.granularity_ms, m.suspect) for m in parsed.measurements] == [
        ("IpInterface=a&b", "ifInErrors", 1, 0, Q, False), ("IpInterface=a&b", "ifHCInOctets", 2, 0, Q, False),
        ("IpInterface=c", "ifInErrors", 3, 0, Q, False),
        ("IpInterface=c", "ifHCInOctets", 4, 0, Q, False)]  # a counter of 64 bits has gone round  # fmt: skip


def test_a_doubtful_file_doubts_every_object():
    parsed = pm_xml.parse(write("r-kiel", "ios", 0, Q, (INFO,), suspect=True), 0)
    assert all(each.suspect for each in parsed.measurements)
    assert len(parsed.measurements) == 4
