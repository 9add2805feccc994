"""Packing: how full containers of the OR-Library get in a second and in ten, and how long an order of a shop takes."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from statistics import fmean

import psutil

from aftermile.capabilities.packing.fitting.checking import faults
from aftermile.capabilities.packing.fitting.choosing import choose
from aftermile.capabilities.packing.fitting.loading import load
from aftermile.capabilities.packing.fitting.one_box import SUPPORT
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed
from bench.options import Options
from bench.report import Report
from bench.tree import ROOT

NAME = "packing"
_FILES = ("thpack1", "thpack2", "thpack3", "thpack4")
_ORDERS = 400
#: The seconds a problem is given, and the share of the container's volume that is wanted by then.
_WANTED = ((1.0, 88.1), (10.0, 92.0))
_BOXES = (
    *((160, 120, 60), (200, 150, 100), (250, 200, 80), (300, 200, 150), (300, 250, 200), (350, 250, 100)),
    *((400, 300, 150), (400, 300, 200), (400, 300, 300), (500, 400, 300), (600, 400, 400), (320, 230, 20)),
)  # fmt: skip

Problem = tuple[Box, list[Item]]


def run(options: Options) -> Report:
    """Load the first containers of each file, and choose boxes for orders; every packing is checked."""
    report = Report(NAME, "Packing: volume used, and the time of an order")
    folder = _folder()
    _orders(report, rounds=options.rounds)
    _thousands(report, kinds=options.of(500), rounds=options.rounds)
    if not folder.is_dir():
        report.notes.append(
            f"Containers were not loaded: {folder} is not here. AFTERMILE_SHARED_DATA names the folder above it."
        )
        return report
    problems = {name: list(read(folder / f"{name}.txt"))[: options.problems] for name in _FILES}
    # A smoke test measures for moments; the named times hold from 5 seconds on.
    share = min(1.0, options.seconds / 5)
    for seconds, wanted in _WANTED:
        means = []
        for name, some in problems.items():
            used = [_used(problem, seconds * share) for problem in some]
            report.tell(f"{name}, {seconds:g} s: mean volume", "%", [fmean(used)])
            report.tell(f"{name}, {seconds:g} s: least", "%", [min(used)])
            means += used
        report.add(
            f"volume used, {seconds:g} s a problem", "%", [fmean(means)],
            against="the container's volume; flags kept, everything stands with its whole base on something",
            at_least=wanted,
        )  # fmt: skip
    floating = [_used(problem, share, support=False) for some in problems.values() for problem in some]
    report.tell("volume used where things need not stand on anything, 1 s", "%", [fmean(floating)])
    many = list(read(folder / "thpack9-fixed.txt"))[: options.problems * len(_FILES)]
    report.tell(
        "thpack9: containers used / least by volume", "x",
        [sum(_containers(*each) for each in many) / sum(_least(*each) for each in many)],
    )  # fmt: skip
    report.notes.append(
        f"The first {options.problems} problems of each of {', '.join(_FILES)} (`--problems 100` for all), on one core."
        f" The first {len(many)} of thpack9, greedily: the fullest container first, 20 tries each."
        " Every packing was checked by code that the packer does not share."
    )
    return report


def read(path: Path) -> Iterator[Problem]:
    """Read a file of the OR-Library's container problems, those with a seed after the number and those without."""
    lines = [[int(word) for word in line.split()] for line in path.read_text().splitlines() if line.strip()]
    rows = iter(lines[1:])
    for _ in range(lines[0][0]):
        next(rows)  # the number of the problem, perhaps with its seed
        length, width, height = next(rows)
        items = []
        for _ in range(next(rows)[0]):
            name, one, on_one, two, on_two, three, on_three, quantity = next(rows)
            items.append(
                Item(
                    key=str(name), length=one, width=two, height=three, quantity=quantity,
                    stands_on=(on_one == 1, on_two == 1, on_three == 1),
                )
            )  # fmt: skip
        yield Box(key=path.stem, length=length, width=width, height=height), items


def _used(problem: Problem, seconds: float, *, support: bool = True) -> float:
    box, items = problem
    packed = load(box, items, seconds=seconds, support=support)
    _prove(packed, items, 1.0 if support else 0.0)
    return packed.filled / box.volume * 100


