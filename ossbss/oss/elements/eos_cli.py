"""The terminal of EOS: actions as it wants them typed. Its answers are not read yet.

A change is a configuration session; ``commit timer`` goes back by itself, a second ``commit`` confirms.
"""

from collections.abc import Mapping, Sequence

from ossbss.oss.elements import cli_words

_SESSION = "configure session oss"
_WORDS: cli_words.Table = {
    "show_port": ("show interfaces {port}", "show interfaces {port} transceiver"),
    "show_card": ("show module",),
    "show_change": ("show configuration sessions detail",),
    "show_metric": ("show isis interface {port}",),
    "restart_node": ("reload now",),
    "shut_port": (_SESSION, "interface {port}", "shutdown", "commit{timer}"),
    "open_port": (_SESSION, "interface {port}", "no shutdown", "commit{timer}"),
    "set_metric": (_SESSION, "interface {port}", "isis metric {metric}", "commit{timer}"),
    "isolate": (_SESSION, "router isis core", "set-overload-bit", "commit{timer}"),
    "rejoin": (_SESSION, "router isis core", "no set-overload-bit", "commit{timer}"),
    "reset_cell": ("configure", "interface {port}", "poe disabled", "no poe disabled", "end"),
    "roll_back": ("configure replace {checkpoint}",),
    "confirm": ("configure session oss commit",),
}


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    hours, minutes = divmod(int(words["minutes"] or 0), 60)
    return cli_words.lines(_WORDS, kind, cli_words.timed(words, f" timer {hours:02}:{minutes:02}:00"), ports)
