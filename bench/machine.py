"""CPU time and memory of whole process trees."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass(slots=True)
class Meter:
    """What a stretch of work cost, on this machine. Made by `start`, read after `stop`."""

    roots: tuple[int, ...]
    _tree: dict[str, float]
    _client: float
    _system: float
    _began: float
    seconds: float = 0.0
    #: CPU seconds of the measured processes: application and database, with children that ended.
    cpu_seconds: float = 0.0
    #: The same by program: web, worker, postgres.
    cpu_by_program: dict[str, float] = field(default_factory=dict)
    #: CPU seconds of the load generator: this process and the programs it ran to their end.
    client_cpu_seconds: float = 0.0
    #: Cores that everything else on the machine kept busy meanwhile.
    other_cores: float = 0.0

    @classmethod
    def start(cls, roots: Sequence[int]) -> Meter:
        """Begin to measure the processes `roots` with all their descendants."""
        return cls(
            tuple(roots), tree_cpu_by_program(roots), _client_cpu(), _system_cpu(), time.perf_counter()
        )

    def stop(self) -> Meter:
        self.seconds = time.perf_counter() - self._began
        used = tree_cpu_by_program(self.roots)
        self.cpu_by_program = {name: spent - self._tree.get(name, 0.0) for name, spent in used.items()}
        self.cpu_seconds = sum(used.values()) - sum(self._tree.values())
        self.client_cpu_seconds = _client_cpu() - self._client
        others = _system_cpu() - self._system - self.cpu_seconds - self.client_cpu_seconds
        self.other_cores = max(0.0, others / self.seconds)
        return self

    def ms_by_program(self, units: int) -> dict[str, float]:
        """Share out each program's CPU among the units of work it was for, in milliseconds."""
        return {name: spent / units * 1000 for name, spent in self.cpu_by_program.items()}


def tree_cpu_by_program(roots: Sequence[int]) -> dict[str, float]:
    """Sum the CPU time of processes, their descendants, and those of them that ended and were waited for."""
    spent: dict[str, float] = {}
    for process in tree(roots):
        with suppress(psutil.NoSuchProcess):
            times, name = process.cpu_times(), _short_name(process)
            # The children_* fields hold only children that ended: nothing is counted twice.
            total = times.user + times.system + times.children_user + times.children_system
            spent[name] = spent.get(name, 0.0) + total
    return spent


def tree_memory_bytes(roots: Sequence[int]) -> tuple[int, dict[str, int]]:
    """Return the memory of process trees, and of each process by its command.

    The proportional set size (shared pages divided among those who share them); where the system does not
    tell it, the resident set size, which counts shared pages once per process.
    """
    by_name: dict[str, int] = {}
    for process in tree(roots):
        with suppress(psutil.NoSuchProcess):
            name = _short_name(process)
            by_name[name] = by_name.get(name, 0) + _memory(process)
    return sum(by_name.values()), by_name


def tree(roots: Sequence[int]) -> Iterator[psutil.Process]:
    seen: set[int] = set()
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(root)
            for each in (process, *process.children(recursive=True)):
                if each.pid not in seen:
                    seen.add(each.pid)
                    yield each


def _memory(process: psutil.Process) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)


def _short_name(process: psutil.Process) -> str:
    command = process.cmdline()
    if not command or command[0].startswith("postgres") or command[0].endswith("/postgres"):
        return "postgres"
    words = " ".join(command)
    for mark, name in (
        ("aftermile.project.processes", "supervisor"),
        ("granian", "web"),
        ("aftermile web", "web"),
        ("aftermile worker", "worker"),
    ):
        if mark in words:
            return name
    return process.name()


def _client_cpu() -> float:
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def _system_cpu() -> float:
    times = psutil.cpu_times()
    waiting = times.idle + getattr(times, "iowait", 0.0)
    return float(sum(times[:8]) - waiting)
