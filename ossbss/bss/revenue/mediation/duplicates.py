"""Was this record taken already? By its number in its file, by its id, and by its part of a session; first taken wins.

A record that was refused is not taken: it may come again, mended. A mended file keeps the places of its records, or
comes under another file_id, where only ids and parts of sessions can tell.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

CHAIN = ("element_id", "chain_id", "subscriber_id", "class", "zone")
"""One session of one line in one zone: what is charged differently is never summed."""
_FILE, _ID, _LEG = "number", "id", "leg"
_KEY = ("element_id", "kind", "name", "number")
KEY_SCHEMA: dict[str, type[pl.DataType]] = {
    "element_id": pl.String,
    "kind": pl.String,
    "name": pl.String,
    "number": pl.Int64,
}
WORDS = {
    _FILE: "duplicate: its number in this file was already taken",
    _ID: "duplicate: its id was already taken",
    _LEG: "duplicate: its part of the session was already taken",
}


_FRAMES = 64
"""Frames of one shelf before they are made one (assumption: joins cost more than the copy then)."""


class TakenRecords:
    """Keys of what was taken. Those of a file lie together; ids and legs of an element are searched whole. What is the
    same on all of a shelf is not kept with each."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, ...], list[pl.DataFrame]] = {}

    def add(self, keys: pl.DataFrame) -> None:
        for shelf, own in _by_shelf(keys):
            frames = [*self._keys.get(shelf, ()), own.select(_KEPT[shelf[1]])]
            self._keys[shelf] = frames if len(frames) < _FRAMES else [pl.concat(frames, rechunk=True)]

    def forget(self, keys: pl.DataFrame) -> None:
        """Keys of records that were taken and then refused: they may come again."""
        for shelf, own in _by_shelf(keys):
            kept = _KEPT[shelf[1]]
            self._keys[shelf] = [taken.join(own, on=kept, how="anti") for taken in self._keys.get(shelf, ())]

    def near(self, keys: pl.DataFrame) -> pl.DataFrame:
        """KEY_SCHEMA: those of the keys that were taken."""
        found = [pl.DataFrame(schema=KEY_SCHEMA)]
        for shelf, own in _by_shelf(keys):
            found += [own.join(taken, on=_KEPT[shelf[1]], how="semi") for taken in self._keys.get(shelf, ())]
        return pl.concat(found)


def _by_shelf(keys: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], pl.DataFrame]]:
    shelves = keys.with_columns(_SHELF).partition_by("element_id", "kind", "shelf", as_dict=True)
    for shelf, own in shelves.items():
        yield shelf, own.select(*KEY_SCHEMA)


_KEPT = {_FILE: ["number"], _ID: ["name"], _LEG: ["name", "number"]}
_SHELF = pl.when(pl.col("kind") == _FILE).then("name").otherwise(pl.lit("")).alias("shelf")


def keys_of(numbered: pl.DataFrame) -> pl.DataFrame:
    """``row`` and KEY_SCHEMA: all keys of each record; none where a part of the key is null."""
    session = pl.struct(*CHAIN[1:]).struct.json_encode()
    kinds = (
        (_FILE, pl.col("file_id"), pl.col("sequence")),
        (_ID, pl.col("record_id"), pl.lit(0, dtype=pl.Int64)),
        (_LEG, pl.when(pl.col("chain_id").is_not_null()).then(session), pl.col("leg")),
    )
    found = [
        numbered.select("row", "element_id", pl.lit(kind).alias("kind"), name.alias("name"), number.alias("number"))
        for kind, name, number in kinds
    ]
    return pl.concat(found).drop_nulls()


def may_repeat(keys: pl.DataFrame) -> bool:
    """False only where no key stands twice; that is seen at once, by mixing their parts into 64 bits."""
    mixed = keys["number"].to_numpy().view(np.uint64) * _ODD
    for seed, name in enumerate(_KEY[:-1]):
        mixed += keys[name].hash(seed).to_numpy()
    return pl.Series(mixed).n_unique() < keys.height


_ODD = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio: neighbours come to lie far from each other"""


def doubles(keys: pl.DataFrame, takers: pl.Series, taken: pl.DataFrame) -> dict[int, str]:
    """Row → verdict of each record that was taken before, in an earlier batch (``taken``) or above in this one.

    ``takers``: rows that would be taken, in order. Only rows that share a key with another need their order.
    """
    old = keys.join(taken, on=_KEY, how="semi").unique("row", keep="first", maintain_order=True)
    found = {row: WORDS[kind] for row, kind in old.select("row", "kind").iter_rows()}
    shared = keys.filter(pl.len().over(_KEY) > 1)
    contested = keys.join(shared, on="row", how="semi").sort("row")
    would, gone = set(takers.filter(takers.is_in(contested["row"].implode())).to_list()), set()
    by_row: dict[int, list[tuple[str, ...]]] = {}
    for row, *key in contested.select("row", *_KEY).iter_rows():
        by_row.setdefault(row, []).append(tuple(key))
    for row, own in by_row.items():
        hit = next((key for key in own if key in gone), None)
        if hit is not None:
            found.setdefault(row, WORDS[hit[1]])
        if row in would and row not in found:
            gone.update(own)
    return found
