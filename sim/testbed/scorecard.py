"""Belief against truth: the only place where the two are joined."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from ossbss.bss.revenue.billing.invoice import Contract, sla_credit
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.contract.units import SECOND_MS
from sim.testbed.view import RunView
from sim.world.network.document import Document
from sim.world.network.management import reachable
from sim.world.network.state import FailureState, Network, failing, living_links, living_nodes


@dataclass(frozen=True)
class FaultScore:
    """One true fault: when the OSS first knew of it, whether an incident names it, and whether there is one at all.

    ``covered``: an incident of its time names it or holds an alarm of what it touches.
    """

    target: str
    at_ms: int
    until_ms: int | None
    first_known_ms: int | None
    named: bool
    dispatches: int
    covered: bool


def fault_scores(view: RunView) -> list[FaultScore]:
    """Every true fault, in order of time."""
    return [_score(view, *row) for row in view.truth("fault").select("subject", "at_ms", "until_ms").iter_rows()]


def _score(view: RunView, target: str, at_ms: int, until_ms: int | None) -> FaultScore:
    ends = until_ms if until_ms is not None else view.ends_ms
    touched = _touched(view, target)
    alarms = view.tables["alarms"].filter(
        pl.col("alarmed_object").is_in(touched)
        & pl.col("occurred_ms").is_between(at_ms, ends)
        & (pl.col("perceived_severity") != "cleared")  # the end of what nobody had noticed tells of no fault
    )
    during = view.tables["incidents"].filter(pl.col("occurred_ms").is_between(at_ms, ends)).to_dicts()
    blaming = [row for row in during if target in believed(row)]
    covered = bool(blaming) or any(not _objects(row).isdisjoint(touched) for row in during)
    by_customers = (row["known_ms"] for row in blaming if not json.loads(row["alarms"]))  # no alarm tells of it
    known = [ms for ms in (*alarms["known_ms"], *by_customers) if ms is not None]
    ids = [row["incident_id"] for row in blaming]
    sent = view.tables["actions"].filter((pl.col("kind") == "dispatch") & pl.col("incident_id").is_in(ids)).height
    return FaultScore(target, at_ms, until_ms, min(known, default=None), bool(blaming), sent, covered)


def _objects(incident: dict[str, object]) -> set[str]:
    """What the alarms of an incident are about."""
    return {str(alarmed_object) for alarmed_object, *_ in json.loads(str(incident["alarms"] or "[]"))}


def believed(incident: dict[str, object]) -> list[str]:
    """The resource an incident blames, and those it cannot tell from it."""
    cause, equivalents = incident["root_cause_resource"], json.loads(str(incident["equivalents"] or "[]"))
    return [str(cause), *equivalents] if cause else []


def _touched(view: RunView, target: str) -> list[str]:
    """What can raise an alarm because of a fault: it, links it takes down, nodes it silences, services it cut."""
    network = _network(json.dumps(view.network, sort_keys=True))
    if target in network.document["element_managers"]:
        return [target]
    if target in network.cells:
        return [target, *(service for service, of in network.services.items() if of["cell"] == target)]
    failed = failing(network, [target])
    links = living_links(network, FailureState()) - living_links(network, failed)
    nodes = living_nodes(network, FailureState()) - living_nodes(network, failed)
    silent = reachable(network, FailureState()) - reachable(network, failed)
    sites = [site for site, areas in network.power_areas_of.items() if target in areas]  # each tells of its own power
    outages = view.truth("service_outage").filter(pl.col("body").str.contains(f'"{target}"', literal=True))
    services = outages["subject"].to_list()
    return sorted({target, *links, *nodes, *silent, *services, *sites})


@cache
def _network(document: str) -> Network:
    found: Document = json.loads(document)
    return Network(found)


def credit_errors(view: RunView) -> pl.DataFrame:
    """invoice_id, credited_micros, true_micros: what each bill gave back, and what the true outages were worth.

    An outage belongs to the bill of the period in which it ended.
    """
    lines, amount = view.tables["invoice_lines"], pl.col("amount_micros")
    credited = lines.filter(pl.col("kind") == "credit").group_by("invoice_id").agg(-amount.sum())
    given = dict(credited.iter_rows())
    whose = ["account_id", "subscriber_id"]
    bills = view.tables["invoices"].join(
        view.accounts, left_on=[*whose, "contract_from_ms"], right_on=[*whose, "valid_from_ms"], validate="m:1"
    )
    outages, closings = _true_outages(view), _closings(view)
    rows = [
        (bill["invoice_id"], given.get(bill["invoice_id"], 0), _true_credit(view, bill, outages, closings))
        for bill in bills.iter_rows(named=True)
    ]
    schema = {"invoice_id": pl.String, "credited_micros": pl.Int64, "true_micros": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _closings(view: RunView) -> list[int]:
    """Where the billed periods end, in order."""
    told = view.tables["journal"].filter(pl.col("kind") == "cycle.closed")["body"]
    return sorted(int(json.loads(body)["period_end_ms"]) for body in told)


def _true_outages(view: RunView) -> dict[str, list[Period]]:
    """Service → its outages that were over by the end."""
    outages: dict[str, list[Period]] = {}
    for service, at_ms, until_ms in view.truth("service_outage").select("subject", "at_ms", "until_ms").iter_rows():
        if until_ms is not None:
            outages.setdefault(service, []).append(Period(at_ms, until_ms))
    return outages


def _true_credit(view: RunView, bill: dict[str, Any], outages: dict[str, list[Period]], closings: list[int]) -> int:
    """A contract may end before the period that is billed: what ends later in that period belongs to its bill."""
    start_ms, served_until_ms = (_ms(bill[name]) for name in ("period_start", "period_end"))
    end_ms = next(closing for closing in closings if closing >= served_until_ms)
    terms = {name: bill[name] for name in Contract.__dataclass_fields__ if name in bill}
    contract = Contract(**terms, valid_from_ms=bill["contract_from_ms"])
    ended = [o for o in outages.get(bill["service_id"], []) if start_ms < o.end_ms <= end_ms]
    cycle = cycle_at(start_ms, view.catalogue.zone)
    return sla_credit(contract, Period(start_ms, end_ms), cycle, ended, view.catalogue)[1]


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * SECOND_MS
