"""Documents are read by the quick loader of YAML. It is more lenient here and there (a question mark within brackets);
but what the clear one reads it reads alike, with the same lines."""

from unittest.mock import patch

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.documents import DocumentError, read

TEXT = """name: a-day  # a comment
lasts: 2 days
people: {lines: 40, "rate": 1.50, list: [1, 'two', ~, true]}
timeline:
  - at: day 1 10:00
    do: cut_link
  - at: |
      many
      lines
    do: >-
      folded
"""
signs = st.sampled_from([*"\t\n :-?[]{},#&*!|>'\"%@`\\0a", "\x07", "\x85", "\u2028", "\ufeff", "\U0001f600", "---", "...", "<<"])
edits = st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 3), signs | st.just("")), min_size=1, max_size=4)


def said(text):
    try:
        document = read(text, "d")
    except DocumentError as error:
        return str(error)
    return document.data, document.lines, document.mistakes


@given(edits)
@settings(max_examples=200)
def test_what_the_clear_loader_reads_the_quick_one_reads_alike(edits):
    text = TEXT
    for place, gone, sign in edits:
        text = text[:place] + sign + text[place + gone :]
    quick = said(text)
    with patch.object(yaml, "CSafeLoader", yaml.SafeLoader):
        clear = said(text)
    assert quick == clear or isinstance(clear, str)
