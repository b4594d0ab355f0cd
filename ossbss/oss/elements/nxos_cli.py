"""The terminal of NX-OS: actions as it wants them typed. Its answers are not read yet.

A change is a configuration session after a checkpoint; nothing goes back by itself, so that the timer is operations'.
"""

from collections.abc import Mapping, Sequence

from ossbss.oss.elements import cli_words

_WORDS: cli_words.Table = {
    "show_port": ("show interface {port}", "show interface {port} transceiver details"),
    "show_card": ("show module",),
    "show_change": ("show checkpoint summary",),
    "show_metric": ("show isis interface {port}",),
    "restart_card": ("reload module {slot}", "y"),
    "restart_node": ("reload", "y"),
    "shut_port": ("checkpoint oss", "configure terminal", "interface {port}", "shutdown", "end"),
    "open_port": ("checkpoint oss", "configure terminal", "interface {port}", "no shutdown", "end"),
    "set_metric": (
        "checkpoint oss", "configure terminal", "interface {port}", "isis metric {metric} level-2", "end",
    ),
    "isolate": ("checkpoint oss", "configure terminal", "router isis core", "set-overload-bit always", "end"),
    "rejoin": ("checkpoint oss", "configure terminal", "router isis core", "no set-overload-bit always", "end"),
    "reset_cell": ("configure terminal", "interface {port}", "power inline never", "power inline auto", "end"),
    "roll_back": ("rollback running-config checkpoint {checkpoint} atomic",),
}  # fmt: skip


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    return cli_words.lines(_WORDS, kind, words, ports)
