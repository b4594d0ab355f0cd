"""What an alarm is known by, and what the station itself tells of."""

Identity = tuple[str, str, str]
"""(alarmed_object, probable_cause, source): the identity of an alarm."""

STATION = "oss.surveillance"
"""The source of alarms that the management station raises itself."""


def lost_contact(silent: str) -> Identity:
    """The alarm that the station raises about an element, or a manager of elements, that answers no more."""
    return (silent, "communicationsSubsystemFailure", STATION)
