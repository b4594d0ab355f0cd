"""A list of alarms to be played with: notifications and time come in, what stands before the operator is looked at."""

from ossbss.contract.assurance import Alarm, AlarmAction, AlarmList, PlannedWork
from ossbss.contract.desk import Desk
from ossbss.contract.units import MINUTE_MS, SECOND_MS
from ossbss.oss.elements.names import Reading
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance.planned_work import window_of
from ossbss.oss.policy import OperationsPolicy
from tests.town import town

S, M, H = SECOND_MS, MINUTE_MS, 60 * MINUTE_MS
INVENTORY = read_inventory(town())
LINK, END = "east-port", "r-port"
MODEL = Diagnostician(INVENTORY, station_source=STATION, suspect_all=False).symptoms


def raised(at_ms, thing=LINK, source=END, severity="critical", known_ms=None, text="", unsure_ms=0, cause="lossOfSignal"):
    return Alarm(thing, "communicationsAlarm", cause, severity, source, at_ms, unsure_ms,
                 at_ms if known_ms is None else known_ms, text)  # fmt: skip


def cleared(at_ms, thing=LINK, source=END, known_ms=None, text="", unsure_ms=0, cause="lossOfSignal"):
    return raised(at_ms, thing, source, "cleared", known_ms, text, unsure_ms, cause)


def work(resource, starts_ms, ends_ms):
    """A window of planned work, as the OSS is told of it beforehand."""
    told = PlannedWork(sender="calendar", message_id="1", occurred_ms=0, resource_id=resource, starts_ms=starts_ms,
                       ends_ms=ends_ms)  # fmt: skip
    return window_of(told, INVENTORY, MODEL)


def lost(at_ms, silent=END):
    return raised(at_ms, silent, STATION, "major", cause="communicationsSubsystemFailure")


def back(at_ms, silent=END):
    return cleared(at_ms, silent, STATION, cause="communicationsSubsystemFailure")


class Watching:
    """``now_ms`` goes on by itself to whatever the list wants to be woken for."""

    def __init__(self, policy=None, inventory=INVENTORY):
        self.desk = Desk("oss")
        self.list = WatchedAlarms(inventory, policy or OperationsPolicy(), self.desk)
        self.now_ms = 0

    def until(self, at_ms):
        """Let time pass, each change on its own."""
        while self.list.next_ms is not None and self.list.next_ms <= at_ms:
            self.now_ms = max(self.now_ms, self.list.next_ms)
            self.list.tick(self.now_ms)
        self.now_ms = max(self.now_ms, at_ms)
        return self

    def hears(self, *notifications):
        """Everything at the instant at which it arrives."""
        for known_ms in sorted({n.known_ms for n in notifications}):
            self.until(known_ms)
            self.list.take([n for n in notifications if n.known_ms == known_ms], known_ms)
        return self

    def is_told(self, *alarms, element=END, at_ms=None, unread=()):
        """The element's own list arrives; ``unread``: reasons why lines of it could not be read."""
        now_ms = self.now_ms if at_ms is None else at_ms
        self.until(now_ms)
        message = AlarmList(sender="em", message_id="1", occurred_ms=now_ms, element_id=element, dialect="", payloads=())
        self.list.told(message, [Reading(tuple(alarms)), *(Reading(rejected=reason) for reason in unread)], now_ms)
        return self

    def does(self, action, at_ms, thing=LINK, source=END, user="asha", text="", **more):
        self.until(at_ms)
        identity = (thing, "lossOfSignal", source)
        self.list.act(AlarmAction(sender="noc", message_id="1", occurred_ms=at_ms, action=action, identity=identity,
                                  user_id=user, text=text, **more), at_ms)  # fmt: skip
        return self

    def alarm(self, thing=LINK, source=END, cause="lossOfSignal"):
        return self.list.alarms[thing, cause, source]

    def kinds(self, thing=LINK, source=END):
        """What was noted of an alarm, in order."""
        start = f"{thing}|lossOfSignal|{source}"
        return [e.kind.removeprefix("alarm.") for e in self.desk.out.entries if e.subject.startswith(start)]

    def shows(self, thing=LINK, source=END):
        return (thing, "lossOfSignal", source) in self.list.active
