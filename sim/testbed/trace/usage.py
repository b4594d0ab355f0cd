"""A usage record, from the element that wrote it to the line of the invoice it went onto."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.bss.revenue.rating.run import UNPRICED
from ossbss.errors import BadInputError
from sim.testbed.report.sentences import counted
from sim.testbed.trace.bills import Bill, bill_of_rated, invoices_of
from sim.testbed.trace.charge import explanation, is_paid_by_wallet, line_facts, line_text, wallet_steps
from sim.testbed.trace.quantity import quantity_text, usage_text
from sim.testbed.trace.step import Records, Step, Trail, unknown

OF_RATING = ("waits for a rating run", UNPRICED)
"""The reasons that rating gives; all others are mediation's."""
_NEAR_IDS, _MOST_DIGITS = 200, 18


def trace_usage(run: Records, text: str) -> Trail:
    """``text``: a usage id. BadInputError where collection received no such record."""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise BadInputError(
            f"{run.folder}: {text!r} is no usage id; it is a whole number of at most {_MOST_DIGITS} digits"
        )
    copies = run.where("usage", usage_id=int(text)).rows(named=True)
    wanted = _true_attempt(run, int(text))
    if not copies and not wanted:
        raise _unknown(run, int(text))
    rated = next(iter(run.where("rated", usage_id=int(text)).rows(named=True)), None)
    verdicts = run.where("unrated", usage_id=int(text)).rows(named=True)
    by_wallet = rated is not None and is_paid_by_wallet(rated)
    steps = [*wanted, *(wallet_steps(run, rated) if rated and by_wallet else ())]
    steps += (_collected(number, copy, len(copies)) for number, copy in enumerate(copies, start=1))
    if copies:
        steps += _mediated(run, copies, verdicts, rated)
    if rated:
        steps += _priced(run, rated)
    is_whole = by_wallet or (rated and "invoice_id" in steps[-1].facts)
    ends = "" if is_whole else f"; the trail ends at {steps[-1].source}"
    return Trail(f"usage {text}", f"usage {text}: {_worth(rated)}{ends}", steps)


def _worth(rated: dict[str, Any] | None) -> str:
    return f"rated at {_money(rated['amount_micros'], rated)} for {rated['account_id']}" if rated else "never rated"


def _money(amount_micros: int, rated: dict[str, Any]) -> str:
    return f"{amount_text(amount_micros)} {rated['currency']}"


def _unknown(run: Records, usage_id: int) -> BadInputError:
    """The nearest spelling is sought among the nearest numbers and those of the same beginning."""
    ids = run.tables["usage"]["usage_id"].unique().sort()
    close = ids[max(0, int(ids.search_sorted(usage_id)) - _NEAR_IDS) :].head(2 * _NEAR_IDS).cast(pl.String)
    texts = ids.cast(pl.String)
    alike = texts.filter(texts.str.starts_with(str(usage_id)[:-2])).head(_NEAR_IDS)
    known = sorted({*close.to_list(), *alike.to_list()})
    return unknown(run, "usage record", str(usage_id), known, (ids.len(), str(ids.min()), str(ids.max())))


# -- the network's side --------------------------------------------------------------------------------


def _true_attempt(run: Records, usage_id: int) -> list[Step]:
    """What was wanted and what was carried; empty unless the truth was asked for."""
    if "attempts" not in run.tables:
        return []
    return [_attempted(attempt) for attempt in run.where("attempts", intent_id=usage_id).iter_rows(named=True)]


def _attempted(attempt: dict[str, Any]) -> Step:
    name, out_of_credit = attempt["class"], attempt.get("cut_off", False)
    cut_off = ", cut off" if attempt["dropped"] else ", out of credit" if out_of_credit else ""
    text = (
        f"{attempt['subscriber_id']} at {attempt['place_id']} wants {usage_text(name, attempt['requested'])}: "
        f"{attempt['outcome']}{cut_off}, {quantity_text(name, attempt['served'])} carried"
    )
    facts = {name: attempt[name] for name in ("requested", "served", "outcome", "dropped")} | {"cut_off": out_of_credit}
    return Step(attempt["started_ms"], attempt["ended_ms"], "world.truth", text, facts)


def _collected(number: int, copy: dict[str, Any], copies: int) -> Step:
    which = f"copy {number} of {copies}: " if copies > 1 else ""
    text = (
        f"{which}{copy['element_id']} wrote record {copy['sequence']} into file {copy['file_id']}: "
        f"{usage_text(copy['class'], copy['quantity'])}, {copy['zone']}, by {copy['subscriber_id']}"
    )
    return Step(copy["started_ms"], copy["known_ms"], "oss.collection", text, copy)


# -- the office's side ---------------------------------------------------------------------------------


