"""How well does a set of failures explain a window? Logarithms of probabilities, all failures at work together.

The chance of hearing a symptom, of a complaint, and the number of false alarms are unknown: they are integrated out
(Beta-binomial, Gamma-Poisson), so that a noisy window is known by its own noise. Up to a constant of the window.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
"""By how much (natural logarithm) it is unlikelier that an alarm is false which is known to be true."""


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


@dataclass(frozen=True, eq=False)
class _Alone:
    """A candidate against one window. ``alarms``, ``complaints``: places in the evidence of what it causes alone."""

    candidate: int
    alarms: Ints
    complaints: Ints
    onset: Onset | None
    fit: "_Fit | None"


@dataclass(frozen=True, eq=False)
class _Fit:
    """Log densities of the times of alarms and of complaints: ``alarms``, ``complaints`` of all in the evidence;
    ``own_alarms``, ``own_complaints`` of those that a failure causes alone, of the others none (-inf)."""

    alarms: Floats
    complaints: Floats
    own_alarms: Floats
    own_complaints: Floats

    def of(self, alarms: Ints, complaints: Ints) -> "_Fit":
        """With the onset of this one, of what else is caused alone."""
        return _Fit(self.alarms, self.complaints, _only(self.alarms, alarms), _only(self.complaints, complaints))


def _best(fits: Sequence[_Fit]) -> _Fit:
    """Each time by the failure that it fits best."""
    if len(fits) == 1:
        return fits[0]
    parts = ([f.alarms for f in fits], [f.complaints for f in fits], [f.own_alarms for f in fits],
             [f.own_complaints for f in fits])  # fmt: skip
    return _Fit(*(np.max(part, axis=0) for part in parts))


def _only(densities: Floats, places: Ints) -> Floats:
    found = np.full(len(densities), -np.inf)
    found[places] = densities[places]
    return found


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
        service = model.numbers.places.service
        self._of_services = np.flatnonzero(within(evidence.alarms, service))
        each = (evidence.alarms[self._of_services] - service.start) // 2
        self._alarmed_services, self._service_of = np.unique(each, return_inverse=True)
        """of each alarm of a service, which of those services it is"""
        self.clear = np.ones(symptoms, dtype=bool)
        """symptom → its presence or absence says something"""
        self.clear[evidence.unclear] = False
        if not beliefs.names("manager"):
            self.clear[model.numbers.places.manager] = False
        site = model.numbers.places.site
        spoken = symptoms if beliefs.names("mains") else symptoms - (site.stop - site.start)
        self._log_alarm = float(np.log(spoken * evidence.length_s))
        wrong = np.where(model.numbers.restored, beliefs.wrong_ends, beliefs.wrong_path)
        self._log_astray = np.log(wrong / 2)[self._alarmed_services]
        self._log_report = float(np.log(max(1, services) * evidence.length_s))
        self.lossy = np.zeros(len(model.numbers.candidates), dtype=bool)
        self.lossy[list(model.numbers.unseen.loses)] = True
        self.given: State = frozenset()
        """candidates that are known to have failed, before others are looked for"""
        self.seen: dict[State, Scored] = {}
        self._alone: dict[int, _Alone] = {}
        self._explained = np.zeros(len(evidence.alarms), dtype=np.int64)
        """alarm → how many of those that are given cause it alone"""
        self._given_fit: tuple[_Fit, ...] = ()

    def give(self, names: Iterable[str], kinds: Mapping[str, str]) -> None:
        """Resources of these names are known to have failed; in which way, where nobody knows the likelier."""
        found: State = frozenset()
        for name in sorted(names):
            one = self.model.numbers.candidate_no.get((name, kinds.get(name, "")))
            if one is not None:
                found |= {one}
            elif numbers := self.model.numbers.numbers_of.get(name):
                found |= {max(numbers, key=lambda no: self.score(found | {no}).log) if len(numbers) > 1 else numbers[0]}
        self.given, self.seen, self._alone = found, {}, {}
        self._explained = sum((np.bincount(self._own_alarms(c), minlength=len(self.evidence.alarms)) for c in found),
                              start=self._explained)  # fmt: skip
        fits = [fit for c in sorted(found) if (fit := self._of(c).fit) is not None]
        self._given_fit = (_best(fits),) if fits else ()

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
        onsets = [self._of(c).onset for c in alone]
        began = self._began(alone, tied)
        fits, times = self._fit(began, raised, complained)
        likelier = fits > -self._log_alarm - 1.0  # else rather a false alarm beside one that was lost
        explained = raised[likelier]
        astray, log = self._astray(expected | effect.possible, self._began_of_services(alone, tied, began))
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

    def _of(self, candidate: int) -> "_Alone":
        """Its onset is told by the alarms that it causes and that nothing that is known explains already; by all of
        them else."""
        if candidate not in self._alone:
            own, complaints = self._own_alarms(candidate), self._own_complaints(candidate)
            fresh = own[self._explained[own] == int(candidate in self.given)]
            onset = self.timing.onset(fresh if len(fresh) else own, complaints)
            fit = self._fit_of(onset, own, complaints) if onset is not None else None
            self._alone[candidate] = _Alone(candidate, own, complaints, onset, fit)
        return self._alone[candidate]

    def _fit_of(self, onset: Onset, own: Ints, complaints: Ints) -> _Fit:
        alarms = self.timing.of_alarms(np.arange(len(self.evidence.alarms)), onset)
        reports = self.timing.of_complaints(np.arange(len(self.evidence.reports)), onset)
        return _Fit(alarms, reports, _only(alarms, own), _only(reports, complaints))

    def _began_of_services(self, alone: tuple[int, ...], tied: tuple[int, ...], began: _Fit | None) -> _Fit | None:
        """The same without those that take no service from anybody."""
        taking = tuple(c for c in alone if self.model.numbers.kinds[c] not in ("lossy", "cell"))
        return began if len(taking) == len(alone) else self._began(taking, tied)

    def _began(self, alone: tuple[int, ...], tied: tuple[int, ...]) -> _Fit | None:
        """How the times fit these failures; a link that failed with a duct failed when the duct did."""
        known = self._given_fit if self.given.issubset(alone) else ()
        more = (self._of(c).fit for c in alone if not known or c not in self.given)
        fits = [*known, *(fit for fit in more if fit is not None)]
        if tied:
            ducts = [fit for c in alone if self.model.numbers.kinds[c] == "duct" and (fit := self._of(c).fit)]
            fits += [fit.of(self._of(link).alarms, self._of(link).complaints) for link in tied for fit in ducts]
        return _best(fits) if fits else None

    def parts(self, state: State) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(candidates that failed of themselves, links that failed with a duct)"""
        count = len(self.model.numbers.candidates)
        return tuple(sorted(c for c in state if c < count)), tuple(sorted(c - count for c in state if c >= count))

    def _astray(self, expected: Bools, began: _Fit | None) -> tuple[Ints, float]:
        """Places of alarms of services that are not expected to fail and yet fail when something else does: rather than
        false, their paths are others than the inventory's. And the log probability of that."""
        doubtful = ~expected[self.evidence.alarms[self._of_services]]
        in_doubt, where = self._of_services[doubtful], self._service_of[doubtful]
        if not len(in_doubt) or began is None:
            return in_doubt[:0], 0.0
        fits = began.alarms[in_doubt]
        alarms_of = np.bincount(where, minlength=len(self._log_astray))
        log = self._log_astray.copy()
        np.add.at(log, where, fits)
        likelier = (log > -self._log_alarm * alarms_of) & (alarms_of > 0)
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

    def _fit(self, began: _Fit | None, raised: Ints, complained: Ints) -> tuple[Floats, Floats]:
        """Log densities of the times of these alarms and complaints, each by the failure that it fits best.

        One that only several failures cause together may have come after any of them.
        """
        if began is None:
            nowhere = -float(np.log(self.evidence.length_s))
            return np.full(len(raised), nowhere), np.full(len(complained), nowhere)
        fits, times = began.own_alarms[raised], began.own_complaints[complained]
        return (
            np.where(fits == -np.inf, began.alarms[raised], fits),
            np.where(times == -np.inf, began.complaints[complained], times),
        )


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
