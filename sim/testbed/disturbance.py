"""What the OSS's own tests and commands cost those who were served: outages that began with one of them."""

import json
from typing import Literal

from ossbss.contract.units import SECOND_MS
from sim.testbed.view import RunView


def interrupted_s(view: RunView, kind: Literal["test", "command"]) -> float:
    """Service-seconds out of service: each service that a test or command took down, from then until it was back.

    A service that was down before is not counted, and so nothing that a test merely delays.
    """
    outages = view.truth("service_outage").select("subject", "at_ms", "until_ms").iter_rows()
    back_ms = {(service, at_ms): view.ends_ms if until_ms is None else until_ms for service, at_ms, until_ms in outages}
    lost_ms = 0
    for at_ms, body in view.truth(kind).select("at_ms", "body").iter_rows():
        for service in json.loads(body)["interrupted"]:
            lost_ms += back_ms[service, at_ms] - at_ms
    return lost_ms / SECOND_MS
