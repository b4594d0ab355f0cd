"""The fraction of a second: read alike in both forms, and uncertain by the digits that were written."""

import re

import pytest

from ossbss.oss.elements.syslog_stamp import STAMP, instant, instant_iso

WHOLE_MS = 1_715_022_000_000  # 2024-05-06T19:00:00Z


@pytest.mark.parametrize(
    ("fraction", "ms", "uncertainty_ms"),
    [("", 0, 1000), (".5", 500, 1000), (".000", 0, 0), (".123", 123, 0), (".123999", 123, 0), (".000000", 0, 0)],
)
def test_both_forms_read_the_fraction_alike(fraction, ms, uncertainty_ms):
    bsd = re.fullmatch(STAMP, f"May  6 19:00:00{fraction}")
    assert instant(bsd, WHOLE_MS) == (WHOLE_MS + ms, uncertainty_ms)
    assert instant_iso(f"2024-05-06T19:00:00{fraction}Z") == (WHOLE_MS + ms, uncertainty_ms)
    assert instant_iso(f"2024-05-06T22:00:00{fraction}+03:00") == (WHOLE_MS + ms, uncertainty_ms)
