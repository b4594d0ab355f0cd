"""The world on its clock: plant, elements, crews, partners and people, behind one mailbox."""

from collections.abc import Callable

import polars as pl
import simpy

from ossbss.contract.assurance import (
    AlarmListRequest,
    CapacityOrder,
    Command,
    Notice,
    PollRequest,
    TestRequest,
    WorkOrder,
)
from ossbss.contract.ports import Message, OnlineCharging
from sim.world.charging_system import ChargingSystem
from sim.world.crews import Crews
from sim.world.faults.chance import play_chance
from sim.world.faults.registry import Faults
from sim.world.faults.scripted import Stage, play_script
from sim.world.network.state import Network
from sim.world.partners import Partners
from sim.world.people.traffic import Traffic
from sim.world.performance.files import PerformanceFiles
from sim.world.plan import WorldPlan
from sim.world.plant import Plant
from sim.world.power_supply import Power
from sim.world.remote.active_tests import ActiveTests
from sim.world.remote.capacity import Capacity
from sim.world.remote.commands import Commands
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Truth


class World:
    """Everything that happens whether or not anybody watches."""

    def __init__(
        self,
        env: simpy.Environment,
        network: Network,
        plan: WorldPlan,
        lines: pl.DataFrame,
        streams: Streams,
        post: Callable[[Message], None],
        charging: OnlineCharging | None = None,
    ) -> None:
        """``lines``: subscriber_id, place_id, payment, octets_per_day; ``post`` takes what the world sends;
        ``charging``: what the network asks before it serves prepaid lines (None: nobody is prepaid)."""
        self.truth = Truth()
        self.telemetry = Telemetry(env, network, plan.management, streams, self.truth, post)
        self.plant = Plant(env, network, plan.routing, self.truth, self.telemetry.say)
        forwarding = self.plant.forwarding
        self.telemetry.start(lambda: forwarding.state)
        if plan.charging is not None:
            ChargingSystem(self.plant, plan.charging.node)
        self.power = Power(env, self.plant, plan.supplies, streams, self.telemetry.say)
        self.faults = Faults(env, self.plant, self.truth, self.power, self.telemetry.managers)
        play_script(Stage(env, self.faults, self.power, streams, post), plan.script)
        play_chance(env, self.faults, plan.random_faults, streams)
        self.crews = Crews(env, network, plan.field_force, plan.crews, self.faults, streams, post, self.truth)
        self.partners = Partners(env, network, plan.partners, self.faults, streams, post)
        attached = dict(lines.group_by("place_id").len().iter_rows())
        self.commands = Commands(self.faults, self.telemetry, streams, plan.remote, attached, post)
        self.tests = ActiveTests(self.faults, self.telemetry, streams, plan.remote, post)
        self.capacity = Capacity(env, self.plant, self.truth, plan.remote.capacity_lead_ms)
        self.traffic = Traffic(env, plan, lines, self.plant, streams, post, charging)
        if (period_ms := plan.performance_period_ms) is not None:
            PerformanceFiles(env, self.plant, self.traffic, streams, period_ms, self.telemetry.hand_in)

    def receive(self, message: Message) -> None:
        """A message of an operator's system, meant for the network, a crew, a partner or a customer."""
        match message:
            case PollRequest():
                self.telemetry.answer_poll(message)
            case AlarmListRequest():
                self.telemetry.answer_alarms(message)
            case TestRequest(method="probe"):
                self.telemetry.answer_test(message, self.plant.state, self.plant.forwarding.down())
            case TestRequest():
                self.tests.take(message)
            case Command():
                self.commands.take(message)
            case CapacityOrder():
                self.capacity.take(message)
            case WorkOrder() if message.crew_id in self.partners.partners:
                self.partners.open(message)
            case WorkOrder():
                self.crews.send(message)
            case Notice():
                self.traffic.callers.hear(message)
            case _:
                raise TypeError(f"the world has no use for a {type(message).__name__}")
