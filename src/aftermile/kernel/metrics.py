"""Every figure we count, in one table, and the page a Prometheus server reads.

Labels come from small sets: connectors, jobs, outcomes. No label names a merchant, a shopper or an address,
and a label that outgrows `MOST_LABEL_VALUES` counts the rest as "other".

`aftermile serve` runs web and worker as processes of their own, and only web answers /metrics. So `serve`
calls `share_between_processes(folder)` before it starts them: from then on each process keeps its figures in
mapped files there, and whoever renders adds them up (prometheus-client's multiprocess mode, which has to be
chosen by the environment before prometheus-client is imported). Figures start at zero with each `serve`. A
single `aftermile web` or `worker` does without and shows its own figures only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import prometheus_client

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MOST_LABEL_VALUES = 200

_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    says: str
    labels: tuple[str, ...] = ()
    _seen: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)

    def bounded(self, labels: dict[str, str]) -> dict[str, str]:
        """Replace label values beyond the bound by "other"."""
        return {label: self._within_bound(label, value) for label, value in labels.items()}

    def _within_bound(self, label: str, value: str) -> str:
        seen = self._seen.setdefault(label, set())
        if value not in seen:
            if len(seen) >= MOST_LABEL_VALUES:
                return "other"
            seen.add(value)
        return value


@dataclass(frozen=True, slots=True)
class Counter(_Figure):
    """Something that happened, counted. Prometheus shows it as `name_total`."""

    def add(self, amount: float = 1, **labels: str) -> None:
        series = _instruments().counters[self.name]
        (series.labels(**self.bounded(labels)) if self.labels else series).inc(amount)


@dataclass(frozen=True, slots=True)
class Gauge(_Figure):
    """Something measured now and then. Of several processes, the one that measured last is shown."""

    def set(self, value: float, **labels: str) -> None:
        series = _instruments().gauges[self.name]
        (series.labels(**self.bounded(labels)) if self.labels else series).set(value)


@dataclass(frozen=True, slots=True)
class Histogram(_Figure):
    """Seconds something took."""

    buckets: tuple[float, ...] = _QUICK

    def observe(self, seconds: float, **labels: str) -> None:
        series = _instruments().histograms[self.name]
        (series.labels(**self.bounded(labels)) if self.labels else series).observe(seconds)


REQUESTS = Counter("aftermile_requests", "Requests answered, by status class.", ("door", "method", "status"))
REQUEST_SECONDS = Histogram("aftermile_request_seconds", "Seconds a request took to answer.", ("door",))
# accepted, acknowledged, refused, repeated, quarantined, digested
INBOUND_RECORDS = Counter(
    "aftermile_inbound_records", "Inbound records, by what became of them.", ("connector", "outcome")
)
UNKNOWN_CODES = Counter("aftermile_unknown_codes", "Codes kept that no table knows yet.", ("connector",))
DIGEST_SECONDS = Histogram("aftermile_digest_seconds", "Seconds a batch took to digest.", buckets=_SLOW)
RECORDS_WAITING = Gauge("aftermile_records_waiting", "Inbound records not digested yet.")
RECORDS_IN_QUARANTINE = Gauge("aftermile_records_in_quarantine", "Inbound records that could not be read.")
REACTIONS = Counter("aftermile_reactions", "Reactions to events, by outcome.", ("reaction", "outcome"))
JOBS = Counter("aftermile_jobs", "Jobs done, by outcome.", ("job", "outcome"))
JOB_SECONDS = Histogram("aftermile_job_seconds", "Seconds a job took.", ("job",), buckets=_SLOW)
JOBS_WAITING = Gauge("aftermile_jobs_waiting", "Jobs due and not begun.")
OLDEST_JOB_SECONDS = Gauge("aftermile_oldest_job_seconds", "Seconds the job due longest has been waiting.")
WEBHOOK_ATTEMPTS = Counter("aftermile_webhook_attempts", "Webhooks sent, each try, by outcome.", ("outcome",))
OUTBOUND_REQUESTS = Counter(
    "aftermile_outbound_requests", "Requests to the world, each try, by outcome.", ("purpose", "outcome")
)
OUTBOUND_SECONDS = Histogram(
    "aftermile_outbound_seconds", "Seconds a request to the world took.", ("purpose",), buckets=_SLOW
)

#: All of them; the documentation is checked against this table.
TABLE: tuple[Counter | Gauge | Histogram, ...] = (
    *(REQUESTS, REQUEST_SECONDS),
    *(INBOUND_RECORDS, UNKNOWN_CODES, DIGEST_SECONDS, RECORDS_WAITING, RECORDS_IN_QUARANTINE),
    *(REACTIONS, JOBS, JOB_SECONDS, JOBS_WAITING, OLDEST_JOB_SECONDS),
    *(WEBHOOK_ATTEMPTS, OUTBOUND_REQUESTS, OUTBOUND_SECONDS),
)


def share_between_processes(folder: Path) -> None:
    """Make the processes started from now on add up their figures, from zero, in files of this folder.

    :raises RuntimeError: this process has counted already, on its own.
    """
    if _instruments.are_made:
        raise RuntimeError("call share_between_processes before anything is counted")
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("*.db"):
        left_over.unlink()
    os.environ[_FOLDER_VARIABLE] = str(folder)


def render() -> bytes:
    """Write all figures as Prometheus reads them; `CONTENT_TYPE` goes with it."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    own = _instruments().registry
    if _FOLDER_VARIABLE not in os.environ:
        return generate_latest(own)
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared)


@dataclass(frozen=True, slots=True)
class _Instruments:
    registry: prometheus_client.CollectorRegistry
    counters: dict[str, prometheus_client.Counter]
    gauges: dict[str, prometheus_client.Gauge]
    histograms: dict[str, prometheus_client.Histogram]


class _MadeOnce:
    """prometheus-client's counterparts of the table, made when the first figure is counted."""

    def __init__(self, make: Callable[[], _Instruments]) -> None:
        self._make = make
        self._made: _Instruments | None = None
        self._lock = threading.Lock()

    @property
    def are_made(self) -> bool:
        return self._made is not None

    def __call__(self) -> _Instruments:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made


def _make() -> _Instruments:
    import prometheus_client as prometheus

    # The moment a series was made would double the page and tell nobody anything.
    prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = prometheus.CollectorRegistry()
    prometheus.ProcessCollector(registry=registry)
    made = _Instruments(registry, {}, {}, {})
    for figure in TABLE:
        match figure:
            case Counter(name, says, labels):
                made.counters[name] = prometheus.Counter(name, says, labels, registry=registry)
            case Gauge(name, says, labels):
                made.gauges[name] = prometheus.Gauge(
                    name, says, labels, registry=registry, multiprocess_mode="mostrecent"
                )
            case Histogram(name, says, labels):
                made.histograms[name] = prometheus.Histogram(
                    name, says, labels, registry=registry, buckets=figure.buckets
                )
    return made


_instruments = _MadeOnce(_make)
