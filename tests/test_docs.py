"""What the documents say can be done is done."""

import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def fences(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the reader stands, with the recorded files that the README names."""
    here, shipped = tmp_path_factory.mktemp("reader"), ROOT / "scenarios"
    for file in (*(shipped / "recorded").iterdir(), shipped / "networks" / "town.json"):
        shutil.copy(file, here)
    return here


def test_the_readme_opens_with_the_two_commands():
    assert fences("console")[0].split("\n")[:2] == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^demo:", makefile, re.MULTILINE)
    assert re.search(r"^test:", makefile, re.MULTILINE)


COMMANDS = [line for fence in fences("console") for line in fence.splitlines() if line.startswith("ossbss ")]


def makes(command):
    """The scenario or the run folder that later commands name."""
    _, verb, *options = shlex.split(command)
    if verb == "run" and "--seed" in options:
        given = dict(pairwise(options))
        return "runs/" + "-".join([options[0], *filter(None, [given.get("--variant")]), "seed", given["--seed"]])
    return options[0] if verb == "new-scenario" else None


def do(command, folder):
    arguments = [sys.executable, "-m", "sim.cli", *shlex.split(command)[1:]]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)


def test_the_readme_tells_what_it_reads_to_be_made_before():
    made = [file for file in map(makes, COMMANDS) if file]
    read = {word for command in COMMANDS for word in command.split() if word.startswith("runs/")}
    assert read <= set(made)
    assert len(made) == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_does_what_it_says(folder, command):
    """After those that make what it names, unless they were done here."""
    for earlier in COMMANDS[: COMMANDS.index(command)]:
        if (made := makes(earlier)) in command.split() and not (folder / made).exists():
            do(earlier, folder)
    do(command, folder)


def test_the_python_of_the_readme_runs(folder):
    (code,) = fences("python")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "day.png").is_file()


def test_the_glossary_has_fifteen_words_and_the_files_named_exist():
    glossary = README.split("## Glossary")[1]
    assert len(re.findall(r"^\| (?!word|---)", glossary, re.MULTILINE)) == 15
    for place in re.findall(r"^\| `([\w/]+)` \|", README, re.MULTILINE):
        assert (ROOT / place).exists()
    assert (ROOT / "docs" / "report.png").is_file()
    for hop in ("surveillance", "correlation", "root_cause", "service_impact", "remediation", "collection", "mediation",
                "rating", "ledger", "sla", "billing", "care"):  # fmt: skip
        assert list((ROOT / "ossbss").rglob(f"{hop}.py")) + list((ROOT / "ossbss").rglob(f"{hop}/__init__.py"))
