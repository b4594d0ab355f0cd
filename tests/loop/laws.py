"""Laws that hold for every run; each check names what broke."""

import re

import polars as pl

from sim.testbed.journal_kinds import KINDS

AMOUNT = pl.col("amount_micros")


def check_all(run):
    attempts_add_up(run)
    traffic_adds_up(run)
    usage_adds_up(run)
    books_balance(run)
    invoices_reconcile(run)
    wallets_reconcile(run)
    times_are_in_order(run)
    one_problem_an_outage(run)
    nothing_true_leaks(run)
    the_journal_keeps_to_its_words(run)


def attempts_add_up(run):
    attempts = run.table("attempts")
    known = ["answered", "busy", "unanswered", "abandoned", "blocked", "refused", "in_progress"]
    assert attempts.filter(~pl.col("outcome").is_in(known)).is_empty()
    assert attempts["intent_id"].n_unique() == attempts.height
    assert attempts.filter((pl.col("served") < 0) | (pl.col("served") > pl.col("requested"))).is_empty()
    assert attempts.filter(pl.col("dropped") & (pl.col("outcome") != "answered")).is_empty()
    assert attempts.filter(pl.col("outcome").is_in(["blocked", "refused"]) & (pl.col("served") > 0)).is_empty()
    assert attempts.filter(pl.col("cut_off") & ((pl.col("outcome") != "answered") | pl.col("dropped"))).is_empty()


def traffic_adds_up(run):
    """What cells counted is what people were served; no port carried more than its link can."""
    counters, attempts = run.table("counters"), run.table("attempts")
    if counters.is_empty():
        return
    asked = run.table("charges").filter(
        pl.col("kind").is_in(["usage", "session_begin", "session_update"]) & (pl.col("class") == "data") & ~pl.col("is_late")
    )
    refused = (asked["quantity"] - asked["granted"]).sum()  # charging is asked when the hour is over: it was carried
    served = attempts.filter(pl.col("class") == "data")["served"].sum() + refused
    counted = counters.filter(counter="carriedOctets")["value"].sum()
    assert abs(counted - served) <= 2e-5 * served + 1000
    capacity = {link["id"]: link.get("capacity_bps", 10**18) for link in run.scenario.network["links"]}
    ports = counters.filter(counter="ifHCOutOctets").with_columns(
        bps=pl.col("object").replace_strict(capacity, return_dtype=pl.Int64)
    )
    assert ports.filter(pl.col("value") * 8000 > pl.col("bps") * pl.col("interval_ms") + 8000).is_empty()
    calls = attempts.filter(pl.col("class").is_in(["voice", "emergency"]) & (pl.col("outcome") != "in_progress"))
    assert counters.filter(counter="callAttempts")["value"].sum() == calls.height
    assert counters.filter(counter="callsBlocked")["value"].sum() == calls.filter(outcome="blocked").height


def usage_adds_up(run):
    """Produced = collected without doubles; collected = rated + unrated, by count and by volume."""
    usage, rated, unrated = run.table("usage"), run.table("rated"), run.table("unrated")
    carried = run.table("attempts").filter((pl.col("outcome") == "answered") & (pl.col("served") > 0))
    assert set(carried["intent_id"]) == set(usage["usage_id"])
    assert usage.height == rated.height + unrated.height
    assert rated["usage_id"].n_unique() == rated.height
    priced = usage.unique(["element_id", "sequence"]).join(rated.select("usage_id"), on="usage_id", how="semi")
    assert usage["quantity"].sum() == priced["quantity"].sum() + unrated["quantity"].sum()
    assert unrated["reason"].null_count() == 0
    refused = unrated.filter(pl.col("state") != "duplicate")["usage_id"]  # a spoilt record may come twice
    assert set(rated["usage_id"]).isdisjoint(refused)
    assert set(rated["usage_id"]) | set(refused) == set(carried["intent_id"])


def books_balance(run):
    postings = run.table("postings")
    assert postings.group_by("cause").agg(AMOUNT.sum()).filter(AMOUNT != 0).is_empty()
    assert postings["posting_id"].n_unique() == postings.height


def invoices_reconcile(run):
    """Invoices = receivables = rated + recurring + tax − credits + rounding, to the micro-unit."""
    lines, postings = run.table("invoice_lines"), run.table("postings")
    of = dict(lines.group_by("kind").agg(AMOUNT.sum()).iter_rows())
    balance = dict(postings.group_by("account").agg(AMOUNT.sum()).iter_rows())
    total = run.table("invoices")["total_micros"].sum()
    billed = run.table("rated").filter(~_is_prepaid(run))
    rated = billed["amount_micros"].sum()
    assert total == lines["amount_micros"].sum() == balance.get("receivables", 0)
    parts = of.get("recurring", 0) + of.get("tax", 0) + of.get("credit", 0) + of.get("rounding", 0)
    parts += of.get("discount", 0) + of.get("included_tax", 0)
    assert total == rated + parts
    assert balance.get("unbilled_receivables", 0) == 0
    assert balance.get("rounding_difference", 0) == -of.get("rounding", 0)
    assert abs(of.get("rounding", 0)) <= 5_000 * run.table("invoices").height
    by_account = billed.group_by("account_id").agg(AMOUNT.sum()).filter(AMOUNT != 0).sort("account_id")
    usage_lines = lines.filter(pl.col("kind") == "usage").group_by("account_id").agg(AMOUNT.sum()).sort("account_id")
    assert by_account.equals(usage_lines)


