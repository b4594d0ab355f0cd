"""Every number an operator may tune, frozen. Defaults are assumptions unless a source is named."""

from dataclasses import dataclass, fields

from ossbss.contract.hours import Hours
from ossbss.contract.units import DAY_MS, MINUTE_MS, SECOND_MS


@dataclass(frozen=True)
class Crew:
    """A repair crew as the duty roster has it. ``skills`` empty: everything on land."""

    crew_id: str
    base_site: str
    skills: frozenset[str] = frozenset()
    shift: Hours | None = None
    """None: around the clock"""
    on_call_ms: int | None = None
    """outside the shift it sets out so long after it is called; None: when the shift begins"""
    at_sea: bool = False
    """a cable ship: it mends submarine cables and nothing else"""
    speed_km_h: float = 60.0
    """for planning: as the crow flies (assumption)"""

    def masters(self, skill: str | None) -> bool:
        """Whether it can mend what needs that skill (None: nothing special)."""
        if self.at_sea or skill == "submarine":
            return self.at_sea and skill == "submarine"
        return not self.skills or skill is None or skill in self.skills


_LEAST = {"poll_period_ms": 1, "missed_polls": 1, "probe_period_ms": 1, "settle_ms": 1, "doubt_after_ms": 1,
          "flap_changes": 2, "flap_window_ms": 1, "flap_quiet_ms": 1, "skew_samples": 1, "least_packets": 1,
          "idle_connections": 1}  # fmt: skip
"""what must not be zero: the least it may be"""


@dataclass(frozen=True)
class OperationsPolicy:
    """How the OSS watches, thinks and acts."""

    poll_period_ms: int = MINUTE_MS
    missed_polls: int = 2
    """Polls in a row without an answer before contact counts as lost."""
    correlation_window_ms: int = 2 * MINUTE_MS
    """Alarms are collected this long before a cause is sought: late lines must have arrived."""
    service_problem_hold_ms: int = MINUTE_MS
    """A service alarm that clears sooner is a reroute, not a problem; its clear may arrive half a minute late."""
    probe_period_ms: int = 30 * SECOND_MS
    """A probe that must be repeated is repeated no sooner than this."""
    correlation_quiet_ms: int = 30 * SECOND_MS
    """A group of alarms that still grows is waited for, this long after its youngest, up to twice the window."""
    settle_ms: int = 5 * MINUTE_MS
    """Alarms that outlive a repair by this, or that nothing explains for this long, are thought over again."""
    doubt_after_ms: int = 15 * MINUTE_MS
    """An alarm that has been active for so long is probed as often: its clear may have been lost."""
    lost_clear_after_ms: int = 2 * MINUTE_MS
    """A clear that has not come this long after the first passed probe was lost; a late one would have arrived."""
    flap_changes: int = 3
    """So many raises and clears of one alarm within ``flap_window_ms`` are flapping (ISA-18.2: a chattering alarm
    changes three times a minute or more)."""
    flap_window_ms: int = MINUTE_MS
    flap_quiet_ms: int = 2 * MINUTE_MS
    """A flapping alarm that changes no more for so long has settled, cleared or raised for good (assumption); its
    clear is held off by no more than this."""
    resync_hold_ms: int = 2 * MINUTE_MS
    """What an element says on its return is held for so long at most, until it has told all its alarms: a poll and its
    answer (assumption)."""
    alarm_purge_after_ms: int = 30 * DAY_MS
    """Cleared alarms stay in the list for so long (assumption)."""
    skew_samples: int = 32
    """From so many messages, the latest, the error of an element's clock is estimated (assumption)."""
    at_risk_weight_milli: int = 10
    """A service that works, at risk or degraded, counts so many thousandths of one that is down when crews are sent:
    enough to decide between repairs that are equal otherwise (assumption)."""
    performance_wait_ms: int = MINUTE_MS
    """From the first file of a period that comes until all of them are judged; late ones must be there (assumption)."""
    path_loss_raise_milli: int = 10
    """Loss of a service's test packets in a period above which it is degraded: 1 %, the most that voice and video calls
    bear (Szigeti and Hattingh, End-to-End QoS Network Design, 2004); over at half of it or less."""
    port_errors_raise_milli: int = 5
    """Damaged packets among those that came to a port, likewise (assumption: half of what a whole path may lose)."""
    least_packets: int = 100
    """Of fewer packets in a period nothing is concluded (assumption)."""
    idle_connections: int = 14
    """A cell is idle that carried nothing while at least so many connections were to be expected, which happens by
    chance once in a million (Poisson, e⁻¹⁴; assumption)."""
    least_transport_ms: int = 0
    """What a message is on its way at least (assumption)."""
    active_tests: bool = True
    """Whether what is believed is tested from afar before somebody is sent."""
    most_tests: int = 12
    """So many tests are made about one incident (assumption)."""
    answer_within_ms: int = 2 * MINUTE_MS
    """An answer that has not come so long after its time will not come (assumption)."""
    examine_within_ms: int = 10 * MINUTE_MS
    """So long is an incident examined before it is acted on with what is known (assumption)."""
    remote_repair: bool = True
    """Whether the runbooks act from afar before somebody is sent."""
    most_remote_acts: int = 4
    """So many acts from afar are made about one incident, whatever is believed in turn (assumption)."""
    approval_ms: int = 10 * MINUTE_MS
    """Until the manager on duty has agreed to an act that needs approval (assumption)."""
    crews: tuple[Crew, ...] = ()

    def __post_init__(self) -> None:
        for item in fields(self):
            value, least = getattr(self, item.name), _LEAST.get(item.name, 0)
            if isinstance(value, int) and value < least:
                raise ValueError(f"operations policy: {item.name} is {value}; give {least} or more")
