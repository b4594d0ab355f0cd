"""Thirty and more ways to get a scenario wrong: the edit, the line it is on, what must be said, and the mend."""

from dataclasses import dataclass

GOOD = """\
name: town
title: {en: Town}
story: {en: A town.}
sources: [made for the tests]
starts: 2024-05-06T06:00:00+03:00
lasts: 12 h
seed: 1
network:
  file: town.json
population:
  subscribers: 60
  offerings: {postpay-s: 1}
catalogue: shillings-a
world:
  convergence: 3 s
  telemetry:
    lost_milli: 0
    delay: 500 ms
    late_delay: 30 s
operations:
  poll_period: 1 min
  crews:
    - id: crew-1
      site: hub
    - id: crew-2
      site: farm
timeline:
  - at: 2 h
    do: cut_link
    target: east-port
    repair: 1 h
expect:
  - kpi: incidents
    equals: 1
  - kpi: credits_total
    is: "> 0"
variants:
  calm:
    set:
      timeline: []
    expect:
      - kpi: incidents
        equals: 0
"""

PLAN = """\
network:
  topohub: sndlib/germany50
  core_sites: [frankfurt]
  station_site: frankfurt
"""


@dataclass(frozen=True)
class Broken:
    """``old`` (once in GOOD) becomes ``new``; the mistake is on the line of ``at`` in the edited text."""

    name: str
    old: str
    new: str
    at: str | int
    said: tuple[str, ...]
    mend: str = ""

    @property
    def text(self) -> str:
        assert GOOD.count(self.old) == 1, self.name
        return GOOD.replace(self.old, self.new)

    @property
    def line(self) -> int:
        if isinstance(self.at, int):
            return self.at
        lines = self.text.splitlines()
        found = [number for number, line in enumerate(lines, start=1) if self.at in line]
        assert found, self.name
        return found[-1]


def case(name, old, new, at, *said, mend=""):
    return Broken(name, old, new, at, said, mend)


TOPOLOGY = "network:\n  file: town.json\n"

NO_CREWS = "timeline:\n  - {at: 2 h, do: cut_link, target: east-port, repair: crew}\n"

KEYS = [
    case("a misspelt key at the top", "seed: 1", "sede: 1", "sede", "unknown key", "seed", mend="did you mean 'seed'?"),
    case("an unknown key at the top", "seed: 1", "weather: 1", "weather", "unknown key", "more"),
    case("a misspelt key in network", "  file: town.json", "  flie: town.json", "flie", "unknown key", mend="did you mean 'file'?"),
    case("a misspelt key in population", "  subscribers: 60", "  subscriber: 60", "  subscriber:", "unknown key", mend="did you mean 'subscribers'?"),
    case("a misspelt key in world", "convergence: 3 s", "convergance: 3 s", "convergance", mend="did you mean 'convergence'?"),
    case("a misspelt key in routing", "  convergence: 3 s", "  routing: {floding_per_hop: 5 ms}", "routing:", "unknown key", mend="did you mean 'flooding_per_hop'?"),
    case("a misspelt key in telemetry", "lost_milli: 0", "lost_mili: 0", "lost_mili", mend="did you mean 'lost_milli'?"),
    case("a misspelt key of a crew", "      site: farm", "      sight: farm", "sight", "allowed: days, id", "shift, ship, site, skills", mend="did you mean 'site'?"),
    case("a misspelt key of an event", "    target: east-port", "    targt: east-port", "targt", mend="did you mean 'target'?"),
    case("a misspelt key of a clause", "    equals: 1", "    equal: 1", "equal:", mend="did you mean 'equals'?"),
    case("a misspelt key of a variant", "    set:", "    sets:", "sets", mend="did you mean 'set'?"),
    case("a key that is missing", "lasts: 12 h\n", "", "name: town", "lasts", "missing", "how long the run is"),
    case("a key that stands twice", "seed: 1\n", "seed: 1\nlasts: 6 h\n", "lasts: 6 h", "stands twice", "line 6"),
    case("an unknown habit", "population:\n", "population:\n  habits: {calls_per_dya: 3}\n", "habits", "unknown key", mend="did you mean 'calls_per_day'?"),
    case("an unknown language", "title: {en: Town}", "title: {fr: Ville}", "title", "en, sw"),
]  # fmt: skip

