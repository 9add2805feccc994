"""Run benchmarks: `python -m bench [name ...] [--json FILE] [--rows N]`."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from rich.console import Console

from bench.options import Options
from bench.report import Report

#: In the order in which they run: the long one last.
NAMES = (
    "acceptance",
    "digestion",
    "scans",
    "orders",
    "import_files",
    "memory",
    "pages",
    "search",
    "reads",
    "messages",
    "journeys",
    "quotes",
    "packing",
    "estimates",
    "alarms",
    "training",
)


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, all by default; exit code 1 when one could not be run."""
    given = _parser().parse_args(arguments)
    options = Options(rounds=given.rounds, seconds=given.seconds, rows=given.rows, problems=given.problems)
    console = Console()
    reports: list[Report] = []
    failed = False
    for name in given.names or NAMES:
        with console.status(f"Measuring {name}"):
            try:
                report = importlib.import_module(f"bench.{name}").run(options)
            except Exception as problem:  # the others are still worth knowing
                said = "\n".join([f"{type(problem).__name__}: {problem}", *getattr(problem, "__notes__", ())])
                console.print(f"{name} could not be measured. {said}", style="red", markup=False)
                failed = True
                continue
        reports.append(report)
        report.show(console)
        report.write()
    if given.json:
        written = json.dumps([report.as_json() for report in reports], indent=1, ensure_ascii=False)
        given.json.write_text(written + "\n")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    defaults = Options()
    parser.add_argument(
        "names", nargs="*", choices=[[], *NAMES], help="all when none is named", metavar="name"
    )
    parser.add_argument("--json", type=Path, help="write all reports to this file, too")
    parser.add_argument(
        "--rows", type=int, default=defaults.rows, help="shipments in the large database of `reads`"
    )
    parser.add_argument(
        "--problems", type=int, default=defaults.problems, help="containers of each file in `packing`"
    )
    parser.add_argument("--rounds", type=int, default=defaults.rounds)
    parser.add_argument("--seconds", type=float, default=defaults.seconds, help="of each measurement")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