def _containers(box: Box, items: list[Item]) -> int:
    left, used = [item.quantity for item in items], 0
    while any(left):
        rest = [
            Item(
                key=item.key, length=item.length, width=item.width, height=item.height, quantity=number,
                stands_on=item.stands_on,
            )
            for item, number in zip(items, left, strict=True)
        ]  # fmt: skip
        packed = load(box, rest, tries=20)
        _prove(packed, rest, 1.0)
        counts = packed.counts()
        for number, count in counts.items():
            left[number] -= count
        used += 1
    return used


def _least(box: Box, items: list[Item]) -> int:
    return ceil(sum(item.volume * item.quantity for item in items) / box.volume)


def _shop_boxes() -> list[Box]:
    return [
        Box(key=str(size), length=size[0], width=size[1], height=size[2], most_grams=20_000)
        for size in _BOXES
    ]


def _thousands(report: Report, *, kinds: int, rounds: int) -> None:
    """Plan as much as a request may ask for: what holds a web thread."""
    boxes, cpu, used = _shop_boxes(), [], []
    for turn in range(rounds):
        chance = random.Random(turn)
        items = [
            Item(
                key=str(number),
                length=chance.randint(20, 60),
                width=chance.randint(20, 60),
                height=chance.randint(20, 60),
                quantity=10,
            )
            for number in range(kinds)
        ]
        began = time.process_time()
        choice = choose(items, boxes)
        cpu.append(time.process_time() - began)
        for packed in choice.packed:
            _prove(packed, items, SUPPORT)
        used.append(
            sum(packed.filled for packed in choice.packed)
            / sum(packed.box.volume for packed in choice.packed)
            * 100
        )
    report.add(
        "boxes chosen for thousands of things: CPU", "s", cpu,
        against=f"{kinds * 10:,} things of {kinds} kinds, {len(boxes)} boxes", at_most=3,
    )  # fmt: skip
    report.tell("boxes chosen for thousands of things: volume used", "%", used)


def _orders(report: Report, *, rounds: int) -> None:
    boxes = _shop_boxes()
    middles, highs, cpu = [], [], []
    for turn in range(rounds):
        orders = list(_some_orders(random.Random(turn)))
        taken = []
        began = sum(psutil.Process().cpu_times()[:2])
        for items in orders:
            start = time.perf_counter()
            choice = choose(items, boxes)
            taken.append((time.perf_counter() - start) * 1000)
            for packed in choice.packed:
                _prove(packed, items, SUPPORT)
        cpu.append((sum(psutil.Process().cpu_times()[:2]) - began) * 1000 / len(orders))
        taken.sort()
        middles.append(taken[len(taken) // 2])
        highs.append(taken[int(len(taken) * 0.95)])
    report.add(
        "box chosen for an order: p50", "ms", middles,
        against=f"1 to 18 things, {len(boxes)} boxes; a fifth stand upright, a seventh are fragile", at_most=5,
    )  # fmt: skip
    report.tell("box chosen for an order: p95", "ms", highs)
    report.tell("box chosen for an order, and checked: CPU", "ms", cpu)


def _some_orders(chance: random.Random) -> Iterator[list[Item]]:
    for _ in range(_ORDERS):
        yield [
            Item(
                key=str(number),
                length=chance.randint(30, 250),
                width=chance.randint(30, 250),
                height=chance.randint(30, 250),
                quantity=chance.choice([1, 1, 1, 2, 3]),
                stands_on=(False, False, True) if chance.random() < 0.2 else (True, True, True),
                fragile=chance.random() < 1 / 7,
                weight_grams=chance.randint(50, 3000),
            )
            for number in range(chance.choice([1, 1, 2, 2, 3, 4, 6]))
        ]


def _prove(packed: Packed, items: list[Item], support: float) -> None:
    if wrong := faults(packed, items, support=support):
        raise RuntimeError(f"this is no packing: {wrong[0]}")


def _folder() -> Path:
    data = os.environ.get("AFTERMILE_SHARED_DATA")
    return (Path(data) if data else ROOT.parent / "shared" / "data") / "packing"
