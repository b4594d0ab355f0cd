"""Every candidate on its own: what it makes heard and which services it takes, worked out when first suspected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ossbss.oss.fault.cause.beliefs import Beliefs, CandidateKind
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.symptoms import Identity

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates that are suspected, sorted, with what each causes: matrices of them × symptoms, × services.
    ``by_expected``: of their symptoms those whose absence speaks against them; None: of all, as far as is known."""

    candidates: Ints
    by_symptom: csr_array
    by_service: csr_array
    by_expected: csr_array | None = None


class Footprints:
    """What each candidate causes or may cause alone, by number and sorted. ``log_prior``: candidate → log odds that it
    has failed."""

    def __init__(self, model: NetworkModel, beliefs: Beliefs) -> None:
        self.model = model
        self.log_prior = _log_prior(model.numbers.kinds, beliefs)
        self._known: dict[int, tuple[Ints, Ints, Ints]] = {}
        self._everybody: Pool | None = None

    def symptoms(self, candidate: int) -> Ints:
        """Symptoms of this candidate."""
        return self._of(candidate)[0]

    def alarms(self, candidate: int) -> frozenset[Identity]:
        """The same by name."""
        names = self.model.numbers.symptoms
        return frozenset(names[symptom] for symptom in self.symptoms(candidate).tolist())

    def services(self, candidate: int) -> Ints:
        """Services whose customers suffer while this candidate has failed."""
        return self._of(candidate)[1]

    def pool(self, candidates: Sequence[int] | None = None) -> Pool:
        """These candidates; all that may be named where none are given, worked out once."""
        if candidates is not None:
            return self._pool(sorted(candidates))
        if self._everybody is None:
            self._everybody = self._pool(np.flatnonzero(np.isfinite(self.log_prior)).tolist())
        return self._everybody

    def _of(self, candidate: int) -> tuple[Ints, Ints, Ints]:
        """Symptoms, services, and the symptoms that are not only possible."""
        if candidate not in self._known:
            effect = self.model.effect((candidate,))
            each = (effect.expected | effect.possible, effect.suffering, effect.expected)
            self._known[candidate] = np.flatnonzero(each[0]), np.flatnonzero(each[1]), np.flatnonzero(each[2])
        return self._known[candidate]

    def _pool(self, candidates: Sequence[int]) -> Pool:
        numbers = self.model.numbers
        symptoms, services, expected = ([self._of(c)[part] for c in candidates] for part in range(3))
        matrices = _matrix(symptoms, len(numbers.symptoms)), _matrix(services, len(numbers.services))
        sure = _matrix(expected, len(numbers.symptoms)) if numbers.unseen.kinds else None
        return Pool(np.array(candidates, dtype=np.int64), *matrices, sure)


def _log_prior(kinds: tuple[CandidateKind, ...], beliefs: Beliefs) -> Floats:
    """The faults of a window are shared out among the kinds that there are, and among the candidates of a kind."""
    if beliefs.odds is not None:
        return np.log(np.array([beliefs.odds[kind] for kind in kinds], dtype=np.float64))
    present = {kind: share for kind, share in beliefs.share.items() if kind in kinds}
    each = {kind: beliefs.faults * share / sum(present.values()) / kinds.count(kind) for kind, share in present.items()}
    with np.errstate(divide="ignore"):
        return np.log(np.array([each[kind] for kind in kinds], dtype=np.float64))


def _matrix(rows: list[Ints], width: int) -> csr_array:
    starts = np.cumsum([0, *map(len, rows)])
    items = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    return csr_array((np.ones(len(items)), items, starts), shape=(len(rows), width))