VALUES = [
    case("a unit that is none", "lasts: 12 h", "lasts: 3 dayz", "lasts", "number with a unit", mend="did you mean '3 days'?"),
    case("no unit", "lasts: 12 h", "lasts: 3", "lasts", "number with a unit", "3 days"),
    case("a run of no length", "lasts: 12 h", "lasts: 0 s", "lasts", "longer than 0"),
    case("a run of a million years", "lasts: 12 h", "lasts: 365000000 days", "lasts", "longer than a hundred years"),
    case("a negative duration", "convergence: 3 s", "convergence: -3 s", "convergence", "number with a unit"),
    case("one figure and its parts", "convergence: 3 s", "convergence: 3 s\n  routing: {spf: 50 ms}", "world:", "either convergence (one figure) or routing (its parts), not both"),
    case("a timer without unit", "  convergence: 3 s", "  routing: {spf: 50}", "routing:", "number with a unit"),
    case("a negative timer", "  convergence: 3 s", "  routing:\n    hello_dead: -40 s", "hello_dead", "number with a unit"),
    case("a fast reroute that is neither on nor off", "  convergence: 3 s", "  routing:\n    fast_reroute: perhaps", "fast_reroute", "true or false"),
    case("a service at risk that counts more than one that is down", "poll_period: 1 min", "at_risk_weight_milli: 1001", "at_risk_weight_milli", "1000 or less"),
    case("flapping that one change is enough for", "poll_period: 1 min", "flap_changes: 1", "flap_changes", "2"),
    case("a hold-off of nothing", "poll_period: 1 min", "flap_quiet: 0 s", "flap_quiet", "at least 1 s"),
    case("a window of flapping without a unit", "poll_period: 1 min", "flap_window: 60", "flap_window"),
    case("tests by word", "poll_period: 1 min", "active_tests: sometimes", "active_tests", "true"),
    case("fewer tests than none", "poll_period: 1 min", "most_tests: -1", "most_tests", "0"),
    case("an answer at once", "poll_period: 1 min", "answer_within: 0 s", "answer_within", "longer than 0"),
    case("an examination by word", "poll_period: 1 min", "examine_within: long", "examine_within", "long"),
    case("acts by word", "poll_period: 1 min", "remote_repair: later", "remote_repair", "true"),
    case("half an act", "poll_period: 1 min", "most_remote_acts: 0.5", "most_remote_acts", "0.5"),
    case("an approval that is no time", "poll_period: 1 min", "approval: soon", "approval", "soon"),
    case("a hold that is no time", "poll_period: 1 min", "resync_hold: soon", "resync_hold", "soon"),
    case("a period of nothing", "poll_period: 1 min", "poll_period: 0 s", "poll_period", "at least 1 s"),
    case("a variant that would leave its folder", "variants:\n  calm:", "variants:\n  ../calm:", "../calm", "small letters"),
    case("more lines than a machine holds", "subscribers: ", "subscribers: 99999999999999 # ", "subscribers", "10000000 or less"),
    case("starts without offset", "06:00:00+03:00", "06:00:00", "starts", "offset", "+03:00"),
    case("starts in another age", "2024-05-06T", "1066-10-14T", "starts", "1970"),
    case("a negative seed", "seed: 1", "seed: -7", "seed", "-7", "0 or more"),
    case("no subscribers", "subscribers: 60", "subscribers: 0", "subscribers", "0 lines for 6 sites", mend="give a number above 0"),
    case("negative subscribers", "subscribers: 60", "subscribers: -5", "subscribers", "-5", "0 or more"),
    case("subscribers in words", "subscribers: 60", "subscribers: many", "subscribers", "'many'", "whole number"),
    case("half a subscriber", "subscribers: 60", "subscribers: 60.5", "subscribers", "60.5", "whole number"),
    case("more than a thousand thousandths", "lost_milli: 0", "lost_milli: 1001", "lost_milli", "1000 or less"),
    case("less than no thousandths", "lost_milli: 0", "lost_milli: -1", "lost_milli", "0 or more"),
    case("late is not later", "late_delay: 30 s", "late_delay: 200 ms", "telemetry:", "late_delay (200 ms)", "longer than delay (500 ms)"),
    case("an endless speed", "world:\n", "world:\n  field_force: {speed_km_h: .inf}\n", "field_force", "number"),
    case("an impossible habit", "population:\n", "population:\n  habits: {busy_share: 2}\n", "habits", "busy_share is 2", "0 to 1"),
    case("a name with spaces", "name: town", "name: My Town", "name: My Town", "such as fibre-cut"),
    case("text where keys are needed", "  telemetry:\n    lost_milli: 0\n    delay: 500 ms\n    late_delay: 30 s\n", "  telemetry: bad\n", "telemetry", "'bad'", "keys with values", "lost_milli"),
    case("text where a list is needed", "sources: [made for the tests]", "sources: made", "sources", "list"),
    case("a list where text is needed", "catalogue: shillings-a", "catalogue: [shillings-a]", "catalogue", "a list", "text"),
    case("a switch that is neither on nor off", "seed: 1\n", "seed: 1\nintegration: {service_problems: perhaps}\n", "integration", "true or false"),
    case("nothing where a number is needed", "seed: 1", "seed:", "seed", "nothing", "whole number"),
    case("another use of a published figure", "seed: 1\n", "seed: 1\ncompare_to: [{figure: x, published: 1, unit: h, source: y, use: inputt}]\n", "compare_to", mend="did you mean 'input'?"),
]  # fmt: skip

