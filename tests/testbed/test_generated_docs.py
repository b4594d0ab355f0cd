"""What follows from the models is what lies in the tree; the schema takes what the program takes."""

import json
from pathlib import Path

import jsonschema
import pytest

from ossbss.contract.quantities import duration_ms, duration_text
from ossbss.documents import read
from sim.testbed.docs.files import GENERATED
from sim.testbed.shipped import shipped
from tests.testbed.broken import GOOD

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "sim/testbed/scenario.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_a_generated_file_is_what_the_models_say(name):
    assert (ROOT / name).read_text(encoding="utf-8") == GENERATED[name](), "run `make docs`"


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def data(text):
    return read(text, "scenario").data


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_is_valid(name):
    VALIDATOR.validate(data(shipped()[name].read_text(encoding="utf-8")))


def test_the_template_is_valid():
    VALIDATOR.validate(data((ROOT / "sim/testbed/templates/scenario.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("seed: 1", "sede: 1"), ("    site: farm", "    sight: farm"), ("lasts: 12 h", "lasts: 12"),
     ("lasts: 12 h", "lasts: 12 hrs"), ("+03:00", ""), ('"> 0"', '"big"'), ("repair: 1 h", "repair: magic"),
     ("do: cut_link", "do: cut_lnik"), ("lost_milli: 0", "lost_milli: 1001"), ("kpi: credits_total", "kpi: credits")],
)  # fmt: skip
def test_what_the_program_refuses_in_form_the_schema_refuses(right, wrong):
    VALIDATOR.validate(data(GOOD))
    assert right in GOOD
    assert not VALIDATOR.is_valid(data(GOOD.replace(right, wrong, 1)))


def test_every_key_has_a_meaning():
    parts = {"": SCHEMA, **{name: part for name, part in SCHEMA["$defs"].items() if "properties" in part}}
    bare = [f"{name}.{key}" for name, part in parts.items() for key, item in part["properties"].items() if "description" not in item]
    assert bare == []


@pytest.mark.parametrize("ms", [0, 1, 500, 1_000, 90_000, 3_600_000, 86_400_000, 259_200_000])
def test_a_duration_written_is_read_as_the_same(ms):
    assert duration_ms(duration_text(ms)) == ms
