"""Every number an operator may tune, frozen. Defaults are assumptions unless a source is named."""

from dataclasses import dataclass

from ossbss.contract.units import MINUTE_MS, SECOND_MS


@dataclass(frozen=True)
class Crew:
    """A repair crew and the site it starts from."""

    crew_id: str
    base_site: str


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
    absent_symptom_weight_milli: int = 500
    """What an expected but absent alarm counts against a cause, in thousandths of a present one."""
    crews: tuple[Crew, ...] = ()

    def __post_init__(self) -> None:
        for name in ("poll_period_ms", "missed_polls"):
            if getattr(self, name) <= 0:
                raise ValueError(f"operations policy: {name} is {getattr(self, name)}; give a positive number")
