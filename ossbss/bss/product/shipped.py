"""Where the catalogues are that come with the program, and how one is found by name or file."""

from pathlib import Path

from ossbss.bss.product.catalogue import Catalogue, read_catalogue
from ossbss.documents import DocumentError, Mistake, listing, nearest, text_of


def shipped_catalogues() -> dict[str, Path]:
    """Name → file: in ``ossbss/shipped`` of an installed wheel, ``scenarios`` of a source tree."""
    package = Path(__file__).parents[2]
    installed = package / "shipped"
    folder = installed if installed.is_dir() else package.parent / "scenarios"
    return {path.stem: path for path in sorted((folder / "catalogues").glob("*.yaml"))}


def catalogue_file(name_or_path: str) -> Path:
    """The file of a shipped catalogue by name, or any file; DocumentError where there is none."""
    known = shipped_catalogues()
    path = known.get(name_or_path, Path(name_or_path))
    if not path.is_file():
        problem = f"no such file, and no shipped catalogue of this name; there are {listing(known, name_or_path)}"
        mend = nearest(name_or_path, known) or "give a file or one of these names"
        raise DocumentError(name_or_path, [Mistake("(catalogue)", None, problem, mend)])
    return path


def find_catalogue(name_or_path: str) -> Catalogue:
    """A shipped catalogue by name, or any file; DocumentError with every mistake."""
    return read_catalogue(text_of(catalogue_file(name_or_path), name_or_path), name_or_path)
