"""TL1 autonomous messages: the samples' own expectations, the order of fields, dates, and what is no report."""

import json
from datetime import UTC, datetime

import pytest

from ossbss.oss.elements import tl1
from tests.oss.elements.wire_samples import RECEIVED_MS, SAMPLES, messages, needs_samples, split

FAR_END = "farEndReceiverFailure"
EXPECTED = [
    ("SITE-07-MUX1", [("card", "SLOT-1-3", "replaceableUnitMissing", "critical")]),
    ("SITE-07-MUX1", [("card", "SLOT-1-3", "replaceableUnitMissing", "cleared")]),
    ("ring4-adm2", [("port", "OC48-3-1", "lossOfSignal", "major"), ("port", "OC48-3-1", "lossOfFrame", "major"), ("port", "OC48-3-1", "lossOfFrame", "major")]),
    ("RURAL-TX-19", [("port", "TU4.A-P2,OSIU1", FAR_END, "minor"), ("port", "TU4.A-P3,OSIU1", FAR_END, "minor")]),
    ("PV0412E", [("card", "40G-1-10", "equipmentMalfunction", "cleared")]),
    ("SITE-07-MUX1", [("card", "SLOT-1-3", None, None)]),
    ("ring4-adm2", []),
]


@needs_samples
def test_every_sample_says_what_the_table_says():
    found = []
    for message in messages("tl1"):
        parsed = tl1.parse(message, RECEIVED_MS)
        assert (parsed.rejected, parsed.rejected_parts) == (None, ())
        found.append((parsed.element, [(n.object_kind, n.object_name, n.probable_cause, n.perceived_severity) for n in parsed.notifications]))
    assert found == EXPECTED


@needs_samples
def test_events_have_the_words_of_the_other_dialects():
    said = [[each.event for each in tl1.parse(message, RECEIVED_MS).notifications] for message in messages("tl1")]
    assert said == [["CARD_REMOVED"], ["CARD_INSERTED"], ["INTERFACE_DOWN", "ALARM_RAISED", "ALARM_RAISED"],
                    ["ALARM_RAISED"] * 2, ["CARD_RESTORED"], ["REPT_EVT"], []]  # fmt: skip


@needs_samples
def test_the_expected_form_beside_the_samples_holds():
    expected = json.loads((SAMPLES / "tl1" / "expected.json").read_bytes())["messages"]
    for message, expect in zip(messages("tl1"), expected, strict=True):
        parsed = tl1.parse(message, RECEIVED_MS)
        assert parsed.element == expect["sid"]
        assert any(each.is_alarm for each in parsed.notifications) == expect.get("alarm", True)
        for found, item in zip(parsed.notifications, expect.get("items", []), strict=False):
            assert (found.object_name, found.alarm_type_id, found.perceived_severity) == (item["aid"], item["condtype"], item["severity"])
            assert item.get("srveff", "") in found.text
        assert len(parsed.notifications) == len(expect.get("items", parsed.notifications))


@needs_samples
def test_a_counter_of_a_report_is_a_measurement_of_its_quarter_of_an_hour():
    (one,) = tl1.parse(messages("tl1")[-1], RECEIVED_MS).measurements
    assert (one.measured_object, one.counter, one.value, one.suspect) == ("OC48-3-1", "ES/NEND/RCV", 12.0, False)
    assert (one.begins_ms, one.granularity_ms) == (at(2026, 3, 14, 20, 45), 900_000)


