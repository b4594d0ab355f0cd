"""``ossbss normalise`` as scripts meet it: streams, files, exit codes, and memory that does not grow with the file."""

import io
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from ossbss.cli import main as operator_main
from ossbss.oss.elements.normalise import records
from sim.cli import main
from tests.oss.elements.test_messages import HEADS
from tests.oss.elements.test_pm_xml import FOOT, HEAD, NS, by_number
from tests.oss.elements.test_tl1 import message

ONE = by_number('<r p="1">1</r>')
NOW = "2024-05-06T19:00:01Z"
DOWN = HEADS["ios"] + "%LINK-3-UPDOWN: Interface Gi0/1, changed state to down"
UP = HEADS["iosxr"] + "%PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/2/0/4, changed state to Up"
LOGIN = HEADS["junos"] + "sshd[1]: Accepted password for bob from 192.0.2.1 port 22 ssh2"
NOISE = "no message at all"


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "core-7.log"
    path.write_text("\n".join((DOWN, UP, NOISE, LOGIN)) + "\n")
    return path


def run(capsys, *arguments):
    code = main(["normalise", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()


def test_alarms_go_out_as_json_lines_and_rejects_beside_them(log, capsys):
    code, out, err = run(capsys, "--dialect", "syslog", log, "--received", NOW)
    assert code == 0
    down, up = map(json.loads, out)
    assert (down["alarmed_object"], down["state"], down["raised_at"]) == (
        "r1/GigabitEthernet0/1",
        "raised",
        "2024-05-06T19:00:00.123Z",
    )
    assert (down["object_name"], down["perceived_severity"], down["dialect"]) == ("Gi0/1", "major", "ios")
    assert (up["alarmed_object"], up["state"], up["cleared_at"]) == (
        "r1/TenGigE0/2/0/4",
        "cleared",
        "2024-05-06T19:00:00.123Z",
    )
    assert (up["dialect"], up["known_at"], up["text"]) == ("iosxr", "2024-05-06T19:00:01.000Z", UP)
    rejected, told = json.loads(err[0]), err[1]
    assert (rejected["payload"], rejected["message"], len(err)) == (NOISE, 3, 2)
    assert "4 messages, 2 alarms, 1 facts, 1 rejected" in told


def test_facts_are_told_when_they_are_asked_for(log, capsys):
    _, out, _ = run(capsys, "--dialect", "syslog", log, "--received", NOW, "--all")
    assert [json.loads(line)["event"] for line in out] == ["INTERFACE_DOWN", "INTERFACE_UP", "USER_LOGIN"]


def test_json_is_the_last_line(log, capsys):
    _, out, _ = run(capsys, "--dialect", "syslog", log, "--received", NOW, "--json")
    told = json.loads(out[-1])
    assert (told["messages"], told["alarms"], told["facts"], told["rejected"]) == (4, 2, 1, 1)
    assert told["records_by_dialect"] == {"ios": 1, "iosxr": 1, "junos": 1, "syslog": 1}


def test_a_folder_takes_all_kinds_and_may_be_written_again(log, tmp_path, capsys):
    out = tmp_path / "out"
    for _ in range(2):
        code, printed, _ = run(capsys, "--dialect", "syslog", log, "--received", NOW, "--out", out, "--json")
        assert (code, len(printed)) == (0, 1)
    lines = {path.name: path.read_text().count("\n") for path in out.iterdir()}
    assert lines == {"alarms.jsonl": 2, "facts.jsonl": 1, "measurements.jsonl": 0, "rejected.jsonl": 1}


def test_a_single_dialect_rejects_the_others(log, capsys):
    _, out, err = run(capsys, "--dialect", "iosxr", log, "--received", NOW)
    assert len(out) == 1
    assert len(err) == 4


def test_who_does_not_say_who_he_is_is_called_by_the_file_or_as_told(tmp_path, capsys):
    path = tmp_path / "core-7.log"
    path.write_text("May  6 19:00:00.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down\n")
    for more, source in (((), "core-7"), (("--element", "r-kiel"), "r-kiel")):
        _, out, _ = run(capsys, "--dialect", "ios", path, "--received", NOW, *more)
        assert json.loads(out[0])["source"] == source


def test_without_a_time_it_is_when_the_file_was_written(log, capsys):
    import os

    os.utime(log, (1_715_022_001, 1_715_022_001))
    _, out, _ = run(capsys, "--dialect", "syslog", log)
    assert json.loads(out[0])["known_at"] == "2024-05-06T19:00:01.000Z"


BAD = [
    (["--dialect", "sislog", "LOG"], "did you mean 'syslog'?"),
    (["--dialect", "ios", "core-8.log"], "did you mean 'core-7.log'?"),
    (["--dialect", "ios", "."], "is a folder → name one file in it"),
    (["--dialect", "ios", "LOG", "--received", "yesterday"], "is no time → for example"),
    (["--dialect", "ios", "LOG", "--received", "2024-05-06T19:00:01"], "has no offset → 2024-05-06T19:00:01Z"),
    (["--dialect", "ios", "LOG", "--out", "LOG"], "is a file → name a folder"),
    (["--dialect", "ios", "LOG", "--out", "."], "holds something else (core-7.log) → name a new or an empty folder"),
    (["LOG"], "--dialect"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), BAD)
def test_bad_input_exits_2_says_the_mend_and_writes_nothing(arguments, told, log):
    arguments = [str(log) if word == "LOG" else word for word in arguments]
    command = [sys.executable, "-m", "ossbss.cli", "normalise", *arguments]
    done = subprocess.run(command, cwd=log.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert [path.name for path in log.parent.iterdir()] == ["core-7.log"]


def test_it_needs_no_simulator(log, capsys):
    assert operator_main(["normalise", "--dialect", "syslog", str(log), "--received", NOW]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    code = "import sys, ossbss.cli; sys.exit(any(m.split('.')[0] in ('sim', 'simpy', 'networkx') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large.log"
    path.write_text((DOWN + "\n" + NOISE + "\n") * 2_000 + "x" * 5_000_000)  # the last line has no end
    tracemalloc.start()
    try:
        with path.open("rb") as stream:
            kinds = [kind for kind, _ in records(stream, "syslog", 1_715_022_001_000, "r")]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (kinds.count("alarm"), kinds.count("rejected")) == (2_000, 2_001)
    assert peak < 1_500_000  # the file has 5 MB


def told(payload, dialect):
    return list(records(io.BytesIO(payload), dialect, 1_773_514_806_000, "file"))


def test_parts_of_a_message_that_cannot_be_read_are_rejected_one_by_one():
    found = told(message('   "OC48-1"', '   "OC48-2:MJ,LOS"', '   "OC48-3:MJ"'), "tl1")
    assert [kind for kind, _ in found] == ["alarm", "rejected", "rejected"]
    assert found[0][1]["alarmed_object"] == "NE-1/OC48-2"
    assert all(record["reason"] and "OC48-2" in record["payload"] for kind, record in found if kind == "rejected")


def test_a_file_that_speaks_for_several_elements_names_each():
    """Two counters each: one is given, the other unknown."""
    each = (f'<measData><managedElement localDn="{name}"/><measInfo>{ONE}</measInfo></measData>'
            for name in ("E1", "E2"))  # fmt: skip
    text = f'<measCollecFile xmlns="{NS}">{HEAD}{"".join(each)}{FOOT}</measCollecFile>'
    assert [record["source"] for kind, record in told(text.encode(), "pm_xml") if kind == "measurement"] == ["E1", "E1", "E2", "E2"]
