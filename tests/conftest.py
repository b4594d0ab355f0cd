"""How much the quick suite does of what ``make test-all`` does whole; what the test run prints at its end."""

from pathlib import Path

from hypothesis import is_hypothesis_test, settings

from tests import runs
from tests.conformance import summary
from tests.sizes import ROOT, measured

settings.register_profile("untimed", deadline=None)  # a timing is never an assertion
settings.load_profile("untimed")


def pytest_configure(config):
    runs.draw_every_report = not is_quick(config)


def is_quick(config):
    """Whether it is the quick suite that runs: ``make test-all`` draws every report and tries every example."""
    return "not slow" in config.option.markexpr


def pytest_collection_modifyitems(config, items):
    laws = {item.function for item in items if is_hypothesis_test(getattr(item, "function", None))}
    for law in laws if is_quick(config) else ():
        told = law._hypothesis_internal_use_settings
        law._hypothesis_internal_use_settings = settings(told, max_examples=fewer(told.max_examples))


def fewer(examples):
    """Two in five of the many examples of a law, but not fewer than 20."""
    return max(min(examples, 20), examples * 2 // 5)


def pytest_terminal_summary(terminalreporter):
    summary.tell(terminalreporter)
    terminalreporter.write_line(f"sizes: {measured()}")
    if not (Path(ROOT).parent / "shared").is_dir():
        terminalreporter.write_line("SKIPPED BY NAME: ../shared is absent, tests against its samples did not run")
