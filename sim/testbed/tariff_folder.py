"""The result of a tariff test as a folder: written whole or not at all."""

import json
from pathlib import Path

from sim.testbed import folder as run_folder
from sim.testbed.report.style import svg
from sim.testbed.report.tariff_picture import winners_losers
from sim.testbed.tariff_test import TariffTest, by_account, summary

RESULT = "tariff_test.json"
WHAT = "tariff test"


def require_free(folder: Path) -> None:
    """NotARunFolderError where writing there would replace anything but an earlier tariff test."""
    run_folder.require_free(folder, WHAT)


def write(folder: Path, test: TariffTest) -> None:
    """``tariff_test.json``, ``by_account.parquet``, ``winners_losers.svg`` and ``.png``.

    Everything is written beside the folder and moved into place at the end; an earlier tariff test is replaced.
    """
    with run_folder.written_whole(folder, WHAT) as draft:
        by_account(test).write_parquet(draft / "by_account.parquet")
        drawn = winners_losers(test)
        (draft / "winners_losers.svg").write_text(svg(drawn), encoding="utf-8")
        drawn.savefig(draft / "winners_losers.png", dpi=150)
        text = json.dumps(summary(test), indent=2, ensure_ascii=False)
        (draft / RESULT).write_text(text + "\n", encoding="utf-8")
