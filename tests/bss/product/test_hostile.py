"""Whatever stands in a catalogue, it is read or every mistake is told: nothing else may happen."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.catalogue import Catalogue
from ossbss.documents import Document, DocumentError, check, read
from tests.bss.product.bazaar import TEXT

DATA = read(TEXT, "bazaar.yaml").data
JUNK = st.sampled_from([
    None, 0, -1, 2**63, 10**40, "x", "", [], {}, [1], {"a": 1}, True, "9" * 40, "2014-13-01", "0001-01-01", "1e400", [[]],
    {"zones": {}}, "unlimited", "always", "::", ["a", "a"], "9999-12-31T00:00:00+14:00", "-1 min", {"price": 10**25, "pulse": 1},
])  # fmt: skip


def places(data, at=()):
    yield at
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*at, key))


PLACES = [at for at in places(DATA) if at]


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_junk_anywhere_is_told(edits):
    data = deepcopy(DATA)
    for at, junk in edits:
        here = data
        for key in at[:-1]:
            known = (isinstance(here, dict) and key in here) or (isinstance(here, list) and isinstance(key, int) and key < len(here))
            here = here[key] if known else None
        if isinstance(here, dict) or (isinstance(here, list) and isinstance(at[-1], int) and at[-1] < len(here)):
            here[at[-1]] = deepcopy(junk)
    assert read_or_told(data)


def read_or_told(data):
    try:
        return check(Document("junk", data), Catalogue).offerings
    except DocumentError as error:
        return error.mistakes and all(mistake.problem and mistake.place for mistake in error.mistakes)
