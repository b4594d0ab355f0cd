"""Every real sample of the six dialects of syslog, against what a person reads in it."""

from datetime import UTC, datetime

import pytest

from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.normalise import iso
from ossbss.oss.elements.syslog import guess
from ossbss.oss.elements.syslog.payload import lines
from tests.oss.elements.golden import GOLDEN, LOG_BUFFERS, SAMPLES, SKIPPED, STAMPS

RECEIVED_MS = int(datetime(2024, 5, 6, 19, 0, 1, tzinfo=UTC).timestamp() * 1000)
FOLDER = SAMPLES / "syslog_golden"
SYSLOG = ("eos", "huawei", "ios", "iosxr", "junos", "nxos")
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=SKIPPED)


def sample(dialect, event):
    (path,) = (FOLDER / dialect / event).glob("*/syslog.msg")
    return path.read_bytes()


def said(payload, parse):
    parsed = parse(payload, RECEIVED_MS)
    assert parsed.rejected is None, parsed.rejected
    (notification,) = parsed.notifications
    return parsed.element, notification


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_sample_means_what_a_person_reads_in_it(row):
    dialect, event, element, kind, name, severity, cause = row
    payload = sample(dialect, event)
    speaks, found = said(payload, DIALECTS[dialect].parse)
    assert (found.event, speaks, found.object_kind, found.object_name) == (event, element, kind, name)
    assert (found.perceived_severity, found.probable_cause) == (severity, cause)
    assert found.is_alarm == (severity is not None) == (found.event_type is not None)
    assert found.text == payload.decode().strip()
    assert guess.parse(payload, RECEIVED_MS)[0] == dialect


def test_the_table_has_every_sample_of_these_dialects():
    there = {(d, path.name) for d in SYSLOG for path in (FOLDER / d).iterdir()}
    assert there == {(row[0], row[1]) for row in GOLDEN}


@pytest.mark.parametrize("name", STAMPS)
def test_the_time_of_a_sample_is_the_one_in_its_stamp(name):
    dialect, event = name.split("/")
    _, found = said(sample(dialect, event), DIALECTS[dialect].parse)
    written = STAMPS[name]
    assert written.partition(".")[0] in iso(found.occurred_ms)
    if dialect != "ios" or event != "OSPF_NEIGHBOR_DOWN":  # whose clock is not synchronised, as its asterisk says
        assert found.occurred_uncertainty_ms == (0 if "." in written else 1_000)


@pytest.mark.parametrize("name", LOG_BUFFERS)
def test_a_captured_buffer_is_read_line_by_line(name):
    path = SAMPLES / "ios_log_buffer" / name
    with path.open("rb") as stream:
        read = [DIALECTS["ios"].parse(payload, RECEIVED_MS) for payload in lines(stream)]
    found = [n for parsed in read for n in parsed.notifications]
    assert [(n.event, n.object_name, n.perceived_severity) for n in found] == LOG_BUFFERS[name]
    rejected = [parsed.rejected for parsed in read if parsed.rejected]
    assert all("not a line of IOS" in reason for reason in rejected)  # the lines above the buffer


def test_a_restart_keeps_the_lines_that_follow_it():
    with (SAMPLES / "ios_log_buffer" / "cisco_ios_show_logging_3.raw").open("rb") as stream:
        (restart,) = [payload for payload in lines(stream) if b"SYS-5-RESTART" in payload]
    assert restart.count(b"\n") == 4
    assert "Compiled Mon" in said(restart, DIALECTS["ios"].parse)[1].text


@pytest.mark.parametrize("dialect", ["netiron", "sonic", "fortinet", "opengear"])
def test_other_vendors_lines_are_rejected_rather_than_misread(dialect):
    for path in (FOLDER / dialect).rglob("syslog.msg"):
        name, parsed = guess.parse(path.read_bytes(), RECEIVED_MS)
        assert (name, parsed.notifications) == ("", ())
        assert parsed.rejected
