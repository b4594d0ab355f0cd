"""Reservations outside of a wallet, as the vectors of rating play them: a step that is refused leaves all as it was."""

from ossbss.bss.revenue.charging.balances import Money, Request
from ossbss.bss.revenue.charging.reservation import Session, free, report
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import MINUTE, NOON, RULES

PLAN, ROUNDING = RULES.plan("payg", "voice", "on_net"), RULES.catalogue.rounding.charge.at("charge")


def test_a_refused_interim_step_debits_nothing_new_and_holds_what_was_held():
    """Of 10: a minute used, two held (3 + 6); a second minute and 3 more would be 15. Still 3 paid, 6 held, 1 free."""
    money = [Money("main", micros(10))]
    session = report(PLAN, Session(Request(NOON, "voice", 0, "on_net")), 0, MINUTE, money, ROUNDING)
    session = report(PLAN, session, MINUTE, 2 * MINUTE, money, ROUNDING)
    refused = report(PLAN, session, MINUTE, 3 * MINUTE, money, ROUNDING)
    assert (refused.outcome, refused.reason) == ("refused", "out_of_credit")
    assert (refused.debited_micros, refused.held_micros, refused.used) == (micros(3), micros(6), MINUTE)
    assert [balance.value_micros for balance in free(refused, money)] == [micros(1)]
