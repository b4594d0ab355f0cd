"""Complaints that an outage explains, and those of services that work by all accounts."""

from ossbss.oss.fault.complaints import open_complaints, working_all_the_same
from ossbss.oss.fault.records import Incident, ServiceProblem
from ossbss.oss.fault.remediation import may_close
from ossbss.oss.fault.testing import Trials
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance.dispatch import skill_for
from tests.town import town

DOWN = ("svc-port", "underlyingResourceUnavailable", "r-hub")


def incident(state="diagnosed", alarms=(), complaints=(), occurred_ms=100, closed_ms=None):
    return Incident("incident-1", state, "cell-port", (), alarms, occurred_ms, 200, closed_ms=closed_ms, kind="cell",
                    complaints=complaints)  # fmt: skip


def problem(resolved_known_ms):
    return ServiceProblem("problem-1", "svc-farm", "resolved", 1_000, 50, 1_100, None, None, "probe",
                          resolved_known_ms=resolved_known_ms)  # fmt: skip


def test_what_an_outage_explains_that_is_over_is_no_riddle():
    reports = [("svc-port", 150), ("svc-port", 300), ("svc-farm", 949), ("svc-farm", 951), ("svc-farm", 1_600)]
    over = incident("closed", (DOWN,), closed_ms=250)
    assert open_complaints(reports, [over], [problem(1_500)]) == [("svc-port", 300), ("svc-farm", 949), ("svc-farm", 1_600)]
    assert open_complaints(reports, [incident("diagnosed", (DOWN,))], [problem(None)]) == reports
    by_complaint = incident("closed", complaints=("svc-port",), closed_ms=250)
    assert open_complaints([("svc-port", 150)], [by_complaint], []) == []


def test_only_services_that_have_just_passed_and_that_no_incident_is_about():
    passed = Trials().asked(900).heard(True, 1_000)
    trials = {"svc-port": passed, "svc-farm": Trials().heard(False, 1_000), "svc-north": Trials().heard(True, 900)}
    asked = {"svc-port", "svc-farm", "svc-north", "svc-south"}
    assert working_all_the_same(asked, trials, [], 1_000) == {"svc-port"}
    assert working_all_the_same(asked, trials, [incident(complaints=("svc-port",))], 1_000) == frozenset()
    assert working_all_the_same(asked, trials, [incident(alarms=(DOWN,))], 1_000) == frozenset()


def test_what_only_customers_tell_of_is_not_over_for_want_of_alarms():
    states = ("undiagnosed", "diagnosed", "dispatched", "repaired")
    ends = {state: may_close(incident(state, complaints=("svc-port",)), set(), ()) for state in states}
    assert ends == {"undiagnosed": True, "diagnosed": False, "dispatched": False, "repaired": True}
    assert may_close(incident(alarms=(DOWN,)), set(), ())


def test_somebody_who_masters_radio_is_sent_to_where_the_cell_stands():
    inventory = read_inventory(town())
    assert (inventory.site_of("cell-port"), skill_for(inventory, "cell-port")) == ("port", "radio")
