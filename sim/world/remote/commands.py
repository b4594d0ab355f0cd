"""Commands on their way to the elements and their answers on the way back: typed text, done and printed."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ossbss.contract.assurance import Command, CommandResult
from ossbss.contract.ports import Message
from sim.world.elements import condition
from sim.world.elements.deeds import Configure, Confirm, Deed, Restart, RollBack
from sim.world.elements.shells import SHELLS
from sim.world.faults.registry import Faults
from sim.world.remote.configuration import Configurations
from sim.world.remote.plan import RemotePlan
from sim.world.remote.restarts import Restarts
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Fact


class Commands:
    """Over the manager's path to the element, in the turn of its processor; the answer takes the same way back.

    Truth: ``command``, its subject the element, its cause the message, its body who told what, and which services were
    served before and are not after it (``interrupted``); one that changed something lasts as long as what it began.
    A change that nobody confirms in time is taken back: a fact of its own, ``told`` revert.
    """

    def __init__(
        self, faults: Faults, telemetry: Telemetry, streams: Streams, times: RemotePlan,
        lines_of: Mapping[str, int], post: Callable[[Message], None],
    ) -> None:  # fmt: skip
        """``lines_of``: cell → lines that are attached to it while it is awake."""
        self.faults, self.telemetry, self.times, self.lines_of, self.post = faults, telemetry, times, lines_of, post
        self.env, self.plant, self.truth = faults.env, faults.plant, faults.truth
        self.network = faults.plant.network
        self.configurations = Configurations(faults)
        self.restarts = Restarts(self.env, faults, streams, times)
        self.unconfirmed: dict[str, tuple[str, int]] = {}
        """element → (the command whose change waits for its confirmation, how many changes there were before it)"""
        self.going: Counter[str] = Counter()
        """command → how much of what it began goes on"""
        self.dark_radios: set[str] = set()
        """cells whose radio somebody has switched off"""
        self.sent = 0

    # -- there and back --------------------------------------------------------------------------------

    def take(self, command: Command) -> None:
        """Send it to its element; without a way there, the station says so when the time for an answer is over."""
        turn_ms = self._turn_ms(command.element_id)
        if turn_ms is None:
            self._answer(command, None)
        else:
            self._at(turn_ms + self.times.command_ms, self._execute, command)

    def _turn_ms(self, node: str) -> int | None:
        if not self._reaches(node):
            return None
        return self.telemetry.manager_of(node).element_cpus[node].take(int(self.env.now))

    def _reaches(self, node: str) -> bool:
        return node in self.network.nodes and self.telemetry.manager_of(node).commands(node, self.plant.state)

    def _execute(self, command: Command) -> None:
        node = command.element_id
        if not self._reaches(node):
            self._answer(command, None)
            return
        typed = command.payload.decode("utf-8", "replace")
        shown, deeds = SHELLS[self.network.nodes[node]["vendor"]](typed, self.element(node))
        self._do(node, command, deeds)
        self._answer(command, shown.encode() if self._reaches(node) or _says_goodbye(deeds) else None)

    def _answer(self, command: Command, payload: bytes | None) -> None:
        """Silence is noticed when the time for an answer is over."""
        now_ms = int(self.env.now)
        if payload is None:
            self._at(now_ms + self.telemetry.plan.answer_ms, self._post, command, None, self._why(command.element_id))
        else:
            self._at(now_ms + self.telemetry.plan.forward_ms, self._post, command, payload, "")

    def _why(self, node: str) -> str:
        if node not in self.network.nodes:
            return f"there is no element {node}"
        manager = self.telemetry.manager_of(node)
        return f"{manager.manager_id} does not answer" if manager.failures else f"{node} does not answer"

    def _post(self, command: Command, payload: bytes | None, reason: str) -> None:
        self.sent += 1
        vendor = self.network.nodes.get(command.element_id, {}).get("vendor", command.dialect)
        self.post(CommandResult(
            sender="terminal", message_id=f"terminal-{self.sent:09d}", occurred_ms=int(self.env.now),
            request_id=command.message_id, element_id=command.element_id, dialect=vendor, payload=payload,
            reason=reason,
        ))  # fmt: skip

    def _at(self, at_ms: int, then: Callable[..., None], *told: Any) -> None:
        if at_ms <= self.env.now:
            then(*told)
        else:
            self.env.timeout(at_ms - int(self.env.now)).callbacks.append(lambda _: then(*told))

    def element(self, node: str) -> condition.Element:
        """What the element knows of itself now."""
        now_ms, state, network = int(self.env.now), self.plant.state, self.network
        ports = condition.ports_of(network, self.faults, node, now_ms, self.lines_of)
        gone = state.cards | state.restarting
        cards = {r["slot"]: card not in gone for card, r in network.cards.items() if r["node"] == node}
        changes = [condition.ChangeNote(c.at_ms, c.user) for c in self.configurations.history(node)]
        down = (network.services[service] for service in self.plant.forwarding.down())
        probes = sorted(service["probe"] for service in down if node in (service["a"], service["z"]))
        remembered = self.telemetry.manager_of(node).memories[node].latest()
        return condition.Element(
            hostname=node, now_ms=now_ms, ports={port.name: port for port in ports}, slots=cards, changes=changes,
            alarms=condition.alarms(node, ports, cards, probes, remembered, now_ms),
            unconfirmed=node in self.unconfirmed,
        )  # fmt: skip

    # -- what is done ----------------------------------------------------------------------------------

    def _do(self, node: str, command: Command, deeds: tuple[Deed, ...]) -> None:
        """Do it, and tell the truth what it was and who suffers."""
        now_ms, served_not = int(self.env.now), self.plant.unserved()
        for deed in deeds:
            self._deed(node, command, deed)
        body = {"by": command.sender, "told": [_name(deed) for deed in deeds],
                "interrupted": sorted(self.plant.unserved() - served_not)}  # fmt: skip
        self.truth.begin(Fact(now_ms, "command", node, command.message_id, body))
        if not self.going[command.message_id]:
            self.truth.end("command", node, command.message_id, now_ms)

    def _deed(self, node: str, command: Command, deed: Deed) -> None:
        before = len(self.configurations.history(node))
        match deed:
            case Configure():
                self.configurations.configure(node, deed.settings, command.sender)
                for setting in deed.settings:
                    if setting.kind in ("radio_off", "radio_on"):
                        self._radio(node, command, setting.port, on=setting.kind == "radio_on")
                self._await(node, command, before, deed.confirm_within_ms, keeps_timer=deed.keeps_timer)
            case RollBack():
                self.configurations.roll_back(node, deed.changes, command.sender)
                self._await(node, command, before, deed.confirm_within_ms)
            case Confirm():
                self.unconfirmed.pop(node, None)
            case Restart(slot=""):
                self.restarts.node(node, self._going(node, command))
            case Restart():
                card = next(c for c, r in self.network.cards.items() if (r["node"], r["slot"]) == (node, deed.slot))
                self.restarts.card(card, self._going(node, command))

    def _going(self, node: str, command: Command) -> Callable[[], None]:
        """Something goes on; what to call when it is over. The fact ends with the last of them."""
        self.going[command.message_id] += 1

        def over() -> None:
            self.going[command.message_id] -= 1
            if not self.going[command.message_id]:
                self.truth.end("command", node, command.message_id, int(self.env.now))

        return over

    def _radio(self, node: str, command: Command, port: str, on: bool) -> None:
        """Power for the radio on a port, or none; it starts anew when power comes back."""
        cell = condition.cell_at(self.network, node, port)
        if cell is None or on != (cell in self.dark_radios):
            return
        if on:
            self.dark_radios.discard(cell)
            self.restarts.radio(cell, self._going(node, command))
            self.plant.let_go([("sleeping", cell)])
        else:
            self.dark_radios.add(cell)
            self.plant.hold([("sleeping", cell)])

    def _await(
        self, node: str, command: Command, before: int, within_ms: int | None, *, keeps_timer: bool = False
    ) -> None:
        """Without a timer of its own a change confirms what came before, unless the vendor keeps that timer."""
        if within_ms is None and keeps_timer:
            return
        self.unconfirmed.pop(node, None)
        if within_ms is not None and len(self.configurations.history(node)) > before:
            self.unconfirmed[node] = command.message_id, before
            self._at(int(self.env.now) + within_ms, self._revert, node, command)

    def _revert(self, node: str, command: Command) -> None:
        """Nobody has confirmed it: the element itself goes back to the configuration that ran before."""
        message_id, before = self.unconfirmed.get(node, ("", 0))
        if message_id != command.message_id:
            return
        del self.unconfirmed[node]
        now_ms, served_not = int(self.env.now), self.plant.unserved()
        self.configurations.roll_back(node, len(self.configurations.history(node)) - before, command.sender)
        body = {"by": command.sender, "told": ["revert"], "interrupted": sorted(self.plant.unserved() - served_not)}
        fact = Fact(now_ms, "command", node, f"{command.message_id}/revert", body, until_ms=now_ms)
        self.truth.facts.append(fact)


def _says_goodbye(deeds: tuple[Deed, ...]) -> bool:
    """A node that restarts has said so before it goes."""
    return Restart() in deeds


def _name(deed: Deed) -> str:
    match deed:
        case Configure():
            return "configure " + ", ".join(f"{s.kind} {s.port}".strip() for s in deed.settings)
        case RollBack():
            return "roll back"
        case Confirm():
            return "confirm"
        case Restart(slot=""):
            return "restart node"
        case Restart():
            return f"restart card {deed.slot}"
