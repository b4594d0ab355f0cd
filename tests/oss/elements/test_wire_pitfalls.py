"""The numbered pitfalls of the standards' checklist that concern the structured dialects (2, 3, 4, 5, 12, 19)."""

import json
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.elements import pm_xml, rfc8632, snmp, tl1, ves
from ossbss.oss.elements.notification import Measurement
from ossbss.oss.elements.pm_periods import delta, per_period
from ossbss.oss.elements.severity_tables import TABLES, severity_of
from tests.oss.elements.test_rfc8632 import a_list, an_alarm
from tests.oss.elements.test_snmp import huawei, nokia, zte
from tests.oss.elements.test_ves import a_fault
from tests.oss.elements.wire_samples import RECEIVED_MS, SAMPLES, files, integer, link_trap, needs_samples, trap

law = settings(derandomize=True, phases=[Phase.generate], max_examples=200, deadline=None)


def severity(module, payload):
    (one,) = module.parse(payload, RECEIVED_MS).notifications
    return one.perceived_severity


def adva(code, disposition=1):
    """As a decoder that knows the names writes it."""
    prefix = "1.3.6.1.4.1.2544.1"
    return json.dumps({"snmpTrapOID": f"{prefix}.0.1", "varbinds": [
        [f"{prefix}.2", "severity", code], [f"{prefix}.3", "disposition", disposition], [f"{prefix}.4", "entity", "MOD-1-1"]]}).encode()  # fmt: skip


def itu(code):
    return trap("1.3.6.1.4.1.9999.7", ("1.3.6.1.2.1.121.1.1.1.1.1.5", integer(code)))


def rfc8632_notified(code):
    return json.dumps({"ietf-alarms:alarm-notification": {
        "resource": "r", "alarm-type-id": "t", "alarm-text": "x", "time": "2024-05-06T19:00:00Z", "perceived-severity": code}}).encode()  # fmt: skip


WRITERS = {"nokia": (snmp, nokia), "huawei": (snmp, huawei), "zte": (snmp, zte), "adva": (snmp, adva),
           "rfc3877": (snmp, itu), "rfc8632": (rfc8632, rfc8632_notified)}  # fmt: skip
BY_CODE = {
    1: ("critical", "critical", "indeterminate", "indeterminate", "cleared", "cleared"),
    2: ("major", "major", "critical", "critical", "indeterminate", "indeterminate"),
    3: ("minor", "minor", "major", "major", "critical", "warning"),
    4: ("warning", "warning", "minor", "minor", "major", "minor"),
    5: ("cleared", "indeterminate", "warning", "warning", "minor", "major"),
    6: ("indeterminate", "cleared", "cleared", "indeterminate", "warning", "critical"),
}
"""the checklist's table, column by column in the order of ``WRITERS``; ADVA has no 6"""


@pytest.mark.parametrize("code", BY_CODE)
def test_pitfall_2_one_number_six_meanings_each_by_its_own_enterprise(code):
    found = tuple(severity(module, write(code)) for module, write in WRITERS.values())
    assert found == BY_CODE[code]


def test_pitfall_2_a_number_of_an_unknown_enterprise_is_indeterminate_and_kept_in_the_text():
    payload = json.dumps({"snmpTrapOID": "1.3.6.1.4.1.9999.1", "varbinds": [["1.3.6.1.4.1.9999.2", "acmeSeverity", 3]]}).encode()
    (one,) = snmp.parse(payload, RECEIVED_MS).notifications
    assert one.perceived_severity == "indeterminate"
    assert "acmeSeverity = 3" in one.text
    assert {severity_of("acme", code) for code in range(-1, 10)} == {"indeterminate"}


@needs_samples
def test_pitfall_2_the_tables_are_those_of_the_samples():
    given = json.loads(files("snmp")[0].read_bytes())["vendor_severity_codes"]
    for name, codes in given.items():
        if not name.startswith("_"):
            assert TABLES[name.split()[0]] == {int(code): word for code, word in codes.items()}, name


def test_pitfall_3_a_body_of_cl_is_a_clear_even_under_the_critical_alarm_code():
    payload = b'   NE 26-03-14 20:41:30\n*C 3 REPT ALM EQPT\n   "40G-1-10:CL,EQPT_FAIL,SA"\n;\n'
    assert severity(tl1, payload) == "cleared"


