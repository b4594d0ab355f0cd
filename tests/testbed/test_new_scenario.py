"""The file to start from: it is good, it plays, it explains every key, and it replaces nothing."""

import re

import pytest

from sim.cli import main
from sim.testbed.docs.json_schema import scenario_schema
from sim.testbed.scenario import Scenario


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_good_and_plays_with_its_variant(folder, capsys):
    assert main(["new-scenario", "first day.yaml"]) == 0
    assert capsys.readouterr().out.splitlines() == ["first day.yaml", "ossbss run 'first day.yaml'"]
    assert main(["check", "first day.yaml"]) == 0
    for options in ([], ["--variant", "second-duct"]):
        assert main(["run", "first day.yaml", "--quiet", *options]) == 0
    assert (folder / "runs" / "first-day-seed-1" / "report.html").is_file()


def test_it_names_every_key_but_the_single_habits(folder):
    main(["new-scenario", "a.yaml"])
    text = (folder / "a.yaml").read_text()
    schema = scenario_schema()
    parts = [schema, *(part for name, part in schema["$defs"].items() if name.endswith("Spec"))]
    keys = {key for part in parts for key in part["properties"]}
    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()


def test_it_replaces_nothing(folder, capsys):
    (folder / "mine.yaml").write_text("years of work")
    assert main(["new-scenario", "mine.yaml"]) == 2
    assert "left alone" in capsys.readouterr().err
    assert (folder / "mine.yaml").read_text() == "years of work"
    assert main(["new-scenario", "no/such/folder.yaml"]) == 2
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize(("file", "name"), [("S 02_Kukatika!.yaml", "s-02-kukatika"), ("ü.yaml", "my-scenario")])
def test_its_name_is_that_of_the_file(folder, file, name):
    main(["new-scenario", file])
    assert Scenario.load(folder / file).name == name
