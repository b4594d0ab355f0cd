"""The port that every method of diagnosis fills: what is to be explained, and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class Case:
    """``records``: the log of alarms in order of time; ``reports``: (service, when somebody complained of it);
    ``span_ms``: begin and end of the window; ``known``: resources whose failure is believed already and explains its
    part; ``ruled_out``: resources that have not failed, for somebody looked; ``certain``: alarms that are not false,
    for they have stood for long; ``working``: services whose probe passes, whatever their customers say; ``kinds``: in
    which way those that are known have failed, as far as that is believed."""

    records: Sequence[AlarmRecord]
    reports: Sequence[tuple[str, int]]
    span_ms: tuple[int, int]
    known: frozenset[str] = frozenset()
    ruled_out: frozenset[str] = frozenset()
    certain: frozenset[Identity] = frozenset()
    working: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)


class RootCauseFinder(Protocol):
    """Any method of diagnosis, made for one inventory."""

    def diagnose(self, case: Case) -> Answer: ...