def at(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def message(*lines, header="   NE-1 26-03-14 19:00:06", code="** 7 REPT ALM OC48", end=";"):
    return "\r\n".join(["", header, code, *lines, end, ""]).encode()


def only(payload):
    (found,) = tl1.parse(payload, RECEIVED_MS).notifications
    return found


DATES = [
    ("   NE-1 26-03-14 19:00:06", '   "OC48-1:MJ,LOS"', at(2026, 3, 14, 19, 0, 6)),
    ("   NE-1 2026-03-14 19:00:06", '   "OC48-1:MJ,LOS"', at(2026, 3, 14, 19, 0, 6)),
    ("   NE-1 99-12-31 23:59:59", '   "OC48-1:MJ,LOS"', at(1999, 12, 31, 23, 59, 59)),
    ("   NE-1 03-14 19:00:06", '   "OC48-1:MJ,LOS"', at(2026, 3, 14, 19, 0, 6)),  # no year: the nearest to arrival
    ("   NE-1 19:00:06", '   "OC48-1:MJ,LOS"', at(2026, 3, 14, 19, 0, 6)),
    ("   NE-1", '   "OC48-1:MJ,LOS"', RECEIVED_MS),
    ("   NE-1 26-02-30 19:00:06", '   "OC48-1:MJ,LOS"', RECEIVED_MS),  # no such date
    ("   NE-1 26-01-01 00:00:05", '   "OC48-1:MJ,LOS,SA,12-31,23-59-58"', at(2025, 12, 31, 23, 59, 58)),
    ("   NE-1 26-03-14 19:00:06", '   "OC48-1:MJ,LOS,SA,2026-03-13,19-00-01"', at(2026, 3, 13, 19, 0, 1)),
]


@pytest.mark.parametrize(("header", "item", "occurred_ms"), DATES)
def test_dates_have_years_of_four_digits_of_two_or_none(header, item, occurred_ms):
    assert only(message(item, header=header)).occurred_ms == occurred_ms


CODES = [
    ("*C", "MN", "minor"), ("*", "CR", "critical"), ("**", "CL", "cleared"), ("A", "MJ", "major"),
    ("*C", "NA", None), ("*C", "NR", None), ("*C", "", "critical"), ("A", "", None), ("*", "XX", "indeterminate"),
]  # fmt: skip


@pytest.mark.parametrize(("almcode", "code", "severity"), CODES)
def test_the_body_decides_and_an_empty_code_leaves_it_to_the_alarm_code(almcode, code, severity):
    found = only(message(f'   "OC48-1:{code},LOS,SA"', code=f"{almcode} 7 REPT ALM OC48"))
    assert found.perceived_severity == severity
    assert ("XX" in found.text) == (code == "XX")


def test_a_comment_that_names_the_columns_rules_the_order_and_another_does_not():
    plain = only(message("   /* see ticket 12: a, b */", '   "OC48-1:MJ,LOS,SA"'))
    other = only(message("   /*AID:CONDTYPE,SRVEFF,NTFCNCDE*/", '   "OC48-1:LOS,SA,MJ"'))
    assert (plain.key, plain.perceived_severity) == (other.key, other.perceived_severity) == (("", "OC48-1", "lossOfSignal", ""), "major")


def test_commas_and_colons_in_a_quoted_description_part_nothing():
    found = only(message(r'   "SLOT-1:MJ,EQPT_FAIL,SA,03-14,02-17-08,NEND,NA:\"Fan 1, 2: failed\",NONE"', code="** 7 REPT ALM EQPT"))
    assert "Fan 1, 2: failed" in found.text


def test_a_message_that_goes_on_is_read_piece_by_piece():
    stream = message('   "OC48-1:MJ,LOS"', end=">") + message('   "OC48-2:MJ,LOS"')
    pieces = split("tl1", stream)
    assert [only(piece).object_name for piece in pieces] == ["OC48-1", "OC48-2"]


def test_a_terminator_at_the_end_of_the_last_line_ends_the_message_too():
    text = b'   NE-1 26-03-14 19:00:06\r\n** 7 REPT ALM OC48\r\n   "OC48-1:MJ,LOS";\r\n'
    assert [only(piece).object_name for piece in split("tl1", text * 2)] == ["OC48-1", "OC48-1"]


def test_two_conditions_of_one_cause_are_two_alarms_and_a_port_without_signal_is_one():
    parsed = tl1.parse(message('   "OC48-1:MJ,LOF"', '   "OC48-1:MJ,CGA-RED"', '   "OC48-1:MJ,LOS"', '   "OC48-1:MJ,NEW-1"', '   "OC48-1:MJ,NEW-2"'), RECEIVED_MS)
    assert len({each.key for each in parsed.notifications}) == 5
    assert [each.qualifier for each in parsed.notifications] == ["LOF", "CGA-RED", "", "NEW-1", "NEW-2"]


def test_an_element_that_leaves_the_quotes_out_is_read_too():
    assert only(message("   OC48-1:MJ,LOS,SA")).key == only(message('   "OC48-1:MJ,LOS,SA"')).key


def test_an_item_that_cannot_be_read_leaves_the_others():
    parsed = tl1.parse(message('   "OC48-1"', '   "OC48-2:MJ,LOS"', '   "OC48-3:MJ"'), RECEIVED_MS)
    assert ([each.object_name for each in parsed.notifications], len(parsed.rejected_parts)) == (["OC48-2"], 2)


def test_an_environmental_alarm_belongs_to_the_site():
    found = only(message(r'   "ENV-1:MJ,COMMERCIAL_POWER_FAILURE,03-14,02-17-08,\"mains lost\""', code="** 7 REPT ALM ENV"))
    assert (found.object_kind, found.event_type, found.probable_cause) == ("site", "environmentalAlarm", "commercialPowerFailure")


def test_an_element_that_starts_anew_is_to_be_read_anew():
    parsed = tl1.parse(message(code="A 7 REPT INITZN"), RECEIVED_MS)
    assert (parsed.resynchronise, parsed.notifications[0].event) == (True, "SYSTEM_COLD_START")


@pytest.mark.parametrize(("validity", "suspect"), [("CMPL", False), ("PRTL", True), ("ADJ", True), ("NA", True)])
def test_a_count_that_was_not_completed_is_suspect(validity, suspect):
    line = f'   "OC48-1:ES,12,{validity},NEND,RCV,1-DAY,03-13,00-00"'
    (one,) = tl1.parse(message(line, code="A 7 REPT PM OC48"), RECEIVED_MS).measurements
    assert (one.suspect, one.granularity_ms) == (suspect, 86_400_000)


NO_REPORTS = [
    b"", b";", b"hello", b"   NE-1 26-03-14 19:00:06\r\nM  123 COMPLD\r\n   \"SLOT-1:OK\"\r\n;", b"IP 123\r\n<",
    b"   NE-1 26-03-14 19:00:06\r\n*C 7 CANC ALM\r\n;", message(), message('   "OC48-1:MJ,LOS'), b"\xff\xfe\x00", message('   "OC48-1"'),
]  # fmt: skip


@pytest.mark.parametrize("payload", NO_REPORTS)
def test_what_is_no_report_is_rejected(payload):
    assert tl1.parse(payload, RECEIVED_MS).rejected
