"""Words of charging: usage, online requests and grants, in columns with documented dtypes and units, validated at the
border.

Usage:

| column | dtype | unit, meaning |
|---|---|---|
| usage_id | Int64 | the record's own number |
| element_id | String | the element that wrote it |
| file_id | String | the file it travelled in |
| sequence | Int64 | running number in the element, without gaps |
| subscriber_id | String | opaque line |
| class | String | voice, sms, data, emergency (a call that costs nothing) |
| place_id | String | cell that served it |
| started_ms | Int64 | ms since the Unix epoch, UTC, by the element's clock |
| quantity | Int64 | voice, emergency: ms; sms: messages; data: octets |
| zone | String | on_net, off_net, international; data, emergency: on_net |

Online requests (CHARGING_REQUESTS_SCHEMA), one hour in order of (at_ms, request_id):

| column | dtype | unit, meaning |
|---|---|---|
| request_id | Int64 | its number; of a top-up the voucher's: the same twice is one; of a session one for all steps |
| subscriber_id | String | opaque line |
| kind | String | usage, topup, purchase, advance, session_begin, session_update, session_end |
| class, zone | String | usage, session_begin: as above; zone null: found by the destination |
| destination | String | usage, session_begin: the number called; may be null |
| at_ms | Int64 | ms since the Unix epoch, UTC |
| quantity | Int64 | usage: what is asked for, as above; session_begin, _update: what more; null: the usual quota |
| used | Int64 | session_update, _end: units used since the last report; else null |
| amount_micros | Int64 | topup, advance: how much money, micro-units |
| offering_id | String | purchase: the bundle |

Grants (CHARGING_GRANTS_SCHEMA), one row for each request in the same order:

| column | dtype | unit, meaning |
|---|---|---|
| request_id | Int64 | that of the request |
| granted | Int64 | usage: units that may be used; of a session so many more; else 1 where it was done, 0 where not |
| outcome | String | full, partial, refused; repeated: a top-up that was made before |
| reason | String | why not full; on_credit: of a postpaid line, rated and billed later; empty: none |
| amount_micros | Int64 | usage, purchase, session_end: what money lost, with the fee; topup, advance: gained |
| fee_micros | Int64 | usage, session_end: the connection fee; advance: its fee, owed and not in the amount |
| balance_micros | Int64 | money of the wallet after it that nothing holds; null where there is no wallet |

A session that lasts over a barrier reports at each one and ends once: a call from 18:50 is begun then, updated at 19:00
and ended at 19:07, each step in the frame of its hour. Updates come within the policy's ``validity`` (and a grace):
after longer silence the session is closed with what it has reported, which the event ``session_timed_out`` tells, and
every later step is refused as ``unknown_session``, as is an end told twice. ``partial``: fewer units than wanted, no
more will come; of session_end: nothing pays some of the use that it reports. ``refused``, of an update: no more; the
session has still to be ended. What a session costs is final with its end: before, its ``amount_micros`` are 0, and
``held_micros`` of the wallet have it. An emergency call says its class in every step.

Grants of usage that was served before it was charged (CHARGING_LATE_SCHEMA, for requests of kind usage) have besides:

| column | dtype | unit, meaning |
|---|---|---|
| leaked | Int64 | units that nothing pays any more |
| leaked_micros | Int64 | what they would have cost |

What else happened to wallets (CHARGING_EVENTS_SCHEMA):

| column | dtype | unit, meaning |
|---|---|---|
| wallet_id | String | whose |
| kind | String | one of CHARGING_EVENTS |
| at_ms | Int64 | ms since the Unix epoch, UTC |
| subject | String | the bucket, balance, offering or session |
| units | Int64 | of a bucket; 0 where it is unlimited |
| amount_micros | Int64 | of a balance |
| percent | Int64 | the threshold; else null |

For a ledger, what moves money: the ``amount_micros`` of grants of usage and session_end, and these events, which the
grants of top-ups, advances and purchases tell once more. They add up to ``balance_micros`` and ``owed_micros`` below.

| event | what it says | balance | owed |
|---|---|---|---|
| topped_up, repaid | cash paid is their sum: for the main balance, and for what is owed | +, 0 | 0, - |
| bonus | given to a balance of its own | + | |
| bonus_lapsed | what was left of it at its end, or what a session gave back after that | - | |
| lent, advance_fee | airtime, and the fee for it | +, 0 | +, + |
| purchased | the price of a bundle | - | |
| session_timed_out | what a session cost that was closed | - | |

What wallets have (CHARGING_BALANCES_SCHEMA), by wallet_id:

| column | dtype | unit, meaning |
|---|---|---|
| wallet_id | String | whose |
| balance_micros | Int64 | all its money, with what sessions hold: the operator's liability |
| held_micros | Int64 | of that, what running sessions have taken, for their use so far and ahead of it |
| owed_micros | Int64 | of an advance, what is not repaid yet, with its fee |

Whether a network serves what charging could not be asked for is its own choice (RFC 8506,
Credit-Control-Failure-Handling): ``ON_UNREACHABLE`` names both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ossbss.contract.ports import Message
from ossbss.contract.units import DAY_MS

USAGE_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "element_id": pl.String,
    "file_id": pl.String,
    "sequence": pl.Int64,
    "subscriber_id": pl.String,
    "class": pl.String,
    "place_id": pl.String,
    "started_ms": pl.Int64,
    "quantity": pl.Int64,
    "zone": pl.String,
}

CHARGING_REQUESTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "request_id": pl.Int64,
    "subscriber_id": pl.String,
    "kind": pl.String,
    "class": pl.String,
    "zone": pl.String,
    "destination": pl.String,
    "at_ms": pl.Int64,
    "quantity": pl.Int64,
    "used": pl.Int64,
    "amount_micros": pl.Int64,
    "offering_id": pl.String,
}
CHARGING_GRANTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "request_id": pl.Int64,
    "granted": pl.Int64,
    "outcome": pl.String,
    "reason": pl.String,
    "amount_micros": pl.Int64,
    "fee_micros": pl.Int64,
    "balance_micros": pl.Int64,
}
CHARGING_LATE_SCHEMA: dict[str, type[pl.DataType]] = {
    **CHARGING_GRANTS_SCHEMA,
    "leaked": pl.Int64,
    "leaked_micros": pl.Int64,
}
CHARGING_EVENTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "wallet_id": pl.String,
    "kind": pl.String,
    "at_ms": pl.Int64,
    "subject": pl.String,
    "units": pl.Int64,
    "amount_micros": pl.Int64,
    "percent": pl.Int64,
}
CHARGING_BALANCES_SCHEMA: dict[str, type[pl.DataType]] = {
    "wallet_id": pl.String,
    "balance_micros": pl.Int64,
    "held_micros": pl.Int64,
    "owed_micros": pl.Int64,
}
CHARGING_EVENTS = (
    "topped_up", "bonus", "bonus_lapsed", "repaid", "lent", "advance_fee", "purchased", "bucket", "carried", "lapsed",
    "threshold", "expiring", "out_of_credit", "session_timed_out", "leaked",
)  # fmt: skip
ON_UNREACHABLE = ("fail_open", "fail_closed")
"""Serve what cannot be asked for, and charge it later; or refuse it."""

CHARGEABLE_CLASSES = ("voice", "sms", "data")
USAGE_CLASSES = (*CHARGEABLE_CLASSES, "emergency")
ZONES = ("on_net", "off_net", "international")

LARGEST: Mapping[str, int] = {
    "voice": 31 * DAY_MS, "emergency": 31 * DAY_MS, "sms": 1_000_000, "data": 2**50, "content": 10**15,
}  # fmt: skip
"""The most that one record may carry, in the units of its class; more is a broken record. Assumptions: no session
outlasts the longest month, nobody sends a million messages at once, a link of 3 Gbit/s carries 2**50 octets in a month,
nobody buys content for a milliard at once.
"""


class UsageColumnsError(ValueError):
    """The columns are not those of the contract: a broken integration, not a bad record."""


def check_usage(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame, or UsageColumnsError naming every column that is missing, extra or of another dtype."""
    return _checked(frame, USAGE_SCHEMA, "usage")


def check_requests(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame of CHARGING_REQUESTS_SCHEMA, or UsageColumnsError as ``check_usage``."""
    return _checked(frame, CHARGING_REQUESTS_SCHEMA, "charging requests")


def _checked(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]], what: str) -> pl.DataFrame:
    wrong = [
        f"{name}: expected {dtype.__name__}, found {frame.schema.get(name, 'nothing')}"
        for name, dtype in schema.items()
        if frame.schema.get(name) != dtype
    ]
    wrong += [f"{name}: not in the contract" for name in frame.columns if name not in schema]
    if wrong:
        raise UsageColumnsError(f"{what} columns differ from the contract: " + "; ".join(wrong))
    return frame


@dataclass(frozen=True, kw_only=True, eq=False)
class UsageFile(Message):
    """A file of usage records fetched from one element. ``usage``: USAGE_SCHEMA columns."""

    element_id: str
    file_id: str
    usage: pl.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class UsageBatch(Message):
    """What collection hands to the BSS: USAGE_SCHEMA columns plus ``known_ms`` (Int64), when collected."""

    usage: pl.DataFrame
