"""When did each failure begin, and do its alarms fit? Those of one failure come close together, false ones anywhere."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ossbss.oss.fault.cause.beliefs import Beliefs, SymptomKind
from ossbss.oss.fault.cause.evidence import Evidence
from ossbss.oss.fault.cause.numbering import Places, within

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_ROUNDING_S = 0.05
"""Time stamps are rounded, clocks differ by so much."""
_NEVER = 30.0
"""How much less likely (natural logarithm) than a time within the window is one before the failure."""
_SHARPEST_S = 0.5


@dataclass(frozen=True)
class Onset:
    """A failure began at ``at_s``, known to about ``width_s``."""

    at_s: float
    width_s: float


class Timing:
    """The times of one window's alarms and complaints, given by their places in the evidence."""

    def __init__(self, evidence: Evidence, places: Places, beliefs: Beliefs) -> None:
        self.beliefs, self.length_s = beliefs, evidence.length_s
        self.raised_s, self.reported_s = evidence.raised_s, evidence.reported_s
        low, high = np.zeros(len(evidence.alarms)), np.zeros(len(evidence.alarms))
        for kind in get_args(SymptomKind):
            of_kind = within(evidence.alarms, getattr(places, kind))
            low[of_kind], high[of_kind] = beliefs.delay_s[kind]
        self._low, self._high = low - _ROUNDING_S, high + _ROUNDING_S
        self._certain = within(evidence.alarms, places.manager) | within(evidence.alarms, places.site)
        """What the station says of a manager, and the contacts of a site of its power, are no false tales, whenever."""

    def onset(self, alarms: Ints, complaints: Ints) -> Onset | None:
        """Where the delays of most of these alarms meet, the sharper ones counting more; else before the complaints."""
        if len(alarms):
            return self._meeting(alarms)
        if len(complaints):
            return Onset(
                float(self.reported_s[complaints].min()) - self.beliefs.complaint_s[0], self.beliefs.complaint_s[1]
            )
        return None

    def _meeting(self, alarms: Ints) -> Onset:
        first, last = self.raised_s[alarms] - self._high[alarms], self.raised_s[alarms] - self._low[alarms]
        inside = (first[:, None] >= first[None, :]) & (first[:, None] <= last[None, :])
        worth = _NEVER / 3 - np.log(self._high[alarms] - self._low[alarms])
        best = int(np.argmax(inside @ worth))
        width_s = last[inside[best]].min() - first[best]
        return Onset(float(first[best] + width_s / 2), max(float(width_s), _SHARPEST_S))

    def of_alarms(self, alarms: Ints, onset: Onset) -> Floats:
        """Log density (per s) of the times of these alarms, were they of a failure with this onset."""
        after, slack = self.raised_s[alarms] - onset.at_s, onset.width_s / 2
        low, high = self._low[alarms], self._high[alarms]
        late_s = after - high
        fit: Floats = np.log(self.beliefs.late / self.beliefs.late_s) - np.maximum(late_s, 0.0) / self.beliefs.late_s
        on_time = (after >= low - slack) & (late_s <= slack)
        fit[on_time] = np.log((1 - self.beliefs.late) / (high - low))[on_time]
        fit[after < low - slack] = -np.log(self.length_s) - _NEVER
        fit[self._certain[alarms]] = 0.0
        return fit

    def of_complaints(self, complaints: Ints, onset: Onset) -> Floats:
        """The same of complaints."""
        least_s, mean_s = self.beliefs.complaint_s
        after = self.reported_s[complaints] - onset.at_s - least_s + onset.width_s / 2
        early = -np.log(self.length_s) - _NEVER
        fit: Floats = np.where(after >= 0, -np.maximum(after, 0.0) / mean_s - np.log(mean_s), early)
        return fit

    def of_onsets(self, onsets: list[Onset | None]) -> float:
        """Log probability of these onsets: anywhere in the window, and not far from each other."""
        known = [onset for onset in onsets if onset is not None]
        if not known:
            return 0.0
        apart_s = self.length_s if self.beliefs.apart_s is None else self.beliefs.apart_s
        log = sum(np.log(min(onset.width_s, apart_s) / apart_s) for onset in known)
        log += np.log(min(1.0, apart_s / self.length_s))
        spread_s = max(o.at_s for o in known) - min(o.at_s for o in known)
        slack_s = max(o.width_s for o in known) + apart_s
        outside = sum(o.at_s < -slack_s for o in known)
        return float(log - (_NEVER / 3 if spread_s > slack_s else 0.0) - outside * _NEVER / 3)
