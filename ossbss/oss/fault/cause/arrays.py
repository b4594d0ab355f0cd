"""Lists of ids and of numbers as arrays."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Id = TypeVar("Id", bound=Hashable)


def numbered(ids: Iterable[Id]) -> dict[Id, int]:
    """id → its place"""
    return {name: place for place, name in enumerate(ids)}


def array(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def pairs(values: Iterable[Iterable[int]]) -> Ints:
    """One row for each pair."""
    return np.array([list(pair) for pair in values], dtype=np.int64).reshape(-1, 2)


def rows(members: list[list[int]], width: int) -> csr_array:
    """A matrix of ones: row × its members."""
    starts = np.cumsum([0, *map(len, members)])
    items = [item for row in members for item in row]
    return csr_array(
        (np.ones(len(items), dtype=np.int32), np.array(items, dtype=np.int32), starts), shape=(len(members), width)
    )
