"""Where the scenarios and price lists are that come with the program."""

from pathlib import Path


def shipped_folder() -> Path:
    """``sim/shipped`` of an installed wheel, ``scenarios`` of a source tree."""
    package = Path(__file__).parents[1]
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent / "scenarios"


def shipped(folder: str = "") -> dict[str, Path]:
    """Name → file of all shipped scenarios, or of all price lists in ``catalogues``."""
    return {path.stem: path for path in sorted((shipped_folder() / folder).glob("*.yaml"))}