TIMELINE = [
    case("a fault kind that is none", "do: cut_link", "do: cut_lnik", "cut_lnik", "cut_duct", mend="did you mean 'cut_link'?"),
    case("an unknown link", "target: east-port", "target: east-prot", "east-prot", "links", mend="did you mean 'east-port'?"),
    case("an unknown duct", "do: cut_link\n    target: east-port", "do: cut_duct\n    target: duct-rivr", "duct-rivr", "ducts", mend="did you mean 'duct-river'?"),
    case("an unknown node", "do: cut_link\n    target: east-port", "do: fail_node\n    target: r-farmm", "r-farmm", "nodes", mend="did you mean 'r-farm'?"),
    case("an unknown card", "do: cut_link\n    target: east-port", "do: fail_card\n    target: r-farm/9", "r-farm/9", "cards", mend="did you mean 'r-farm/1'?"),
    case("an unknown site", "do: cut_link\n    target: east-port", "do: cut_power\n    target: frm", "target: frm", "sites", mend="did you mean 'farm'?"),
    case("a target of another kind", "do: cut_link", "do: cut_duct", "target", "ducts", mend="did you mean do: cut_link?"),
    case("the station's node", "do: cut_link\n    target: east-port", "do: fail_node\n    target: r-hub", "r-hub", "never fails"),
    case("the station's site", "do: cut_link\n    target: east-port", "do: cut_power\n    target: hub", "target: hub", "never fails"),
    case("a negative time", "at: 2 h", "at: -2 h", "at: -2", "'-2 h' is no time", "day 2 19:00"),
    case("a time without day", "at: 2 h", "at: 19:00", "at: 19", "'19:00' is no time", "day 2 19:00"),
    case("a number as time", "at: 2 h", "at: 2", "at: 2", "2", "is no time"),
    case("an event before the start", "at: 2 h", "at: day 1 05:00", "at: day 1", "before it starts", "2024-05-06T06:00:00+03:00"),
    case("an event after the end", "at: 2 h", "at: day 2 19:00", "at: day 2", "after it ends", "2024-05-06T18:00:00+03:00"),
    case("an event in a million days", "at: 2 h", "at: day 1000000000", "at: day 1000000000", "no time of day"),
    case("a repair by nobody known", "repair: 1 h", "repair: magic", "magic", "neither crew", "90 min"),
    case("a repair misspelt", "repair: 1 h", "repair: crw", "crw", mend="did you mean 'crew'?"),
    case("a repair in no time", "repair: 1 h", "repair: 0 s", "repair: 0 s", "more than 0"),
    case("a repair by a crew that is not there", GOOD[GOOD.index("  crews:") : GOOD.index("expect:")], NO_CREWS, "repair: crew", "no crews", mend="operations.crews"),
    case("failing again before the repair", "    repair: 1 h\n", "    repair: 1 h\n  - {at: 150 min, do: cut_link, target: east-port, repair: 1 h}\n", "150 min", "failed already", "line 28"),
    case("failing twice at once", "    repair: 1 h\n", "    repair: crew\n  - {at: 120 min, do: cut_link, target: east-port}\n", "120 min", "failed already", "line 28"),
]  # fmt: skip

