"""What a batch shows: tables and a manifest of all its parts, made again where a process died on the way."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from ossbss.bss.revenue.batch import disk
from ossbss.bss.revenue.batch.run import TABLES
from ossbss.bss.revenue.batch.store import LASTING, PUBLISHED, UNRATED, BatchStore, Entry
from ossbss.bss.revenue.mediation.cdr import in_order
from ossbss.bss.revenue.mediation.partials import WAITS


def publish(store: BatchStore, about: Mapping[str, Any]) -> dict[str, Any]:
    """Tables first, the manifest last; gives the manifest."""
    places = [(name, number, store.published(name, number)) for name in LASTING for number in store.numbers]
    tables_are = all(place.is_file() for *_, place in places) and (store.folder / UNRATED).is_file()
    if tables_are and store.manifest.is_file() and len(store.told()) == len(store.files):
        return disk.json_of(store.manifest)
    for name, number, place in places:
        disk.also_at(place, store.part(number) / f"{name}.parquet")
    disk.replaced(store.folder / UNRATED, _unrated(store).write_parquet)
    tables = {name: {"rows": _rows(store, name), "sort": key} for name, key in PUBLISHED.items()}
    manifest = {**about, "tables": tables, "files": list(_counted(store.files, _words(store)))}
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    disk.replaced(store.manifest, lambda draft: draft.write_text(text, encoding="utf-8"))
    return manifest


def _unrated(store: BatchStore) -> pl.DataFrame:
    """With the parts of sessions that wait."""
    frames = [store.newest("unrated")]
    if store.files:
        words = [pl.lit("suspended").alias("state"), pl.lit(WAITS).alias("reason")]
        frames.append(store.read(len(store.files), "held").with_columns(words).select(*TABLES["unrated"]))
    return in_order(pl.concat(frames), PUBLISHED["unrated"])


def _rows(store: BatchStore, name: str) -> int:
    paths = [store.published(name, number) for number in store.numbers] if name in LASTING else [store.folder / UNRATED]
    return sum(pl.scan_parquet(path).select(pl.len()).collect().item() for path in paths)


def _words(store: BatchStore) -> Iterator[pl.DataFrame]:
    """usage_id, state and amount_micros of all records, each once; part by part, for they may be many."""
    nothing = pl.lit(0, dtype=pl.Int64).alias("amount_micros")
    yield pl.read_parquet(store.folder / UNRATED, columns=["usage_id", "state"]).with_columns(nothing)
    for number in store.numbers:
        rated = pl.read_parquet(store.published("rated", number), columns=["usage_id", "amount_micros"])
        yield rated.select("usage_id", pl.lit("rated").alias("state"), "amount_micros")


def _counted(files: list[Entry], words: Iterable[pl.DataFrame]) -> Iterator[Entry]:
    """Each entry with what its records are now, rated or in a state of the unrated, and their money."""
    numbers = [entry["number"] for entry in files if entry["records"]]
    firsts = pl.Series([entry["first_id"] for entry in files if entry["records"]], dtype=pl.Int64)
    found: dict[int, Counter[str]] = {number: Counter() for number in numbers}
    money: Counter[int] = Counter()
    for each in words:
        place = (firsts.search_sorted(each["usage_id"], side="right") - 1).alias("place")
        sums = each.with_columns(place).group_by("place", "state").agg(pl.len(), pl.col("amount_micros").sum())
        for at, state, records, micros in sums.iter_rows():
            found[numbers[at]][state] += records
            money[numbers[at]] += micros
    for entry in files:
        kept = {name: value for name, value in entry.items() if name not in ("layout", "settings")}
        counts = dict(sorted(found.get(entry["number"], {}).items()))
        yield {**kept, "counts": counts, "amount_micros": money[entry["number"]]}
