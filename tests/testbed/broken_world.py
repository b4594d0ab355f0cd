"""Ways to get the world of a scenario wrong: its faults, its field force, its management."""

from tests.testbed.broken import GOOD, case

EVENT = "    do: cut_link\n    target: east-port\n    repair: 1 h\n"
RULE = "world:\n  random_faults: [{do: cut_link, between: {%s}, repair: {constant: 1 h}%s}]\n"


def event(name, do, target, keys, at, *said, mend=""):
    """Another event in the place of the cut of east-port."""
    lines = f"    do: {do}\n    target: {target}\n" + "".join(f"    {key}\n" for key in keys)
    return case(name, EVENT, lines, at, *said, mend=mend)


FAULTS = [
    event("a key of another kind", "cut_link", "east-port", ["period: 30 s"], "period", "period is not for cut_link", "takes repair"),
    event("a repair of a bad change", "bad_change", "r-port", ["repair: 1 h"], "repair", "repair is not for bad_change", "rollback"),
    event("a key of a kind that takes none", "bad_change", "r-port", ["rollback: 1 h", "lead: 1 h"], "lead", "lead is not for bad_change"),
    event("work of no length", "planned_work", "east-port", [], "planned_work", "planned_work needs lasts"),
    event("a disaster of no radius", "disaster", "port", ["repair: 1 h"], "disaster", "disaster needs radius_km"),
    event("a negative radius", "disaster", "port", ["radius_km: -1"], "radius_km", "0 or more"),
    event("a weight that is none", "bad_change", "east-port", ["effect: metric"], "bad_change", "needs metric"),
    event("a weight without its effect", "bad_change", "r-port", ["metric: 5"], "metric", "effect: metric"),
    event("an effect that is none", "bad_change", "r-port", ["effect: isolat"], "isolat", mend="did you mean 'isolate'?"),
    event("a link that is isolated", "bad_change", "east-port", ["effect: isolate"], "target: east-port", "isolate needs a node"),
    event("a node with a weight", "bad_change", "r-port", ["effect: metric", "metric: 7"], "target: r-port", "metric needs a link"),
    event("a change of a site", "bad_change", "port", [], "target: port", "nodes, links or cards"),
    event("a cell that is none", "sleep_cell", "cell-prot", ["repair: 1 h"], "cell-prot", "cells", mend="did you mean 'cell-port'?"),
    event("a cable that is none", "cut_cable", "cable-x", [], "cable-x", "cables"),
    event("more loss than there is", "degrade_link", "east-port", ["loss_milli: 1001"], "loss_milli", "1000 or less"),
    event("a link that is always down", "flap_link", "east-port", ["down_milli: 1000"], "down_milli", "999 or less"),
    event("a flutter", "flap_link", "east-port", ["period: 5 ms"], "period", "at least 1 s"),
    event("fuel where no generator is", "steal_fuel", "port", [], "target: port", "port has no generator", mend="world.power.generator"),
    event("fuel brought where no generator is", "refuel", "port", [], "target: port", "port has no generator"),
    event("a roll-back of no change", "roll_back", "r-port", [], "target: r-port", "no bad_change of 'r-port'"),
    event("capacity on a link in use", "buy_capacity", "east-port", [], "target: east-port", "dormant links"),
    event("a kind misspelt", "planed_work", "east-port", ["lasts: 1 h"], "planed_work", mend="did you mean 'planned_work'?"),
    event("a law that is none", "cut_link", "east-port", ["repair: {constnat: 1 h}"], "repair", "constnat"),
    case("age without a weibull law", "world:\n", RULE % ("exponential: 9 h", ", age: 3 h"), "random_faults", "age is for a weibull law"),
    case("groups that share nothing", "world:\n", RULE % ("exponential: 9 h", ", common_groups: [[east-port, hub-north]]"), "random_faults", "common_milli above 0"),
    case("a group of one", "world:\n", RULE % ("exponential: 9 h", ", common_milli: 300, common_groups: [[east-port]]"), "random_faults", "two targets or more"),
    case("an unknown target in a group", "world:\n", RULE % ("exponential: 9 h", ", common_milli: 300, common_groups: [[east-prot, hub-north]]"), "random_faults", "east-prot", mend="did you mean 'east-port'?"),
    case("a key of another kind by chance", "world:\n", RULE % ("exponential: 9 h", ", period: 30 s"), "random_faults", "period is not for cut_link"),
    case("two rules for one target", "world:\n", RULE % ("exponential: 9 h", "}, {do: cut_link, between: {exponential: 9 h}, repair: {constant: 1 h}"), "random_faults", "two rules", "cut_link"),
    case("power at a site that is none", "world:\n", "world:\n  power: {sites: {prot: {battery: 1 h}}}\n", "power", "no site 'prot'", mend="did you mean 'port'?"),
    case("a misspelt key of power", "world:\n", "world:\n  power: {batery: 1 h}\n", "power", "unknown key", mend="did you mean 'battery'?"),
    case("a battery without unit", "world:\n", "world:\n  power: {battery: 4}\n", "power", "number with a unit"),
    case("an outage file that is not there", "world:\n", "world:\n  outage_file: outages.csv\n", "outage_file", "no outage file 'outages.csv'"),
]  # fmt: skip

