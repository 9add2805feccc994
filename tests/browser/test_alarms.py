"""What `bench alarms` measures, on the demonstration that is there."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.browser.demonstration import Demonstration
from tests.scenarios.installation import REPOSITORY


def test_delay_alarms_and_estimates_are_measured(demo: Demonstration) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", "alarms"],
        input="{}",
        env=demo.installation.environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout.splitlines()[-1])
    assert measured["promises"] > 300
    assert 0 < measured["told_true"] <= measured["told"] < measured["broken"] < measured["promises"]
    # The demonstration's own past: an alarm that mostly cried wolf would be a fault.
    assert measured["precision_of_all"] > 0.5
    errors = {stage: by_source["model"][1] for stage, by_source in measured["accuracy"].items()}
    assert errors["out_for_delivery"] < errors["ordered"]
