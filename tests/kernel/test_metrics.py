"""Metrics: one table, bounded labels, and processes that add up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.parser import text_string_to_metric_families

from aftermile.kernel import metrics
from aftermile.kernel.metrics import MOST_LABEL_VALUES, TABLE, Counter, Gauge, Histogram


def shown(page: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Read a page as Prometheus does: values by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def value_of(name: str, **labels: str) -> float:
    return shown(metrics.render()).get((name, tuple(sorted(labels.items()))), 0)


def test_every_figure_is_in_the_table_once_with_a_sentence() -> None:
    declared = [each for each in vars(metrics).values() if isinstance(each, Counter | Gauge | Histogram)]

    assert sorted(each.name for each in TABLE) == sorted(each.name for each in declared)
    assert len({each.name for each in TABLE}) == len(TABLE)
    assert [
        each.name for each in TABLE if not (each.name.startswith("aftermile_") and each.says.endswith("."))
    ] == []


def test_no_label_can_name_a_merchant_or_a_person() -> None:
    labels = {label for each in TABLE for label in each.labels}

    assert labels == {"door", "method", "status", "connector", "outcome", "reaction", "job", "purpose"}


def test_figures_appear_on_the_page() -> None:
    counted = value_of("aftermile_inbound_records_total", connector="ups", outcome="accepted")
    measured = value_of("aftermile_job_seconds_count", job="digest")

    metrics.INBOUND_RECORDS.add(connector="ups", outcome="accepted")
    metrics.INBOUND_RECORDS.add(40, connector="ups", outcome="accepted")
    metrics.JOB_SECONDS.observe(0.2, job="digest")
    metrics.JOBS_WAITING.set(7)
    metrics.DIGEST_SECONDS.observe(0.2)

    assert value_of("aftermile_inbound_records_total", connector="ups", outcome="accepted") == counted + 41
    assert value_of("aftermile_job_seconds_count", job="digest") == measured + 1
    assert value_of("aftermile_jobs_waiting") == 7
    assert metrics.CONTENT_TYPE == CONTENT_TYPE_PLAIN_0_0_4


def test_a_label_that_was_not_declared_is_a_bug() -> None:
    with pytest.raises(ValueError, match="label"):
        metrics.JOBS.add(job="digest", merchant="mer_1", outcome="done")
    with pytest.raises(ValueError, match="label"):
        metrics.JOBS.add(job="digest")


def test_a_label_that_outgrows_its_bound_is_counted_as_other() -> None:
    for number in range(MOST_LABEL_VALUES + 50):
        metrics.UNKNOWN_CODES.add(connector=f"made-up-{number}")

    series = [labels for name, labels in shown(metrics.render()) if name == "aftermile_unknown_codes_total"]
    assert len(series) <= MOST_LABEL_VALUES + 1
    assert value_of("aftermile_unknown_codes_total", connector="other") >= 50


COUNT = """
import sys
from aftermile.kernel import metrics
metrics.JOBS.add(float(sys.argv[1]), job="digest", outcome="done")
metrics.JOB_SECONDS.observe(0.2, job="digest")
metrics.JOBS_WAITING.set(float(sys.argv[1]))
"""
SERVE = """
import subprocess, sys
from pathlib import Path
from aftermile.kernel import metrics
metrics.share_between_processes(Path(sys.argv[1]))
for amount in ("3", "4"):
    subprocess.run([sys.executable, "-c", sys.argv[2], amount], check=True)
print(subprocess.run(
    [sys.executable, "-c", "from aftermile.kernel import metrics; print(metrics.render().decode())"],
    check=True, capture_output=True, text=True,
).stdout)
"""


def test_the_processes_of_serve_add_up_and_each_serve_begins_at_zero(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "metrics"
    pages = [
        subprocess.run(
            [sys.executable, "-c", SERVE, str(folder), COUNT], check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    ]

    for page in pages:
        values = shown(page.encode())
        assert values["aftermile_jobs_total", (("job", "digest"), ("outcome", "done"))] == 7
        assert values["aftermile_job_seconds_count", (("job", "digest"),)] == 2
        assert values["aftermile_jobs_waiting", ()] == 4


def test_sharing_after_counting_is_a_bug(tmp_path: Path) -> None:
    metrics.JOBS.add(job="digest", outcome="done")

    with pytest.raises(RuntimeError, match="before anything is counted"):
        metrics.share_between_processes(tmp_path)
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ


def test_nothing_is_loaded_before_the_first_figure() -> None:
    program = "import sys; from aftermile.kernel import metrics; raise SystemExit('prometheus_client' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
