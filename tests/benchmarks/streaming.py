"""Days of usage as they pass: drawn hour by hour, collected, mediated, rated, posted, and let go of, in bounded memory.

Lines live 5,000 to a cell as ``Habits`` has them (Kenya), on shillings-a: 80 % payg, 20 % on three postpaid plans. The
hops are the product's own: ``draw_hour`` → the element's records → ``collect`` → ``mediate`` → ``rating.run.rate`` → the
ledger's ``post``; rated and posted every CHUNK_H hours. ``bare`` beside it draws the same hours and only sorts them by
subscriber and time and rates them with the kernel for this tariff of ``rating``; it begins every chunk with full
allowances and books nothing. Both must come to the same money of the lines that have no allowance. They take turns,
chunk by chunk; seconds are of the process. ``peak_first_day_mb``, ``peak_mb``: resident memory of the process at most, until
then; ``peak_before_mb``: before the lines of this size.
"""

from dataclasses import dataclass, field
from time import process_time

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.shipped import find_catalogue
from ossbss.bss.revenue import ledger
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.mediation.usage_batch import mediate
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET, Memory
from ossbss.bss.revenue.rating.run import rate
from ossbss.bss.revenue.seen import SeenRecords
from ossbss.contract.charging import UsageFile
from ossbss.contract.units import DAY_MS, HOUR_MS
from ossbss.oss.collection import collect
from sim.world.people.habits import Habits
from sim.world.people.intents import draw_hour
from sim.world.people.subscribers import Community, settle
from sim.world.people.usage_files import records
from sim.world.streams import Streams
from tests.benchmarks.harness import Result
from tests.benchmarks.rating_rivals.dataset import STARTS_MS
from tests.memory import most_resident_mb

SIZES = (10_000, 100_000, 1_000_000)
DAYS, CHUNK_H = 3, 8
A_CELL = 5_000
OFFERINGS = {"payg": 80, "postpay-s": 10, "postpay-m": 6, "postpay-l": 4}
BEGINS_MS = STARTS_MS + 5 * DAY_MS
ELEMENT = "core-1"
LONGEST_MS = HOUR_MS


