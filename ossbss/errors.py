"""The two kinds of error that every command knows, and the codes it exits with."""

DONE, EXPECTATION_FAILED, BAD_INPUT, BROKEN_INVARIANT, INTERRUPTED = 0, 1, 2, 3, 130


class BadInputError(ValueError):
    """What somebody gave cannot be used; the message says where, what was found, what is allowed and the mend."""


class BrokenInvariantError(RuntimeError):
    """Something that must never happen did; the message names the seed."""
