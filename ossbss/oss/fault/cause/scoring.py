"""How well does a set of failures explain a window? Logarithms of probabilities, all failures at work together.

The chance of hearing a symptom, of a complaint, and the number of false alarms are unknown: they are integrated out
(Beta-binomial, Gamma-Poisson), so that a noisy window is known by its own noise. Up to a constant of the window.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from ossbss.oss.fault.cause.beliefs import Beliefs
from ossbss.oss.fault.cause.evidence import Evidence
from ossbss.oss.fault.cause.footprints import Footprints, Pool
from ossbss.oss.fault.cause.network_model import Effect
from ossbss.oss.fault.cause.numbering import within
from ossbss.oss.fault.cause.timing import Onset, Timing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
State = frozenset[int]
"""Candidates that have failed together. A link's number + the count of candidates: it failed with a duct of this state,
in which it lies though the inventory does not say so."""


_NEVER = 30.0
"""By how much (natural logarithm) it is unlikelier that an alarm is false which is known to be true, or that a service
does not work whose probe passes."""


@dataclass(frozen=True, eq=False)
class Scored:
    """``log``: how likely; ``explained``, ``astray``: places of alarms in the evidence, those expected
    and those of services that do not run as the inventory says; ``look``: equal for states that
    would be seen alike."""

    state: State
    log: float
    effect: Effect
    explained: Ints
    astray: Ints
    look: bytes


class Scoring:
    """One window against the model; states are remembered."""

    def __init__(
        self,
        footprints: Footprints,
        evidence: Evidence,
        beliefs: Beliefs,
        pool: Pool,
        ruled_out: Collection[int] = (),
        certain: Collection[int] = (),
        working: Collection[int] = (),
    ) -> None:
        """``pool``: whom to suspect; ``ruled_out``: who has not failed, as somebody has looked; ``certain``: symptoms
        that are not false alarms; ``working``: services that pass their probes."""
        self.model = model = footprints.model
        self.footprints, self.evidence, self.beliefs, self.pool = footprints, evidence, beliefs, pool
        self.prior = footprints.log_prior.copy()
        self.prior[list(ruled_out)] = -np.inf
        self.timing = Timing(evidence, model.numbers.places, beliefs)
        self._certain = np.isin(evidence.alarms, list(certain))
        self._working = np.array(sorted(working), dtype=np.int64)
        symptoms, services = len(model.numbers.symptoms), len(model.numbers.services)
        self._alarm_at = _places(evidence.alarms, symptoms)
        self._report_at = _places(evidence.reports, services)
        self.clear = np.ones(symptoms, dtype=bool)
        """symptom → its presence or absence says something"""
        self.clear[evidence.unclear] = False
        if not beliefs.names("manager"):
            self.clear[model.numbers.places.manager] = False
        site = model.numbers.places.site
        spoken = symptoms if beliefs.names("mains") else symptoms - (site.stop - site.start)
        self._log_alarm = float(np.log(spoken * evidence.length_s))
        wrong = np.where(model.numbers.restored, beliefs.wrong_ends, beliefs.wrong_path)
        self._log_astray = np.log(wrong / 2)
        self._log_report = float(np.log(max(1, services) * evidence.length_s))
        self.lossy = np.zeros(len(model.numbers.candidates), dtype=bool)
        self.lossy[list(model.numbers.unseen.loses)] = True
        self.given: State = frozenset()
        """candidates that are known to have failed, before others are looked for"""
        self.seen: dict[State, Scored] = {}

    def give(self, names: Iterable[str]) -> None:
        """Resources of these names are known to have failed; of the ways in which one can fail, the likelier."""
        found: State = frozenset()
        for name in sorted(names):
            if numbers := self.model.numbers.numbers_of.get(name):
                found |= {max(numbers, key=lambda no: self.score(found | {no}).log)}
        self.given, self.seen = found, {}

    def score(self, state: State) -> Scored:
        """Remembered, or worked out."""
        if state not in self.seen:
            self.seen[state] = self._score(state)
        return self.seen[state]

    def _score(self, state: State) -> Scored:
        alone, tied = self.parts(state)
        effect = self.model.effect((*alone, *tied), self.evidence.lost_managers)
        expected = effect.expected & self.clear
        raised = np.flatnonzero((expected | effect.possible)[self.evidence.alarms])
        complained = np.flatnonzero(effect.suffering[self.evidence.reports])
        onsets = [self._onset(c) for c in alone]
        began = [(c, onset) for c, onset in zip(alone, onsets, strict=True) if onset is not None]
        began += [(link, onset) for link in tied for c, onset in began if self.model.numbers.kinds[c] == "duct"]
        fits, times = self._fit(began, raised, complained)
        likelier = fits > -self._log_alarm - 1.0  # else rather a false alarm beside one that was lost
        explained = raised[likelier]
        astray, log = self._astray(expected | effect.possible, [b for b in began if self._takes_services(b[0])])
        log += float(self.prior[list(alone)].sum()) + self.timing.of_onsets(onsets)
        log += len(tied) * float(np.log(self.beliefs.lies_there_too))
        log += float(fits[likelier].sum() + times.sum())
        missing = int(expected.sum()) - int(expected[self.evidence.alarms[explained]].sum())
        log += _rate(len(explained), missing, self.beliefs.heard)
        log += _rate(len(complained), int(effect.suffering.sum()) - len(complained), self.beliefs.reported)
        false = len(self.evidence.alarms) - len(explained) - len(astray)
        log += _false(false, self.beliefs.false_alarms, self._log_alarm)
        log -= _NEVER * (int(self._certain.sum()) - int(self._certain[explained].sum() + self._certain[astray].sum()))
        log -= _NEVER * int(effect.down[self._working].sum())
        log += self._false_reports(complained)
        seen = (expected, effect.possible[self.evidence.alarms], effect.suffering)
        look = b"".join(np.packbits(of).tobytes() for of in seen)
        return Scored(state, log, effect, explained, astray, look)

    def _false_reports(self, complained: Ints) -> float:
        """Complaints of services that work, and those that were made again, ``complained`` being places of the others.

        Whoever calls again does so at any time, so that when it was says nothing.
        """
        evidence, beliefs = self.evidence, self.beliefs
        false = len(evidence.reports) - len(complained)
        if beliefs.false_reports_per_s is None:
            return _false(false, beliefs.false_reports, self._log_report)
        again = int(evidence.again[complained].sum())
        log_again = again * log(beliefs.complains_again)
        log_again += (int(evidence.again.sum()) - again) * log(beliefs.complains_again_falsely)
        return false * log(beliefs.false_reports_per_s) + log_again

    def _onset(self, candidate: int) -> Onset | None:
        """By the alarms that it causes and that nothing that is known explains already; by all of them else."""
        own = self._own_alarms(candidate)
        others = [self._own_alarms(c) for c in self.given if c != candidate]
        fresh = own[~np.isin(own, np.concatenate(others))] if others else own
        return self.timing.onset(fresh if len(fresh) else own, self._own_complaints(candidate))

    def parts(self, state: State) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(candidates that failed of themselves, links that failed with a duct)"""
        count = len(self.model.numbers.candidates)
        return tuple(sorted(c for c in state if c < count)), tuple(sorted(c - count for c in state if c >= count))

    def _takes_services(self, candidate: int) -> bool:
        kinds = self.model.numbers.kinds
        return candidate >= len(kinds) or kinds[candidate] not in ("lossy", "cell")

    def _astray(self, expected: Bools, began: list[tuple[int, Onset]]) -> tuple[Ints, float]:
        """Places of alarms of services that are not expected to fail and yet fail when something else does: rather than
        false, their paths are others than the inventory's. And the log probability of that."""
        services = self.model.numbers.places.service
        alarms = self.evidence.alarms
        in_doubt = np.flatnonzero(within(alarms, services) & ~expected[alarms])
        if not len(in_doubt) or not began:
            return in_doubt[:0], 0.0
        fits = np.max([self.timing.of_alarms(in_doubt, onset) for _, onset in began], axis=0)
        of_service = (alarms[in_doubt] - services.start) // 2
        each, where = np.unique(of_service, return_inverse=True)
        log = self._log_astray[each]
        np.add.at(log, where, fits)
        likelier = log > -self._log_alarm * np.bincount(where)
        return in_doubt[likelier[where]], float(log[likelier].sum())

    def _own_alarms(self, candidate: int) -> Ints:
        """Places of the alarms that this candidate causes alone."""
        places = self._alarm_at[self.footprints.symptoms(candidate)]
        return places[places >= 0]

    def complaints(self, candidate: int) -> Ints:
        """Services that are complained of and that suffer of this candidate alone."""
        return self.evidence.reports[self._own_complaints(candidate)]

    def _own_complaints(self, candidate: int) -> Ints:
        places = self._report_at[self.footprints.services(candidate)]
        return places[places >= 0]

    def _fit(self, began: list[tuple[int, Onset]], raised: Ints, complained: Ints) -> tuple[Floats, Floats]:
        """Log densities of the times of these alarms and complaints, each by the failure that it fits best.

        One that only several failures cause together may have come after any of them.
        """
        fits = np.full(len(self.evidence.alarms), -np.inf)
        times = np.full(len(self.evidence.reports), -np.inf)
        for c, onset in began:
            alarms, complaints = self._own_alarms(c), self._own_complaints(c)
            fits[alarms] = np.maximum(fits[alarms], self.timing.of_alarms(alarms, onset))
            times[complaints] = np.maximum(times[complaints], self.timing.of_complaints(complaints, onset))
        for whole, of, density in (
            (fits, raised, self.timing.of_alarms),
            (times, complained, self.timing.of_complaints),
        ):
            together = of[np.isneginf(whole[of])]
            if len(together):
                each = [density(together, onset) for _, onset in began]
                whole[together] = np.max(each, axis=0) if each else -np.log(self.evidence.length_s)
        return fits[raised], times[complained]


def _places(members: Ints, width: int) -> Ints:
    found = np.full(width, -1, dtype=np.int64)
    found[members] = np.arange(len(members))
    return found


def _rate(hits: int, misses: int, beta: tuple[float, float]) -> float:
    """So many hits and misses in a given order, the chance of a hit being unknown."""
    return _log_beta(beta[0] + hits, beta[1] + misses) - _log_beta(*beta)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _false(count: int, gamma: tuple[float, float], log_places: float) -> float:
    """So many false ones, each anywhere and at any time, their mean number being unknown."""
    shape, rate = gamma
    number = lgamma(shape + count) - lgamma(shape) + shape * log(rate) - (shape + count) * log(rate + 1)
    return number - count * log_places
