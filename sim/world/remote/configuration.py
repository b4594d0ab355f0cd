"""The running configuration of every element: what was changed, by whom, and how it is taken back."""

from collections import Counter
from dataclasses import dataclass, replace

from sim.world.elements.condition import link_at
from sim.world.elements.deeds import Setting
from sim.world.faults.registry import Faults
from sim.world.network.routing.arcs import LARGEST_METRIC
from sim.world.network.state import Hold
from sim.world.plan import Fault

PLANNING = "planning"


@dataclass(frozen=True)
class Change:
    """What one change did to the state: held items, let others go, began or ended a bad change (a fault)."""

    at_ms: int
    user: str
    added: tuple[Hold, ...] = ()
    removed: tuple[Hold, ...] = ()
    began: tuple[Fault, ...] = ()
    ended: tuple[Fault, ...] = ()


class Configurations:
    """Changes by command, and those of the script, element by element; each leaves a point to roll back to."""

    def __init__(self, faults: Faults) -> None:
        self.faults, self.plant, self.env = faults, faults.plant, faults.env
        self.network = faults.plant.network
        self.made: dict[str, list[Change]] = {}
        self.holds: Counter[Hold] = Counter()
        """what commands hold in the state"""
        self.again: Counter[str] = Counter()
        """fault → how often its configuration came back"""

    def history(self, node: str) -> list[Change]:
        """All changes of an element, oldest first."""
        scripted = [
            Change(at_ms, PLANNING, began=(self.faults.begun[fault_id][0],) if fault_id in self.faults.begun else ())
            for at_ms, target, fault_id in self.faults.changes
            if self._element_of(target) == node
        ]
        return sorted([*scripted, *self.made.get(node, ())], key=lambda change: change.at_ms)

    def _element_of(self, target: str) -> str:
        """Where a change of this target is configured: of a link, at its first end."""
        if target in self.network.links:
            return str(self.network.links[target]["a"])
        return str(self.network.cards[target]["node"]) if target in self.network.cards else target

    # -- changes ---------------------------------------------------------------------------------------

    def configure(self, node: str, settings: tuple[Setting, ...], user: str) -> None:
        """Make all these settings; radios are no part of it. What leaves everything as it was is no change."""
        added: list[Hold] = []
        removed: list[Hold] = []
        ended: list[Fault] = []
        for setting in settings:
            wanted, unwanted = self._items(node, setting)
            added += [item for item in wanted if self._hold(item)]
            for item in unwanted:
                over, was_held = self._let_go(item)
                ended += over
                removed += [item] if was_held and not over else []
        if added or removed or ended:
            now_ms = int(self.env.now)
            change = Change(now_ms, user, tuple(added), tuple(removed), ended=tuple(ended))
            self.made.setdefault(node, []).append(change)

    def _items(self, node: str, setting: Setting) -> tuple[list[Hold], list[Hold]]:
        """(what is to be held, what is to be held no longer); nothing for a port without a link."""
        if setting.kind in ("drain", "undrain"):
            drain: list[Hold] = [("metrics", (link, LARGEST_METRIC)) for link in self.network.links_at[node]]
            return (drain, []) if setting.kind == "drain" else ([], drain)
        link = link_at(self.network, node, setting.port)
        shut: list[Hold] = [("shut", (link, node))]
        if link is not None and setting.kind in ("shut", "open"):
            return (shut, []) if setting.kind == "shut" else ([], shut)
        if link is not None and setting.kind == "metric":
            return self._metric(link, setting.value)
        return [], []

    def _metric(self, link: str, metric: int) -> tuple[list[Hold], list[Hold]]:
        """One metric in place of any other; the planned one is no departure from the plan."""
        planned = metric == int(self.network.links[link]["igp_metric"])
        of_link = [item for item in self.plant.held if item[0] == "metrics" and item[1][0] == link]
        return [] if planned else [("metrics", (link, metric))], [item for item in of_link if item[1][1] != metric]

    def _hold(self, item: Hold) -> bool:
        """Whether this is new."""
        if self.plant.held[item] > 0:
            return False
        self.holds[item] += 1
        self.plant.hold([item])
        return True

    def _let_go(self, item: Hold) -> tuple[list[Fault], bool]:
        """(bad changes that are over by it, whether it was held at all)."""
        was_held = self.plant.held[item] > 0
        if self.holds[item] > 0:
            self.holds[item] -= 1
            self.plant.let_go([item])
        return self.faults.release(item), was_held

    # -- back ------------------------------------------------------------------------------------------

    def roll_back(self, node: str, changes: int, user: str) -> None:
        """Undo the last so many changes; that is a change, too, which can be undone."""
        undone = self.history(node)[-changes:] if changes else []
        if not undone:
            return
        inverse = [self._undo(change) for change in reversed(undone)]
        self.made.setdefault(node, []).append(Change(
            int(self.env.now), user,
            added=tuple(item for one in inverse for item in one.added),
            removed=tuple(item for one in inverse for item in one.removed),
            began=tuple(fault for one in inverse for fault in one.began),
            ended=tuple(fault for one in inverse for fault in one.ended),
        ))  # fmt: skip

    def _undo(self, change: Change) -> Change:
        back = tuple(item for item in change.removed if self._hold(item))
        gone = tuple(item for item in change.added if self.holds[item] > 0)
        for item in gone:
            self._let_go(item)
        ended = tuple(fault for fault in change.began if fault.fault_id in self.faults.active)
        for fault in ended:
            self.faults.mend(fault.fault_id)
        return replace(change, added=back, removed=gone, began=tuple(map(self._begin_again, change.ended)), ended=ended)

    def _begin_again(self, fault: Fault) -> Fault:
        """A bad configuration that is in force again is a fault again; nobody has said when it will be mended."""
        self.again[fault.fault_id] += 1
        again = replace(fault, fault_id=f"{fault.fault_id}/back-{self.again[fault.fault_id]}", repair_after_ms=None)
        self.faults.begin(again)
        return again