NAMES = [
    case("an unknown crew site", "site: farm", "site: fram", "fram", "no site 'fram'", mend="did you mean 'farm'?"),
    case("a crew twice", "id: crew-2", "id: crew-1", "id: crew-1", "stands twice", "line 23"),
    case("an unknown price list", "catalogue: shillings-a", "catalogue: shilling-a", "catalogue", "no price list", mend="did you mean 'shillings-a'?"),
    case("an unknown offering", "{postpay-s: 1}", "{postpay-x: 1}", "postpay-x", "payg", mend="did you mean 'postpay-"),
    case("a place that is none", "  offerings:", "  places: {fram: {subscribers: 5}}\n  offerings:", "places", "no cell stands at 'fram'", mend="did you mean 'farm'?"),
    case("an unknown offering at a place", "  offerings:", "  places: {farm: {subscribers: 5, offerings: {postpay-x: 1}}}\n  offerings:", "places", "no offering 'postpay-x'"),
    case("offerings of no weight", "{postpay-s: 1}", "{postpay-s: 0}", "offerings", "every weight is 0"),
    case("a misspelt priority rule", "seed: 1\n", "seed: 1\nbusiness: {priority_rule: most_user}\n", "priority_rule", mend="did you mean 'most_users'?"),
    case("a misspelt measure of a priority rule", "seed: 1\n", "seed: 1\nbusiness: {priority_rule: {line: 1}}\n", "priority_rule", "unknown key", mend="did you mean 'lines'?"),
    case("a rival that is none", "    equals: 1\n", "    below: clam\n", "below", "no variant 'clam'", mend="did you mean 'calm'?"),
    case("an offering not yet sold", "2024-05-06T", "2010-05-06T", "offerings", "2014-01-01"),
    case("an unknown KPI", "kpi: credits_total", "kpi: credit_total", "credit_total", mend="did you mean 'credits_total'?"),
    case("an unknown KPI in a variant", "      - kpi: incidents", "      - kpi: incident", "      - kpi: incident", mend="did you mean 'incidents'?"),
    case("a condition that is none", '"> 0"', '"big"', "big", "<= 120"),
    case("a clause of two forms", "    equals: 1\n", "    equals: 1\n    journal: alarm.raised\n", 33, "give {kpi, is}"),
    case("a misspelt kind of entry", "  - kpi: credits_total\n    is: \"> 0\"", "  - journal: alarm.raisd\n    count: 0", "alarm.raisd", "no kind 'alarm.raisd'", "did you mean 'alarm.raised'?"),
    case("a count that is none", "  - kpi: credits_total\n    is: \"> 0\"", "  - journal: alarm.raised\n    count: many", "count: many", "'many' is no count", ">= 1"),
    case("an unknown topology", TOPOLOGY, PLAN.replace("germany50", "germany51"), "topohub", "germany51", mend="did you mean 'sndlib/germany50'?"),
    case("an unknown core site", TOPOLOGY, PLAN.replace("[frankfurt]", "[frankfort]"), "core_sites", "'frankfort'", mend="did you mean 'frankfurt'?"),
    case("an unknown station site", TOPOLOGY, PLAN.replace("site: frankfurt", "site: hamburk"), "station_site", "'hamburk'", mend="did you mean 'hamburg'?"),
    case("an unknown link in a duct", TOPOLOGY, PLAN + "  shared_ducts:\n    d: [hamburg-kiel, hamburg-keil]\n", "d: [", "'hamburg-keil'", mend="did you mean 'hamburg-kiel'?"),
    case("no core sites", TOPOLOGY, PLAN.replace("  core_sites: [frankfurt]\n", ""), "network:", "core_sites", "give it"),
    case("one core site to back up itself", TOPOLOGY, PLAN + "  backup_cores: true\n", "backup_cores", "one core site has no other", mend="name a second in core_sites"),
    case("backup cores of a file", "  file: town.json", "  file: town.json\n  backup_cores: true", "backup_cores", "stands as it is"),
    case("no cells", TOPOLOGY, PLAN + "  cells_per_site: [0, 0]\n", "cells_per_site", "cells_per_site", "[1, 5]"),
    case("topology and file", "  file: town.json", "  file: town.json\n  topohub: sndlib/germany50", "network:", "either topohub or file", "not both"),
    case("neither topology nor file", "  file: town.json", "  management: in_band", "network:", "either topohub or file"),
    case("a file dressed as a topology", "  file: town.json", "  file: town.json\n  core_sites: [hub]", "core_sites", "stands as it is"),
    case("a network file that is not there", "town.json", "twon.json", "twon.json", "no network file 'twon.json'"),
    case("a variant with an unknown key", "      timeline: []", "      population.subscriber: 5", "population.subscriber", "unknown key", mend="did you mean 'subscribers'?"),
    case("a variant with an unknown part", "      timeline: []", "      populaton.subscribers: 5", "populaton", "unknown key", mend="did you mean 'population'?"),
    case("a variant that leads nowhere", "      timeline: []", "      seed.high: 5", "seed.high", "leads nowhere"),
    case("a variant beyond the list", "      timeline: []", "      timeline.7.at: 3 h", "timeline.7", "leads nowhere", "items 0 to 0"),
    case("a variant with a wrong value", "      timeline: []", "      lasts: 3", "lasts: 3", "number with a unit"),
]  # fmt: skip

