"""Lines of any size, held one chunk at a time."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE, blocks
from tests.bss.revenue.mediation import calls


def found(source, longest=LONGEST_LINE):
    return [(block.first + i, line, i in block.cut) for block in blocks(source, longest) for i, line in enumerate(block.lines)]


@given(st.lists(st.binary(max_size=12), max_size=8), st.integers(1, 9), st.booleans())
def test_however_the_octets_come_the_lines_are_the_same(lines, step, ended):
    lines = [line.replace(b"\n", b"").replace(b"\xef", b"") for line in lines]
    text = b"\n".join(lines) + b"\n" * ended
    whole = text[:-1].split(b"\n") if text.endswith(b"\n") else text.split(b"\n") if text else []
    chunks = [text[at : at + step] for at in range(0, len(text), step)]
    for source in (chunks, io.BytesIO(text)):
        read = found(source, 5)
        assert [(n, cut) for n, _, cut in read] == [(n, len(line) > 5) for n, line in enumerate(whole, start=1)]
        for (_, line, cut), true in zip(read, whole, strict=True):
            assert true.startswith(line) and line if cut else line == true


def test_a_path_and_a_mark_of_byte_order(tmp_path):
    (tmp_path / "f").write_bytes(b"\xef\xbb\xbfa\nb")
    assert [line for _, line, _ in found(tmp_path / "f")] == [b"a", b"b"]


@pytest.mark.parametrize("layout", ["mapped", "asterisk", "freeswitch", "json_lines", "json_array"])
def test_a_line_of_any_length_is_one_rejected_record_and_is_never_held(layout):
    write, read = calls.READERS[layout]
    text = write([calls.Call(1), calls.Call(2)])
    cut = text.rindex(b"id-2" if b"id-2" in text else b"254700000001")
    piece = b"x" * 1_000_000

    def chunks():
        yield text[:cut]
        for _ in range(200):
            yield piece
        yield text[cut:]

    tracemalloc.start()
    result = read(chunks())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    assert result.counts == {"records": 2, "passed": 1, "rejected": 1, "filtered": 0}
    assert "longer than" in result.unrated["reason"][0]
    assert len(result.unrated["raw"][0]) <= 1000
