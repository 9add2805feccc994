"""How good delay alarms and estimates are on the demonstration's shop: ten weeks of it, lived in a minute."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.options import Options
from bench.report import Report
from bench.tree import ROOT, Tree

NAME = "alarms"
_LONGEST_SECONDS = 600
_READY = "Scans go on coming in"


def run(options: Options) -> Report:  # noqa: ARG001 - one past is one measurement
    """Let the demonstration live its past, and read from its event log what was told when."""
    report = Report(NAME, "Delay alarms and estimates in the demonstration's shop")
    home = Path(tempfile.mkdtemp(prefix="aftermile-bench-"))
    home.chmod(0o755)  # run by root, the database has a user of its own
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMILE_")}
    environ["AFTERMILE_DATA_DIR"] = str(home / "data")
    log = home / "demo.log"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [sys.executable, "-m", "aftermile", "demo", "--port", "8979"],
            env=environ, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        began = time.monotonic()
        while _READY not in log.read_text("utf-8", "replace"):
            if demo.poll() is not None or time.monotonic() - began > _LONGEST_SECONDS:
                raise RuntimeError(
                    f"the demonstration did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}"
                )
            time.sleep(1)
        told = Tree(home, 8979, environ, None).inside("alarms")  # type: ignore[arg-type]
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)
    report.add(
        "delays told before the promise broke that came true", "%", [100 * told["precision_of_all"]],
        against=f"{told['told']} told of {told['promises']} promises, {told['broken']} broken", at_least=70,
    )  # fmt: skip
    report.tell("of those not taken back", "%", [100 * told["precision"]])
    report.tell("broken promises told before", "%", [100 * told["recall"]])
    report.tell("told before the promise's end, median", "days", [told["lead_days"]])
    for stage, by_source in told["accuracy"].items():
        for source, (count, days) in by_source.items():
            report.tell(f"{stage}, {source} ({count})", "days off", [days])
    report.tell("CPU of the measurement", "s", [told["cpu"]])
    return report