def _is_prepaid(run):
    return pl.col("account_id").is_in(run.table("wallets")["wallet_id"].implode())


def wallets_reconcile(run):
    """Wallets have what was paid in, given and lent less what was used; never less than nothing. Each use is paid once.

    Every charge is on exactly one wallet posting, and rated records of prepaid lines cost what their wallets paid.
    """
    charges, wallets, postings = run.table("charges"), run.table("wallets"), run.table("postings")
    of = {account: -amount for account, amount in postings.group_by("account").agg(AMOUNT.sum()).iter_rows()}
    assert of.get("prepaid_liability", 0) == wallets["balance_micros"].sum()
    assert -of.get("advances", 0) == wallets["owed_micros"].sum()
    assert wallets.filter((pl.col("balance_micros") < pl.col("held_micros")) | (pl.col("held_micros") < 0)).is_empty()
    assert charges.filter(pl.col("balance_micros") < 0).is_empty()
    paying = charges.filter(pl.col("kind").is_in(["usage", "session_end", "session_timed_out"]) & (AMOUNT != 0))
    used = {name: amount for name, amount in of.items() if name.startswith("revenue:usage:")}
    billed = run.table("rated").filter(~_is_prepaid(run))["amount_micros"].sum()
    assert sum(used.values()) == paying["amount_micros"].sum() + billed
    rated = run.table("rated").filter(_is_prepaid(run)).select("usage_id", "amount_micros")
    paid = paying.group_by(pl.col("request_id").alias("usage_id")).agg(AMOUNT.sum().alias("paid"))
    both = rated.join(paid, on="usage_id", how="left").with_columns(pl.col("paid").fill_null(0))
    assert both.filter(pl.col("paid") != AMOUNT).is_empty()
    given, lapsed = bonuses(run)
    assert 0 <= lapsed <= given
    assert -of.get("revenue:top_up_bonus", 0) == given - lapsed
    once = charges.filter(pl.col("kind").is_in(["usage", "session_end"]) & ~pl.col("is_late"))
    assert once["request_id"].n_unique() == once.height


def bonuses(run):
    """(given, lapsed): what top-ups brought beyond the cash, and what of all that wallets got is neither there nor spent."""
    charges, wallets = run.table("charges"), run.table("wallets")
    of = dict(charges.group_by("kind").agg(AMOUNT.sum()).iter_rows())
    cash = run.table("postings").filter(account="cash")["amount_micros"].sum()
    lent = of.get("advance", 0) + charges.filter(kind="advance")["fee_micros"].sum()
    repaid = lent - wallets["owed_micros"].sum()
    spent = sum(of.get(kind, 0) for kind in ("usage", "session_end", "session_timed_out", "purchase"))
    got = of.get("topup", 0) + of.get("advance", 0)
    return of.get("topup", 0) - (cash - repaid), got - spent - wallets["balance_micros"].sum()


def times_are_in_order(run):
    alarms, problems = run.table("alarms"), run.table("service_problems")
    assert alarms.filter(pl.col("known_ms") < pl.col("occurred_ms")).is_empty()
    assert alarms.filter(pl.col("cleared_ms") < pl.col("occurred_ms")).is_empty()
    assert problems.filter(pl.col("resolved_ms") < pl.col("occurred_ms")).is_empty()
    first_fault_ms = min(run.view.truth("fault")["at_ms"].to_list(), default=2**62)
    assert run.table("incidents").filter(pl.col("known_ms") < first_fault_ms).is_empty()
    assert run.table("journal")["at_ms"].is_sorted()


def one_problem_an_outage(run):
    problems = run.table("service_problems").sort("service_id", "occurred_ms")
    before = pl.col("resolved_ms").fill_null(2**62).shift().over("service_id")
    assert problems.filter(before > pl.col("occurred_ms")).is_empty()


def nothing_true_leaks(run):
    """Ids of faults stand in the truth alone."""
    ids = [re.escape(fault) for fault in run.view.truth("fault")["cause"].unique()]
    an_id = rf"\b({'|'.join([*ids, 'fault-'])})"
    for name in ("journal", "alarms", "incidents", "service_problems", "actions", "tickets"):
        frame = run.table(name)
        for column in frame.select(pl.col(pl.String)).iter_columns():
            assert not column.fill_null("").str.contains(an_id).any(), (name, column.name)


def the_journal_keeps_to_its_words(run):
    journal = run.table("journal")
    assert set(journal["kind"]) <= set(KINDS)
    assert {source.split(".")[0] for source in journal["source"]} <= {"world", "oss", "bss"}
