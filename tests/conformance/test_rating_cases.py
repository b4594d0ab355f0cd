"""Every rating vector through one harness: the neutral tariff becomes catalogue objects, the usage is rated, and the
result is compared. One test a case; what cannot be told is no pass."""

import re
import subprocess
import sys

import pytest

from tests.conformance.cases import LATER, PUBLIC, Case, every
from tests.conformance.compare import differences
from tests.conformance.summary import OUTCOME
from tests.conformance.translate import UnsupportedError, translations
from tests.sizes import ROOT

TRANSLATIONS = translations()
CASES = [case for case in every() if case.family not in LATER]


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="SKIPPED BY NAME: ../shared/rating/cases is absent")
def test_each_model_of_the_public_cases_has_a_translation():
    assert {case.model for case in every() if case.family not in LATER} == TRANSLATIONS.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, record_property):
    outcome, reason = judged(case)
    record_property(OUTCOME, (case.id, outcome, reason))
    print(case.id, outcome, reason)
    assert outcome == "pass", reason


def judged(case: Case) -> tuple[str, str]:
    """(pass, fail or unsupported; why)"""
    try:
        if case.model not in TRANSLATIONS:
            raise UnsupportedError(f"no translation of the model {case.model}")
        wrong = differences(case.expected, TRANSLATIONS[case.model](case), case.tolerance)
    except UnsupportedError as error:
        return "unsupported", str(error)
    except Exception as error:
        return "fail", f"{type(error).__name__}: {error}"
    return ("fail", "; ".join(wrong)) if wrong else ("pass", "")


@pytest.mark.slow
def test_a_run_of_all_tests_by_several_workers_tells_the_sum():
    """No folder is named, so that the process that tells has collected nothing itself."""
    words = ["-q", "-n", "2", "-p", "no:cacheprovider", "-m", "not slow", "-k", "test_rating_cases"]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.search(r"^passed \d+ failed 0 unsupported 0 of \d+$", done.stdout, re.MULTILINE), done.stdout