WORK = "      site: farm\n"
WORLD = "world:\n"
ALL_OF_THEM = GOOD[GOOD.index(WORLD) : GOOD.index("timeline:")]
CREWS_AND_EVENTS = GOOD[GOOD.index("  crews:") : GOOD.index("expect:")]
OWL = """\
world:
  field_force: {{{}}}
operations:
  crews:
    - id: owl
      site: hub
      overtime: false
      shift: 23:00-04:00
"""
FROM_FILE_ON = GOOD[GOOD.index("  file:") : GOOD.index("timeline:")]
TWO_OWNERS = """\
  file: town.json
  owners: {a: [east-port], b: [east-port, farm]}
population: {subscribers: 60, offerings: {postpay-s: 1}}
catalogue: shillings-a
operations: {crews: [{id: crew-1, site: hub}], partners: {a: {}, b: {}}}
"""
SAME_NAME = "operations:\n  partners: {crew-1: {}}\n  crews:\n    - {id: crew-1, site: hub}\n"
UNSKILLED = """\
  crews:
    - {id: crew-1, site: hub, skills: [ip, power]}
timeline:
  - {at: 2 h, target: east-port, do: cut_link}
"""
BY_CHANCE = """\
world:
  random_faults:
    - do: fail_node
      between: {exponential: 60 days}
operations:
  crews: [{id: crew-1, site: hub, skills: [fibre]}]
"""
CALLED = "operations:\n  partners: {carrier: {}}\n"

