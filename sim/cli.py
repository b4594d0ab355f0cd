"""The ``ossbss`` command. Heavy modules are imported by the command that needs them, so that --help is quick."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

DONE, EXPECTATION_FAILED, BAD_INPUT, BROKEN_INVARIANT, INTERRUPTED = 0, 1, 2, 3, 130

Command = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """Bad arguments exit 2, as all bad input does."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n{self.format_usage()}")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _Parser(prog="ossbss", description="A flight simulator for a telecom operator.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    run = commands.add_parser("run", help="play a scenario; exit 1 when it does not do what it expects")
    run.add_argument("scenario", metavar="SCENARIO", help="a file, or the name of a shipped scenario")
    run.add_argument("--variant", help="play this variant of the scenario")
    run.add_argument("--seed", type=int, help="another seed")
    run.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="overrides",
                     help="change one value by its dotted key")  # fmt: skip
    run.add_argument("--out", metavar="DIR", help="the run folder (default: runs/NAME-seed-N)")
    run.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
    run.add_argument("--quiet", action="store_true", help="no progress, no table")
    check = commands.add_parser("check", help="check scenario files without running them")
    check.add_argument("scenarios", nargs="+", metavar="SCENARIO")
    scenarios = commands.add_parser("scenarios", help="list the shipped scenarios")
    scenarios.add_argument("--json", action="store_true", help="as JSON")
    report = commands.add_parser("report", help="write a run's report anew and print where it is")
    report.add_argument("run", metavar="RUN", help="a run folder")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        return COMMANDS[chosen.command](chosen)
    except KeyboardInterrupt:
        _tell("interrupted; nothing was written")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _run(chosen: argparse.Namespace) -> int:
    from ossbss.documents import DocumentError
    from sim.testbed.folder import NotARunFolderError
    from sim.testbed.run import BrokenInvariantError, run
    from sim.testbed.scenario import Scenario

    try:
        scenario = Scenario.load(chosen.scenario, chosen.seed, chosen.variant, _overrides(chosen.overrides))
        with _progress(scenario.name, chosen.quiet) as progress:
            played = run(scenario, chosen.out, progress)
    except (DocumentError, NotARunFolderError, OSError) as error:
        _tell(str(error))
        return BAD_INPUT
    except BrokenInvariantError as error:
        _tell(f"broken invariant: {error}")
        return BROKEN_INVARIANT
    if not chosen.quiet:
        from sim.testbed.report.terminal import show

        show(played)
    if chosen.json:
        print(json.dumps(_summary(played), ensure_ascii=False))
    return DONE if played.passed else EXPECTATION_FAILED


def _overrides(pairs: Sequence[str]) -> dict[str, Any]:
    """``path=value``, the value read as YAML."""
    from ossbss.documents import DocumentError, Mistake, read

    found = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals or not path:
            raise DocumentError("--set", [Mistake(pair, None, "it must be PATH=VALUE, such as lasts=1 day")])
        found[path] = read(f"value: {value}", "--set").data["value"]
    return found


def _progress(name: str, quiet: bool) -> Any:
    from sim.testbed.report.terminal import progress

    return progress(name, quiet)


def _summary(played: Any) -> dict[str, Any]:
    verdicts = [vars(verdict) for verdict in played.verdicts]
    return {"scenario": played.scenario.name, "variant": played.scenario.variant, "seed": played.scenario.seed,
            "folder": str(played.folder), "passed": played.passed, "expect": verdicts, "kpis": played.kpis}  # fmt: skip


def _check(chosen: argparse.Namespace) -> int:
    from ossbss.documents import DocumentError
    from sim.testbed.scenario import Scenario

    code = DONE
    for name in chosen.scenarios:
        try:
            Scenario.load(name)
            print(f"{name}: good")
        except (DocumentError, OSError) as error:
            _tell(str(error))
            code = BAD_INPUT
    return code


def _scenarios(chosen: argparse.Namespace) -> int:
    from sim.testbed.scenario import list_shipped

    specs = list_shipped()
    if chosen.json:
        found = [{"name": s.name, "title": s.title, "variants": list(s.variants)} for s in specs]
        print(json.dumps(found, ensure_ascii=False))
        return DONE
    for spec in specs:
        variants = f" (variants: {', '.join(spec.variants)})" if spec.variants else ""
        print(f"{spec.name:<22} {spec.title['en']}{variants}")
    return DONE


def _report(chosen: argparse.Namespace) -> int:
    from pathlib import Path

    from ossbss.documents import DocumentError
    from sim.testbed.folder import NotARunFolderError
    from sim.testbed.run import rewrite_report

    try:
        print(rewrite_report(Path(chosen.run)))
    except (DocumentError, NotARunFolderError, OSError) as error:
        _tell(str(error))
        return BAD_INPUT
    return DONE


COMMANDS: dict[str, Command] = {"run": _run, "check": _check, "scenarios": _scenarios, "report": _report}

if __name__ == "__main__":
    sys.exit(main())
