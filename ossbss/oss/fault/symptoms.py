"""What an alarm is known by, and what the station itself tells of."""

Identity = tuple[str, str, str]
"""(alarmed_object, probable_cause, source): the identity of an alarm."""

STATION = "oss.surveillance"
"""The source of alarms that the management station raises itself."""


def lost_contact(silent: str) -> Identity:
    """The alarm that the station raises about an element, or a manager of elements, that answers no more."""
    return (silent, "communicationsSubsystemFailure", STATION)


DEGRADED = "performanceDegraded"
"""The cause (ITU-T X.721) with which the station's own watch of performance alarms about what works, but poorly."""


def path_loss(service: str) -> Identity:
    """The alarm that the station raises about a service whose packets get lost on their way."""
    return (service, DEGRADED, STATION)


def port_errors(link: str, element: str) -> Identity:
    """The alarm about a link over which packets come damaged to the port at this element, by its own counters."""
    return (link, "degradedSignal", element)


def idle_cell(cell: str) -> Identity:
    """The alarm that the station raises about a cell that carries nothing where it should carry something."""
    return (cell, DEGRADED, STATION)


def counters_tell(identity: Identity) -> bool:
    """Whether only counters tell that such an alarm is over: probes pass all the time."""
    thing, _, source = identity
    return identity in (path_loss(thing), port_errors(thing, source), idle_cell(thing))
