"""What people want, hour by hour and place by place, whatever the network does.

| column | dtype | unit, meaning |
|---|---|---|
| intent_id | Int64 | hour × 10¹² + place × 10⁷ + class × 10⁶ + running number in these |
| subscriber_id, class, place_id, zone | String | as in the usage contract |
| started_ms | Int64 | ms since the Unix epoch, UTC |
| requested | Int64 | voice, emergency: ms; sms: messages; data: octets |
| lasts_ms | Int64 | how long it takes when nothing interrupts it |
| answer | String | answered, busy, unanswered: what the other side does |
| patience | Float64 | uniform draw: calls care when below the share of those who do |
| spoil | Int64 | uniform draw, 0 to 2999: ÷ 3 is held against the thousandths that are spoilt, the rest says how |
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
    "spoil": pl.Int64,
}
CLASSES = np.array(["voice", "sms", "data", "emergency"])
ZONES = np.array(["on_net", "off_net", "international"])
ANSWERS = np.array(["answered", "busy", "unanswered"])
SPOILT_WAYS = 3
"""In how many ways a record may be spoilt."""
MOST_CLASSES = 10
"""Kinds of things that may happen in one place and hour, each with numbers of its own."""
_HOUR_IDS, _PLACE_IDS, _CLASS_IDS = 10**12, 10**7, 10**7 // MOST_CLASSES

Columns = dict[str, np.ndarray]
"""Parallel arrays: who (index of the line in its place), zone, answer (codes), requested, lasts_ms, and so on."""


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
    Each place, class and hour has a stream of its own: ``intents/PLACE/CLASS/HOUR_MS``.
    """
    drawn = []
    for index, (place, lines) in enumerate(places.items()):
        octets, names = lines["octets_per_day"].to_numpy(), lines["subscriber_id"].to_numpy()
        for code, kind in enumerate(_DRAWS):
            rng = streams.get(f"intents/{place}/{kind}/{hour_ms}")
            columns = _draw_class(kind, octets, local_hour, habits[place], rng)
            who = columns.pop("who")
            count = len(who)
            columns["intent_id"] = first_id(hour, index, code) + np.arange(count)
            columns["started_ms"] = hour_ms + rng.integers(0, HOUR_MS, count)
            columns["patience"] = rng.random(count)
            columns["spoil"] = rng.integers(0, 1000 * SPOILT_WAYS, count)
            columns["subscriber_id"] = names[who]
            columns["place_id"], columns["class"] = np.full(count, index), np.full(count, code)
            drawn.append(columns)
    return _frame({name: np.concatenate([c[name] for c in drawn]) for name in drawn[0]}, list(places))


def first_id(hour: int, place: int, code: int) -> int:
    """The number of the first thing of its kind in an hour and place (its index): those of CLASSES have the codes 0 to
    3, what prepaid people do with their money has others below MOST_CLASSES."""
    return hour * _HOUR_IDS + place * _PLACE_IDS + code * _CLASS_IDS


def _draw_class(
    kind: str, octets_per_day: np.ndarray, local_hour: int, habits: Habits, rng: np.random.Generator
) -> Columns:
    per_day, weights = _rhythm(kind, octets_per_day, habits)
    counts = rng.poisson(per_day * weights[local_hour] / 24)
    return _DRAWS[kind](np.repeat(np.arange(len(counts)), counts), octets_per_day, habits, rng)


def _rhythm(kind: str, octets_per_day: np.ndarray, habits: Habits) -> tuple[np.ndarray, Sequence[float]]:
    """Of each line: how often a day; and the weight of each local hour."""
    if kind == "data":
        return np.where(octets_per_day > 0, habits.sessions_per_day, 0.0), DATA_BY_HOUR
    per_day = {"voice": habits.calls_per_day, "sms": habits.sms_per_day, "emergency": habits.emergency_calls_per_day}
    return np.full(len(octets_per_day), per_day[kind]), VOICE_BY_HOUR


def _call_lengths_ms(count: int, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    return np.maximum(1_000, rng.lognormal(np.log(habits.call_median_ms), habits.call_sigma, count))


def _voice(who: np.ndarray, _: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    length = _call_lengths_ms(len(who), habits, rng)
    answer = rng.choice(3, len(who), p=_answer_shares(habits))
    return _columns(who, _zones(len(who), habits, rng), answer, length, length)


def _sms(who: np.ndarray, _: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    one = np.ones(len(who))
    return _columns(who, _zones(len(who), habits, rng), 0 * one, one, 0 * one)


def _data(who: np.ndarray, octets_per_day: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    volume = np.maximum(1, rng.exponential(1.0, len(who)) * octets_per_day[who] / habits.sessions_per_day)
    lasts = np.maximum(1_000, rng.exponential(habits.session_mean_ms, len(who)))
    nothing = np.zeros(len(who))
    return _columns(who, nothing, nothing, volume, lasts)


def _emergency(who: np.ndarray, _: np.ndarray, habits: Habits, rng: np.random.Generator) -> Columns:
    length = _call_lengths_ms(len(who), habits, rng)
    nothing = np.zeros(len(who))
    return _columns(who, nothing, nothing, length, length)


def _answer_shares(habits: Habits) -> tuple[float, float, float]:
    return (1 - habits.busy_share - habits.unanswered_share, habits.busy_share, habits.unanswered_share)


def _zones(count: int, habits: Habits, rng: np.random.Generator) -> np.ndarray:
    on_net = 1 - habits.off_net_share - habits.international_share
    return rng.choice(3, count, p=(on_net, habits.off_net_share, habits.international_share))


def _columns(
    who: np.ndarray, zone: np.ndarray, answer: np.ndarray, requested: np.ndarray, lasts: np.ndarray
) -> Columns:
    whole = {"zone": zone, "answer": answer, "requested": requested, "lasts_ms": lasts}
    return {"who": who, **{name: values.astype(np.int64) for name, values in whole.items()}}


_DRAWS = {"voice": _voice, "sms": _sms, "data": _data, "emergency": _emergency}
"""Class → what those who want it want, in the order of CLASSES."""


def _frame(columns: Columns, places: Sequence[str]) -> pl.DataFrame:
    names = {"class": CLASSES, "zone": ZONES, "answer": ANSWERS, "place_id": np.array(places)}
    data = {name: names[name][values] if name in names else values for name, values in columns.items()}
    return pl.DataFrame({name: pl.Series(data[name], dtype=dtype) for name, dtype in INTENTS_SCHEMA.items()})
