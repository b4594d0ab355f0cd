"""Which vendor's terminal understands what is typed."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.world.elements import ios_shell, junos_shell
from sim.world.elements.condition import Element
from sim.world.elements.deeds import Deed

Shell = Callable[[str, Element], tuple[str, tuple[Deed, ...]]]
"""(lines typed, the element as it is) → (what the terminal showed, what it was told to do)"""

SHELLS: Mapping[str, Shell] = MappingProxyType({"ios": ios_shell.run, "junos": junos_shell.run})
"""By vendor."""
