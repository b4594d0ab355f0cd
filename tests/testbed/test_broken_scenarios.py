"""Whatever is wrong with a scenario: exit 2, one screen, the line, the mend, no traceback, nothing written."""

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ossbss.documents import DocumentError
from ossbss.mistakes import SCREEN
from sim import Scenario
from sim.cli import main
from sim.testbed.shipped import shipped
from sim.world.elements.dialects import WRITERS
from tests.testbed import broken_people, broken_world
from tests.testbed.broken import ALL, GOOD, YAML
from tests.town import town


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "town.json").write_text(json.dumps(town()))
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "other.yaml").write_text(OWN.replace("name: shillings-a", "name: other").replace("payg", "prepay"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass
class Told:
    """What a command that must refuse said."""

    code: int
    out: str
    err: str

    @property
    def mistakes(self):
        return self.err.splitlines()[1:]


@pytest.fixture
def refused(folder, capsys):
    """Run; whatever is wrong, what holds for every refusal is checked here."""

    def run(content, *options):
        path = folder / "broken.yaml"
        path.write_bytes(content) if isinstance(content, bytes) else path.write_text(content)
        before = sorted(folder.rglob("*"))
        code = main(["run", "broken.yaml", *options])
        told = Told(code, *capsys.readouterr())
        assert told.code == 2, told
        assert told.out == ""
        assert "Traceback" not in told.err
        assert len(told.err.splitlines()) <= 24
        assert max(map(len, told.err.splitlines())) <= 200
        assert sorted(folder.rglob("*")) == before
        return told

    return run


def test_the_good_one_is_good(folder):
    assert Scenario.load(folder / "good.yaml").spec.lasts == 12 * 3_600_000


@pytest.mark.parametrize("broken", [*ALL, *broken_world.ALL, *broken_people.ALL], ids=lambda broken: broken.name)
def test_a_mistake_is_told_with_its_line_and_the_mend(refused, broken):
    told = refused(broken.text)
    at_line = [text for text in told.mistakes if f"line {broken.line}: " in text]
    assert at_line, told.err
    assert any(all(word in text for word in (*broken.said, broken.mend)) for text in at_line), told.err
    assert "should be" not in told.err
    assert "Decimal(" not in told.err
    if broken not in YAML:
        assert len(told.mistakes) <= 2, told.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"), ("# nothing\n", "empty"), ("- a\n- b\n", "keys with values"), ("just text\n", "keys with values"),
        (b"name: town\ntitle: {en: caf\xe9}\n", "line 2: (document): this is no UTF-8 text (octet 0xe9)"),
        (b"\xff\xfen\x00a\x00", "no UTF-8"), (b"PK\x03\x04\x14\x00", "no text holds"), (b"\x00\x01\x02", "no text holds"),
        ("a: " + "[" * 5000, "nested too deeply"),
        ("{}", "missing"), ("name: null\nname: null\n", "stands twice"),
    ],
)  # fmt: skip
def test_what_is_no_document_at_all(refused, content, said):
    assert said in refused(content).err


