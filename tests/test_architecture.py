"""The arrows, the operator's software without clock, chance or simulator, and the sizes people like living in."""

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sizes import ROOT, SOURCES, measured

OURS = [path for path in SOURCES if "ossbss" in path.relative_to(ROOT).parts]
LARGEST_FILE, LARGEST_FUNCTION = 300, 50


def test_the_arrows_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def names_used(path):
    """Modules imported, and dotted names called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)


FORBIDDEN = ("simpy", "random", "secrets", "time", "sim", "topohub", "uuid")
CALLS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "np.random", "numpy.random", "time.time")


@pytest.mark.parametrize("path", OURS, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_operators_software_reads_no_clock_draws_no_chance_and_knows_no_simulator(path):
    for name in names_used(path):
        assert name.split(".")[0] not in FORBIDDEN, f"{path.name} imports {name}"
        assert not name.startswith(CALLS), f"{path.name} uses {name}"


def test_only_sim_uses_simpy_and_the_detector_would_see_it():
    users = {path for path in SOURCES if "simpy" in names_used(path)}
    assert users
    assert all("sim" in path.relative_to(ROOT).parts for path in users)


def test_sizes():
    found = measured()
    assert {name: n for name, n in found.files.items() if n > LARGEST_FILE} == {}
    assert {name: n for name, n in found.functions.items() if n > LARGEST_FUNCTION} == {}
    assert statistics.median(found.real_files) <= 150
    assert statistics.median(found.functions.values()) <= 10
    assert found.p90 <= 25
