"""Steps of sessions as rows of online charging: what one asks for, and what is answered."""

from ossbss.bss.revenue.charging.answers import Answer, Asked
from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.holdings import Granted, Holdings
from ossbss.bss.revenue.charging.sessions import Step


def step_of(asked: Asked, have: Holdings | None) -> Step:
    """The next step of its session. ``have``: of its wallet, None: it has none."""
    name = str(asked.request_id)
    if asked.kind == "session_begin":
        request = Request(asked.at_ms, str(asked.usage_class), 0, asked.zone, asked.destination or "")
        return Step(name, "initial", 0, asked.at_ms, 0, asked.quantity, request)
    running = have.sessions.get(name) if have else None
    number = running.number + 1 if running else 0
    if asked.kind == "session_end":
        return Step(name, "final", number, asked.at_ms, asked.used or 0, 0)
    return Step(name, "update", number, asked.at_ms, asked.used or 0, asked.quantity)


def of_step(asked: Asked, done: Granted, have: Holdings | None) -> Answer:
    """What the session has cost is told with its end: before, that is not final."""
    outcome = "refused" if done.outcome == "refused" else "partial" if done.final or done.leaked_units else "full"
    balance_micros = have.free_micros if have else None
    if done.outcome != "ended":
        return Answer(asked.request_id, done.granted, outcome, done.reason, balance_micros=balance_micros)
    return Answer(asked.request_id, 0, outcome, done.reason, done.charged_micros, done.fee_micros, balance_micros)
