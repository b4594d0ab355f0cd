"""Examples in a page that are carried out when it is made: what they print stands below them.

A fence ``yaml FILE`` writes whole keys of a file: they take the place of those that it had. In a fence ``console`` each
line ``$ ossbss …`` is a command; a fence ``python`` is a program. They run in one folder, in the order of the page.
"""

import contextlib
import io
import re
import runpy
import shlex
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ossbss.cli import main

_FENCE = re.compile(r"^```(yaml|console|python)(?: (\S+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_NEXT = re.compile(r"(?<!\\)\n")
"""A backslash at the end of a line: the command goes on."""
_TOP_KEY = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)


def worked(page: str) -> str:
    """The page with what its examples print."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        return _FENCE.sub(_done, page)


def _done(fence: re.Match[str]) -> str:
    kind, name, body = fence.groups()
    return {"yaml": _written, "console": _commands, "python": _program}[kind](name or "", body)


def _written(name: str, body: str) -> str:
    file = Path(name or "unnamed.yaml")
    before = file.read_text(encoding="utf-8") if name and file.exists() else ""
    file.write_text("".join({**_keys(before), **_keys(body)}.values()), encoding="utf-8")
    return f"```yaml\n{body}```\n"


def _keys(text: str) -> Mapping[str, str]:
    """Top-level key → its lines."""
    return {lines.split(":")[0]: lines for lines in _TOP_KEY.split(text) if lines.strip()}


def _commands(_: str, body: str) -> str:
    told = [f"{command}\n{_told(_command(command))}" for command in _NEXT.split(body.strip())]
    between = "\n".join(told)
    return f"```console\n{between}```\n"


def _command(text: str) -> Callable[[], object]:
    words = shlex.split(text.replace("\\\n", " "))
    if words[:2] != ["$", "ossbss"]:
        raise ValueError(f"{text!r} is no command; give for example $ ossbss check-catalogue duka.yaml")
    return lambda: main(words[2:])


def _program(_: str, body: str) -> str:
    Path("example.py").write_text(body, encoding="utf-8")
    return f"```python\n{body}```\n\nIt prints:\n\n```text\n{_told(lambda: runpy.run_path('example.py') and None)}```\n"


def _told(act: Callable[[], object]) -> str:
    """What an act prints, and its exit code where that is not 0."""
    with io.StringIO() as paper:
        with contextlib.redirect_stdout(paper), contextlib.redirect_stderr(paper):
            code = act()
        lines = [line.rstrip() for line in paper.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in [*lines, *([f"(exit code {code})"] if code else [])])
