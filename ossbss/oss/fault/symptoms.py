"""What an alarm is known by, and what the station itself tells of."""

Identity = tuple[str, str, str]
"""(alarmed_object, probable_cause, source): the identity of an alarm."""

STATION = "oss.surveillance"
"""The source of alarms that the management station raises itself."""


def lost_contact(silent: str) -> Identity:
    """The alarm that the station raises about an element, or a manager of elements, that answers no more."""
    return (silent, "communicationsSubsystemFailure", STATION)


def path_loss(service: str) -> Identity:
    """The station measures that packets of this service are lost on their way."""
    return (service, "performanceDegraded", STATION)


def port_errors(link: str, element: str) -> Identity:
    """This element counts damaged packets on its port of this link."""
    return (link, "degradedSignal", element)


def idle_cell(cell: str) -> Identity:
    """The station misses traffic that this cell usually carries at such an hour."""
    return (cell, "performanceDegraded", STATION)
