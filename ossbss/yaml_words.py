"""Broken YAML in plain words: the parser's own messages name its inner states."""

import re

import yaml

from ossbss.mistakes import Mistake

_QUOTES = "put the value in quotes"
_WORDS: tuple[tuple[str, str, str, bool], ...] = (
    # what the parser says, what to say, the mend, whether the mistake is where the parser began
    (r"found character '\\t'", "a tab stands where spaces must be", "indent with spaces", False),
    (r"found character .* cannot start", "this character cannot begin a value", _QUOTES, False),
    (r"expected indentation indicator|scanning a block scalar", "'>' and '|' begin a block of text", _QUOTES, False),
    (r"scanning a quoted scalar.*end of stream", "a quote is opened here and never closed", "close it", True),
    (r"mapping values are not allowed", "a second ': ' on one line, or a wrong indentation", _QUOTES, False),
    (r"expected <block end>", "this line is indented differently from those it belongs to", "", False),
    (r"could not find expected ':'", "this key has no ': ' after it", "", True),
    (r"expected ',' or", "a bracket is opened here and not closed, or a comma is missing", "", True),
    (r"another document", "a second document begins here", "keep one document in one file", False),
    (r"unknown escape character", "a backslash in double quotes begins an escape", "use single quotes", False),
)


def broken(error: yaml.YAMLError, text: str) -> Mistake:
    """The parser's error as a mistake."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text[: error.position].count("\n") + 1
        return Mistake("(document)", line, f"a character that no text holds (code {error.character:#x})")
    said = " ".join(str(getattr(error, part, None) or "") for part in ("context", "problem"))
    words = next((row for row in _WORDS if re.search(row[0], said, re.DOTALL)), None)
    began = words is not None and words[3]
    mark = (began and getattr(error, "context_mark", None)) or getattr(error, "problem_mark", None)
    problem, mend = (words[1], words[2]) if words else (said.strip() or str(error), "")
    return Mistake("(document)", mark.line + 1 if mark else None, f"broken YAML: {problem}", mend)
