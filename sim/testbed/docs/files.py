"""Which files follow from the models, and what is in them."""

from sim.testbed.docs.dialect_page import dialect_page
from sim.testbed.docs.json_schema import schema_text
from sim.testbed.docs.kpi_page import kpi_page
from sim.testbed.docs.scenario_page import scenario_page


def generated() -> dict[str, str]:
    """Path below the root of the source tree → text."""
    return {
        "sim/testbed/scenario.schema.json": schema_text(),
        "docs/scenarios.md": scenario_page(),
        "docs/kpis.md": kpi_page(),
        "docs/dialects.md": dialect_page(),
    }
