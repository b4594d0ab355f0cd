"""One thing followed through every hop, on a day when the port was cut off and usage files were doubled and spoilt."""

import json

import polars as pl
import pytest

from sim.cli import main
from sim.testbed.trace.account import trace_account
from sim.testbed.trace.incident import trace_incident
from sim.testbed.trace.step import read_records
from sim.testbed.trace.usage import trace_usage
from tests.town import play

CUT = [{"at": "2 h", "do": "cut_link", "target": "east-port"}]
SPOILT = {"callers_milli": 1000, "usage_files": {"doubled_milli": 300, "corrupted_milli": 60}}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return play(tmp_path_factory.mktemp("trace"), CUT, world=SPOILT, business={"rating_period": "4 h"})


@pytest.fixture(scope="module")
def records(played):
    return read_records(played.folder)


def sources(trail):
    return [step.source for step in trail.steps]


def test_a_cut_link_is_followed_from_its_alarms_to_the_credits_in_order(records):
    trail = trace_incident(records, "incident-1")
    hops = ["oss.surveillance", "oss.service_impact", "bss.care", "oss.root_cause", "oss.remediation", "oss.testing",
            "oss.maintenance", "bss.sla"]  # fmt: skip
    assert list(dict.fromkeys(sources(trail))) == hops
    assert all(step.known_ms >= step.occurred_ms for step in trail.steps)
    assert [step.known_ms for step in trail.steps] == sorted(step.known_ms for step in trail.steps)
    told = "\n".join(step.text for step in trail.steps)
    for words in ("lossOfSignal on east-port, said by r-east: “", "one cause, east-port (", "% sure, log odds",
                  "show_port of east-port from r-east: down, dark; likeliest: east-port", "crew-1 is sent",
                  "crew-1 has mended it", "verify of east-port succeeded", "closed", "svc-port works again"):  # fmt: skip
        assert words in told


def test_each_alarm_of_an_incident_and_its_clear_is_told_with_the_line_that_the_element_wrote(records):
    said = [step for step in trace_incident(records, "incident-1").steps if "lossOfSignal on east-port" in step.text]
    raised, over = ([s for s in said if s.text.startswith("cleared") == is_over] for is_over in (False, True))
    assert {s.facts["message_id"].partition("/")[0] for s in raised} == {"r-east", "r-port"}
    assert all("Interface GigabitEthernet0/1/" in s.facts["raw"] and "down" in s.facts["raw"] for s in raised)
    assert over
    assert all("up" in s.facts["raw"].split("changed state to ")[1] for s in over)
    assert len({s.facts["message_id"] for s in said}) == len(said)


def test_tickets_and_credits_of_an_incident_are_those_of_the_tables(records, played):
    trail = trace_incident(records, "incident-1")
    tickets = played.table("tickets").height
    assert tickets > 2
    linked = [step for step in trail.steps if "linked to problem-1" in step.text]
    assert [step.facts["tickets"] for step in linked] == [tickets, tickets]
    (credit,) = (step for step in trail.steps if step.source == "bss.sla")
    port = played.table("accounts").filter(pl.col("service_id") == "svc-port")
    assert credit.facts["accounts"] == port.height
    assert credit.facts["amount_micros"] == played.kpis["credits_total"] > 0


def test_the_truth_is_told_to_a_game_master_only(records, played):
    assert not {"truth", "attempts"} & records.tables.keys()
    true = read_records(played.folder, with_truth=True)
    steps = trace_incident(true, "incident-1").steps
    told = [(step.text, step.occurred_ms) for step in steps if step.source == "world.truth"]
    fault = played.table("truth").filter(pl.col("kind") == "fault").row(0, named=True)
    assert ("east-port fails", fault["at_ms"]) in told
    assert ("east-port is mended", fault["until_ms"]) in told
    assert [step for step in steps if step.source != "world.truth"] == list(trace_incident(records, "incident-1").steps)
    blocked = played.table("attempts").filter(pl.col("outcome") == "blocked")["intent_id"][0]
    assert trace_usage(true, str(blocked)).steps[0].facts["outcome"] == "blocked"
    assert sources(trace_usage(true, str(blocked))) == ["world.truth"]


@pytest.mark.parametrize(
    ("state", "reason"), [("rejected", "negative quantity"), ("suspended", "no account for this line at this time")]
)
def test_the_trail_of_a_record_that_cannot_be_rated_ends_in_mediation_with_its_reason(records, state, reason):
    usage_id = records.where("unrated", state=state, reason=reason)["usage_id"][0]
    trail = trace_usage(records, str(usage_id))
    assert set(sources(trail)) == {"oss.collection", "bss.mediation"}
    judged = next(step for step in trail.steps if step.source == "bss.mediation")
    assert judged.facts == {"state": state, "reason": reason}
    assert trail.headline.endswith("never rated; the trail ends at bss.mediation")


def test_both_copies_of_a_doubled_record_are_shown_and_one_is_charged(records):
    doubled = records.where("unrated", state="duplicate").join(records.tables["rated"], on="usage_id", how="semi")
    trail = trace_usage(records, str(doubled["usage_id"][0]))
    verdicts = [step.facts["state"] for step in trail.steps if step.source == "bss.mediation"]
    assert verdicts == ["guided", "duplicate"]
    assert sources(trail).count("oss.collection") == 2
    assert sources(trail)[-3:] == ["bss.rating", "bss.ledger", "bss.billing"]


