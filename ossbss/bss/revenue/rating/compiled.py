"""Functions over columns of integers: plain, and compiled by numba where the extra ``fast`` is installed.

The results are equal; numba's own ``NUMBA_DISABLE_JIT=1`` turns compiling off.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The same function, compiled when it is first called."""
    return _made(function, inline=False)


def inlined(function: Function) -> Function:
    """The same for what such a function calls for each record: no call is left."""
    return _made(function, inline=True)


def _made(function: Function, *, inline: bool) -> Function:
    try:
        from numba import njit  # noqa: PLC0415 - an extra
    except ImportError:
        return function
    # Nothing is allocated in them: without numba's runtime no array is counted when it is passed on, which took most of
    # the time (measured: 290 ns a record with it, 100 ns without).
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "forceinline": inline, "_nrt": False}
    made = njit(**options)(function)
    if hasattr(made, "_cache"):
        made._cache._cache_file._source_stamp = _stamp()
    return cast("Function", made)


@cache
def _stamp() -> str:
    """Of all that may have been compiled into a function: numba itself looks only at the file in which it stands, and
    would go on with what it remembers of another version of the others."""
    found = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()
