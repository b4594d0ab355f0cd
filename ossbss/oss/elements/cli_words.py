"""A vendor's words as a table: action → lines with blanks to fill in."""

from collections.abc import Mapping, Sequence

Table = Mapping[str, tuple[str, ...]]
"""Kind of action → its lines. A line with ``{each}``, and those after it that begin with a space, stand once for each
port (``{planned}``: its planned metric)."""


def lines(
    table: Table, kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]
) -> tuple[str, ...] | None:
    """The lines of an action; None where the table has none."""
    if kind not in table:
        return None
    found: list[str] = []
    together: list[str] = []
    for line in (*table[kind], ""):
        if "{each}" in line or line.startswith(" "):
            together.append(line.strip())
            continue
        found += [each.format(**words, each=port, planned=metric) for port, metric in ports for each in together]
        together = []
        found += [line.format(**words)] if line else []
    return tuple(found)


def timed(words: Mapping[str, str], timer: str) -> dict[str, str]:
    """The words with ``{timer}``: this text where there is one (``{minutes}`` in it filled in), else nothing."""
    return {**words, "timer": timer.format(**words) if words["minutes"] else ""}
