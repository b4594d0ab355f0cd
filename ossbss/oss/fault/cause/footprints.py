"""Every candidate on its own, worked out once for an inventory: what it makes heard, and which services it takes."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ossbss.oss.fault.cause.beliefs import Beliefs
from ossbss.oss.fault.cause.network_model import NetworkModel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Footprints:
    """``symptoms``, ``services``: candidate → what it causes or may cause alone, sorted; ``by_symptom``,
    ``by_service``: the same as matrices (candidates × …). ``log_prior``: candidate → log odds that it has failed."""

    def __init__(self, model: NetworkModel, beliefs: Beliefs) -> None:
        numbers = model.numbers
        effects = (model.effect((c,)) for c in range(len(numbers.candidates)))
        pairs = [(np.flatnonzero(e.expected | e.possible), np.flatnonzero(e.down)) for e in effects]
        self.symptoms: list[Ints] = [expected for expected, _ in pairs]
        self.services: list[Ints] = [down for _, down in pairs]
        self.by_symptom = _matrix(self.symptoms, len(numbers.symptoms))
        self.by_service = _matrix(self.services, len(numbers.services))
        self.log_prior = _log_prior(numbers.kinds, beliefs)


def _log_prior(kinds: tuple[str, ...], beliefs: Beliefs) -> Floats:
    """The faults of a window are shared out among the kinds that there are, and among the candidates of a kind."""
    present = {kind: share for kind, share in beliefs.share.items() if kind in kinds}
    each = {kind: beliefs.faults * share / sum(present.values()) / kinds.count(kind) for kind, share in present.items()}
    with np.errstate(divide="ignore"):
        return np.log(np.array([each[kind] for kind in kinds], dtype=np.float64))  # type: ignore[index]


def _matrix(rows: list[Ints], width: int) -> csr_array:
    starts = np.cumsum([0, *map(len, rows)])
    items = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    return csr_array((np.ones(len(items)), items, starts), shape=(len(rows), width))
