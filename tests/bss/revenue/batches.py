"""Small files of usage in every layout, and a price list whose sums are known without rating.

10 000 micro-units a second of voice; the first minute of each line and month is free.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from ossbss.bss.revenue.mediation.records import CDR_SCHEMA

A_SECOND, FREE_S = 10_000, 60
NOON = 1_714_996_800  # 2024-05-06T12:00:00Z
RECEIVED = "2024-07-01T00:00:00Z"
CATALOGUE = """
name: one-price
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
zones:
  on_net: [{prefixes: ["+25470"]}]
  off_net: [{prefixes: ["+254"]}]
rounding:
  charge: {mode: half_up, step: 0.000001}
  tax: {mode: half_up, step: 0.01}
  invoice: {mode: half_up, step: 0.01}
offerings:
  - id: talk
    title: {en: Talk, sw: Ongea}
    versions:
      - valid_from: 2014-01-01
        allowances:
          - {id: minute, classes: [voice], amount: 1 min, pulse: 1 s}
        usage:
          voice: {zones: [on_net, off_net], price: 0.60, pulse: 1 s}
"""
MAPPING = """
header: true
time: {column: begin, format: unix_s}
quantity: {any: {column: seconds, unit: s}, sms: {column: seconds, unit: messages}}
fields:
  record_id: {column: id}
  subscriber_id: {column: line}
  destination: {column: called}
  class: {column: kind, values: {voice: voice, sms: sms}}
  chain_id: {column: session}
  leg: {column: leg}
  is_last: {column: last}
"""
HEAD = "id,begin,line,called,kind,seconds,session,leg,last"
ENDING = {"csv": "csv", "asterisk": "csv", "freeswitch": "csv", "parquet": "parquet", "tmf635": "jsonl"}


@dataclass(frozen=True)
class Call:
    id: str
    line: str = "ann"
    seconds: int = 10
    after_s: int = 0
    called: str = "+254701111111"
    kind: str = "voice"
    session: str = ""
    leg: int | None = None
    last: bool = False


def written(calls, layout, broken=()):
    """Octets of a file, the broken lines (of the layout) at its end."""
    if layout == "parquet":
        return _parquet(calls)
    text = {"csv": _csv, "asterisk": _asterisk, "freeswitch": _freeswitch, "tmf635": _tmf635}[layout]
    head = [HEAD] if layout == "csv" else []
    return "".join(f"{line}\n" for line in (*head, *map(text, calls), *broken)).encode()


def _csv(call):
    leg, last = call.leg or "", "true" if call.last else ""
    return f"{call.id},{NOON + call.after_s},{call.line},{call.called},{call.kind},{call.seconds},{call.session},{leg},{last}"


def _at(call, form="%Y-%m-%d %H:%M:%S"):
    return datetime.fromtimestamp(NOON + call.after_s, UTC).strftime(form)


def _asterisk(call):
    at = _at(call)
    cells = ["", call.line, call.called, "ctx", "clid", "SIP/a", f"SIP/{call.id}", "Dial", "x", at, at, at,
             str(call.seconds), str(call.seconds), "ANSWERED", "DOCUMENTATION", f"{NOON}.{call.id}", ""]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def _freeswitch(call):
    at = _at(call)
    cells = ["name", call.line, call.called, "default", at, at, at, call.seconds, call.seconds, "NORMAL_CLEARING",
             f"uuid-{call.id}", "", ""]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells)


def _tmf635(call):
    known = {"quantity": call.seconds * 1000, "destination": call.called}
    if call.session:
        known |= {"chain": call.session, "leg": call.leg, "isLast": call.last}
    usage = {
        "id": call.id, "usageType": call.kind, "usageDate": _at(call, "%Y-%m-%dT%H:%M:%SZ"), "status": "received",
        "relatedParty": [{"id": call.line, "role": "subscriber"}],
        "usageCharacteristic": [{"name": name, "value": value} for name, value in known.items()],
    }  # fmt: skip
    return json.dumps(usage)


def _parquet(calls):
    from io import BytesIO

    rows = [
        {"record_id": c.id, "subscriber_id": c.line, "destination": c.called, "class": c.kind,
         "started_ms": (NOON + c.after_s) * 1000, "quantity": c.seconds * (1000 if c.kind == "voice" else 1),
         "chain_id": c.session or None, "leg": c.leg, "is_last": c.last or None}
        for c in calls
    ]  # fmt: skip
    lacking = ("element_id", "file_id")
    frame = pl.DataFrame(rows, schema={name: dtype for name, dtype in CDR_SCHEMA.items() if name not in lacking})
    octets = BytesIO()
    frame.write_parquet(octets)
    return octets.getvalue()


def cost(*seconds_of_lines):
    """Micro-units of lines that talked so long in one month."""
    return sum(max(0, seconds - FREE_S) * A_SECOND for seconds in seconds_of_lines)


def many_files(folder, chance, count, first=0, records=12):
    """Files with repeated ids, sessions across files, broken lines, late records and lines of five people."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        calls, broken = [], []
        for _ in range(records):
            key = chance.randrange(count * records)
            line, after = f"line-{key % 5}", chance.randrange(-20 * 86_400, 40 * 86_400)
            if key % 7 == 0:
                session = f"s{key // 28}"
                calls.append(Call(f"p{key}", f"line-{key // 28 % 5}", 5, session=session, leg=key // 7 % 4 + 1,
                                  last=key // 7 % 4 == 3, after_s=key))  # fmt: skip
            elif key % 11 == 0:
                broken.append(f"x{key},never,{line},,voice,1,,,")
            else:
                called = "+19995550" if key % 13 == 0 else "+254711111111"
                kind = "sms" if key % 17 == 0 else "voice"
                calls.append(Call(f"c{key}", line, key % 40, after, called, kind))
        (folder / f"f{number:03}.csv").write_bytes(written(calls, "csv", broken))
