"""What the page says of mapping documents is what there is."""

import re

import pytest

from ossbss.bss.revenue.mediation.readers.mapping import (
    UNITS,
    Counts,
    CsvMapping,
    FieldName,
    Quantity,
    Time,
    Value,
    read_mapping,
)
from tests.sizes import ROOT

PAGE = (ROOT / "docs" / "cdr-files.md").read_text(encoding="utf-8")


def test_its_example_is_read():
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert read_mapping(text, "page").fields["record_id"].beside == "part"


@pytest.mark.parametrize("model", [CsvMapping, Time, Quantity, Value, Counts])
def test_it_names_every_key(model):
    assert [name for name in model.model_fields if f"`{name}`" not in PAGE] == []


def test_it_names_every_field_and_unit():
    assert [name for name in (*FieldName.__args__, *UNITS) if name not in PAGE] == []
