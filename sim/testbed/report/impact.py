"""Whom each incident harmed: the most services and lines at one time, by state, a row an incident."""

import polars as pl

from sim.testbed.view import RunView


def impact_rows(view: RunView) -> list[tuple[str, str, int, int, int, int]]:
    """(incident, believed cause, services down, at risk and degraded at most, lines down at most), first come first.

    Incidents that harmed no service are left out.
    """
    most = view.tables["impacts"].group_by("incident_id", maintain_order=True).agg(pl.exclude("known_ms").max())
    causes = view.tables["incidents"].select("incident_id", "root_cause_resource")
    shown = most.join(causes, on="incident_id", how="left", maintain_order="left")
    columns = ("services_down", "services_at_risk", "services_degraded", "subscribers_down")
    return [
        (row["incident_id"], row["root_cause_resource"] or "unknown", *(row[column] for column in columns))
        for row in shown.iter_rows(named=True)
    ]
