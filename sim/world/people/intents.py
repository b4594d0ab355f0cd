"""What people want, hour by hour and place by place, whatever the network does.

| column | dtype | unit, meaning |
|---|---|---|
| intent_id | Int64 | hour × 10¹² + place × 10⁶ + running number |
| subscriber_id, class, place_id, zone | String | as in the usage contract |
| started_ms | Int64 | ms since the Unix epoch, UTC |
| requested | Int64 | voice, emergency: ms; sms: messages; data: octets |
| lasts_ms | Int64 | how long it takes when nothing interrupts it |
| answer | String | answered, busy, unanswered: what the other side does |
| patience | Float64 | uniform draw: calls care when below the share of those who do |
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from ossbss.contract.units import HOUR_MS
from sim.world.people.habits import DATA_BY_HOUR, VOICE_BY_HOUR, Habits
from sim.world.streams import Streams

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
CLASSES = np.array(["voice", "sms", "data", "emergency"])
ZONES = np.array(["on_net", "off_net", "international"])
ANSWERS = np.array(["answered", "busy", "unanswered"])
_HOUR_IDS, _PLACE_IDS = 10**12, 10**6

Columns = dict[str, np.ndarray]
"""Parallel arrays: who (index of the line in its place), class, zone, answer (codes), requested, lasts_ms."""


def draw_hour(
    places: Mapping[str, pl.DataFrame],
    habits: Mapping[str, Habits],
    hour: int,
    hour_ms: int,
    local_hour: int,
    streams: Streams,
) -> pl.DataFrame:
    """All intents of one hour (INTENTS_SCHEMA): Poisson counts around each line's mean, uniform starts.

    ``places``: place → its lines (subscriber_id, octets_per_day); ``habits``: place → how they live there;
    ``hour`` counts from the start of the run.
    Each place and hour has a stream of its own.
    """
    drawn = []
    for index, (place, lines) in enumerate(places.items()):
        rng = streams.get(f"intents/{place}/{hour_ms}")
        columns = _draw_place(lines["octets_per_day"].to_numpy(), local_hour, habits[place], rng)
        count = len(columns["who"])
        columns["intent_id"] = hour * _HOUR_IDS + index * _PLACE_IDS + np.arange(count)
        columns["started_ms"] = hour_ms + rng.integers(0, HOUR_MS, count)
        columns["patience"] = rng.random(count)
        columns["subscriber_id"] = lines["subscriber_id"].to_numpy()[columns.pop("who")]
        columns["place_id"] = np.full(count, index)
        drawn.append(columns)
    return _frame({name: np.concatenate([c[name] for c in drawn]) for name in drawn[0]}, list(places))


def _draw_place(octets_per_day: np.ndarray, local_hour: int, habits: Habits, rng: np.random.Generator) -> Columns:
    lines = len(octets_per_day)
    voice_rate = np.full(lines, habits.calls_per_day * VOICE_BY_HOUR[local_hour] / 24)
    emergency_rate = np.full(lines, habits.emergency_calls_per_day * VOICE_BY_HOUR[local_hour] / 24)
    sms_rate = np.full(lines, habits.sms_per_day * VOICE_BY_HOUR[local_hour] / 24)
    data_rate = np.where(octets_per_day > 0, habits.sessions_per_day * DATA_BY_HOUR[local_hour] / 24, 0.0)
    everybody = np.arange(lines)
    parts = [
        _voice(np.repeat(everybody, rng.poisson(voice_rate)), habits, rng),
        _sms(np.repeat(everybody, rng.poisson(sms_rate)), habits, rng),
        _data(np.repeat(everybody, rng.poisson(data_rate)), octets_per_day, habits, rng),
        _emergency(np.repeat(everybody, rng.poisson(emergency_rate)), habits, rng),
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _call_lengths_ms(count: int, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    return np.maximum(1_000, rng.lognormal(np.log(habits.call_median_ms), habits.call_sigma, count))


def _voice(who: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    length = _call_lengths_ms(len(who), habits, rng)
    answer = rng.choice(3, len(who), p=_answer_shares(habits))
    return _columns(who, 0, _zones(len(who), habits, rng), answer, length, length)


def _sms(who: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    one = np.ones(len(who))
    return _columns(who, 1, _zones(len(who), habits, rng), 0 * one, one, 0 * one)


def _data(who: np.ndarray, octets_per_day: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    volume = np.maximum(1, rng.exponential(1.0, len(who)) * octets_per_day[who] / habits.sessions_per_day)
    lasts = np.maximum(1_000, rng.exponential(habits.session_mean_ms, len(who)))
    nothing = np.zeros(len(who))
    return _columns(who, 2, nothing, nothing, volume, lasts)


def _emergency(who: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    length = _call_lengths_ms(len(who), habits, rng)
    nothing = np.zeros(len(who))
    return _columns(who, 3, nothing, nothing, length, length)


def _answer_shares(habits: Habits) -> tuple[float, float, float]:
    return (1 - habits.busy_share - habits.unanswered_share, habits.busy_share, habits.unanswered_share)


def _zones(count: int, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    on_net = 1 - habits.off_net_share - habits.international_share
    return rng.choice(3, count, p=(on_net, habits.off_net_share, habits.international_share))


def _columns(
    who: np.ndarray, kind: int, zone: np.ndarray, answer: np.ndarray, requested: np.ndarray, lasts: np.ndarray
) -> Columns:
    whole = {"zone": zone, "answer": answer, "requested": requested, "lasts_ms": lasts}
    return {"who": who, "class": np.full(len(who), kind), **{k: v.astype(np.int64) for k, v in whole.items()}}


def _frame(columns: Columns, places: Sequence[str]) -> pl.DataFrame:
    names = {"class": CLASSES, "zone": ZONES, "answer": ANSWERS, "place_id": np.array(places)}
    data = {name: names[name][values] if name in names else values for name, values in columns.items()}
    return pl.DataFrame({name: pl.Series(data[name], dtype=dtype) for name, dtype in INTENTS_SCHEMA.items()})
