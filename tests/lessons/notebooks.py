"""The notebooks: found, executed as a learner would, and stored anew: ``python -m tests.lessons.notebooks``."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
LESSON_1 = {
    "en": ROOT / "notebooks" / "en" / "1_two_systems_one_day.ipynb",
    "sw": ROOT / "notebooks" / "sw" / "1_mifumo_miwili_siku_moja.ipynb",
}
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class _ThisInterpreter(AsyncKernelManager):
    """The kernel of whoever runs the tests, whatever kernels a user has installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        arguments = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        return KernelSpec(argv=arguments, display_name="python3", language="python")


def stored(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def executed(path: Path, folder: Path) -> Any:
    """Run from top to bottom in this folder; nothing of the machine stays in it."""
    book = stored(path)
    settings = {"kernel_manager_class": _ThisInterpreter, "record_timing": False, "timeout": 120}
    NotebookClient(book, **settings, resources={"metadata": {"path": str(folder)}}).execute()
    book.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(book.cells, 1):
        cell.id, cell.metadata = f"cell-{number:02}", {}
    return book


def code(book: Any) -> list[str]:
    return [cell.source for cell in book.cells if cell.cell_type == "code"]


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def texts(book: Any) -> list[str]:
    """What each output says in plain text."""
    return [output.get("text") or output["data"]["text/plain"] for output in outputs(book)]


def main() -> None:
    for path in LESSON_1.values():
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(executed(path, Path(folder)), path)


if __name__ == "__main__":
    main()
