"""CDR files on their way to rating: enrichment → validation → duplicates → partials → suspense, and back again."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.revenue.mediation import validation
from ossbss.bss.revenue.mediation.duplicates import doubles, keys_of
from ossbss.bss.revenue.mediation.enrichment import check_prefixes, with_zone
from ossbss.bss.revenue.mediation.partials import WAITS, Joined, Partials
from ossbss.bss.revenue.mediation.payers import TERM, with_account
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA, NEEDED, CdrFileError, Read, wrong_columns
from ossbss.bss.revenue.mediation.suspense import NO_MENDS, Suspense
from ossbss.bss.revenue.mediation.taken import TakenRecords, may_repeat, spans_of
from ossbss.bss.revenue.mediation.validation import Rule, with_verdict
from ossbss.contract.charging import LARGEST, ZONES

NUMBERED_SCHEMA: dict[str, type[pl.DataType]] = {"usage_id": pl.Int64, **CDR_SCHEMA, "known_ms": pl.Int64}
"""``usage_id``: the record's number in these books, from 1 in order of coming; ``known_ms``: when it came."""
JUDGED_SCHEMA: dict[str, type[pl.DataType]] = {**NUMBERED_SCHEMA, "state": pl.String, "reason": pl.String}
GUIDED_SCHEMA: dict[str, type[pl.DataType]] = {
    **NUMBERED_SCHEMA,
    "account_id": pl.String,
    "offering_id": pl.String,
    "closed": pl.String,
}
TAKEN_SCHEMA: dict[str, type[pl.DataType]] = {**GUIDED_SCHEMA, "parts": pl.Int64}
"""Ready for rating. ``parts``: records that went into it; ``closed``: why a session is not whole, else null."""
BOOKS_SCHEMA: dict[str, type[pl.DataType]] = {
    "state": pl.String,
    "class": pl.String,
    "records": pl.Int64,
    "quantity": pl.Int128,
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """``taken``: TAKEN_SCHEMA; ``unrated``: JUDGED_SCHEMA, the newest word on each record that was not taken."""

    taken: pl.DataFrame
    unrated: pl.DataFrame


class CdrMediation:
    """The books of mediation: every record that came in is in exactly one state.

    taken + merged + duplicate + filtered + rejected + suspended = records in, by count and by quantity.
    """

    def __init__(self, hold_ms: int, zones: Iterable[str] = ZONES) -> None:
        """``hold_ms``: how long a session waits for its parts; ``zones``: what may be priced, and those of prefixes."""
        self.zones = tuple(zones)
        self.seen = TakenRecords()
        self.partials = Partials(hold_ms, GUIDED_SCHEMA)
        self.suspense = Suspense(JUDGED_SCHEMA)
        self.settled = pl.DataFrame(schema=BOOKS_SCHEMA)
        self.came = 0
        """records so far: the next one is numbered from here"""

    def take(self, read: Read, accounts: pl.DataFrame, prefixes: pl.DataFrame, now_ms: int) -> Outcome:
        """One file; ``accounts``: ACCOUNTS_SCHEMA, ``prefixes``: PREFIXES_SCHEMA. CdrFileError for other columns."""
        if wrong := wrong_columns(read.records.schema):
            raise CdrFileError("records differ from CDR_SCHEMA: " + "; ".join(wrong))
        _check(accounts, prefixes)
        none = pl.lit(None, dtype=pl.String)
        records = read.records.select(*CDR_SCHEMA, none.alias("state"), none.alias("reason"))
        rows = pl.concat([records, read.unrated.select(records.columns)]).with_columns(
            pl.int_range(self.came + 1, self.came + pl.len() + 1, dtype=pl.Int64).alias("usage_id"),
            pl.lit(now_ms, dtype=pl.Int64).alias("known_ms"),
        )
        self.came += rows.height
        return self._judge(rows.select(*JUDGED_SCHEMA), accounts, prefixes)

    def recycle(self, accounts: pl.DataFrame, prefixes: pl.DataFrame, mends: pl.DataFrame = NO_MENDS) -> Outcome:
        """Judge again what was suspended, and what was rejected and is mended (see ``Suspense.give``)."""
        _check(accounts, prefixes)
        none = pl.lit(None, dtype=pl.String)
        rows = self.suspense.give(mends).with_columns(none.alias("state"), none.alias("reason"))
        return self._judge(rows, accounts, prefixes)

    def close(self, now_ms: int) -> Outcome:
        """Rate the sessions that have waited long enough with the parts they have."""
        return self._settle(pl.DataFrame(schema=GUIDED_SCHEMA), [], self.partials.close(now_ms))

    def unrated(self) -> pl.DataFrame:
        """JUDGED_SCHEMA: what is rejected or suspended now, parts of open sessions among it."""
        return pl.concat([self.suspense.records, _waiting(self.partials.held)]).sort("usage_id")

    def books(self) -> pl.DataFrame:
        """BOOKS_SCHEMA: how many records, and how much, are in each state now."""
        return _summed(pl.concat([self.settled, _entries(self.unrated())]))

    def _judge(self, rows: pl.DataFrame, accounts: pl.DataFrame, prefixes: pl.DataFrame) -> Outcome:
        numbered = with_zone(rows.with_row_index("row"), prefixes)
        zones = {*self.zones, *prefixes["zone"].to_list()}
        judged = self._without_doubles(with_verdict(with_account(numbered, accounts), _rules(zones)))
        good, bad = _parted(judged, pl.col("verdict").is_null())
        good = good.with_columns(pl.lit(None, dtype=pl.String).alias("closed"))
        refused = bad.with_columns(validation.state_and_reason("verdict")).select(*JUDGED_SCHEMA)
        alone, parts = _parted(good.select(*GUIDED_SCHEMA), pl.col("chain_id").is_null())
        return self._settle(alone, [refused], self.partials.add(parts), parts)

    def _without_doubles(self, judged: pl.DataFrame) -> pl.DataFrame:
        """``verdict`` also says duplicate; the keys of what is taken are remembered."""
        keys = keys_of(judged)
        takes = judged["verdict"].is_null() | judged["verdict"].str.starts_with("filtered")
        before = self.seen.near(keys)
        found = doubles(keys, judged["row"].filter(takes), before) if before.height or may_repeat(keys) else {}
        if not found and takes.all():
            self.seen.add(spans_of(keys))
            return judged.drop(*TERM)
        again = pl.DataFrame({"row": list(found), "again": list(found.values())},
                             schema={"row": judged.schema["row"], "again": pl.String})  # fmt: skip
        taken = judged.filter(takes).join(again, on="row", how="anti").select("row")
        self.seen.add(spans_of(keys.join(taken, on="row", how="semi")))
        marked = judged.join(again, on="row", how="left", maintain_order="left")
        return marked.with_columns(pl.coalesce("again", "verdict").alias("verdict")).drop("again", *TERM)

    def _settle(
        self, alone: pl.DataFrame, refused: list[pl.DataFrame], joined: Joined, parts: pl.DataFrame | None = None
    ) -> Outcome:
        single = alone.with_columns(pl.lit(1, dtype=pl.Int64).alias("parts")).select(*TAKEN_SCHEMA)
        every = in_order(pl.concat([single, joined.taken.select(*TAKEN_SCHEMA)]), "usage_id")
        taken, idle = _parted(every, pl.col("quantity") > 0)
        idle = idle.with_columns(pl.lit("filtered").alias("state"), pl.lit("nothing was carried").alias("reason"))
        told = [frame.select(*JUDGED_SCHEMA) for frame in (*refused, joined.merged, joined.rejected, idle)]
        unrated = pl.concat(told)
        if joined.rejected.height:
            self.seen.forget(keys_of(joined.rejected.with_row_index("row")))
        open_states = pl.col("state").is_in(["suspended", "rejected"])
        self.suspense.add(unrated.filter(open_states))
        done = taken.select(pl.lit("taken").alias("state"), "class", "quantity")
        entries = [self.settled, _entries(done), _entries(unrated.filter(~open_states))]
        self.settled = _summed(pl.concat(entries))
        if parts is not None:
            unrated = pl.concat([unrated, _waiting(parts.join(self.partials.held, on="usage_id", how="semi"))])
        return Outcome(taken, unrated.sort("usage_id"))


def in_order(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Sorted; as it is where it is so already, which a look is enough to see."""
    return frame if frame[by].is_sorted() else frame.sort(by)


def _parted(frame: pl.DataFrame, good: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows where it holds, and the others; nothing is copied where it holds in all."""
    mask = frame.select(good).to_series()
    return (frame, frame.clear()) if mask.all() else (frame.filter(mask), frame.filter(~mask))


def _check(accounts: pl.DataFrame, prefixes: pl.DataFrame) -> None:
    """ValueError before any record is touched."""
    if dict(accounts.schema) != ACCOUNTS_SCHEMA:
        raise ValueError(f"accounts have columns {dict(accounts.schema)}; give {ACCOUNTS_SCHEMA}")
    check_prefixes(prefixes)


def _rules(zones: set[str]) -> list[Rule]:
    """What the reader has said comes first. An empty part of a session is none the less a part."""
    given = Rule(pl.col("state").is_not_null(), pl.format("{}: {}", "state", "reason"))
    empty = Rule(validation.EMPTY.wrong & pl.col("chain_id").is_null(), validation.EMPTY.words)
    return [
        given,
        *validation.broken((*NEEDED, "known_ms"), LARGEST, sorted(zones)),
        *validation.sessions(),
        empty,
        validation.FREE,
        validation.NO_ZONE,
        validation.NO_ACCOUNT,
    ]


def _waiting(parts: pl.DataFrame) -> pl.DataFrame:
    words = [pl.lit("suspended").alias("state"), pl.lit(WAITS).alias("reason")]
    return parts.with_columns(words).select(*JUDGED_SCHEMA)


def _entries(rows: pl.DataFrame) -> pl.DataFrame:
    quantity = pl.col("quantity").cast(pl.Int128).fill_null(0)
    return rows.select("state", "class", pl.lit(1, dtype=pl.Int64).alias("records"), quantity)


def _summed(entries: pl.DataFrame) -> pl.DataFrame:
    return entries.group_by("state", "class").agg(pl.col("records", "quantity").sum()).sort("state", "class")
