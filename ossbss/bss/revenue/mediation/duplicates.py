"""Was this record taken already? By its number in its file, by its id, and by its part of a session; first taken wins.

A record that was refused is not taken: it may come again, mended. A mended file keeps the places of its records, or
comes under another file_id, where only ids and parts of sessions can tell.
"""

import polars as pl

from ossbss.bss.revenue.mediation.taken import ID, KEY_SCHEMA, LEG, NUMBER

CHAIN = ("element_id", "chain_id", "subscriber_id", "class", "zone")
"""One session of one line in one zone: what is charged differently is never summed."""
_KEY = tuple(KEY_SCHEMA)
WORDS = {
    NUMBER: "duplicate: its number in this file was already taken",
    ID: "duplicate: its id was already taken",
    LEG: "duplicate: its part of the session was already taken",
}


def keys_of(numbered: pl.DataFrame) -> pl.DataFrame:
    """``row`` and KEY_SCHEMA: all keys of each record; none where a part of the key is null."""
    session = pl.struct(*CHAIN[1:]).struct.json_encode()
    kinds = (
        (NUMBER, "sequence", pl.col("file_id"), pl.col("sequence")),
        (ID, "record_id", pl.col("record_id"), pl.lit(0, dtype=pl.Int64)),
        (LEG, "chain_id", session, pl.col("leg")),
    )
    found = []
    for kind, needs, name, number in kinds:
        own = numbered if not numbered[needs].null_count() else numbered.filter(pl.col(needs).is_not_null())
        key = (pl.lit(kind).alias("kind"), name.alias("name"), number.alias("number"))
        found.append(own.select("row", "element_id", *key))
    return pl.concat(found).drop_nulls()


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
