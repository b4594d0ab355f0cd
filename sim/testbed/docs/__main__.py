"""``python -m sim.testbed.docs [ROOT]``: write the schema and the pages anew (``make docs``)."""

import sys
from pathlib import Path

from sim.testbed.docs.files import GENERATED

ROOT = Path(__file__).parents[3]


def main(root: Path) -> None:
    """Write every generated file below ``root`` and print its path."""
    for name, text in GENERATED.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