def test_a_byte_order_mark_is_no_mistake(folder):
    (folder / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert Scenario.load(folder / "marked.yaml").name == "town"


def test_several_mistakes_are_told_at_once(refused):
    text = GOOD.replace("lasts: 12 h", "lasts: 12").replace("seed: 1", "sede: 1").replace("site: farm", "sight: farm")
    told = refused(text)
    assert all(f"line {n}:" in text for n, text in zip((6, 7, 25, 26), told.mistakes, strict=True))
    assert "4 mistakes" in told.err


def test_names_of_every_kind_are_told_at_once(refused):
    text = GOOD.replace("target: east-port", "target: nowhere").replace("postpay-s", "postpay-q")
    told = refused(text.replace("kpi: credits_total", "kpi: credit").replace("site: farm", "site: moon"))
    assert "4 mistakes" in told.err


def test_a_hundred_mistakes_fit_one_screen(refused):
    told = refused(GOOD + "".join(f"key_{n}: 1\n" for n in range(100)))
    assert len(told.mistakes) == SCREEN + 1
    assert told.mistakes[-1] == "  … and 80 more"


def test_long_or_strange_words_stay_on_one_line(refused):
    refused(GOOD + f"{'k' * 900}: {'v' * 900}\n")
    refused(GOOD + '"a\\nb\\e[31m": 1\n')
    refused(GOOD.replace("do: cut_link", f"do: {'cut' * 300}"))


OWN = shipped("catalogues")["shillings-a"].read_text()


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("currency: KES", "currency: shillings", "currency", "such as KES"),
        ("Africa/Nairobi", "Africa/Nairobbery", "time_zone", "no time zone"),
        ("rate_milli: 160", "rate_milli: 16 %", "rate_milli", "whole number"),
        ("recurring_fee: 1000", "recurring_fee: a lot", "a lot", "amount of money"),
        ("valid_from: 2014-01-01\n        recurring_fee: 1000", "valid_from: soon\n        recurring_fee: 1000", "soon", "soon"),
        ("amount: 5 GB", "amount: 5 GiB", "5 GiB", "quantity"),
        ("currency: KES", "\tcurrency: KES", "\tcurrency", "a tab"),
        ("offerings:", "oferings:", "oferings", "did you mean 'offerings'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_price_list_of_ones_own_names_that_file_and_its_line(folder, refused, old, new, at, said):
    text = OWN.replace(old, new, 1)
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if at in row)
    (folder / "prices.yaml").write_text(text)
    told = refused(GOOD.replace("shillings-a", "prices.yaml"))
    assert any(f"prices.yaml line {line}: " in row and said in row for row in told.mistakes), told.err


def edited(change):
    document = town()
    change(document)
    return json.dumps(document)


NETWORKS = [
    ("", "line 1: (document): this is no JSON"),
    ('{\n "sites": [,]}', "line 2: (document): this is no JSON"),
    (b"\xff\xfe\x00", "neither JSON in UTF-8"),
    ("[" * 100_000, "neither JSON"),
    ("[]", "one JSON object"),
    ("{}", "sites: this key is missing"),
    (edited(lambda d: d.pop("cells")), "cells: this key is missing"),
    (edited(lambda d: d.update(links={})), "links: keys with values: it must be a list"),
    (edited(lambda d: d["links"][0].pop("id")), "links.0.id: this key is missing"),
    (edited(lambda d: d["links"][0].update(z="r-nroth")), "did you mean 'r-north'?"),
    (edited(lambda d: d["nodes"][0].update(vendor="acme")), "nodes.0.vendor: 'acme': it must be one of ios, junos"),
    (edited(lambda d: d["nodes"].append(d["nodes"][0])), "id 'r-hub': two things have this id"),
    (edited(lambda d: d["management"].update(station="r-moon")), "management.station: 'r-moon' is not among the nodes"),
    (edited(lambda d: d["services"].pop()), "cells.5: no service is of cell 'cell-farm'"),
    (edited(lambda d: d["services"].append({**d["services"][0], "id": "svc-again"})), "services.6.cell: cell 'cell-hub' has the service"),
    (edited(lambda d: d["links"][2].update(igp_metric=0)), "links.2.igp_metric: 0: it must be greater than 0"),
    (edited(lambda d: d["links"][2].update(igp_metric=2**24 - 1)), "links.2.igp_metric: 16777215: it must be less than 16777215"),
    (edited(lambda d: d["services"][1].update(backup_z=["r-est"])), "services.1.backup_z: 'r-est' is not among the nodes"),
    (edited(lambda d: d["services"][1].update(backup_z=["r-east"])), "services.1.backup_z: cell 'cell-north' has another backup_core_node: none"),
    (edited(lambda d: d["cells"][1].update(backup_core_node=["r-east"])), "services.1.backup_z: cell 'cell-north' has another backup_core_node: r-east"),
    (edited(lambda d: d["services"][1].update(backup_z=["r-east"], protection="none")), "services.1.backup_z: protection is 'none', which keeps to its paths"),
    (edited(lambda d: d["sites"][0].update(lat="north")), "sites.0.lat: 'north': it must be a number"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), NETWORKS, ids=[said for _, said in NETWORKS])
def test_a_network_file_that_is_none_names_that_file(folder, refused, content, said):
    path = folder / "town.json"
    path.write_bytes(content) if isinstance(content, bytes) else path.write_text(content)
    told = refused(GOOD)
    assert any("town.json" in row and said in row for row in told.mistakes), told.err


def test_the_vendors_of_a_network_file_are_those_with_a_dialect(folder, refused):
    (folder / "town.json").write_text(edited(lambda d: d["nodes"][0].update(vendor="acme")))
    assert f"it must be one of {', '.join(WRITERS)}" in refused(GOOD).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--variant", "clam"], "--variant: no variant 'clam'; there are calm → did you mean 'calm'?"),
        (["--set", "populaton.subscribers=5"], "--set: populaton: unknown key"),
        (["--set", "population.subscribers=few"], "--set: population.subscribers: 'few': it must be a whole number"),
        (["--set", "timeline.0.target=moon"], "--set: timeline.0.target: cut_link needs"),
        (["--set", "timeline.9.at=1 h"], "--set: timeline.9.at: this dotted key leads nowhere"),
        (["--set", "lasts"], "--set: 1 mistake"),
        (["--set", "lasts=[1"], "--set: lasts: broken YAML"),
        (["--set", "=3"], "--set: 1 mistake"),
        (["--seed", "-4"], "--seed: seed: -4: it must be 0 or more"),
        (["--set", "lasts=1 h"], "line 28: timeline.0.at: '2 h' is not within the run: it is after it ends"),
    ],
)
def test_mistakes_of_the_options_are_called_so(refused, options, said):
    assert said in refused(GOOD, *options).err


def test_in_a_process_of_its_own(folder):
    (folder / "broken.yaml").write_text(GOOD.replace("seed: 1", "sede: 1"))
    command = [sys.executable, "-m", "sim.cli", "run", "broken.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 7: sede" in done.stderr
    assert not (folder / "runs").exists()


SCALARS = [line for line in GOOD.splitlines() if ": " in line]
values = st.one_of(
    st.sampled_from(["", "null", "true", "-1", "0", "1e99", ".nan", "[]", "{}", "[[]]", "{a: {b: c}}", "2 h", "crew", "!x", "*a",
                     "2024-01-01", "day 9999999999", "99999999999999999999 days", "'\\0'", '"\\0"', "~", "'> 0'", "..", "1.5"]),
    st.text(max_size=12), st.integers().map(str), st.floats().map(str),
)  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(SCALARS), st.none() | values), min_size=1, max_size=3))
def test_whatever_the_values_it_loads_or_tells_what_is_wrong(folder, edits):
    text = GOOD
    for line, value in edits:
        text = text.replace(line, "" if value is None else f"{line.split(': ')[0]}: {value}", 1)
    path = folder / "fuzzed.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    told = ""
    try:
        Scenario.load(path)
    except DocumentError as error:
        told = str(error)
    assert len(told.splitlines()) <= 24