FIELD_FORCE = [
    case("a skill that is none", WORK, WORK + "      skills: [fiber]\n", "skills", "'fiber'", "ip, power", mend="did you mean 'fibre'?"),
    case("a shift in words", WORK, WORK + "      shift: daytime\n", "shift", "'daytime'", "08:00-17:00"),
    case("a shift beyond the day", WORK, WORK + "      shift: 08:00-25:00\n", "shift", "'08:00-25:00'", "hours of a day"),
    case("a weekday that is none", WORK, WORK + "      shift: 08:00-17:00\n      days: [mon, tues]\n", "days", "'tues'", mend="did you mean 'tue'?"),
    case("no weekday at all", WORK, WORK + "      shift: 08:00-17:00\n      days: []\n", "days", "1"),
    case("on call without a shift", WORK, WORK + "      on_call: 45 min\n", "- id: crew-2", "on_call without shift"),
    case("a part that is none", WORK, WORK + "      spares: {cards: 1}\n", "spares", "'cards'", mend="did you mean 'card'?"),
    case("less than no parts", WORK, WORK + "      spares: {card: -1}\n", "spares", "-1", "0 or more"),
    case("a ship with skills", WORK, WORK + "      skills: [ip]\n      ship: {}\n", "- id: crew-2", "a ship has no skills"),
    case("a depot nowhere", WORLD, WORLD + "  field_force: {depots: {fram: {card: 1}}}\n", "fram", "no site 'fram'", mend="did you mean 'farm'?"),
    case("a gate nowhere", WORLD, WORLD + "  field_force: {access: {prot: {delay: 1 h}}}\n", "prot", "no site 'prot'", mend="did you mean 'port'?"),
    case("a road that is shorter than the crow's way", WORLD, WORLD + "  field_force: {road_factor: 0.5}\n", "road_factor", "0.5", "or more"),
    case("two laws of repair", WORLD, WORLD + "  field_force: {repair: {constant: 1 h}, repair_sigma: 1}\n", "field_force", "repair or repair_sigma"),
    case("a night without end", WORLD, WORLD + "  field_force: {no_travel: 08:00-08:00}\n", "no_travel", "bans all travel"),
    case("a shift in which nobody may drive", ALL_OF_THEM, OWL.format("no_travel: 22:00-05:00"), "shift", "all within no_travel: 22:00-05:00"),
    case("a shift that misses the gate", ALL_OF_THEM, OWL.format("access: {farm: {hours: 09:00-12:00}}"), "shift", "never meets the hours of farm (09:00-12:00)"),
    case("an owner of what is not there", "  file: town.json\n", "  file: town.json\n  owners: {carrier: [east-prot]}\n", "owners", "'east-prot'", mend="did you mean 'east-port'?"),
    case("an owner nobody can call", "  file: town.json\n", "  file: town.json\n  owners: {carrier: [east-port]}\n", "owners", "operations.partners", "carrier"),
    case("one thing of two owners", FROM_FILE_ON, TWO_OWNERS, "owners", "belongs to 'a' already"),
    case("a partner that owns nothing", "operations:\n", CALLED, "partners", "'carrier' owns nothing", "network.owners"),
    case("a partner with other hours", "operations:\n", CALLED.replace("{}", "{hours: 24/7}"), "partners", "24/7", mend="did you mean '24x7'?"),
    case("a partner that is a crew", ALL_OF_THEM, SAME_NAME, "- {id: crew-1", "'crew-1' is a partner too"),
    case("a fault that nobody masters", CREWS_AND_EVENTS, UNSKILLED, "do: cut_link", "nobody would ever repair 'east-port'", "the skill fibre", mend="add a crew with the skill fibre"),
    case("chance faults that nobody masters", ALL_OF_THEM, BY_CHANCE, "do: fail_node", "nobody would ever repair 'r-north'", "the skill ip"),
]  # fmt: skip

PARTLY = "  management: partly_shared\n  partly_shared: "
MANAGEMENT = [
    case("an unknown way of management", "  file: town.json\n", "  file: town.json\n  management: inband\n", "inband", "partly_shared", mend="did you mean 'in_band'?"),
    case("an unknown node in band", "  file: town.json\n", f"  file: town.json\n{PARTLY}{{in_band_nodes: [r-prot]}}\n", "r-prot", "no node 'r-prot'", mend="did you mean 'r-port'?"),
    case("an unknown role in band", "  file: town.json\n", f"  file: town.json\n{PARTLY}{{in_band_roles: [edges]}}\n", "edges", "no role 'edges'", "core", mend="did you mean 'edge'?"),
    case("an unknown shared duct", "  file: town.json\n", f"  file: town.json\n{PARTLY}{{shares: {{duct-rivr: [r-port]}}}}\n", "duct-rivr", "no duct or cable", mend="did you mean 'duct-river'?"),
    case("an unknown node of a shared duct", "  file: town.json\n", f"  file: town.json\n{PARTLY}{{shares: {{duct-river: [r-prot]}}}}\n", "r-prot", "no node", mend="did you mean 'r-port'?"),
    case("partly shared, and not", "  file: town.json\n", "  file: town.json\n  partly_shared: {in_band_nodes: [r-port]}\n", "network", "management: partly_shared"),
    case("an unknown element manager", "  file: town.json\n", "  file: town.json\n  manager_nodes: {em-iso: r-port}\n", "em-iso", "no element manager", mend="did you mean 'em-ios'?"),
    case("a manager at no node", "  file: town.json\n", "  file: town.json\n  manager_nodes: {em-ios: port}\n", "manager_nodes", "no node 'port'", mend="did you mean 'r-port'?"),
    case("a manager that fails under no name", "do: cut_link\n    target: east-port", "do: fail_manager\n    target: em-iso", "em-iso", "element managers", mend="did you mean 'em-ios'?"),
    case("a cycle in no time", "world:\n", "world:\n  management: {cycle: 0 s}\n", "cycle", "at least 1 s"),
    case("a processor that does nothing", "world:\n", "world:\n  management: {messages_per_s: 0}\n", "messages_per_s", "greater than 0"),
    case("a queue before no processor", "world:\n", "world:\n  management: {queue: 10}\n", "management", "messages_per_s too"),
    case("workers before no processor", "world:\n", "world:\n  management: {workers: 2}\n", "management", "messages_per_s too"),
    case("nobody at work", "world:\n", "world:\n  management: {messages_per_s: 5, workers: 0}\n", "workers", "greater than 0"),
    case("no queue at all", "world:\n", "world:\n  management: {messages_per_s: 5, queue: 0}\n", "queue", "greater than 0"),
]  # fmt: skip

