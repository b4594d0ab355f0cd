"""The notebooks run as stored, say what they say stored, and are the same code in both languages."""

import ast

import pytest

from sim.lessons.cards import CARDS
from tests.lessons.notebooks import LESSON_1, code, executed, outputs, stored, texts

LABELS = {("en", "sw"), ("no cut", "bila kukatwa"), *((card.name["en"], card.name["sw"]) for card in CARDS)}
LARGEST = 600_000


@pytest.fixture(scope="module", params=["en", pytest.param("sw", marks=pytest.mark.slow)])  # the same code: see below
def run_path(request):
    return LESSON_1[request.param]


@pytest.fixture(scope="module", params=LESSON_1)
def path(request):
    return LESSON_1[request.param]


def test_it_runs_as_stored_and_says_what_is_stored(run_path, tmp_path):
    book = executed(run_path, tmp_path)
    assert [o for o in outputs(book) if o.output_type in ("error", "stream")] == []
    assert texts(book) == texts(stored(run_path)), "stale: python -m tests.lessons.notebooks"
    assert (tmp_path / "runs" / "healthy-day-evening-cut-seed-3" / "report.html").is_file()


def test_what_is_stored_holds_pictures_no_error_and_nothing_of_a_machine(path):
    book, text = stored(path), path.read_text(encoding="utf-8")
    assert sum("image/png" in o.get("data", {}) for o in outputs(book)) == 3
    assert all(cell.outputs for cell in book.cells if cell.cell_type == "code")
    assert [o for o in outputs(book) if o.output_type == "error"] == []
    assert [place for place in ("/work", "/tmp", "/root", "/home", "/Users", "iopub") if place in text] == []
    assert set(book.metadata) == {"kernelspec", "language_info"}
    assert len(text) < LARGEST


def test_the_first_cell_is_three_lines(path):
    three = ["from sim import Scenario, run", 'r = run(Scenario.load("healthy-day"))', "r.plot()"]
    assert code(stored(path))[0].split("\n") == three


def test_both_languages_have_the_same_code_but_for_labels():
    english, kiswahili = (code(stored(path)) for path in LESSON_1.values())
    assert len(english) == len(kiswahili)
    for one, other in zip(english, kiswahili, strict=True):
        (shape, words), (other_shape, other_words) = parts(one), parts(other)
        assert shape == other_shape
        assert {pair for pair in zip(words, other_words, strict=True) if pair[0] != pair[1]} <= LABELS


def parts(source):
    """The syntax tree without its texts, and the texts."""
    tree = ast.parse(source)
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    words = [text.value for text in texts]
    for text in texts:
        text.value = ""
    return ast.dump(tree), words


def test_the_kiswahili_says_that_it_was_not_reviewed():
    assert "Haijahakikiwa" in stored(LESSON_1["sw"]).cells[0].source
