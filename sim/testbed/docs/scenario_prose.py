"""What docs/scenarios.md says beside its tables."""

HEAD = """
# Scenarios

<!-- made by `make docs` from sim/testbed/scenario_schema.py; edit the text below the fields there -->

A scenario is one YAML file. `ossbss new-scenario FILE` writes one to start from, with every key explained;
`ossbss check FILE` tells every mistake at once, each with its line; `ossbss run FILE` plays it. Any key can be changed
for one run by its dotted name: `--set world.telemetry.lost_milli=50`, `--set timeline.0.at="day 1 20:00"` (items of a
list count from 0). Editors that know JSON Schema complete and check keys with `sim/testbed/scenario.schema.json`.

In dotted names below, `N` is the number of an item and `NAME` a name of your own. Keys that end in `_milli` are in
thousandths: 50 is 5 %.
"""

TAIL = """
## How times are written

| where | written as | examples |
|---|---|---|
| instant (`starts`) | ISO 8601 with its offset, which is the local time of the whole run | `2024-05-06T00:00:00+03:00` |
| duration | a number with a unit, or several in a row; units are ms, s, min, h, days, weeks | `500 ms`, `1 h 30 min`, `3 days` |
| time (`timeline.N.at`) | an offset from the start | `19h`, `90 min` |
| | a day of the run, with or without a time of day; day 1 is the day on which it starts | `day 2 19:00`, `day 3` |
| | ISO 8601 with its offset | `2024-05-07T19:00:00+03:00` |

Events lie within the run: from `starts` on, and before `starts` + `lasts`. What has failed cannot fail again before its
scripted repair. The management station's node, site and power area never fail; a disaster spares them.

## What nobody notices

A sleeping cell (`sleep_cell`) blocks its people, and no element says so. Complaints reach the OSS through care, but its
probe of the service goes to the cell's router, which works, and passes. Packet loss on a link (`degrade_link`) makes no
element speak either. Both show in the counters: every element hands in a performance file each quarter of an hour
(`world.performance`), and the OSS raises alarms of its own where a threshold is crossed: loss of a service's test
packets, damaged packets at a port, a cell that carries nothing. A wrong IGP weight shows nowhere. What a disaster destroys is counted as ordinary faults, planned work is not counted as a
fault at all, and a change that went well is in the truth alone.

## How prepaid people pay

A prepaid line has what it topped up before the run. When an hour is over, all that prepaid lines wanted in it and the
network carried goes to charging in order of time, with the top-ups, purchases and advances of that hour. What is
granted nothing is `refused`; what is granted less than it used is `cut_off` at the share of its time that the granted
units make. Emergency calls are never asked for. A session over the hour's end reports there, asks for the next hour,
and ends once. People know what charging told them, from the next hour on: who is low or dry tops up then, if their luck
says so, at a minute of its own. That luck is drawn for every line, place and hour, whatever anybody has, so it is the
same under every price list. While charging is out of reach (`world.charging`), and in a place without service, nobody
tops up, buys or borrows. Channels and counters of cells know of the refusal only when the hour is over: until then what
is refused takes its channel and counts as carried.

## Recorded outages

`world.outage_file` names a CSV file beside the scenario; its first line is `component,from,to,kind`. `from` and `to`
are written like `at` in the timeline, `kind` is `cut_link`, `cut_duct`, `cut_cable`, `fail_node`, `fail_card`,
`cut_power` or `sleep_cell`. Each row is a fault that mends by itself. The file goes into the run folder.

## Variants

A variant is the same day with some values changed: `set` maps dotted keys to values. Its `expect` and its `story`
replace the scenario's. `ossbss run FILE --variant NAME` plays it; `ossbss check` checks all of them.

```yaml
variants:
  in-band:
    story: {en: The OSS reaches its elements through the network it manages.}
    set:
      network.management: in_band
    expect:
      - {kpi: root_cause_exact, equals: 1}
```

## What is expected

Every clause of `expect` must hold, or the run exits 1 (its results are kept).

| form | holds when |
|---|---|
| `{kpi: NAME, is: "<= 120"}` | the KPI's value meets the condition: `<=`, `>=`, `<`, `>`, `==` or `!=` and a number, in quotes |
| `{kpi: NAME, equals: 1, tolerance: 0.1}` | the value is this, within the tolerance (default 0) |
| `{kpi: NAME, below: VARIANT}` | this run's value is below that variant's on the same seed; also `above`, `at_most`, `at_least`; `base` is no variant |
| `{kpi: NAME, below: VARIANT, seeds: 30}` | the same over so many seeds; only `ossbss run --paired` looks at it. `below`, `above`: the whole 95 % interval of the mean difference lies on that side of zero; `at_most`, `at_least`: the mean difference is not on the other |
| `{journal: KIND, where: {key: value}, count: ">= 1", within: 10 min}` | so many such entries, this soon after the first fault |

A KPI that is undefined in a run meets no condition. KPIs and their units are in [kpis.md](kpis.md); money is in
micro-units of the currency.
"""  # noqa: E501 - a row of a table is one line
