"""A test goes out as a command or a request, and what comes back is read as its outcome."""

from ossbss.contract.assurance import CommandResult, TestRequest, TestResult
from ossbss.contract.desk import Desk
from ossbss.contract.units import HOUR_MS
from ossbss.oss.elements.commands import read_answer
from ossbss.oss.elements.orders import command, order
from ossbss.oss.fault.test_catalogue import UNKNOWN, ActiveTest, Outcome
from ossbss.oss.fault.test_results import outcome_of_look, outcome_of_test
from ossbss.oss.inventory import Inventory

LATELY_MS = HOUR_MS
"""A change of configuration that is older than this when an incident begins was no cause of it (assumption)."""
_REQUESTS = ("probe", "traceroute", "loopback", "reflectometry")


def ask(test: ActiveTest, inventory: Inventory, desk: Desk, now_ms: int) -> str | None:
    """Send it; the id of the message that asks, or None where the element's vendor has no words for it."""
    if test.method in _REQUESTS:
        request = TestRequest(**desk.head(now_ms), method=test.method, target=test.target,  # type: ignore[arg-type]
                              from_node=test.from_node or None)  # fmt: skip
        desk.send(request)
        return request.message_id
    try:
        action = order(test.method, test.from_node, inventory, _shown(test))  # type: ignore[arg-type]
        typed = command(action, test.from_node, inventory, desk.head(now_ms))
    except ValueError:
        return None
    desk.send(typed)
    return typed.message_id


def outcome_of(
    test: ActiveTest, said: TestResult | CommandResult, inventory: Inventory, began_ms: int, now_ms: int
) -> Outcome:
    """What it has shown; ``unknown`` where nothing came back that could be read. ``began_ms``: when the incident began
    that it is about."""
    if isinstance(said, TestResult):
        return outcome_of_test(said)
    action = order(test.method, test.from_node, inventory, _shown(test))  # type: ignore[arg-type]
    answer = read_answer(action, said, now_ms)
    return UNKNOWN if answer.rejected else outcome_of_look(test, answer, inventory, began_ms - LATELY_MS)


def _shown(test: ActiveTest) -> str:
    """What the look is about; none for the node itself."""
    return test.target if test.target != test.from_node else ""