YAML = [
    case("a tab", "  subscribers: 60", "\tsubscribers: 60", "\tsubscribers", "a tab", mend="indent with spaces"),
    case("an open quote", "    is: \"> 0\"", "    is: \"> 0", "is:", "never closed"),
    case("a condition without quotes", "    is: \"> 0\"", "    is: > 0", "is:", "block of text", mend="quotes"),
    case("a bracket left open", "title: {en: Town}", "title: {en: Town", "title", "bracket"),
    case("a wrong indentation", "  offerings: {postpay-s: 1}", "   offerings: {postpay-s: 1}", "offerings", "indentation"),
    case("a key without colon", "seed: 1", "seed 1", "seed 1", "': '"),
    case("two colons", "title: {en: Town}", "title: en: Town", "title", "quotes"),
    case("an anchor", "lasts: 12 h", "lasts: &day 12 h", "lasts", "anchors, aliases and tags"),
    case("a tag", "lasts: 12 h", "lasts: !!str 12 h", "lasts", "anchors, aliases and tags"),
    case("two documents", "seed: 1\n", "seed: 1\n---\n", "---", "second document"),
    case("a key that is a list", "seed: 1\n", "? [seed]\n: 1\n", "seed]", "plain text"),
    case("a control character", "title: {en: Town}", "title: {en: To\x07wn}", "title", "no text holds", "0x7"),
]  # fmt: skip

ALL = [*KEYS, *VALUES, *TIMELINE, *NAMES, *YAML]
