"""Fuzzing: no exception, no growth of memory, each input accepted or rejected with a reason, and both counted."""

import gc
import math
import sys
from io import BytesIO
from typing import get_args

import pytest

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.malformed import LATEST_MS, LONGEST_REASON
from ossbss.oss.elements.notification import ObjectKind
from ossbss.oss.elements.probable_causes import EVENT_TYPE, INDETERMINATE
from tests.oss.elements.wire_fuzz import inputs
from tests.oss.elements.wire_samples import DIALECTS, RECEIVED_MS, needs_samples

SEVERITIES, KINDS, EVENT_TYPES = set(get_args(Severity)), set(get_args(ObjectKind)), set(get_args(EventType))
CAUSES = {*EVENT_TYPE, INDETERMINATE}
BLOCKS_GROWN = 3_000
"""allocated blocks that may be left behind: less than one for each thirty inputs of the long run"""


def check(parsed, events):
    """What holds of a result whatever came in."""
    if parsed.rejected is not None:
        assert 0 < len(parsed.rejected) <= LONGEST_REASON
        assert not parsed.notifications
        assert not parsed.measurements
    "".join((parsed.rejected or "", parsed.element, *parsed.rejected_parts)).encode()
    for each in parsed.notifications:
        assert each.event in events
        assert (each.perceived_severity in SEVERITIES) == each.is_alarm
        assert each.object_kind in KINDS
        assert (each.event_type in EVENT_TYPES) == each.is_alarm
        assert (each.probable_cause in CAUSES) == each.is_alarm
        assert 0 <= each.occurred_ms <= LATEST_MS
        assert each.occurred_uncertainty_ms >= 0
        "".join((each.object_name, each.text, each.qualifier, each.alarm_type_id, each.element)).encode()
    for each in parsed.measurements:
        assert each.value is None or math.isfinite(each.value)
        assert each.granularity_ms > 0
        assert 0 <= each.begins_ms <= LATEST_MS


def fuzzed(dialect, count, seed):
    """(accepted, rejected, allocated blocks that the second half left behind)"""
    module, accepted, rejected, halfway = DIALECTS[dialect], 0, 0, 0
    for number, payload in enumerate(inputs(dialect, count, seed)):
        if number == count // 2:
            gc.collect()
            halfway = sys.getallocatedblocks()
        for message in module.split(BytesIO(payload)):
            parsed = module.parse(message, RECEIVED_MS)
            check(parsed, module.EVENTS)
            accepted, rejected = accepted + (parsed.rejected is None), rejected + (parsed.rejected is not None)
        check(module.parse(payload, RECEIVED_MS), module.EVENTS)
    gc.collect()
    return accepted, rejected, sys.getallocatedblocks() - halfway


@needs_samples
@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_thousand_inputs_raise_nothing_and_are_all_counted(dialect):
    accepted, rejected, _ = fuzzed(dialect, 2_000, seed=1)
    assert accepted + rejected >= 1_500  # an empty input holds no message
    assert accepted > 20  # so that the inner rules are reached, not the front door only
    assert rejected > 200


@needs_samples
@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_hundred_thousand_inputs_raise_nothing_and_leave_nothing_behind(dialect):
    accepted, rejected, grown = fuzzed(dialect, 100_000, seed=2)
    print(f"{dialect}: {accepted} accepted, {rejected} rejected, {grown} blocks left behind")
    assert accepted + rejected >= 90_000
    assert min(accepted, rejected) > 1_000
    assert grown < BLOCKS_GROWN
