"""Which files follow from the models, and what is in them."""

from collections.abc import Callable, Mapping

from sim.testbed.docs.catalogue_page import catalogue_page
from sim.testbed.docs.catalogue_schema import catalogue_schema
from sim.testbed.docs.dialect_page import dialect_page
from sim.testbed.docs.json_schema import scenario_schema
from sim.testbed.docs.kpi_page import kpi_page
from sim.testbed.docs.scenario_page import scenario_page
from sim.testbed.docs.written_schema import schema_text

GENERATED: Mapping[str, Callable[[], str]] = {
    "sim/testbed/scenario.schema.json": lambda: schema_text(scenario_schema()),
    "ossbss/bss/product/catalogue.schema.json": lambda: schema_text(catalogue_schema()),
    "docs/scenarios.md": scenario_page,
    "docs/catalogues.md": catalogue_page,
    "docs/kpis.md": kpi_page,
    "docs/dialects.md": dialect_page,
}
"""Path below the root of the source tree → its text."""