def _mediated(
    run: Records, copies: list[dict[str, Any]], verdicts: list[dict[str, Any]], rated: dict[str, Any] | None
) -> Iterator[Step]:
    """Copies are judged as they arrive, until one is good; every later one is a duplicate."""
    doubles = [v for v in verdicts if v["state"] == "duplicate"]
    judged = [v for v in verdicts if v["state"] != "duplicate"]
    ways = [_verdict(verdict, rated, copies[0]) for verdict in judged]
    if rated or not judged:
        ways.append(_verdict(None, rated, copies[0]))
    ways += [_refused(double) for double in doubles]
    for number, (copy, (text, facts)) in enumerate(zip(copies, ways, strict=False), start=1):
        which = f"copy {number}: " if len(copies) > 1 else ""
        yield Step(copy["started_ms"], _mediated_ms(run, copy), "bss.mediation", which + text, facts)
    newest_ms = max(run.tables["journal"]["at_ms"].to_list())
    for reason in sorted({v["reason"] for v in judged}.intersection(OF_RATING)):
        text = f"not rated by the end of the run: {'it ' if reason != UNPRICED else ''}{reason}"
        yield Step(newest_ms, newest_ms, "bss.rating", text)


def _verdict(
    judged: dict[str, Any] | None, rated: dict[str, Any] | None, copy: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    if judged and judged["reason"] not in OF_RATING:
        return _refused(judged)
    if not judged and not rated:
        return "no word of it: the record never reached mediation", {"state": None}
    payer = f", {rated['account_id']} pays" if rated else ""
    return f"guided: {copy['subscriber_id']} has a contract{payer}", {"state": "guided"}


def _refused(verdict: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    facts = {"state": verdict["state"], "reason": verdict["reason"]}
    return f"{verdict['state']}: {verdict['reason']}", facts


def _mediated_ms(run: Records, copy: dict[str, Any]) -> int:
    """When mediation next spoke after the copy was collected."""
    spoke = run.where("journal", kind="usage.mediated").filter(pl.col("at_ms") >= copy["known_ms"])["at_ms"]
    return int(str(spoke.min())) if spoke.len() else int(copy["known_ms"])


def _priced(run: Records, rated: dict[str, Any]) -> Iterator[Step]:
    ran_ms = run.where("journal", kind="rating_run.finished", subject=rated["run_id"])["at_ms"].item()
    by_wallet = is_paid_by_wallet(rated)
    lines = () if by_wallet else explanation(run, rated)
    why = "what the wallet paid" if by_wallet else "; ".join(line_text(line, rated["class"]) for line in lines)
    text = f"{rated['run_id']} under {rated['offering_version']}: {why}: {_money(rated['amount_micros'], rated)}"
    names = ("run_id", "account_id", "offering_version", "class", "amount_micros", "currency", "cycle_start_ms")
    facts = {**{name: rated[name] for name in names}, **rated["parts"], "lines": [line_facts(line) for line in lines]}
    yield Step(rated["started_ms"], ran_ms, "bss.rating", text, facts)
    if by_wallet:
        return
    yield _posted(run, rated, ran_ms)
    bill = bill_of_rated(run, rated)
    yield _billed(run, rated, bill) if bill else Step(ran_ms, ran_ms, "bss.billing", "not billed by the end of the run")


def _posted(run: Records, rated: dict[str, Any], ran_ms: int) -> Step:
    """The ledger books an account's records of one rating run as one set, a revenue account for each class."""
    cause, account = f"{rated['run_id']}/{rated['account_id']}", f"revenue:usage:{rated['class']}"
    earned = run.where("postings", cause=cause, account=account)
    same = run.where("rated", run_id=rated["run_id"], account_id=rated["account_id"], **{"class": rated["class"]})
    amount = -int(earned["amount_micros"].sum())
    facts = {"cause": cause, "postings": earned["posting_id"].to_list(), "amount_micros": amount}
    which = f"{counted(same.height, rated['class'] + ' record')} of this account in this run"
    if earned.is_empty():
        return Step(ran_ms, ran_ms, "bss.ledger", f"nothing to book: {which}, all free", facts)
    text = f"unbilled_receivables to {account}, {_money(amount, rated)} for the {which} (cause {cause})"
    return Step(ran_ms, int(earned["booked_ms"].item()), "bss.ledger", text, facts)


def _billed(run: Records, rated: dict[str, Any], bill: Bill) -> Step:
    """An invoice has one usage line a class; none where the class comes to nothing."""
    made = invoices_of(run, bill, [rated["account_id"]])
    if made.is_empty():
        text = f"{rated['account_id']} got no invoice when this cycle closed"
        return Step(bill.period_end_ms, bill.known_ms, "bss.billing", text)
    invoice = made.row(0, named=True)["invoice_id"]
    line = run.where("invoice_lines", invoice_id=invoice, kind="usage", text=f"Usage: {rated['class']}")
    facts: dict[str, Any] = {"invoice_id": invoice, "line": None, "line_amount_micros": 0}
    if line.is_empty():
        text = f"{invoice}: no line, the {rated['class']} of this cycle costs nothing"
    else:
        number, amount = line.select("line", "amount_micros").row(0)
        facts |= {"line": number, "line_amount_micros": amount}
        text = f"{invoice}, line {number}, “Usage: {rated['class']}”: {_money(amount, rated)} in all"
    return Step(bill.period_end_ms, bill.known_ms, "bss.billing", text, facts)
