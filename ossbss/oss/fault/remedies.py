"""Remedies on their way: an act is approved, typed, proved by tests of its own and confirmed, or taken back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from ossbss.contract.assurance import CommandResult, TestResult
from ossbss.contract.desk import Desk
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.answers import ChangeFacts, Done
from ossbss.oss.elements.commands import Action, as_body, read_answer
from ossbss.oss.elements.orders import command
from ossbss.oss.fault import proofs
from ossbss.oss.fault.asking import LATELY_MS, ask, outcome_of
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.guards import domain, harmless, held_down, kind_of
from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Effects, Hypothesis
from ossbss.oss.fault.records import ActionState, Incident, ListedAlarm
from ossbss.oss.fault.runbooks import CONFIRM_MIN, Runbook, books_for
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.fault.test_catalogue import UNKNOWN, ActiveTest, expected
from ossbss.oss.fault.test_results import is_change
from ossbss.oss.fault.typing_plan import Typed, element_of, taken, to_type
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy

Announce = Callable[[str, int, int], None]
"""(resource that is out of service on purpose, from, until)"""
UNDO_ATTEMPTS = 12
"""What has to be undone is tried so often, five minutes apart: its element may be out of reach (assumption)."""


@dataclass(frozen=True, eq=False)
class Doing:
    """A remedy under way. ``left``: what is still to be typed; ``typed``: what waits for its answer, under which
    message; ``from_ms``: from when it can be proved, None: it is not done yet; ``unproved``: tests that have yet to
    show health, ``proved``: one has; ``until_ms``: by when something has to happen."""

    action_id: str
    incident_id: str
    book: Runbook
    hypothesis: Hypothesis
    left: tuple[Typed, ...]
    until_ms: int
    typed: tuple[str, Action] | None = None
    from_ms: int | None = None
    unproved: frozenset[ActiveTest] = frozenset()
    proved: bool = False
    asked_ms: int | None = None
    confirming: bool = False
    over: bool = False
    """it has failed, and its element takes it back at ``until_ms``"""


class Remedies:
    """Keeps what is being done from afar, what has been tried, and what has to be undone when the cause is mended."""

    def __init__(
        self, inventory: Inventory, policy: OperationsPolicy, model: NetworkModel, cases: Casebook,
        alarms: Mapping[Identity, ListedAlarm], announce: Announce, desk: Desk,
    ) -> None:  # fmt: skip
        """``alarms``: the alarm list, as it stands at any time; ``announce``: to whom work of one's own is told."""
        self.inventory, self.policy, self.model = inventory, policy, model
        self.cases, self.alarms, self.announce, self.desk = cases, alarms, announce, desk
        self.well = Effects(NOTHING_WRONG, inventory)
        self.doing: dict[str, Doing] = {}
        """incident → its remedy under way"""
        self.tried: dict[tuple[str, Hypothesis, str], int] = {}
        """(incident, hypothesis, kind of act) → how often"""
        self.to_undo: dict[str, tuple[Runbook, Hypothesis]] = {}
        """incident → what helps meanwhile, and has to be undone"""
        self.asked: dict[str, tuple[str, ActiveTest]] = {}
        """message → (incident, the proof that it asks for)"""

    # -- what to do ------------------------------------------------------------------------------------

    def begin(self, incident: Incident, hypothesis: Hypothesis, now_ms: int) -> bool:
        """Begin the next act of the runbooks for what is believed. False: there is none (any more), and a crew goes."""
        if incident.incident_id in self.doing:
            return True
        book = self._next_book(incident, hypothesis)
        if book is None or not self.policy.remote_repair:
            return False
        if "fault_domain" in book.guards and not self._is_free(hypothesis.resource):
            return True
        self._start(incident, book, hypothesis, now_ms)
        self._step(self.doing[incident.incident_id], now_ms)
        return True

    def _next_book(self, incident: Incident, hypothesis: Hypothesis) -> Runbook | None:
        of = kind_of(hypothesis.resource, self.inventory)
        if sum(n for (of_incident, _, _), n in self.tried.items() if of_incident == incident.incident_id) >= (
            self.policy.most_remote_acts
        ):
            return None
        fitting = (book for book in books_for(of, hypothesis.mode) if self._applies(book, incident, hypothesis))
        return next(fitting, None)

    def _applies(self, book: Runbook, incident: Incident, hypothesis: Hypothesis) -> bool:
        """Attempts are left, the conditions hold, and nobody who works would lose the last way."""
        if self.tried.get((incident.incident_id, hypothesis, book.kind), 0) >= book.attempts:
            return False
        if "flapping" in book.conditions and not any(self.alarms[i].flaps for i in incident.alarms if i in self.alarms):
            return False
        link = self.inventory.links.get(hypothesis.resource)
        if "protected" in book.conditions and not (link and proofs.all_protected(link.link_id, self.inventory)):
            return False
        takes, spared = taken(book, hypothesis.resource, self.inventory), proofs.asleep(hypothesis, self.inventory)
        if not takes or "last_path" not in book.guards:
            return True
        return harmless(self.model, self._failed(book, hypothesis), takes, spared)

    def _failed(self, book: Runbook, hypothesis: Hypothesis) -> Collection[str]:
        """What is believed to be gone: not what still carries, if badly."""
        failed = self.cases.believed_causes()
        carries = hypothesis.mode != "failed" or "flapping" in book.conditions
        return failed - {hypothesis.resource} if carries else failed

    def _held_down(self, incident: Incident) -> frozenset[str]:
        """What the causes of other incidents take down: it proves nothing about this one."""
        others = self.cases.believed_causes(besides=incident.incident_id) - {incident.root_cause_resource}
        return held_down(self.model, self.inventory, others)

    def _is_free(self, resource: str) -> bool:
        """One act at a time in each fault domain."""
        busy = (domain(doing.hypothesis.resource, self.inventory) for doing in self.doing.values())
        return domain(resource, self.inventory).isdisjoint(frozenset[str]().union(*busy))

    def _start(self, incident: Incident, book: Runbook, hypothesis: Hypothesis, now_ms: int) -> None:
        key = (incident.incident_id, hypothesis, book.kind)
        self.tried[key] = self.tried.get(key, 0) + 1
        state: ActionState = "awaiting_approval" if book.approval else "started"
        action_id = self.cases.act(incident, book.kind, state, now_ms, attempt=self.tried[key])
        until_ms = now_ms + (self.policy.approval_ms if book.approval else 0)
        typed = to_type(book, hypothesis, self.inventory)
        self.doing[incident.incident_id] = Doing(action_id, incident.incident_id, book, hypothesis, typed, until_ms)

    # -- doing it --------------------------------------------------------------------------------------

    def go_on(self, now_ms: int) -> None:
        """Type, prove, give up what is overdue; and undo what is needed no more."""
        for incident in [self.cases.incidents[incident_id] for incident_id in self.to_undo]:
            if incident.state not in ("diagnosed", "dispatched"):
                self._undo(incident, now_ms)
        for doing in list(self.doing.values()):
            self._step(doing, now_ms)

    def _step(self, doing: Doing, now_ms: int) -> None:
        if doing.over:
            if now_ms >= doing.until_ms:
                del self.doing[doing.incident_id]
        elif doing.typed is not None:
            if now_ms >= doing.until_ms:
                self._fail(doing, "no answer came", now_ms)
        elif doing.left and now_ms >= doing.until_ms:
            self._type(doing, now_ms)
        elif doing.from_ms is not None and now_ms >= doing.until_ms:
            self._fail(doing, "not proved in time", now_ms)
        elif doing.from_ms is not None and now_ms >= doing.from_ms:
            self._prove(doing, now_ms)

    def _type(self, doing: Doing, now_ms: int) -> None:
        """The next line of the runbook."""
        node, action = doing.left[0]
        action_record = self.cases.actions[doing.action_id]
        try:
            typed = command(action, node, self.inventory, self.desk.head(now_ms))
        except ValueError as refused:
            self._fail(doing, str(refused), now_ms)
            return
        if action_record.state == "awaiting_approval":
            self.cases.keep_action(replace(action_record, state="started"))
        self.desk.send(typed)
        for taken_out in taken(doing.book, doing.hypothesis.resource, self.inventory) if doing.book.settles_ms else ():
            self.announce(taken_out, now_ms, now_ms + doing.book.settles_ms)
        self.desk.note("remediation", "command.sent", doing.action_id, now_ms, as_body(typed))
        until_ms = now_ms + self.policy.answer_within_ms
        self.doing[doing.incident_id] = replace(doing, typed=(typed.message_id, action), until_ms=until_ms)

    def heard(self, said: TestResult | CommandResult, now_ms: int) -> bool:
        """Take an answer; False: nobody here has asked for it."""
        if said.request_id in self.asked:
            incident_id, test = self.asked.pop(said.request_id)
            began_ms = self.cases.incidents[incident_id].occurred_ms
            self._shown(incident_id, test, outcome_of(test, said, self.inventory, began_ms, now_ms), now_ms)
            return True
        doing = next((d for d in self.doing.values() if d.typed and d.typed[0] == said.request_id), None)
        if doing is None or not isinstance(said, CommandResult) or doing.typed is None:
            return False
        self.desk.note("remediation", "command.answered", doing.action_id, said.occurred_ms, as_body(said))
        self._answered(replace(doing, typed=None), doing.typed[1], said, now_ms)
        return True

    def _answered(self, doing: Doing, action: Action, said: CommandResult, now_ms: int) -> None:
        answer, began_ms = read_answer(action, said, now_ms), self.cases.incidents[doing.incident_id].occurred_ms
        match answer.facts:
            case ChangeFacts(_, _, str() as checkpoint) as change if is_change(change, began_ms - LATELY_MS):
                rest = tuple((node, replace(one, checkpoint=checkpoint)) for node, one in doing.left[1:])
                self._next(doing, rest, now_ms)
            case ChangeFacts():
                self._fail(doing, "nothing was changed there lately", now_ms, done=False)
            case Done(accepted=True) if doing.confirming:
                self._succeed(doing, now_ms)
            case Done(accepted=True):
                self._next(doing, doing.left[1:], now_ms)
            case Done(said=refusal):
                self._fail(doing, refusal or "refused", now_ms)
            case _:
                self._fail(doing, answer.rejected or "not understood", now_ms)

    def _next(self, doing: Doing, left: tuple[Typed, ...], now_ms: int) -> None:
        """More to type, or all is done and waits for its proof."""
        if left:
            self.doing[doing.incident_id] = replace(doing, left=left, until_ms=now_ms)
            return
        from_ms = now_ms + doing.book.settles_ms
        incident, kind = self.cases.incidents[doing.incident_id], self.cases.actions[doing.action_id]
        tests = proofs.proofs(doing.book, doing.hypothesis, incident, self._held_down(incident), self.inventory)
        self.cases.keep_action(replace(kind, state="verifying"))
        until_ms = from_ms + doing.book.prove_within_ms
        waiting = replace(doing, left=(), from_ms=from_ms, unproved=tests, until_ms=until_ms)
        self.doing[doing.incident_id] = waiting
        if kind.kind == "undo" or not tests:
            self._proved(waiting, now_ms)

    # -- proving it ------------------------------------------------------------------------------------

    def _prove(self, doing: Doing, now_ms: int) -> None:
        """Ask for every proof that is still missing, no sooner than a probe's period after the last time."""
        if doing.asked_ms is not None and now_ms < doing.asked_ms + self.policy.probe_period_ms:
            return
        for test in sorted(doing.unproved, key=lambda t: (t.method, t.target)):
            message_id = ask(test, self.inventory, self.desk, now_ms)
            if message_id is not None:
                self.asked[message_id] = (doing.incident_id, test)
        self.doing[doing.incident_id] = replace(doing, asked_ms=now_ms)

    def _shown(self, incident_id: str, test: ActiveTest, outcome: str, now_ms: int) -> None:
        doing = self.doing.get(incident_id)
        well = outcome == expected(test, self.well)
        if doing is None or test not in doing.unproved or not (well or outcome == UNKNOWN):
            return
        left = replace(doing, unproved=doing.unproved - {test}, proved=doing.proved or well)
        self.doing[incident_id] = left  # what cannot be tested proves nothing, and refutes nothing
        if not left.unproved and left.proved:
            self._proved(left, now_ms)

    def _proved(self, doing: Doing, now_ms: int) -> None:
        """It helped: what the element would take back is confirmed first."""
        if not doing.book.takes_back or self.cases.actions[doing.action_id].kind == "undo":
            self._succeed(doing, now_ms)
            return
        confirm = (element_of(doing.hypothesis.resource, self.inventory), Action("confirm"))
        self.doing[doing.incident_id] = replace(doing, left=(confirm,), from_ms=None, until_ms=now_ms, confirming=True)

    def _succeed(self, doing: Doing, now_ms: int) -> None:
        action, incident = self.cases.actions[doing.action_id], self.cases.incidents[doing.incident_id]
        self.cases.keep_action(replace(action, state="succeeded", ended_ms=now_ms))
        del self.doing[doing.incident_id]
        if action.kind == "undo":
            return
        if not doing.book.cures:
            self.to_undo[doing.incident_id] = (doing.book, doing.hypothesis)
        elif incident.state == "diagnosed":
            self.cases.keep(replace(incident, state="repaired"), now_ms)

    def _fail(self, doing: Doing, reason: str, now_ms: int, done: bool = True) -> None:
        """What its element takes back by itself is waited for, so that nothing else meets it half-way."""
        action = self.cases.actions[doing.action_id]
        back = doing.book.takes_back and done and action.kind != "undo"
        state: ActionState = "rolled_back" if back else "failed"
        self.cases.keep_action(replace(action, state=state, ended_ms=now_ms, reason=reason))
        if action.kind == "undo" and action.attempt < UNDO_ATTEMPTS:
            self.to_undo[doing.incident_id] = (replace(doing.book, undo=doing.book.act), doing.hypothesis)
        if back or action.kind == "undo":
            until_ms = now_ms + CONFIRM_MIN * MINUTE_MS
            self.doing[doing.incident_id] = replace(doing, over=True, until_ms=until_ms, typed=None)
        else:
            del self.doing[doing.incident_id]

    def _undo(self, incident: Incident, now_ms: int) -> None:
        """The cause is mended, or was another: what helped meanwhile stands in the way now."""
        book, hypothesis = self.to_undo[incident.incident_id]
        if book.undo is None or incident.incident_id in self.doing:
            return
        del self.to_undo[incident.incident_id]
        back = replace(book, kind="undo", act=book.undo, takes_back=False, approval=False)
        self._start(incident, back, hypothesis, now_ms)

    @property
    def next_ms(self) -> int | None:
        """When something is due by time alone."""
        times = [doing.until_ms for doing in self.doing.values()]
        for doing in self.doing.values():
            if doing.from_ms is not None and not doing.over and doing.typed is None:
                asked_ms = doing.asked_ms
                times.append(doing.from_ms if asked_ms is None else asked_ms + self.policy.probe_period_ms)
        return min(times, default=None)
