"""A wheel, a fresh environment, an empty folder: the shipped scenario plays there."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_packages_the_scenarios_and_the_templates_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"sim", "ossbss"}
    for needed in ("sim/shipped/fibre-cut.yaml", "sim/shipped/catalogues/shillings-a.yaml",
                   "ossbss/shipped/catalogues/shillings-a.yaml", "sim/py.typed",
                   "ossbss/py.typed", "sim/testbed/report/templates/report.html.j2",
                   "sim/testbed/templates/scenario.yaml", "sim/testbed/scenario.schema.json"):  # fmt: skip
        assert needed in names


@pytest.mark.slow
def test_fibre_cut_plays_from_the_wheel_in_an_empty_folder(wheel, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel]
    subprocess.run(pip, check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    command = [python.with_name("ossbss"), "run", "fibre-cut", "--json"]
    done = subprocess.run(command, cwd=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (empty / told["folder"] / "report.html").is_file()
