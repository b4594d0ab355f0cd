"""What the test run prints at its end, and what it skipped by name."""

from pathlib import Path

from hypothesis import settings

from tests.sizes import ROOT, measured

settings.register_profile("untimed", deadline=None)  # a timing is never an assertion
settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"sizes: {measured()}")
    if not (Path(ROOT).parent / "shared").is_dir():
        terminalreporter.write_line("SKIPPED BY NAME: ../shared is absent, tests against its samples did not run")
