"""A storm of alarms through surveillance: normalised notifications per second of processor time.

The network of the benchmark ``elements``, smaller; every link alarms at both ends, in rounds a minute apart. Of the
notifications of a round each is heard twice (doubled lines), a tenth of the links flap three times within the minute,
and at its end everything clears. They come in steps of a second, as a system gets them. ``surveillance``: the list, its
journal entries and what time does to it. ``with_correlation_keys``: besides, the possible causes of each alarm that is
newly presented, as correlation looks them up; the footprints are known before (they are worked out once a network).
``with_windows``: besides surveillance, planned work goes on at one link in ten.
"""

from collections.abc import Callable, Mapping
from time import process_time
from typing import Any

from ossbss.contract.assurance import Alarm, PlannedWork
from ossbss.contract.desk import Desk
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.symptom_model import SymptomModel
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import Inventory, read_inventory
from ossbss.oss.maintenance.planned_work import window_of
from ossbss.oss.policy import OperationsPolicy
from tests.benchmarks.elements import document
from tests.benchmarks.harness import Result, interleaved

RINGS, OF_A_RING, ROUNDS = 20, 25, 30
Steps = Mapping[int, list[Alarm]]


def storm(inventory: Inventory, rounds: int) -> dict[int, list[Alarm]]:
    """Second → what is heard in it."""
    steps: dict[int, list[Alarm]] = {}
    for number in range(rounds):
        for index, link in enumerate(inventory.links.values()):
            begin_s = number * 60 + index % 20
            turns_s = (0, 10, 20, 30) if index % 10 == 0 else (0, 30)
            for end in link.ends:
                for turn, after_s in enumerate(turns_s):
                    at_s = begin_s + after_s
                    steps.setdefault(at_s, []).extend([_said(link.link_id, end, at_s, clears=turn % 2 == 1)] * 2)
    return dict(sorted(steps.items()))


def _said(link: str, end: str, at_s: int, *, clears: bool) -> Alarm:
    severity, at_ms = "cleared" if clears else "critical", at_s * SECOND_MS
    return Alarm(link, "communicationsAlarm", "lossOfSignal", severity, end, at_ms, 0, at_ms + 50)  # type: ignore[arg-type]


def digest(inventory: Inventory, steps: Steps, model: SymptomModel | None, works: int = 0) -> WatchedAlarms:
    """Play the storm; the list afterwards."""
    desk = Desk("oss")
    watch = WatchedAlarms(inventory, OperationsPolicy(), desk)
    for link in list(inventory.links)[::10][:works]:
        told = PlannedWork(sender="calendar", message_id=link, occurred_ms=0, resource_id=link, starts_ms=0, ends_ms=HOUR_MS)
        watch.plan(window_of(told, inventory, {}), 0)
    for at_s, notifications in steps.items():
        desk.clear()
        now_ms = at_s * SECOND_MS + 50
        watch.tick(now_ms)
        watch.take(notifications, now_ms)
        if model is not None:
            model.causes_of(watch.pending)
        watch.pending.clear()
    return watch


def measure(repetitions: int, rings: int = RINGS, of_a_ring: int = OF_A_RING, rounds: int = ROUNDS) -> Result:
    inventory = read_inventory(document(rings, of_a_ring))
    model = Diagnostician(inventory, station_source=STATION, suspect_all=False).symptoms
    steps = storm(inventory, rounds)
    digest(inventory, steps, model)  # footprints, worked out once
    count = sum(len(heard) for heard in steps.values())

    def rival(**how: Any) -> Callable[[], Callable[[], object]]:
        return lambda: lambda: digest(inventory, steps, **how)

    seconds = interleaved({
        "surveillance": rival(model=None),
        "with_correlation_keys": rival(model=model),
        "with_windows": rival(model=None, works=len(inventory.links) // 10),
    }, repetitions, process_time)  # fmt: skip
    figures: dict[str, float] = {"elements": len(inventory.site_of_node), "notifications": count,
                                 "storm_s": rounds * MINUTE_MS // SECOND_MS}  # fmt: skip
    for name, took_s in seconds.items():
        figures |= {f"{name}_s": took_s, f"{name}_per_s": count / took_s}
    ratios = {f"{name}_over_surveillance": seconds[name] / seconds["surveillance"] for name in list(seconds)[1:]}
    return Result("surveillance", figures, ratios, repetitions)
