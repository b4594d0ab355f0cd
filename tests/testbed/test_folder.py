"""A run folder replaces nothing but itself, and a damaged one is bad input."""

import shutil

import pytest

from sim.cli import main
from tests.town import scenario_file


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return scenario_file(tmp_path_factory.mktemp("scenario"), [], lasts="2 h")


@pytest.fixture(scope="module")
def run_folder(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    assert main(["run", str(scenario), "--quiet", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("name", ["manifest.json", ".ossbss.json", "thesis.txt"])
def test_somebody_elses_folder_is_left_alone(scenario, tmp_path, capsys, name):
    (tmp_path / name).write_text('{"name": "my web app"}')
    assert main(["run", str(scenario), "--quiet", "--out", str(tmp_path)]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_notes_put_beside_a_run_are_not_lost(scenario, run_folder, tmp_path, capsys):
    mine = shutil.copytree(run_folder, tmp_path / "run")
    assert main(["run", str(scenario), "--quiet", "--out", str(mine)]) == 0
    (mine / "notes.txt").write_text("what I learnt")
    assert main(["run", str(scenario), "--quiet", "--out", str(mine)]) == 2
    assert "notes.txt" in capsys.readouterr().err
    assert (mine / "notes.txt").read_text() == "what I learnt"


def test_the_folder_one_stands_in_will_do(scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(scenario), "--quiet", "--out", "."]) == 0
    assert (tmp_path / "report.html").is_file()


DAMAGE = {
    "a table cut short": ("rated.parquet", lambda text: text[:200]),
    "no manifest": ("manifest.json", lambda text: b"[]"),
    "an empty manifest": ("manifest.json", lambda text: b"{}"),
    "figures cut short": ("kpis.json", lambda text: text[:30]),
    "figures gone": ("kpis.json", lambda text: b"{}"),
}


@pytest.mark.parametrize("what", DAMAGE)
@pytest.mark.parametrize("command", ["report", "compare", "trace"])
def test_a_damaged_run_is_bad_input_not_a_crash(run_folder, tmp_path, capsys, what, command):
    damaged = shutil.copytree(run_folder, tmp_path / "run")
    name, change = DAMAGE[what]
    whole = (damaged / name).read_bytes()
    (damaged / name).write_bytes(change(whole))
    arguments = {"report": [], "compare": [str(run_folder)], "trace": ["--account", "account-0000001"]}[command]
    if command == "trace" and name == "kpis.json":
        return  # a trace needs no figures
    assert main([command, str(damaged), *arguments]) == 2
    assert "holds no run" in (said := capsys.readouterr().err) or "run the scenario anew" in said
