"""One CDR file after another: mediation → entitlements → rating → postings, and what the next file must know of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA, POSTPAID
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.pricing.usage_price import TIMED
from ossbss.bss.revenue import ledger
from ossbss.bss.revenue.batch.zones import prefixes_of, zones_of
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.bss.revenue.mediation.cdr import (
    GUIDED_SCHEMA,
    JUDGED_SCHEMA,
    TAKEN_SCHEMA,
    CdrMediation,
    Outcome,
    in_order,
)
from ossbss.bss.revenue.mediation.partials import OVER_SCHEMA, WAITS
from ossbss.bss.revenue.mediation.payers import with_account
from ossbss.bss.revenue.mediation.records import Read
from ossbss.bss.revenue.mediation.taken import KEY_SCHEMA, SPANS_SCHEMA, TakenRecords
from ossbss.bss.revenue.mediation.validation import NO_ACCOUNT, state_and_reason, with_verdict
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from ossbss.bss.revenue.rating.memory import COUNTED, LEFT_SCHEMA, NOTHING_YET, USED_SCHEMA, Memory
from ossbss.bss.revenue.rating.run import execute, with_version
from ossbss.contract.units import NEVER_MS

RATED_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "run_id": pl.String,
    "account_id": pl.String,
    "offering_version": pl.String,
    "amount_micros": pl.Int64,
    "currency": pl.String,
    "fee_micros": pl.Int64,
    "free": pl.Int64,
    **{name: dtype for name, dtype in TAKEN_SCHEMA.items() if name not in ("usage_id", "account_id")},
}
"""``run_id``: number of the file whose coming rated the record; ``amount_micros`` with the connection fee
``fee_micros``; ``free``: units that allowances covered; ``parts``: records that went into it.
"""
AGAIN_SCHEMA: dict[str, type[pl.DataType]] = {"usage_id": pl.Int64}
TABLES: dict[str, dict[str, type[pl.DataType]]] = {
    "rated": RATED_SCHEMA,
    "unrated": JUDGED_SCHEMA,
    "unpriced": TAKEN_SCHEMA,
    "again": AGAIN_SCHEMA,
    "postings": ledger.POSTINGS_SCHEMA,
    "keys": SPANS_SCHEMA,
    "keys_forgotten": KEY_SCHEMA,
    "over": OVER_SCHEMA,
    "held": GUIDED_SCHEMA,
    "left": LEFT_SCHEMA,
    "used": USED_SCHEMA,
}
"""What comes of one file. ``held`` is all that waits after it; of the others what it has added or changed.
``unpriced``: of ``unrated`` what rating suspended, as mediation gave it; ``again``: records tried again, of which an
earlier word does not count.
"""
Frames = Mapping[str, pl.DataFrame]
NOTHING_TAKEN = pl.DataFrame(schema=TAKEN_SCHEMA)


@dataclass(frozen=True)
class Came:
    """A file that is finished: the number of its first record, and when it came."""

    first_id: int
    received_ms: int


@dataclass(frozen=True, eq=False)
class _Turn:
    """What came of one file, or of one file again."""

    rated: pl.DataFrame
    unrated: pl.DataFrame
    unpriced: pl.DataFrame
    changes: Memory = NOTHING_YET
    """what is remembered otherwise than before"""


class TakenNow(TakenRecords):
    """Keys, and apart those that came and went since ``begin``."""

    def begin(self) -> None:
        self.added = [pl.DataFrame(schema=SPANS_SCHEMA)]
        self.forgotten = [pl.DataFrame(schema=KEY_SCHEMA)]

    def add(self, spans: pl.DataFrame) -> None:
        super().add(spans)
        self.added.append(spans)

    def forget(self, keys: pl.DataFrame) -> None:
        super().forget(keys)
        self.forgotten.append(keys.select(*KEY_SCHEMA))


class BatchRun:
    """What crosses files: taken keys, sessions that wait or are over, allowances, monthly counters, numbers."""

    def __init__(self, catalogue: Catalogue, accounts: pl.DataFrame | str, hold_ms: int) -> None:
        """``accounts``: ACCOUNTS_SCHEMA, checked, or the offering of which every line is an account of its own.

        ValueError where the zones of the catalogue leave a number in two of them.
        """
        self.rules = RuleSet(catalogue)
        self._accounts = accounts
        self._prefixes = prefixes_of(catalogue)
        self._mediation = CdrMediation(hold_ms, zones_of(catalogue))
        self._seen = self._mediation.seen = TakenNow()
        self._seen.begin()
        self._memory = Memory()
        self._posted = 0

    def restore(self, files: Iterable[Frames], records: int, posted: int) -> None:
        """Go on after these files (TABLES of each, in order), with so many records and postings."""
        left, used = [pl.DataFrame(schema=LEFT_SCHEMA)], [pl.DataFrame(schema=USED_SCHEMA)]
        partials = self._mediation.partials
        for frames in files:
            self._seen.add(frames["keys"])
            self._seen.forget(frames["keys_forgotten"])
            self._seen.begin()
            partials.over = pl.concat([partials.over, frames["over"]])
            partials.held = frames["held"]
            left.append(frames["left"])
            used.append(frames["used"])
        self._memory = Memory(_newest(left, ["entitlement_id"]), _newest(used, list(COUNTED)))
        self._mediation.came, self._posted = records, posted

    @property
    def waits(self) -> bool:
        """Whether parts of sessions wait for others."""
        return self._mediation.partials.held.height > 0

    def take(self, read: Read, received_ms: int, run_id: str) -> dict[str, pl.DataFrame]:
        """TABLES of one file that came at an instant, and of the sessions whose time was up by then."""
        before = self._begin()
        lines = pl.concat([read.records["subscriber_id"], read.unrated["subscriber_id"]])
        came = self._mediation.take(read, self._accounts_of(lines), self._prefixes, received_ms)
        return self._tables(before, [self._turn(came, NOTHING_TAKEN, received_ms, run_id)], received_ms, run_id)

    def recycle(
        self, suspended: pl.DataFrame, unpriced: pl.DataFrame, came: Sequence[Came], booked_ms: int, run_id: str
    ) -> dict[str, pl.DataFrame]:
        """TABLES of what is tried again, file by file as it came, so that it is judged as if it came now.

        ``suspended``: JUDGED_SCHEMA of what mediation, ``unpriced``: TAKEN_SCHEMA of what rating put aside.
        """
        before = self._begin()
        parts = {name: _by_file(frame, came) for name, frame in (("stopped", suspended), ("unpriced", unpriced))}
        turns = []
        for file in came:
            stopped = parts["stopped"].get(file.first_id, suspended.clear())
            ready, nobody = self._paid(parts["unpriced"].get(file.first_id, NOTHING_TAKEN))
            self._mediation.suspense.records = stopped
            judged = self._mediation.recycle(self._accounts_of(stopped["subscriber_id"]), self._prefixes)
            turns += [nobody, self._turn(judged, ready, file.received_ms, run_id)]
        again = pl.concat([suspended.select("usage_id"), unpriced.select("usage_id")]).sort("usage_id")
        return {**self._tables(before, turns, booked_ms, run_id), "again": again}

    def close(self, booked_ms: int, run_id: str) -> dict[str, pl.DataFrame]:
        """TABLES of all sessions that wait, with the parts they have."""
        before, nothing = self._begin(), pl.DataFrame(schema=JUDGED_SCHEMA)
        ends_ms = NEVER_MS
        turn = self._turn(Outcome(NOTHING_TAKEN, nothing), NOTHING_TAKEN, ends_ms, run_id)
        return self._tables(before, [turn], booked_ms, run_id)

    def _begin(self) -> int:
        """How many sessions were over before."""
        self._seen.begin()
        return self._mediation.partials.over.height

    def _turn(self, came: Outcome, ready: pl.DataFrame, at_ms: int, run_id: str) -> _Turn:
        closed = self._mediation.close(at_ms)
        settled = came.unrated.filter(pl.col("reason") != WAITS)
        ready = in_order(pl.concat([came.taken, closed.taken, ready]), "usage_id")
        rated, unpriced, changes = self._rated(ready, run_id)
        unrated = pl.concat([settled, closed.unrated, unpriced.select(*JUDGED_SCHEMA)])
        return _Turn(rated, unrated, unpriced.select(*TAKEN_SCHEMA), changes)

    def _tables(self, over: int, turns: Sequence[_Turn], booked_ms: int, run_id: str) -> dict[str, pl.DataFrame]:
        rated = in_order(pl.concat([turn.rated for turn in turns]), "usage_id")
        postings = ledger.post(ledger.of_rating(rated, run_id), self._posted + 1, booked_ms)
        self._posted += postings.height
        return {
            "rated": rated,
            "unrated": in_order(pl.concat([turn.unrated for turn in turns]), "usage_id"),
            "unpriced": in_order(pl.concat([turn.unpriced for turn in turns]), "usage_id"),
            "postings": postings,
            "keys": pl.concat(self._seen.added),
            "keys_forgotten": pl.concat(self._seen.forgotten),
            "over": self._mediation.partials.over.slice(over),
            "held": self._mediation.partials.held,
            "left": _newest([turn.changes.left for turn in turns], ["entitlement_id"]),
            "used": _newest([turn.changes.used for turn in turns], list(COUNTED)),
        }

    def _paid(self, unpriced: pl.DataFrame) -> tuple[pl.DataFrame, _Turn]:
        """With the accounts of now; and those of which no account is known any more, which stay where they are."""
        bare = unpriced.drop("account_id", "offering_id").with_row_index("row")
        found = with_account(bare, self._accounts_of(unpriced["subscriber_id"])).select(*TAKEN_SCHEMA)
        nobody = found.filter(pl.col("account_id").is_null())
        words = with_verdict(nobody, [NO_ACCOUNT]).with_columns(state_and_reason("verdict"))
        nothing = pl.DataFrame(schema=RATED_SCHEMA)
        return found.filter(pl.col("account_id").is_not_null()), _Turn(nothing, words.select(*JUDGED_SCHEMA), nobody)

    def _accounts_of(self, lines: pl.Series) -> pl.DataFrame:
        if isinstance(self._accounts, pl.DataFrame):
            return self._accounts
        line = pl.col("subscriber_id")
        own = lines.drop_nulls().unique().sort().to_frame("subscriber_id").select(
            line, line.alias("account_id"), line.alias("service_id"), pl.lit(self._accounts).alias("offering_id"),
            pl.lit(0, dtype=pl.Int64).alias("valid_from_ms"), pl.lit(None, dtype=pl.Int64).alias("valid_until_ms"),
            pl.lit(POSTPAID).alias("payment"),
        )  # fmt: skip
        return own.select(*ACCOUNTS_SCHEMA)

    def _rated(self, taken: pl.DataFrame, run_id: str) -> tuple[pl.DataFrame, pl.DataFrame, Memory]:
        """RATED_SCHEMA; what nothing prices, with state and reason; and what is remembered otherwise than before."""
        usage = taken.with_columns(pl.col("leg").alias("own_leg"), pl.col("leg").fill_null(1))
        entitled = self._entitled(usage)
        before = self._memory.among(entitled["entitlement_id"], usage["subscriber_id"])
        found, after = execute(usage, entitled, self.rules, before)
        changes = after.since(before)
        self._memory = self._memory.after(changes.left, changes.used)
        found = found.with_columns(pl.col("own_leg").alias("leg"))
        priced = found["is_priced"]
        reason = pl.format("{} has no price for {} to {} at this time", "offering_id", "class", "zone")
        words = [pl.lit("suspended").alias("state"), reason.alias("reason")]
        good = found if priced.all() else found.filter(priced)
        rated = with_version(good, self.rules.catalogue).with_columns(
            pl.lit(run_id).alias("run_id"), pl.lit(self.rules.catalogue.currency).alias("currency")
        )
        unpriced = found.filter(~priced).with_columns(words)
        return in_order(rated.select(*RATED_SCHEMA), "usage_id"), unpriced, changes

    def _entitled(self, usage: pl.DataFrame) -> pl.DataFrame:
        """Allowances of the accounts in these records, of the months that the records touch and no others."""
        length = pl.when(pl.col("class").is_in(list(TIMED))).then("quantity").otherwise(0)
        spans = usage.select("account_id", pl.col("started_ms"), (pl.col("started_ms") + length).alias("ended_ms"))
        terms = self._accounts_of(usage["subscriber_id"])
        bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
        touched = list(months(pl.concat([spans["started_ms"], spans["ended_ms"]]), self.rules.catalogue.zone))
        if len(touched) <= 1:
            own = terms.join(spans.select("account_id"), on="account_id", how="semi")
            return entitlements(own, bought, self.rules, *(touched or [Period(0, 0)]))
        found = []
        for month in touched:
            touches = (pl.col("started_ms") < month.end_ms) & (pl.col("ended_ms") >= month.start_ms)
            own = terms.join(spans.filter(touches).select("account_id"), on="account_id", how="semi")
            found.append(entitlements(own, bought, self.rules, month))
        return pl.concat(found).unique("entitlement_id", keep="any").sort("entitlement_id")


def _by_file(records: pl.DataFrame, came: Sequence[Came]) -> dict[int, pl.DataFrame]:
    """First record of a file → those of its records."""
    firsts = pl.Series("first_id", [file.first_id for file in came], dtype=pl.Int64).set_sorted().to_frame()
    told = records.sort("usage_id").join_asof(firsts, left_on="usage_id", right_on="first_id")
    return {int(first): own for (first,), own in told.partition_by("first_id", as_dict=True, include_key=False).items()}


def _newest(frames: Sequence[pl.DataFrame], key: list[str]) -> pl.DataFrame:
    """Of each key the last row."""
    return frames[0] if len(frames) == 1 else pl.concat(frames).unique(key, keep="last", maintain_order=True)


def months(instants: pl.Series, zone: ZoneInfo) -> Iterator[Period]:
    """The calendar months in which these lie, each once."""
    while len(instants):
        yield (month := cycle_at(int(instants.min()), zone))  # type: ignore[arg-type]
        instants = instants.filter(instants >= month.end_ms)
