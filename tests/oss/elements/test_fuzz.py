"""Many inputs for every dialect: no exception escapes, rejects are counted with reasons, no memory is kept."""

import gc
import tracemalloc
from collections import Counter

import pytest

from ossbss.oss.elements.dialects import DIALECTS, SYSLOG, parse_by
from tests.oss.elements.hostile import RECEIVED_MS, mutations

NAMES = sorted([*DIALECTS, SYSLOG])
KEPT_OCTETS = 500_000
"""What may stay behind: caches of days, years and zones, which are bounded; not the inputs (tens of megabytes)."""


def fuzz(name, count) -> Counter:
    """How many were rejected, facts, alarms; and with which first words they were rejected."""
    parse, counts = parse_by(name), Counter()
    for payload in mutations(name, count):
        _, parsed = parse(payload, RECEIVED_MS)
        counts["inputs"] += 1
        counts["rejected" if parsed.rejected is not None else "read"] += 1
        if parsed.rejected is not None:
            counts["without a reason"] += not parsed.rejected.strip()
            assert not parsed.notifications
    return counts


def checked(name, count):
    counts = fuzz(name, count)
    assert counts["inputs"] == counts["rejected"] + counts["read"] == count
    assert counts["without a reason"] == 0
    assert counts["rejected"] > count // 100  # the mutations do harm
    return counts


@pytest.mark.parametrize("name", NAMES)
def test_two_thousand_inputs(name):
    counts = checked(name, 2_000)
    if name in ("ios", "iosxr", "nxos", "eos", "junos", "huawei", SYSLOG):
        assert counts["read"] > 100  # and not only harm


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_hundred_thousand_inputs_and_no_memory_kept(name):
    fuzz(name, 2_000)  # fills the caches
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        checked(name, 100_000)
        gc.collect()  # parsers of XML leave cycles, which are no memory kept
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < KEPT_OCTETS