@dataclass
class Town:
    """Lines by cell, and their luck."""

    lines: pl.DataFrame
    habits: Habits
    streams: Streams
    places: dict[str, pl.DataFrame]

    def answered(self, hour: int) -> pl.DataFrame:
        """What an hour's people want, where the other side answers."""
        at_ms = BEGINS_MS + hour * HOUR_MS
        local = (at_ms // HOUR_MS + 3) % 24
        found = draw_hour(self.places, dict.fromkeys(self.places, self.habits), hour, at_ms, local, self.streams)
        return found.filter(pl.col("answer") == "answered")


def town(subscribers: int) -> Town:
    habits, streams = Habits(), Streams(1)
    cells = [f"cell-{number}" for number in range(max(subscribers // A_CELL, 1))]
    lines = settle([Community(cells, subscribers, OFFERINGS, habits)], streams.get)
    places = {str(place): own for (place,), own in lines.partition_by("place_id", as_dict=True).items()}
    return Town(lines, habits, streams, places)


@dataclass
class Product:
    """The hops, and what they remember."""

    town: Town
    rules: RuleSet = field(default_factory=lambda: RuleSet(find_catalogue("shillings-a")))
    seen: SeenRecords = field(default_factory=SeenRecords)
    memory: Memory = NOTHING_YET
    collected: int = 0
    posted: int = 0
    micros: int = 0
    micros_payg: int = 0

    def __post_init__(self) -> None:
        line, never = pl.col("subscriber_id"), pl.lit(None, dtype=pl.Int64)
        self.cores = dict.fromkeys(self.town.places, ELEMENT)
        self.accounts = self.town.lines.select(
            line, line.alias("account_id"), line.alias("service_id"), pl.col("offering").alias("offering_id"),
            pl.lit(0, dtype=pl.Int64).alias("valid_from_ms"), never.alias("valid_until_ms"),
            pl.lit("postpaid").alias("payment"),
        ).select(*ACCOUNTS_SCHEMA)  # fmt: skip

    def hour(self, hour: int) -> pl.DataFrame:
        """Guided records of one hour."""
        wanted = self.town.answered(hour)
        done = wanted.with_columns(
            pl.col("requested").alias("served"), pl.lit("answered").alias("outcome"),
            (pl.col("started_ms") + pl.col("lasts_ms")).alias("ended_ms"),
        )  # fmt: skip
        written = records(done, self.cores, ELEMENT, f"{ELEMENT}-{hour}", self.collected)
        self.collected += written.height
        over_ms = BEGINS_MS + (hour + 1) * HOUR_MS
        name = f"{ELEMENT}-{hour}"
        file = UsageFile(sender=ELEMENT, message_id=name, occurred_ms=over_ms, file_id=name, element_id=ELEMENT, usage=written)
        batch = collect([file], over_ms + LONGEST_MS)
        found = mediate(batch, self.accounts, self.seen.near(batch))
        self.seen.add(found.taken)
        return found.guided

    def chunk(self, hours: range) -> int:
        """How many records were rated."""
        guided = pl.concat([self.hour(hour) for hour in hours])
        bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
        run = rate(guided, self.accounts, bought, self.rules, self.memory, f"run-{hours[0]}")
        self.memory = run.memory
        postings = ledger.post(ledger.of_rating(run.rated, f"run-{hours[0]}"), self.posted + 1, BEGINS_MS)
        self.posted += postings.height
        claims = postings.filter(pl.col("account") == "unbilled_receivables")
        self.micros += claims["amount_micros"].sum()
        payg = run.rated.filter(pl.col("offering_version").str.starts_with("payg"))
        self.micros_payg += payg["amount_micros"].sum()
        return run.rated.height


@dataclass
class Bare:
    """Draw, sort, rate."""

    town: Town
    micros_payg: int = 0

    def chunk(self, hours: range) -> int:
        from tests.benchmarks.rating_rivals import hand_kernel

        drawn = pl.concat([self.town.answered(hour) for hour in hours])
        wanted = drawn.filter(pl.col("class") != "emergency")
        usage = wanted.join(
            self.town.lines.select("subscriber_id", pl.col("offering").alias("offering_id")), on="subscriber_id",
            how="left", maintain_order="left",
        ).with_columns(pl.col("requested").alias("quantity"))  # fmt: skip
        columns, _ = hand_kernel.columns_of(usage)
        amounts, _ = hand_kernel.rated_columns(columns)
        self.micros_payg += int(amounts[columns.key < 9].sum())
        return usage.height


def measure(repetitions: int, sizes: tuple[int, ...] = SIZES, days: int = DAYS) -> Result:
    """The repetitions are its chunks."""
    figures: dict[str, float] = {"days": days}
    ratios: dict[str, float] = {}
    for rival in (Product(warm := town(10_000)), Bare(warm)):  # compiled before anything is measured
        rival.chunk(range(CHUNK_H, 2 * CHUNK_H))
    for subscribers in sizes:
        found = streamed(town(subscribers), days)
        figures |= {f"{subscribers}_{name}": value for name, value in found.items()}
        ratios[f"{subscribers}_product_over_bare"] = found["product_records_per_s"] / found["bare_records_per_s"]
    return Result("streaming", figures, ratios, days * 24 // CHUNK_H)


def streamed(lines: Town, days: int) -> dict[str, float]:
    before_mb = most_resident_mb()
    product, bare = Product(lines), Bare(lines)
    seconds, counted = {"product": 0.0, "bare": 0.0}, {"product": 0, "bare": 0}
    peaks: list[float] = []
    for first in range(0, days * 24, CHUNK_H):
        for name, rival in (("product", product), ("bare", bare)):
            began = process_time()
            counted[name] += rival.chunk(range(first, first + CHUNK_H))
            seconds[name] += process_time() - began
        peaks.append(most_resident_mb())
    assert counted["product"] == counted["bare"]
    assert product.micros_payg == bare.micros_payg
    return {
        "records": counted["product"],
        "product_records_per_s": counted["product"] / seconds["product"],
        "bare_records_per_s": counted["bare"] / seconds["bare"],
        "peak_before_mb": before_mb,
        "peak_first_day_mb": peaks[min(24 // CHUNK_H, len(peaks)) - 1],
        "peak_mb": peaks[-1],
    }
