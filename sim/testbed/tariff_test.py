"""The usage of a finished run, billed again, or paid by wallets again, under its own price list and under others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ossbss.bss.customer.accounts import PREPAID
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.shipped import find_catalogue
from ossbss.bss.product.trial import what_if
from ossbss.bss.product.trial.winners import by_payment, order_statistics, revenue, winners_and_losers
from ossbss.bss.revenue.charging.books import PAYING, purchases
from ossbss.bss.revenue.cycles import Period, local_text
from ossbss.documents import DocumentError, Mistake
from sim.testbed.folder import NotARunFolderError, read_manifest
from sim.testbed.scenario import Scenario

PERCENTS = (0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 100)
ASSUMPTIONS = (
    "same usage under both lists; nobody calls more or less",
    "every record in the order in which it happened, as if none had come late",
    "fees for the part of the cycle that was played, allowances whole",
    "bills up to the end of the run; SLA credits are left out on both sides",
    "wallets without end: nobody is refused who was served, and the same bundles are bought",
    "wallets pay prices as they stand: no tax is added, no invoice rounded, no fee for the month due",
    "a bundle counts from its purchase on, also for use that had begun before",
)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A price list under test. ``bills``, ``pairs``: tables of ``what_if.bills`` and ``what_if.paired``."""

    catalogue: Catalogue
    bills: pl.DataFrame
    pairs: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Used:
    """What is the same under every list: who pays (ACCOUNTS_SCHEMA), bundles bought (PURCHASES_SCHEMA), when."""

    accounts: pl.DataFrame
    bought: pl.DataFrame
    span: Period

    def mistakes(self, catalogue: Catalogue, currency: str) -> list[Mistake]:
        return what_if.mistakes(self.accounts, catalogue, currency, self.span, self.bought)

    def bills(self, guided: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
        return what_if.bills(guided, self.accounts, catalogue, self.span, self.bought)


@dataclass(frozen=True, eq=False)
class TariffTest:
    """One run's usage under a baseline and candidates. ``left_out``: why not rated → records.

    ``run_rated_micros``: the usage that the run itself rated for bills; ``run_paid_micros``: the ``usage`` and
    ``bundles`` that its wallets paid. Both None where the baseline is not the run's own list.
    """

    run: str
    span: Period
    rated_records: int
    left_out: Mapping[str, int]
    run_rated_micros: int | None
    run_paid_micros: Mapping[str, int] | None
    baseline: Catalogue
    bills: pl.DataFrame
    candidates: tuple[Candidate, ...]


def tariff_test(folder: Path, candidates: Sequence[str], baseline: str | None = None) -> TariffTest:
    """Price lists are files or shipped names; ``baseline`` None: the run's own.

    NotARunFolderError, DocumentError with every mistake.
    """
    read_manifest(folder)
    usage, accounts, charges = (_table(folder, name) for name in ("usage", "accounts", "charges"))
    scenario = Scenario.load(folder / "scenario.yaml")
    span = Period(scenario.spec.starts_ms, scenario.spec.ends_ms)
    old = scenario.catalogue if baseline is None else find_catalogue(baseline)
    new = [find_catalogue(name) for name in candidates]
    used = Used(accounts, purchases(charges), span)
    _check(used, old, new)
    mediated = what_if.guide(usage, accounts, span)
    billed = used.bills(mediated.guided, old)
    return TariffTest(
        run=str(folder),
        span=span,
        rated_records=mediated.guided.height,
        left_out=_left_out(mediated.unrated, usage.height - mediated.guided.height - mediated.unrated.height),
        run_rated_micros=_rated_for_bills(_table(folder, "rated")) if baseline is None else None,
        run_paid_micros=_paid_by_wallets(charges) if baseline is None else None,
        baseline=old,
        bills=billed,
        candidates=tuple(_candidate(used.bills(mediated.guided, catalogue), catalogue, billed) for catalogue in new),
    )


def _table(folder: Path, name: str) -> pl.DataFrame:
    try:
        return pl.read_parquet(folder / f"{name}.parquet")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise NotARunFolderError(f"{folder}: table {name} cannot be read ({error}); run the scenario anew") from None


def _rated_for_bills(rated: pl.DataFrame) -> int:
    is_billed = pl.col("parts").struct.field("free").is_not_null()
    return int(rated.filter(is_billed)["amount_micros"].sum())


def _paid_by_wallets(charges: pl.DataFrame) -> dict[str, int]:
    kinds = {"usage": PAYING, "bundles": ("purchase",)}
    each = {name: charges.filter(pl.col("kind").is_in(of)) for name, of in kinds.items()}
    return {name: int(rows.drop_nulls("account_id")["amount_micros"].sum()) for name, rows in each.items()}


def _check(used: Used, old: Catalogue, new: Sequence[Catalogue]) -> None:
    """Every mistake of every list at once."""
    found = [m for catalogue in (old, *new) for m in used.mistakes(catalogue, old.currency)]
    names = [catalogue.name for catalogue in new]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.append(Mistake("--candidate", None, f"two candidates have the name {name!r}", "rename one in its file"))
    if found:
        raise DocumentError("tariff-test", found)


def _left_out(unrated: pl.DataFrame, outside: int) -> dict[str, int]:
    states = dict(unrated.group_by("state").len().sort("state").iter_rows())
    return {**states, "outside the run": outside} if outside else states


def _candidate(billed: pl.DataFrame, catalogue: Catalogue, baseline: pl.DataFrame) -> Candidate:
    return Candidate(catalogue, billed, what_if.paired(baseline, billed))


def by_account(test: TariffTest) -> pl.DataFrame:
    """Paired bills of all candidates, in order of (candidate, account_id, payment); ``candidate``: the list's name."""
    named = (c.pairs.select(pl.lit(c.catalogue.name).alias("candidate"), pl.all()) for c in test.candidates)
    return pl.concat(named).sort("candidate", "account_id", "payment")


def summary(test: TariffTest) -> dict[str, Any]:
    """The whole result as plain values; all money in micro-units, exact."""
    zone, base = test.baseline.zone, revenue(test.bills)
    return {
        "run": test.run,
        "from": local_text(test.span.start_ms, zone),
        "to": local_text(test.span.end_ms, zone),
        "currency": test.baseline.currency,
        "assumptions": list(ASSUMPTIONS),
        "accounts": test.bills.height,
        "prepaid_accounts": test.bills.filter(pl.col("payment") == PREPAID).height,
        "records": {"rated": test.rated_records, "left_out": dict(test.left_out)},
        "run_rated_micros": test.run_rated_micros,
        "run_paid_micros": test.run_paid_micros,
        "baseline": {"name": test.baseline.name, "revenue_micros": base, "by_payment": by_payment(test.bills)},
        "candidates": [_told(candidate, base) for candidate in test.candidates],
    }


def _told(candidate: Candidate, base: Mapping[str, int]) -> dict[str, Any]:
    found, won = revenue(candidate.bills), winners_and_losers(candidate.pairs)
    differences = candidate.pairs["difference_micros"].to_list()
    return {
        "name": candidate.catalogue.name,
        "revenue_micros": found,
        "by_payment": by_payment(candidate.bills),
        "difference_micros": {name: found[name] - base[name] for name in found},
        "accounts": {"pay_less": won.pay_less, "pay_more": won.pay_more, "pay_the_same": won.pay_the_same},
        "share_paying_more": won.pay_more / len(differences) if differences else None,
        "largest_gain": vars(won.largest_gain) if won.largest_gain else None,
        "largest_loss": vars(won.largest_loss) if won.largest_loss else None,
        "difference_percentiles_micros": {str(p): v for p, v in order_statistics(differences, PERCENTS).items()},
    }
