"""``ossbss scenarios``: what is there to play?"""

import argparse
import json

from ossbss.errors import DONE

HELP = "list the shipped scenarios"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def main(chosen: argparse.Namespace) -> int:
    from sim.testbed.scenario import list_shipped

    specs = list_shipped()
    if chosen.json:
        found = [{"name": s.name, "title": s.title, "variants": list(s.variants)} for s in specs]
        print(json.dumps({"scenarios": found}, ensure_ascii=False))
        return DONE
    for spec in specs:
        variants = f" (variants: {', '.join(spec.variants)})" if spec.variants else ""
        print(f"{spec.name:<22} {spec.title['en']}{variants}")
    return DONE
