"""What people want, hour by hour and place by place, whatever the network does.

| column | dtype | unit, meaning |
|---|---|---|
| intent_id | Int64 | hour × 10⁹ + place × 10⁶ + running number |
| subscriber_id, class, place_id, zone | String | as in the usage contract |
| started_ms | Int64 | ms since the Unix epoch, UTC |
| requested | Int64 | voice: ms; sms: messages; data: octets |
| lasts_ms | Int64 | how long it takes when nothing interrupts it |
| answer | String | answered, busy, unanswered: what the other side does |
| patience | Float64 | uniform draw: calls care when below the share of those who do |
"""

import numpy as np
import polars as pl

from ossbss.contract.units import HOUR_MS
from sim.world.people.habits import DATA_BY_HOUR, VOICE_BY_HOUR, Habits

INTENTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "intent_id": pl.Int64,
    "subscriber_id": pl.String,
    "class": pl.String,
    "place_id": pl.String,
    "zone": pl.String,
    "started_ms": pl.Int64,
    "requested": pl.Int64,
    "lasts_ms": pl.Int64,
    "answer": pl.String,
    "patience": pl.Float64,
}
ZONE_NAMES = np.array(["on_net", "off_net", "international"])
ANSWERS = np.array(["answered", "busy", "unanswered"])


def draw_hour(
    people: pl.DataFrame, hour_ms: int, local_hour: int, first_id: int, habits: Habits, rng: np.random.Generator
) -> pl.DataFrame:
    """All intents of one place in one hour: Poisson counts around each line's mean, uniform starts."""
    ids = people["subscriber_id"].to_numpy()
    octets_per_day = people["octets_per_day"].to_numpy()
    voice_rate = np.full(len(ids), habits.calls_per_day * VOICE_BY_HOUR[local_hour] / 24)
    sms_rate = np.full(len(ids), habits.sms_per_day * VOICE_BY_HOUR[local_hour] / 24)
    data_rate = np.where(octets_per_day > 0, habits.sessions_per_day * DATA_BY_HOUR[local_hour] / 24, 0.0)
    parts = [
        _voice(np.repeat(np.arange(len(ids)), rng.poisson(voice_rate)), habits, rng),
        _sms(np.repeat(np.arange(len(ids)), rng.poisson(sms_rate)), habits, rng),
        _data(np.repeat(np.arange(len(ids)), rng.poisson(data_rate)), octets_per_day, habits, rng),
    ]
    frame = pl.concat(parts)
    start = hour_ms + rng.integers(0, HOUR_MS, frame.height)
    return frame.select(
        pl.Series("intent_id", first_id + np.arange(frame.height), dtype=pl.Int64),
        pl.Series("subscriber_id", ids[frame["who"].to_numpy()], dtype=pl.String),
        "class",
        pl.lit(people["place_id"][0]).alias("place_id"),
        "zone",
        pl.Series("started_ms", start, dtype=pl.Int64),
        "requested",
        "lasts_ms",
        "answer",
        pl.Series("patience", rng.random(frame.height)),
    )


def _voice(who: np.ndarray, habits: Habits, rng: np.random.Generator) -> pl.DataFrame:
    length = np.maximum(1_000, rng.lognormal(np.log(habits.call_median_ms), habits.call_sigma, len(who)))
    other = rng.choice(3, len(who), p=_answer_shares(habits))
    return _frame(who, "voice", _zones(len(who), habits, rng), length, length, ANSWERS[other])


def _sms(who: np.ndarray, habits: Habits, rng: np.random.Generator) -> pl.DataFrame:
    one = np.ones(len(who))
    return _frame(who, "sms", _zones(len(who), habits, rng), one, 0 * one, np.full(len(who), "answered"))


def _data(who: np.ndarray, octets_per_day: np.ndarray, habits: Habits, rng: np.random.Generator) -> pl.DataFrame:
    mean = octets_per_day[who] / habits.sessions_per_day
    volume = np.maximum(1, rng.exponential(1.0, len(who)) * mean)
    lasts = np.maximum(1_000, rng.exponential(habits.session_mean_ms, len(who)))
    return _frame(who, "data", np.full(len(who), "on_net"), volume, lasts, np.full(len(who), "answered"))


def _answer_shares(habits: Habits) -> tuple[float, float, float]:
    return (1 - habits.busy_share - habits.unanswered_share, habits.busy_share, habits.unanswered_share)


def _zones(count: int, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    on_net = 1 - habits.off_net_share - habits.international_share
    return ZONE_NAMES[rng.choice(3, count, p=(on_net, habits.off_net_share, habits.international_share))]


def _frame(
    who: np.ndarray, name: str, zone: np.ndarray, requested: np.ndarray, lasts: np.ndarray, answer: np.ndarray
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "who": pl.Series(who, dtype=pl.Int64),
            "class": pl.Series([name] * len(who), dtype=pl.String),
            "zone": pl.Series(zone, dtype=pl.String),
            "requested": pl.Series(requested.astype(np.int64)),
            "lasts_ms": pl.Series(lasts.astype(np.int64)),
            "answer": pl.Series(answer, dtype=pl.String),
        }
    )
