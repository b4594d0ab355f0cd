"""A folder with a price list and a mapping, which is where the command runs."""

import pytest

from tests.bss.revenue.batches import CATALOGUE, MAPPING


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_text(CATALOGUE)
    (tmp_path / "m.yaml").write_text(MAPPING)
    return tmp_path
