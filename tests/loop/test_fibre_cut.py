"""From the cut duct to the credit on the bill, and the same money reckoned again by other means."""

import json
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import polars as pl

from tests.loop import laws

NAIROBI = timezone(timedelta(hours=3))
FEES = {"postpay-s": 1000, "postpay-m": 2000, "postpay-l": 3000}  # KES, as the price list prints them
MAY_MS = (datetime(2024, 6, 1, tzinfo=NAIROBI) - datetime(2024, 5, 1, tzinfo=NAIROBI)) // timedelta(milliseconds=1)
STUB = Fraction(3, 31)


def kinds(run):
    return dict(run.table("journal").group_by("kind").len().iter_rows())


def test_the_laws_hold(fibre_cut):
    laws.check_all(fibre_cut)


def test_the_laws_hold_in_the_variant(fibre_cut_variant):
    laws.check_all(fibre_cut_variant)


def test_every_expectation_holds(fibre_cut):
    assert [v for v in fibre_cut.verdicts if not v.holds] == []


def test_every_expectation_of_the_variant_holds(fibre_cut_variant):
    assert [v for v in fibre_cut_variant.verdicts if not v.holds] == []


def test_two_dialects_become_one_incident_with_the_duct_as_its_cause(fibre_cut):
    incident = fibre_cut.table("incidents").row(0, named=True)
    assert fibre_cut.table("incidents").height == 1
    assert (incident["root_cause_resource"], incident["equivalents"]) == ("duct-eider", "[]")
    assert incident["state"] == "closed"
    vendors = {node["id"]: node["vendor"] for node in fibre_cut.scenario.network["nodes"]}
    assert {vendors[source] for _, _, source in json.loads(incident["alarms"])} == {"ios", "junos"}


def test_the_story_is_told_in_its_order(fibre_cut):
    first = {}
    for position, kind in fibre_cut.table("journal").select("position", "kind").iter_rows():
        first.setdefault(kind, position)
    order = ["alarm.raised", "service_problem.opened", "incident.diagnosed", "incident.dispatched", "crew.arrived",
             "crew.repaired", "incident.repaired", "service_problem.resolved", "incident.closed", "cycle.closed",
             "credit.granted"]  # fmt: skip
    assert [first[kind] for kind in order] == sorted(first[kind] for kind in order)


def test_closing_waits_for_the_probe_not_for_the_crew(fibre_cut):
    repaired, closed = (
        fibre_cut.table("journal").filter(pl.col("kind") == kind)["at_ms"].item()
        for kind in ("incident.repaired", "incident.closed")
    )
    assert closed >= repaired + 3_000  # nothing answers before traffic has converged
    assert "verify" in fibre_cut.table("actions")["kind"].to_list()


def known_outages(run):
    """Service → (from, until) as the OSS's journal told them."""
    resolved = run.table("journal").filter(pl.col("kind") == "service_problem.resolved")["body"].to_list()
    bodies = [json.loads(body) for body in resolved]
    return {body["service_id"]: (body["occurred_ms"], body["resolved_ms"]) for body in bodies}


def true_outages(run, place):
    return run.view.truth("service_outage").filter(pl.col("subject").str.contains(place))


def recomputed_credits(run):
    """Account → credit in micro-units, by the contract's words, in decimals and fractions, from the known intervals.

    Three times the fee for the time without service, for outages from a quarter of an hour; never more than the
    fee on the same bill; rounded half up to the micro-unit.
    """
    found = {}
    outages = known_outages(run)
    for account, service, offering in run.view.accounts.select("account_id", "service_id", "offering_id").iter_rows():
        from_ms, until_ms = outages.get(service, (0, 0))
        if until_ms - from_ms >= 15 * 60 * 1000:
            fee = Fraction(FEES[offering])
            exact = min(3 * fee * Fraction(until_ms - from_ms, MAY_MS), fee * STUB) * 10**6
            amount = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
            found[account] = int(amount)
    return found


def credits_on_bills(run):
    lines = run.table("invoice_lines").filter(pl.col("kind") == "credit")
    return {account: -amount for account, amount in lines.select("account_id", "amount_micros").iter_rows()}


def test_the_isolated_get_exactly_the_credit_of_their_contract_and_nobody_else_does(fibre_cut):
    expected = recomputed_credits(fibre_cut)
    assert credits_on_bills(fibre_cut) == expected
    isolated = fibre_cut.view.accounts.filter(pl.col("service_id").str.contains("flensburg"))["account_id"]
    assert set(expected) == set(isolated) != set()


def test_the_known_outage_is_the_true_one_to_the_millisecond(fibre_cut):
    truth = true_outages(fibre_cut, "flensburg")
    assert known_outages(fibre_cut) == {
        row["subject"]: (row["at_ms"], row["until_ms"]) for row in truth.iter_rows(named=True)
    }
    assert fibre_cut.kpis["credit_error"] == 0


def test_kiel_is_rerouted_in_three_seconds_and_gets_nothing(fibre_cut):
    truth = true_outages(fibre_cut, "kiel")
    assert (truth["until_ms"] - truth["at_ms"]).to_list() == [3000] * truth.height != []
    assert not {s for s in known_outages(fibre_cut) if "kiel" in s}


def test_with_a_ring_everywhere_no_credit_with_the_cut_off_station_the_same_credit(fibre_cut_variant):
    if fibre_cut_variant.scenario.variant == "ring-everywhere":
        assert credits_on_bills(fibre_cut_variant) == {}
        assert fibre_cut_variant.table("service_problems").is_empty()
    else:
        assert credits_on_bills(fibre_cut_variant) == recomputed_credits(fibre_cut_variant) != {}
        assert fibre_cut_variant.kpis["credit_error"] == 0