def test_every_rated_record_leads_to_one_invoice_and_the_amounts_make_up_its_usage_lines(records):
    billed: dict[tuple[str, int | None], int] = {}
    for usage_id in records.tables["rated"]["usage_id"]:
        steps = trace_usage(records, str(usage_id)).steps
        (rated,) = (step for step in steps if step.source == "bss.rating")
        (bill,) = (step for step in steps if step.source == "bss.billing")
        assert (
            records.where("invoices", invoice_id=bill.facts["invoice_id"])["account_id"].item()
            == rated.facts["account_id"]
        )
        line = (bill.facts["invoice_id"], bill.facts["line"])
        billed[line] = billed.get(line, 0) + rated.facts["amount_micros"]
    lines = records.where("invoice_lines", kind="usage").select("invoice_id", "line", "amount_micros").rows()
    assert {line: amount for line, amount in billed.items() if amount} == {(i, n): amount for i, n, amount in lines}
    assert len(lines) > 1


def test_what_the_ledger_booked_for_a_record_is_what_its_run_charged_the_account_for_the_class(records):
    dear = records.tables["rated"].filter(pl.col("amount_micros") > 0).row(0, named=True)
    (posted,) = (s for s in trace_usage(records, str(dear["usage_id"])).steps if s.source == "bss.ledger")
    alike = records.where("rated", run_id=dear["run_id"], account_id=dear["account_id"], **{"class": dear["class"]})
    assert posted.facts["amount_micros"] == alike["amount_micros"].sum()


def test_a_record_that_no_rating_run_took_is_said_to_wait(tmp_path):
    never = {"close_cycle_at_end": False, "rating_period": "10 h"}
    run = play(tmp_path, [], business=never, lasts="6 h", population={"subscribers": 6, "offerings": {"postpay-s": 1}})
    records = read_records(run.folder)
    trail = trace_usage(records, str(records.tables["usage"]["usage_id"][0]))
    assert sources(trail) == ["oss.collection", "bss.mediation", "bss.rating"]
    assert "waits for a rating run" in trail.steps[-1].text


def test_an_account_shows_its_contract_trouble_bills_and_books(records):
    account = records.where("accounts", service_id="svc-port")["account_id"][0]
    trail = trace_account(records, account)
    assert sources(trail)[0] == "bss.accounts"
    told = "\n".join(step.text for step in trail.steps)
    for words in (
        "takes postpay-s on svc-port",
        "svc-port is down",
        "Credit for",
        "VAT",
        "revenue:recurring: 1 posting",
    ):
        assert words in told
    books = {step.facts["account"]: step.facts["balance_micros"] for step in trail.steps if step.source == "bss.ledger"}
    assert sum(books.values()) == 0
    invoiced = records.where("invoices", account_id=account)["total_micros"].sum()
    assert books.get("receivables", 0) == invoiced
    rated = sum(step.facts["amount_micros"] for step in trail.steps if step.source == "bss.rating")
    assert rated == records.where("rated", account_id=account)["amount_micros"].sum()


def test_alarms_that_join_a_known_incident_are_told_as_such(tmp_path):
    """Some elements are heard ten minutes late: their alarms join the incident that is open already."""
    late = {"telemetry": {"late_milli": 400, "delay": "500 ms", "late_delay": "10 min"}}
    run = play(tmp_path, [{"at": "2 h", "do": "cut_duct", "target": "duct-river"}], world=late)
    records = read_records(run.folder)
    steps = [
        step for name in records.tables["incidents"]["incident_id"] for step in trace_incident(records, name).steps
    ]
    assert any("more alarm" in step.text for step in steps)
    assert all(step.known_ms >= step.occurred_ms for step in steps)


@pytest.mark.parametrize(
    ("what", "found", "told"),
    [("--incident", "incidnt-1", "did you mean 'incident-1'?"), ("--account", "account-00005", "did you mean 'account-000"),
     ("--usage", "1e3", "whole number"),
     ("--usage", "99999999999999999999999", "at most 18 digits"),
     ("--usage", "123456789", "no usage record '123456789'; there are")],
)  # fmt: skip
def test_an_unknown_id_exits_2_and_says_which_there_are(played, capsys, what, found, told):
    assert main(["trace", str(played.folder), what, found]) == 2
    assert told in capsys.readouterr().err


def test_the_command_prints_a_table_or_one_object(played, capsys):
    assert main(["trace", str(played.folder), "--incident", "incident-1"]) == 0
    table = capsys.readouterr().out
    assert table.startswith("incident-1: closed, believed cause east-port")
    assert "06 May 08:00:00" in table
    assert main(["trace", str(played.folder), "--incident", "incident-1", "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    steps = json.loads(printed)["steps"]
    assert len(steps) == table.count("\n") - 2
    assert all(step["delay_ms"] == step["known_ms"] - step["occurred_ms"] for step in steps)


@pytest.mark.parametrize("ids", [[], ["--usage", "1", "--account", "account-0000001"]])
def test_exactly_one_thing_is_followed(played, ids, capsys):
    with pytest.raises(SystemExit) as left:
        main(["trace", str(played.folder), *ids])
    assert left.value.code == 2


def test_what_was_tested_typed_and_proved_is_part_of_the_story(tmp_path):
    """A port closed by mistake: looked at, rolled back in the router's own words, proved and confirmed; nobody drives."""
    change = {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    run = play(tmp_path, [change], world=SPOILT | {"remote": {}})
    trail = trace_incident(read_records(run.folder), "incident-1")
    told = [step.text for step in trail.steps]
    order = ["show_port of east-port from r-east: administratively down", "incident-1: by its tests the cause is east-port, shut",
             "roll back of east-port begins", "r-east is told: configure replace", "tests are to prove it",
             "r-east is told: configure confirm", "roll back of east-port succeeded"]  # fmt: skip
    places = [next(n for n, text in enumerate(told) if words in text) for words in order]
    assert places == sorted(places)
    assert all(step.known_ms >= step.occurred_ms for step in trail.steps)
    assert not any("crew" in text for text in told)
