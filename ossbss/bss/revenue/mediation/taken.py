"""Keys of records that were taken. The numbers of a file are kept as spans of those that follow each other, of a file
without gaps as one; ids and parts of sessions each by itself."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

NUMBER, ID, LEG = "number", "id", "leg"
KEY_SCHEMA: dict[str, type[pl.DataType]] = {
    "element_id": pl.String,
    "kind": pl.String,
    "name": pl.String,
    "number": pl.Int64,
}
"""``name``: of a number its file, of an id the id, of a leg its session."""
SPANS_SCHEMA: dict[str, type[pl.DataType]] = {**KEY_SCHEMA, "last": pl.Int64}
"""Keys from ``number`` to ``last``."""
_KEPT = {NUMBER: ["number"], ID: ["name"], LEG: ["name", "number"]}
_SHELF = pl.when(pl.col("kind") == NUMBER).then("name").otherwise(pl.lit("")).alias("shelf")
_FRAMES = 64
"""Frames of one shelf before they are made one (assumption: joins cost more than the copy then)."""
Shelf = tuple[str, str, str]
Spans = NDArray[np.int64]
"""(n, 2): first and last, rising, with gaps between them"""


class TakenRecords:
    """Numbers of a file lie together; ids and legs of an element are searched whole."""

    def __init__(self) -> None:
        self._numbers: dict[Shelf, Spans] = {}
        self._others: dict[Shelf, list[pl.DataFrame]] = {}

    def add(self, spans: pl.DataFrame) -> None:
        """SPANS_SCHEMA."""
        for shelf, own in _by_shelf(spans):
            if shelf[1] == NUMBER:
                new = own.select("number", "last").to_numpy()
                self._numbers[shelf] = _union(np.concatenate([self._of(shelf), new]))
            else:
                frames = [*self._others.get(shelf, ()), own.select(_KEPT[shelf[1]])]
                self._others[shelf] = frames if len(frames) < _FRAMES else [pl.concat(frames, rechunk=True)]

    def forget(self, keys: pl.DataFrame) -> None:
        """Keys (KEY_SCHEMA) of records that were taken and then refused: they may come again."""
        for shelf, own in _by_shelf(keys):
            kept = _KEPT[shelf[1]]
            if shelf[1] == NUMBER:
                self._numbers[shelf] = _without(self._of(shelf), own["number"].to_numpy())
            else:
                self._others[shelf] = [taken.join(own, on=kept, how="anti") for taken in self._others.get(shelf, ())]

    def near(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Those of the keys (KEY_SCHEMA) that were taken."""
        found = [pl.DataFrame(schema=KEY_SCHEMA)]
        for shelf, own in _by_shelf(keys):
            if len(spans := self._of(shelf)):
                found.append(own.filter(_among(spans, own["number"].to_numpy())))
            found += [own.join(taken, on=_KEPT[shelf[1]], how="semi") for taken in self._others.get(shelf, ())]
        return pl.concat([frame.select(*KEY_SCHEMA) for frame in found])

    def _of(self, shelf: Shelf) -> Spans:
        return self._numbers.get(shelf, np.empty((0, 2), dtype=np.int64))


def spans_of(keys: pl.DataFrame) -> pl.DataFrame:
    """SPANS_SCHEMA of keys (KEY_SCHEMA)."""
    found = [pl.DataFrame(schema=SPANS_SCHEMA)]
    for (_, kind, _), own in _by_shelf(keys):
        each = own.select(*KEY_SCHEMA, pl.col("number").alias("last"))
        found.append(_joined(each) if kind == NUMBER else each)
    return pl.concat(found)


def _joined(each: pl.DataFrame) -> pl.DataFrame:
    """Keys of one file."""
    spans = _union(each.select("number", "last").to_numpy())
    own = each[: len(spans)]
    return own.with_columns(pl.Series("number", spans[:, 0]), pl.Series("last", spans[:, 1]))


def may_repeat(keys: pl.DataFrame) -> bool:
    """Whether a key stands twice."""
    return any(_repeats(own, _KEPT[kind]) for (_, kind, _), own in _by_shelf(keys))


def _repeats(own: pl.DataFrame, kept: list[str]) -> bool:
    numbers = own["number"].to_numpy()
    if kept == _KEPT[NUMBER] and (numbers[1:] > numbers[:-1]).all():
        return False
    return own.select(kept).n_unique() < own.height


def _by_shelf(keys: pl.DataFrame) -> Iterator[tuple[Shelf, pl.DataFrame]]:
    """Element, kind and, of numbers, file; mostly all that comes at once belongs to one."""
    shelved = keys.with_columns(_SHELF)
    by = ["element_id", "kind", "shelf"]
    if keys.height and all(_is_one(shelved[name]) for name in by):
        yield shelved.select(by).row(0), keys
    else:
        for shelf, own in shelved.partition_by(by, as_dict=True).items():
            yield shelf, own.drop("shelf")


def _is_one(column: pl.Series) -> bool:
    return bool((column == column[0]).all())


def _union(spans: Spans) -> Spans:
    """Of spans in any order, which may touch and overlap."""
    if (spans[1:, 0] < spans[:-1, 0]).any():
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    apart = (spans[1:, 0] > reach[:-1]) & (spans[1:, 0] - 1 != reach[:-1])
    begins = np.flatnonzero(np.append(True, apart)[: len(spans)])
    ends = np.append(begins[1:], len(spans))[: len(begins)] - 1
    return np.stack([spans[begins, 0], reach[ends]], axis=1)


def _among(spans: Spans, numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    place = np.searchsorted(spans[:, 0], numbers, side="right") - 1
    found: NDArray[np.bool_] = (place >= 0) & (numbers <= spans[place, 1])
    return found


def _without(spans: Spans, numbers: NDArray[np.int64]) -> Spans:
    gone = numbers[_among(spans, numbers)] if len(spans) else numbers[:0]
    hit = np.zeros(len(spans), dtype=np.bool_)
    hit[np.searchsorted(spans[:, 0], gone, side="right") - 1] = True
    single = [first + np.arange(last - first + 1) for first, last in spans[hit]]
    left = np.setdiff1d(np.concatenate([np.empty(0, dtype=np.int64), *single]), gone)
    return _union(np.concatenate([spans[~hit], np.stack([left, left], axis=1)]))