def test_pitfall_4_normal_is_the_clear_and_indeterminate_cannot_be_written_without_loss():
    (one,) = ves.parse(json.dumps({"event": a_fault(eventSeverity="NORMAL")}).encode(), RECEIVED_MS).notifications
    assert one.perceived_severity == "cleared"
    assert ves.parse(json.dumps({"event": a_fault(eventSeverity="INDETERMINATE")}).encode(), RECEIVED_MS).rejected
    lossy = {given: ves.severity_to_ves(given)[1] for given in ("critical", "major", "minor", "warning", "cleared", "indeterminate")}
    assert [given for given, lost in lossy.items() if lost] == ["indeterminate"]


@pytest.mark.parametrize("given", ["critical", "major", "minor", "warning", "cleared", "indeterminate"])
def test_pitfall_4_what_is_written_is_read_back_unless_it_was_said_to_be_lossy(given):
    text, lossy = ves.severity_to_ves(given)
    (one,) = ves.parse(json.dumps({"event": a_fault(eventSeverity=text)}).encode(), RECEIVED_MS).notifications
    assert (one.perceived_severity == given) is not lossy
    assert one.perceived_severity != "cleared" or given == "cleared"  # an open alarm is never written as a clear


@pytest.mark.parametrize("admin", [2, 3])
def test_pitfall_5_down_by_the_operators_will_is_no_alarm(admin):
    (one,) = snmp.parse(link_trap(3, admin, 2), RECEIVED_MS).notifications
    assert not one.is_alarm


@pytest.mark.parametrize("number", [1, 2])
def test_pitfall_12_a_cold_or_warm_start_voids_what_is_known_of_the_agent(number):
    parsed = snmp.parse(trap(f"1.3.6.1.6.3.1.1.5.{number}"), RECEIVED_MS)
    assert (parsed.resynchronise, parsed.notifications[0].is_alarm) == (True, False)


def test_pitfall_12_a_complete_list_says_what_is_no_longer_there():
    assert rfc8632.parse(json.dumps(a_list(an_alarm())).encode(), RECEIVED_MS).complete
    assert not snmp.parse(link_trap(3, 1, 2), RECEIVED_MS).complete


QUARTER = 900_000


def counted(period, value, suspect=False):
    return Measurement("O", "c", period * QUARTER, QUARTER, value, suspect, "E")


def test_pitfall_19_a_doubted_value_a_missing_one_and_a_missing_period_are_unknown_not_zero():
    given = [counted(0, 5.0), counted(1, 6.0, suspect=True), counted(2, None), counted(4, 0.0), counted(9, 1.0)]
    assert per_period(given, 0, 5 * QUARTER, QUARTER) == {("E", "O", "c"): (5.0, None, None, None, 0.0)}


def test_pitfall_19_other_granularities_and_times_off_the_grid_do_not_land_in_a_period():
    given = [Measurement("O", "c", 0, 300_000, 1.0, False, "E"), Measurement("O", "c", 7, QUARTER, 1.0, False, "E")]
    assert per_period(given, 0, QUARTER, QUARTER) == {}


@needs_samples
def test_pitfall_19_suspect_of_a_real_file_reaches_the_periods_as_unknown():
    parsed = pm_xml.parse((SAMPLES / "pm_3gpp" / "csit" / "A20181002.0000-1000-0015-1000_5G.xml").read_bytes(), RECEIVED_MS)
    begins_ms = parsed.measurements[0].begins_ms
    known = per_period(parsed.measurements, begins_ms, begins_ms + QUARTER, QUARTER)
    doubted = {each.measured_object for each in parsed.measurements if each.suspect}
    assert {where for (_, where, _), values in known.items() if values == (None,)} == doubted


@pytest.mark.parametrize(
    ("previous", "now", "bits", "grown"),
    [(5, 9, 32, 4), (2**32 - 1, 0, 32, 1), (2**32 - 10, 5, 32, 15), (2**64 - 1, 3, 64, 4), (7, 7, 32, 0), (None, 7, 32, None), (7, None, 64, None)],
)
def test_pitfall_19_counters_wrap(previous, now, bits, grown):
    assert delta(previous, now, bits) == grown


@given(start=st.integers(0, 2**64 - 1), steps=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20), bits=st.sampled_from([32, 64]))
@law
def test_pitfall_19_the_differences_of_a_counter_sum_to_what_was_counted(start, steps, bits):
    readings = [start % 2**bits]
    for step in steps:
        readings.append((readings[-1] + step) % 2**bits)
    assert [delta(a, b, bits) for a, b in pairwise(readings)] == steps


@pytest.mark.parametrize("reading", [-1, 2**32])
def test_pitfall_19_a_reading_that_the_counter_cannot_hold_is_an_error(reading):
    with pytest.raises(ValueError, match="32 bits"):
        delta(0, reading, 32)
