"""The terminal of Huawei's VRP 8 (two-stage): actions as it wants them typed. Its answers are not read yet.

``commit trial`` goes back by itself, unless another ``commit`` follows; every commit is a point to roll back to.
"""

from collections.abc import Mapping, Sequence

from ossbss.oss.elements import cli_words

_VIEW = "system-view"
_WORDS: cli_words.Table = {
    "show_port": ("display interface {port}", "display optical-module brief interface {port}"),
    "show_card": ("display device",),
    "show_alarms": ("display alarm active",),
    "show_change": ("display configuration commit list 2",),
    "show_metric": ("display isis interface {port} verbose",),
    "restart_card": ("reset slot {slot}", "y"),
    "restart_node": ("reboot", "y"),
    "shut_port": (_VIEW, "interface {port}", "shutdown", "commit{timer}", "return"),
    "open_port": (_VIEW, "interface {port}", "undo shutdown", "commit{timer}", "return"),
    "set_metric": (_VIEW, "interface {port}", "isis cost {metric} level-2", "commit{timer}", "return"),
    "isolate": (_VIEW, "isis 1", "set-overload", "commit{timer}", "return"),
    "rejoin": (_VIEW, "isis 1", "undo set-overload", "commit{timer}", "return"),
    "reset_cell": (
        _VIEW, "interface {port}", "undo poe enable", "commit", "poe enable", "commit", "return",
    ),
    "roll_back": ("rollback configuration to commit-id {checkpoint}", "y"),
    "confirm": (_VIEW, "commit", "return"),
}  # fmt: skip


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    seconds = int(words["minutes"] or 0) * 60
    return cli_words.lines(_WORDS, kind, cli_words.timed(words, f" trial {seconds}"), ports)
