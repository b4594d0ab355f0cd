"""Every numbered pitfall of the standards' checklist is a test that bears its number."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
STANDARDS = TESTS.parents[1] / "shared" / "reference" / "standards.md"
_NAME = re.compile(r"test_pitfall_(\d+)_\w+")


def checklist(text: str) -> dict[int, str]:
    """Number → pitfall, of the section on pitfalls."""
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (found,) = [part for part in section if re.match(r"\d+\. Pitfalls", part)]
    return {int(number): said for number, said in re.findall(r"\n(\d+)\. (.+)", found)}


def numbered_tests(folder: Path) -> dict[int, list[str]]:
    """Number → its tests: functions that pytest collects, which assert something."""
    found: dict[int, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            name = _NAME.fullmatch(node.name) if isinstance(node, ast.FunctionDef) else None
            checks = name and any(isinstance(part, ast.Assert) for part in ast.walk(node))
            if name and checks:
                found.setdefault(int(name[1]), []).append(f"{path.relative_to(folder)}::{node.name}")
    return found


@pytest.fixture(scope="module")
def numbers() -> set[int]:
    if not STANDARDS.is_file():
        pytest.skip("SKIPPED BY NAME: ../shared/reference/standards.md is absent")
    return set(checklist(STANDARDS.read_text()))


def test_the_checklist_is_read_as_it_is_written(numbers: set[int]) -> None:
    assert numbers == set(range(1, 21))


def test_each_numbered_pitfall_is_a_test(numbers: set[int]) -> None:
    assert numbers <= numbered_tests(TESTS).keys()


def test_no_test_has_a_number_that_the_checklist_has_not(numbers: set[int]) -> None:
    assert numbered_tests(TESTS).keys() <= numbers


def test_a_docstring_or_an_empty_test_is_no_test(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        '"""test_pitfall_1_told."""\n\ndef test_pitfall_2_empty():\n    """2"""\n\n'
        "def test_pitfall_3_real():\n    assert 1 + 1 == 2\n\ndef helper_pitfall_4_no():\n    assert True\n"
    )
    assert numbered_tests(tmp_path) == {3: ["test_a.py::test_pitfall_3_real"]}
    assert checklist("## 2. A\n1. no\n## 3. Pitfalls: each\n\n1. Clear.\n2. Two\n   lines.\n## 4. B\n9. no\n") == {
        1: "Clear.", 2: "Two",
    }  # fmt: skip
