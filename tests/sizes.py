"""How large files and functions of the product are."""

import ast
import statistics
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "ossbss").rglob("*.py"), *(ROOT / "sim").rglob("*.py")])


@dataclass(frozen=True)
class Sizes:
    """Lines of each file, and of each function (file, name, first line)."""

    files: dict[str, int]
    functions: dict[tuple[str, str, int], int]

    @property
    def real_files(self) -> list[int]:
        """Modules longer than 20 lines."""
        return [size for size in self.files.values() if size > 20]

    @property
    def p90(self) -> int:
        return sorted(self.functions.values())[int(len(self.functions) * 0.9)]

    def __str__(self) -> str:
        functions = self.functions.values()
        return (
            f"files: {len(self.files)}, median {statistics.median(self.real_files):.0f}, "
            f"largest {max(self.real_files)} lines; functions: {len(functions)}, "
            f"median {statistics.median(functions):.0f}, p90 {self.p90}, largest {max(functions)} lines"
        )


def measured() -> Sizes:
    """Every source file of the product."""
    files = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    functions = {
        (str(path.relative_to(ROOT)), node.name, node.lineno): (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return Sizes(files, functions)
