"""A resolved scenario as files that run again to the same result, whatever ships by then."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from sim.testbed.folder import CATALOGUE_FILE, OUTAGE_FILE
from sim.testbed.scenario import Scenario


def resolved_files(scenario: Scenario) -> dict[str, str]:
    """File name → text: ``scenario.yaml``, with the rivals it is held against as variants, and the files it names."""
    files, variants = dict(scenario.attachments), {}
    for name in sorted({clause.rival for clause in scenario.spec.expect if clause.rival}):
        rival = scenario.sibling(name, scenario.seed)
        data = dict(rival.data)
        for file, text in rival.attachments.items():
            if scenario.attachments.get(file) != text:
                own = f"{Path(file).stem}-{name}{Path(file).suffix}"
                files[own] = text
                data = _renamed(data, file, own)
        variants[name] = {"set": _changes(scenario.data, data)}
    whole = {**scenario.data, "variants": variants} if variants else dict(scenario.data)
    dumped = yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return {"scenario.yaml": dumped, **files}


def _renamed(data: dict[str, Any], file: str, own: str) -> dict[str, Any]:
    if file == CATALOGUE_FILE:
        return {**data, "catalogue": own}
    if file == OUTAGE_FILE:
        return {**data, "world": {**data["world"], "outage_file": own}}
    return {**data, "network": {**data["network"], "file": own}}


def _changes(data: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Top-level keys to set so that ``data`` becomes ``other``; what the other leaves out falls to its default."""
    keys = [key for key in {**data, **other} if key not in ("expect", "story") and data.get(key) != other.get(key)]
    return {key: other.get(key, [] if isinstance(data.get(key), list) else {}) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Writes decimals as the plain numbers that were read."""


_FLOAT = "tag:yaml.org,2002:float"
_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar(_FLOAT, _plain(value)))


def _plain(value: Decimal) -> str:
    """With a point, so that it is read as it was written, a decimal number."""
    text = format(value, "f")
    return text if "." in text else f"{text}.0"
