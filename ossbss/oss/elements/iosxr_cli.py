"""The terminal of IOS XR: actions as it wants them typed. Its answers are not read yet.

Two-stage configuration: ``commit confirmed`` goes back by itself; every commit is a point to roll back to.
"""

from collections.abc import Mapping, Sequence

from ossbss.oss.elements import cli_words

_WORDS: cli_words.Table = {
    "show_port": ("show interfaces {port}", "show controllers {port} phy"),
    "show_card": ("show platform",),
    "show_alarms": ("show alarms brief system active",),
    "show_change": ("show configuration commit list 2",),
    "show_metric": ("show isis interface {port}",),
    "restart_card": ("admin hw-module location {slot} reload", "yes"),
    "restart_node": ("reload location all", "yes"),
    "shut_port": ("configure exclusive", "interface {port} shutdown", "commit{timer}", "end"),
    "open_port": ("configure exclusive", "no interface {port} shutdown", "commit{timer}", "end"),
    "set_metric": (
        "configure exclusive", "router isis core interface {port} address-family ipv4 unicast metric {metric} level 2",
        "commit{timer}", "end",
    ),
    "isolate": ("configure exclusive", "router isis core set-overload-bit", "commit{timer}", "end"),
    "rejoin": ("configure exclusive", "no router isis core set-overload-bit", "commit{timer}", "end"),
    "roll_back": ("rollback configuration to {checkpoint}",),
    "confirm": ("configure exclusive", "commit", "end"),
}  # fmt: skip


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    return cli_words.lines(_WORDS, kind, cli_words.timed(words, " confirmed minutes {minutes}"), ports)
