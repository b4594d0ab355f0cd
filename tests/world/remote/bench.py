"""The town with faults, commands and tests, and no OSS: somebody types and tests by the clock, and hears the answers."""

import simpy

from ossbss.contract.assurance import Command, CommandResult, TestRequest, TestResult
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.commands import read_answer
from ossbss.oss.elements.orders import command, order
from ossbss.oss.inventory import read_inventory
from sim.world.faults.registry import Faults
from sim.world.management.cpu import NO_LIMIT
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import Network
from sim.world.plan import Fault, Terms
from sim.world.plant import Plant
from sim.world.remote.active_tests import ActiveTests
from sim.world.remote.commands import Commands
from sim.world.remote.plan import RemotePlan
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Truth
from tests.town import town

CONVERGENCE = 3_000
LINES = {"cell-port": 12, "cell-farm": 7, "cell-hub": 9}
TIMES = RemotePlan()
M = MINUTE_MS
BROKE, TESTED = M, 10 * M
OTDR, LOOP = TIMES.reflectometry_ms, TIMES.loopback_ms


def result(bench, name):
    """What the test of this name, carried out on the bench, has shown."""
    message = bench.answer(name)[1]
    assert isinstance(message, TestResult)
    return message


class Bench:
    """``said``: (ms, message) of what came back; ``seen``: the lines that elements sent by themselves."""

    def __init__(self, *, document=None, management=None, seed=1, element_cpu=NO_LIMIT):
        self.document = document or town()
        self.document["management"] |= management or {}
        self.env, self.truth, self.said, self.asked = simpy.Environment(initial_time=1_715_022_000_000), Truth(), [], {}
        self.zero = int(self.env.now)
        network = Network(self.document)
        self.inventory = read_inventory(self.document)
        plan = ManagementPlan(TransportPolicy(0, 0, 0, 0, 0), element_cpu=element_cpu)
        self.telemetry = Telemetry(self.env, network, plan, Streams(seed), self.truth, self._hear)
        self.plant = Plant(self.env, network, CONVERGENCE, self.truth, self.telemetry.say)
        self.telemetry.start(lambda: self.plant.state)
        self.faults = Faults(self.env, self.plant, self.truth, None, self.telemetry.managers)
        self.commands = Commands(self.faults, self.telemetry, Streams(seed), TIMES, LINES, self._hear)
        self.tests = ActiveTests(self.faults, self.telemetry, Streams(seed), TIMES, self._hear)

    def _hear(self, message):
        self.said.append((int(self.env.now) - self.zero, message))

    def at(self, at_ms, act, *told):
        self.env.timeout(self.zero + at_ms - int(self.env.now)).callbacks.append(lambda _: act(*told))
        return self

    # -- what goes wrong -------------------------------------------------------------------------------

    def fails(self, at_ms, kind, target, lasts_ms=None, **terms):
        fault = Fault(f"fault-{kind}-{target}", kind, target, lasts_ms, Terms(**terms))
        if kind == "bad_change":
            self.at(at_ms, lambda: self.faults.changes.append((int(self.env.now), target, fault.fault_id)))
        return self.at(at_ms, self.faults.begin, fault)

    # -- what is asked ---------------------------------------------------------------------------------

    def types(self, at_ms, kind, node, resource="", **more):
        """Have the OSS's words for an action typed; the id by which its answer is found."""
        name = f"command-{len(self.asked) + 1}"
        action = order(kind, node, self.inventory, resource, **more)
        self.asked[name] = action
        head = {"sender": "oss", "message_id": name, "occurred_ms": self.zero + at_ms}
        self.at(at_ms, self.commands.take, command(action, node, self.inventory, head))
        return name

    def types_raw(self, at_ms, node, text, dialect="ios"):
        name = f"raw-{len(self.asked) + 1}"
        self.asked[name] = None
        message = Command(sender="oss", message_id=name, occurred_ms=at_ms, element_id=node, dialect=dialect, payload=text.encode())
        self.at(at_ms, self.commands.take, message)
        return name

    def tests_it(self, at_ms, method, target, from_node=None):
        name = f"test-{at_ms}-{method}-{target}-{from_node}"
        request = TestRequest(sender="oss", message_id=name, occurred_ms=at_ms, method=method, target=target, from_node=from_node)
        if method == "probe":
            self.at(at_ms, lambda: self.telemetry.answer_test(request, self.plant.state, self.plant.forwarding.down()))
        else:
            self.at(at_ms, self.tests.take, request)
        return name

    def run(self, until_ms=60 * MINUTE_MS):
        self.env.run(until=self.zero + until_ms)
        return self

    # -- what comes of it ------------------------------------------------------------------------------

    def answer(self, name):
        """(ms, the message) that answers this request; there is exactly one."""
        ((at_ms, message),) = [(at, m) for at, m in self.said
                               if isinstance(m, CommandResult | TestResult) and m.request_id == name]  # fmt: skip
        return at_ms, message

    def facts(self, name):
        """What the OSS understands of the answer to a command."""
        at_ms, message = self.answer(name)
        found = read_answer(self.asked[name], message, self.zero + at_ms)
        assert found.rejected is None, (found.rejected, message.payload)
        return found.facts

    def run_and_read(self, kind, node, resource, at_ms):
        """Facts of one question at one instant."""
        name = self.types(at_ms, kind, node, resource)
        return self.run(at_ms + 60_000).facts(name)

    def spans(self, kind, subject=None):
        """(begin, end) of the facts of this kind, ms after the start."""
        facts = [f for f in self.truth.facts if f.kind == kind and subject in (None, f.subject)]
        return [(f.at_ms - self.zero, None if f.until_ms is None else f.until_ms - self.zero) for f in facts]

    def bodies(self, kind):
        return [f.body for f in self.truth.facts if f.kind == kind]
