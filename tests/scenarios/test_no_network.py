"""A shop's server must come up in a cellar without internet: after a power cut, that may come back later."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.scenarios.installation import REPOSITORY


def _unshare() -> list[str]:
    """Return the command that runs another one without any network, or skip the test."""
    found = shutil.which("unshare")
    if found is None:
        pytest.skip("unshare is not installed (Linux has it): a network cannot be taken away here")
    # An ordinary user stays the same user and gets the right to raise the loopback of the new namespace.
    command = [found, "--net", *([] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"])]
    tried = subprocess.run([*command, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"this machine lets nobody make a network namespace ({tried.stderr.strip()})")
    return command


@pytest.mark.kill
@pytest.mark.slow
def test_a_shop_is_served_without_any_way_out() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMILE_")}
    done = subprocess.run(
        [*_unshare(), sys.executable, "-m", "tests.scenarios.cut_off"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == {
        "way out": "Network is unreachable",
        "answers": [200, 200],
        "orders": 1,
        "milestones": ["delivered"],
        "doctor": True,
        "exit code": 0,
    }
