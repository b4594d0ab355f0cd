"""Every KPI: its name, unit, meaning, source and formula, in one place. A value may be undefined, with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import polars as pl

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.testbed.disturbance import interrupted_s
from sim.testbed.money_kpis import (
    booked,
    credit_error,
    lowest_balance,
    on_invoices,
    paid_by_wallets,
    records_unaccounted,
    reject_rate,
)
from sim.testbed.scored import Scored, Undefined, ratio
from sim.testbed.true_redundancy import overlap, total_ms
from sim.testbed.view import RunView


@dataclass(frozen=True)
class Kpi:
    name: str
    unit: str
    meaning: str
    source: str
    formula: Callable[[Scored], int | float]


def evaluate(view: RunView) -> dict[str, dict[str, Any]]:
    """Name → {value, unit, meaning}, and a reason where the value is null."""
    scored = Scored(view)
    return {kpi.name: _evaluated(kpi, scored) for kpi in KPIS}


def _evaluated(kpi: Kpi, scored: Scored) -> dict[str, Any]:
    try:
        return {"value": kpi.formula(scored), "unit": kpi.unit, "meaning": kpi.meaning}
    except Undefined as reason:
        return {"value": None, "unit": kpi.unit, "meaning": kpi.meaning, "reason": str(reason)}


def _availability(run: Scored) -> float:
    length_ms = (run.view.ends_ms - run.view.starts_ms) * len(run.view.network["services"])
    return 1 - ratio(sum(run.outage_ms.values()), length_ms, "the network has no services")


def _user_hours_lost(run: Scored) -> float:
    lines = run.view.lines_of_service
    return sum(time_ms * lines.get(service, 0) for service, time_ms in run.outage_ms.items()) / HOUR_MS


def _mttd(run: Scored) -> float:
    if not run.faults:
        raise Undefined("there was no fault")
    ends = run.view.ends_ms
    return fmean((f.first_known_ms if f.first_known_ms is not None else ends) - f.at_ms for f in run.faults) / SECOND_MS


def _mtta(run: Scored) -> float:
    incidents, actions = run["incidents"], run["actions"].filter(pl.col("kind").is_in(["dispatch", "partner_ticket"]))
    first = actions.group_by("incident_id").agg(pl.col("occurred_ms").min().alias("sent_ms"))
    waits = incidents.join(first, on="incident_id").select(pl.col("sent_ms") - pl.col("occurred_ms")).to_series()
    if waits.is_empty():
        raise Undefined("nobody was sent")
    return fmean(waits.to_list()) / SECOND_MS


def _mttr(run: Scored) -> float:
    if not run.faults:
        raise Undefined("there was no fault")
    return fmean((f.until_ms or run.view.ends_ms) - f.at_ms for f in run.faults) / SECOND_MS


def _alarm_compression(run: Scored) -> float:
    if run.faults and not _coverage(run):
        raise Undefined("no fault has an incident: what is only suppressed is not compressed")
    return 1 - ratio(run["incidents"].height, _alarms_raw(run), "there was no alarm")


def _alarms_per_incident(run: Scored) -> float:
    return ratio(_alarms_raw(run), run["incidents"].height, "there was no incident")


def _coverage(run: Scored) -> float:
    return ratio(sum(f.covered for f in run.faults), len(run.faults), "there was no fault")


def _useful_compression(run: Scored) -> float:
    coverage = _coverage(run)
    return coverage * _alarm_compression(run) if coverage else 0.0


_HEARD = ("alarm.raised", "alarm.repeated", "alarm.changed", "alarm.flapping")
"""what is noted of a notification that is no clear"""


def _alarms_raw(run: Scored) -> int:
    return run["journal"].filter(pl.col("kind").is_in(_HEARD)).height


def _alarm_rate_peak(run: Scored) -> int:
    raised = run["journal"].filter(pl.col("kind").is_in(_HEARD))
    at_ms = raised["at_ms"].sort()
    until = at_ms.search_sorted(at_ms + 10 * MINUTE_MS, side="left")
    return max((end - begin for begin, end in enumerate(until.to_list())), default=0)


def _precision(run: Scored) -> float:
    right, named = run.named_causes
    return ratio(right, named, "no incident names a cause")


def _recall(run: Scored) -> float:
    return ratio(sum(f.named for f in run.faults), len(run.faults), "there was no fault")


def _exact(run: Scored) -> int:
    right, named = run.named_causes
    if not run.faults and not named:
        raise Undefined("there was no fault, and none was believed")
    return int(right == named and all(f.named for f in run.faults))


def _dispatches_per_fault(run: Scored) -> float:
    sent = run["actions"].filter(pl.col("kind") == "dispatch").height
    return ratio(sent, len(run.faults), "there was no fault")


def _first_time_fix(run: Scored) -> float:
    sent = run["actions"].filter((pl.col("kind") == "dispatch") & (pl.col("state") != "started"))
    mended = sent.filter(pl.col("state") == "succeeded").height
    return ratio(mended, sent.height, "no crew has finished a job")


def _calls(run: Scored) -> pl.DataFrame:
    return run["attempts"].filter(pl.col("class") == "voice")


def _answer_seizure(run: Scored) -> float:
    calls = _calls(run)
    seized = calls.filter(pl.col("outcome").is_in(["answered", "in_progress", "busy", "unanswered"]))
    answered = seized.filter(pl.col("outcome").is_in(["answered", "in_progress"])).height
    return ratio(answered, seized.height, "nobody called")


def _network_effectiveness(run: Scored) -> float:
    calls = _calls(run).filter(pl.col("outcome") != "refused")
    reached = calls.filter(pl.col("outcome").is_in(["answered", "in_progress", "busy", "unanswered"])).height
    return ratio(reached, calls.height, "nobody called")


def _proactive(run: Scored) -> float:
    first = run["tickets"].group_by("problem_id").agg(pl.col("opened_ms").min().alias("ticket_ms"))
    problems = run["service_problems"].join(first, on="problem_id", how="left")
    before = problems.filter(pl.col("ticket_ms").is_null() | (pl.col("known_ms") <= pl.col("ticket_ms")))
    return ratio(before.height, problems.height, "there was no service problem")


def _peak_utilisation(run: Scored) -> float:
    if run.loads.is_empty():
        raise Undefined("no link has a stated capacity")
    return float(run.loads["utilisation"].to_numpy().max())


def _packets_lost(run: Scored) -> int:
    if run.loads.is_empty():
        raise Undefined("no link has a stated capacity")
    return int((run.loads["discarded"] + run.loads["damaged"]).sum())


def _sum(table: str, column: str) -> Callable[[Scored], int]:
    return lambda run: int(run[table][column].sum())


E425, X733, IF_MIB, OURS = "ITU-T E.425", "ITU-T X.733", "RFC 2863", "ours"
KPIS: tuple[Kpi, ...] = (
    Kpi("availability", "1", "share of time that access services were in service", "ITU-T E.800", _availability),
    Kpi("user_hours_lost", "h", "outage time of each service × its lines", OURS, _user_hours_lost),
    Kpi("mttd_s", "s", "fault to first alarm, or cause found without; undetected: to the end of the run", OURS, _mttd),
    Kpi("undetected_faults", "faults", "faults without any alarm, and not found without one", OURS,
        lambda run: sum(f.first_known_ms is None for f in run.faults)),
    Kpi("mtta_s", "s", "fault's first alarm to a crew being sent or a partner's ticket, mean", OURS, _mtta),
    Kpi("mttr_s", "s", "fault to repair, mean; open faults count to the end of the run", OURS, _mttr),
    Kpi("open_faults", "faults", "faults not repaired at the end", OURS,
        lambda run: sum(f.until_ms is None for f in run.faults)),
    Kpi("alarms_raw", "alarms", "alarm notifications received, repeats included, clears not", X733, _alarms_raw),
    Kpi("incidents", "incidents", "incidents opened", OURS, lambda run: run["incidents"].height),
    Kpi("alarm_compression", "1", "1 − incidents ÷ raw alarms; undefined where no fault at all has an incident. To be "
        "read with fault_coverage", OURS, _alarm_compression),
    Kpi("alarms_per_incident", "alarms", "raw alarms ÷ incidents. To be read with fault_coverage", OURS,
        _alarms_per_incident),
    Kpi("fault_coverage", "1", "faults that have an incident, whatever it blames, ÷ faults: the recall of detection",
        OURS, _coverage),
    Kpi("useful_compression", "1", "alarm_compression × fault_coverage, 0 where no fault has an incident: what to rank "
        "by, for whoever suppresses everything compresses best and is of no use", OURS, _useful_compression),
    Kpi("missed_incidents", "faults", "faults that no incident names", OURS,
        lambda run: sum(not f.named for f in run.faults)),
    Kpi("root_cause_precision", "1", "incidents that name a true fault ÷ those that name a cause", OURS, _precision),
    Kpi("root_cause_recall", "1", "faults that an incident names ÷ faults", OURS, _recall),
    Kpi("root_cause_exact", "1", "1 when the causes named are exactly the faults", OURS, _exact),
    Kpi("dispatches_per_fault", "1", "crews sent ÷ faults", OURS, _dispatches_per_fault),
    Kpi("first_time_fix", "1", "crews that mended something ÷ crews that finished a job", OURS, _first_time_fix),
    Kpi("services_at_risk_s", "service-seconds", "time for which services were believed to be a failure from an outage",
        OURS, lambda run: total_ms(run.at_risk[0]) / SECOND_MS),
    Kpi("services_truly_at_risk_s", "service-seconds", "time for which services were a failure from an outage, and "
        "would not be on the whole network", OURS, lambda run: total_ms(run.at_risk[1]) / SECOND_MS),
    Kpi("at_risk_overlap", "1", "time at risk both truly and as believed ÷ at risk either way", OURS,
        lambda run: ratio(*overlap(*run.at_risk), "no service was at risk, and none was believed to be")),
    Kpi("disturbance_by_tests", "service-seconds", "outages that tests began: of each service until it was back", OURS,
        lambda run: interrupted_s(run.view, "test")),
    Kpi("harm_by_remediation", "service-seconds", "outages that commands began: of each service until it was back",
        OURS, lambda run: interrupted_s(run.view, "command")),
    Kpi("alarm_rate_peak_10min", "alarms", "raw alarms in the busiest ten minutes", "EEMUA 191", _alarm_rate_peak),
    Kpi("answer_seizure_ratio", "1", "answered calls ÷ calls that seized a circuit", E425, _answer_seizure),
    Kpi("network_effectiveness_ratio", "1", "calls that reached the other side ÷ all but those without credit", E425,
        _network_effectiveness),
    Kpi("blocked", "attempts", "attempts that found no service", OURS,
        lambda run: run["attempts"].filter(pl.col("outcome") == "blocked").height),
    Kpi("refused", "attempts", "attempts refused for want of credit", OURS,
        lambda run: run["attempts"].filter(pl.col("outcome") == "refused").height),
    Kpi("cut_off", "attempts", "answered attempts that ended for want of credit", OURS,
        lambda run: run["attempts"].filter("cut_off").height),
    Kpi("emergency_calls_blocked", "attempts", "emergency calls that found no service", OURS,
        lambda run: run["attempts"].filter((pl.col("outcome") == "blocked") & (pl.col("class") == "emergency")).height),
    Kpi("dropped", "attempts", "answered attempts that an outage cut off", OURS,
        lambda run: run["attempts"].filter(pl.col("dropped")).height),
    Kpi("peak_utilisation", "1", "share of its capacity that the fullest port sent in its fullest quarter of an hour",
        IF_MIB, _peak_utilisation),
    Kpi("packets_lost", "packets", "packets that found a port full or came damaged over its line", IF_MIB,
        _packets_lost),
    Kpi("revenue_rated", "micros", "usage rated, before tax", OURS, _sum("rated", "amount_micros")),
    Kpi("revenue_billed", "micros", "sum of invoices, with tax", OURS, _sum("invoices", "total_micros")),
    Kpi("revenue_prepaid", "micros", "what wallets paid for usage and bundles", OURS, paid_by_wallets),
    Kpi("topped_up", "micros", "money paid into wallets", OURS, lambda run: booked(run, "cash")),
    Kpi("prepaid_liability", "micros", "what wallets still have at the end", OURS, _sum("wallets", "balance_micros")),
    Kpi("lowest_balance", "micros", "the least that any wallet ever had", OURS, lowest_balance),
    Kpi("records_unaccounted", "records", "usage records received that are neither rated nor kept with a reason", OURS,
        records_unaccounted),
    Kpi("reject_rate", "1", "usage records rejected ÷ received", OURS, reject_rate),
    Kpi("revenue_leaked", "micros", "worth of carried usage that was rated too low, by account", OURS,
        lambda run: run.revenue.leaked_micros),
    Kpi("revenue_overbilled", "micros", "usage rated above its worth, by account", OURS,
        lambda run: run.revenue.overbilled_micros),
    Kpi("revenue_lost", "micros", "worth of usage that was wanted and not carried", OURS,
        lambda run: run.revenue.lost_micros),
    Kpi("credits_total", "micros", "SLA credits on invoices, before tax", OURS,
        lambda run: -on_invoices(run, "credit")),
    Kpi("money_lost", "micros", "revenue_lost + credits_total: what the outages cost", OURS,
        lambda run: run.revenue.lost_micros - on_invoices(run, "credit")),
    Kpi("credit_error", "micros", "|credit − credit by true outages|, summed over accounts", OURS, credit_error),
    Kpi("rounding_difference", "micros", "residue of rounding invoices", OURS,
        lambda run: on_invoices(run, "rounding")),
    Kpi("contacts", "contacts", "customers who called care", OURS, lambda run: run["tickets"].height),
    Kpi("proactive_ratio", "1", "service problems known before any customer called about them", OURS, _proactive),
)  # fmt: skip


def difference_text(difference: float, unit: str, currency: str) -> str:
    """A difference of two values as people read it, with its sign and unit."""
    if unit == "micros":
        return f"{'+' if difference > 0 else ''}{amount_text(round(difference / 10_000) * 10_000)} {currency}"
    return f"{difference:+,.6g}" + ("" if unit == "1" else f" {unit}")


def value_text(kpi: Mapping[str, Any], currency: str) -> str:
    """The value as people read it, with its unit, or why it has none."""
    if kpi["value"] is None:
        return f"undefined: {kpi['reason']}"
    if kpi["unit"] == "micros":
        return f"{amount_text(kpi['value'])} {currency}"
    number = kpi["value"]
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.6g}"
    return text if kpi["unit"] == "1" else f"{text} {kpi['unit']}"
