"""The format of catalogues as a JSON Schema."""

from typing import Any

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.pricing.usage_price import UsagePrice
from sim.testbed.docs.written_schema import document_schema, raw_schema


def catalogue_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a catalogue file."""
    raw = raw_schema(Catalogue)
    definitions = raw["$defs"]
    short = raw_schema(UsagePrice.short_form)["properties"]
    definitions["UsagePrice"]["properties"] = {**short, **definitions["UsagePrice"]["properties"]}
    _one_price_alone(raw["properties"]["tariffs"]["additionalProperties"])
    _named_tariff(definitions["Version"]["properties"]["usage"])
    for part in definitions.values():
        if "model" in part["properties"]:
            part["properties"]["model"]["description"] = "which of the models this is"
            part["required"] = ["model", *part.get("required", ())]
    return document_schema(raw, "A catalogue of ossbss")


def _one_price_alone(usage: dict[str, Any]) -> None:
    """A price may stand where a list of them may."""
    listed = usage["additionalProperties"]
    usage["additionalProperties"] = {"anyOf": [listed["items"], listed]}


def _named_tariff(usage: dict[str, Any]) -> None:
    _one_price_alone(usage)
    keys = {key: usage.pop(key) for key in ("type", "propertyNames", "additionalProperties") if key in usage}
    usage["anyOf"] = [{"type": "string", "x-written": "name of a tariff"}, keys]
