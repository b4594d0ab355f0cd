"""Named random streams: every entity and occasion draws its own luck, whoever else draws (DESIGN, decision 6)."""

from hashlib import blake2b

import numpy as np

_NAME_OCTETS = 16
_WORD_OCTETS = 4


class Streams:
    """The random streams of one run, each found by its name and never by the order of asking."""

    def __init__(self, seed: int) -> None:
        """``seed`` is the run's, zero or more; ValueError when negative."""
        if seed < 0:
            raise ValueError(f"seed {seed} is negative; give 0 or more")
        self.seed = seed

    def get(self, name: str) -> np.random.Generator:
        """A fresh generator at the start of the stream ``name``, for example ``repair/duct-7/2``.

        Asking twice for one name gives the same draws twice, so a name is for one occasion.
        """
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *_words(name)])))


def _words(name: str) -> list[int]:
    digest = blake2b(name.encode(), digest_size=_NAME_OCTETS).digest()
    starts = range(0, _NAME_OCTETS, _WORD_OCTETS)
    return [int.from_bytes(digest[start : start + _WORD_OCTETS], "little") for start in starts]