REMOTE = [
    case("a restart in no time", "world:\n", "world:\n  remote: {card_restart: 0 s}\n", "card_restart", "longer than 0"),
    case("capacity at once", "world:\n", "world:\n  remote: {capacity_lead: 0 s}\n", "capacity_lead", "longer than 0"),
    case("a test without unit", "world:\n", "world:\n  remote: {loopback: 60}\n", "loopback", "number with a unit"),
    case("more cured than there are", "world:\n", "world:\n  remote: {sleeping_cell_milli: 1001}\n", "sleeping_cell_milli", "1000 or less"),
    case("a misspelt test", "world:\n", "world:\n  remote: {reflectometri: 1 min}\n", "remote", "unknown key", mend="did you mean 'reflectometry'?"),
]  # fmt: skip

POLL = "  poll_period: 1 min\n"
PERFORMANCE = [
    case("a granularity that is none", "world:\n", "world:\n  performance: {period: 20 min}\n", "performance", "period is 20 min", "15 min, 30 min or 1 h"),
    case("a granularity without unit", "world:\n", "world:\n  performance: {period: 15}\n", "period: 15", "number with a unit"),
    case("files that are neither on nor off", "world:\n", "world:\n  performance: {files: daily}\n", "files", "true or false"),
    case("a misspelt granularity", "world:\n", "world:\n  performance: {perod: 15 min}\n", "performance", "unknown key", mend="did you mean 'period'?"),
    case("more loss than there is in a threshold", POLL, POLL + "  path_loss_raise_milli: 1001\n", "path_loss_raise_milli", "1000 or less"),
    case("a negative threshold", POLL, POLL + "  port_errors_raise_milli: -1\n", "port_errors_raise_milli", "0 or more"),
    case("a conclusion from nothing", POLL, POLL + "  least_packets: 0\n", "least_packets", "greater than 0"),
    case("idle when nothing is missed", POLL, POLL + "  idle_connections: 0\n", "idle_connections", "greater than 0"),
    case("a wait without unit", POLL, POLL + "  performance_wait: 60\n", "performance_wait", "number with a unit"),
]  # fmt: skip

FROM_FILE_TO_WORLD = GOOD[GOOD.index("  file:") : GOOD.index("  convergence:")]
ON_OCS = FROM_FILE_TO_WORLD.replace("  file: town.json\n", "  file: town-charging.json\n") + "  charging: {%s}\n"
CHARGING = [
    case("charging on an unknown node", FROM_FILE_TO_WORLD, ON_OCS % "node: osc-1", "charging", "no node 'osc-1' with role: charging", "it has ocs-1", mend="did you mean 'ocs-1'?"),
    case("charging on a router", FROM_FILE_TO_WORLD, ON_OCS % "node: r-hub", "charging", "no node 'r-hub' with role: charging", "it has ocs-1"),
    case("charging where nothing charges", "world:\n", "world:\n  charging: {node: ocs-1}\n", "charging", "it has none", "give a node of its file this role"),
    case("charging nowhere", "world:\n", "world:\n  charging: {on_unreachable: fail_open}\n", "charging", "node"),
    case("charging that fails by half", FROM_FILE_TO_WORLD, ON_OCS % "node: ocs-1, on_unreachable: fail_opne", "charging", "fail_closed", mend="did you mean 'fail_open'?"),
    case("a misspelt key of charging", FROM_FILE_TO_WORLD, ON_OCS % "node: ocs-1, unreachable: fail_open", "charging", "unknown key", mend="did you mean 'on_unreachable'?"),
]  # fmt: skip

ALL = [*FAULTS, *FIELD_FORCE, *MANAGEMENT, *REMOTE, *PERFORMANCE, *CHARGING]
