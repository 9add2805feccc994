"""Training the delivery model: how long it takes, how much memory, and how both grow with the deliveries."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from aftermile.capabilities.promises.learning.forecasting import Delivery, Goods, Lane, Place, Question, Stage
from bench.options import Options
from bench.report import Report
from bench.tree import ROOT

NAME = "training"
_MANY = 25_000
_FEW = 5_000
_ASKED = 10_000
_BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
_DAY = timedelta(days=1)


def run(options: Options) -> Report:
    """Train in processes of their own, as the product's job does, and answer questions from what came of it."""
    report = Report(NAME, "Training the delivery model, and answering from it")
    share = min(1.0, options.rows / 1_000_000)  # a smoke test is small
    many, few, asked = (max(200, int(each * share)) for each in (_MANY, _FEW, _ASKED))
    seconds, grown, memory, batches, singles, sizes = [], [], [], [], [], []
    with TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            small = _trained(few, Path(folder) / "few")
            large = _trained(many, Path(folder) / "many")
            seconds.append(large[0])
            memory.append(large[1])
            grown.append(large[0] / small[0] / (many / few))
            size, batch, single = _answered(Path(folder) / "many", asked)
            sizes.append(size)
            batches.append(batch)
            singles.append(single)
    report.add(
        f"training on {many:,} deliveries, all stages", "CPU s", seconds, against="one core", at_most=60
    )
    report.add("its memory at most", "MB", memory, against="a limit of 1 GB", at_most=1024)
    report.add(
        f"cost of a delivery among {many:,} / among {few:,}", "x", grown, against="growth in proportion",
        at_most=1.2,
    )  # fmt: skip
    report.add(f"{asked:,} forecasts at once", "CPU s", batches, against="well under a second", at_most=1.0)
    report.tell("CPU of one forecast alone", "ms", singles)
    report.tell("the model, written", "MB", sizes)
    report.notes.append(
        "Simulated parcels of 60 lanes, three carriers and four scans each; CPU of the process, whatever else runs."
    )
    return report


def _trained(count: int, out: Path) -> tuple[float, float]:
    """Return CPU seconds and MB of a process that trains."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.training", str(count), str(out)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def _answered(path: Path, count: int) -> tuple[float, float, float]:
    from aftermile.capabilities.promises.learning.model import read_model

    content = path.read_bytes()
    model = read_model(content)
    questions = [
        Question(
            lane=each.lane, goods=each.goods, stage=Stage.HANDED_OVER, ordered_at=each.ordered_at,
            stage_at=each.handed_over_at or each.ordered_at, asked_at=each.handed_over_at or each.ordered_at,
            promised_by=each.promised_by,
        )
        for each in _parcels(count, seed=2)
    ]  # fmt: skip
    began = time.process_time()
    model.forecast(questions)
    batch = time.process_time() - began
    began = time.process_time()
    for question in questions[:100]:
        model.forecast([question])
    return len(content) / 2**20, batch, (time.process_time() - began) * 10


def _parcels(count: int, *, seed: int) -> Iterator[Delivery]:
    dice = random.Random(seed)
    regions = [f"R{number}" for number in range(20)]
    for number in range(count):
        ordered = _BEGIN + 365 * _DAY * number / count
        place, carrier = dice.randrange(20), dice.randrange(3)
        handed_over = ordered + _DAY * dice.uniform(0.2, 2.5)
        grams = dice.randrange(50, 20_000)
        if carrier == 2 and grams > 9_000:  # what averages do not see and trees do
            carrier = 7
        delivered = handed_over + _DAY * (1 + place / 8) * (1 + carrier / 5) * dice.lognormvariate(0, 0.3)
        yield Delivery(
            lane=Lane(
                carrier=f"carrier{min(carrier, 2)}", service="parcel", origin=Place(country="DE", region="NW"),
                destination=Place(country="DE", region=regions[place], postal_code=f"{dice.randrange(10_000, 99_999)}"),
            ),
            goods=Goods(weight_grams=grams, value_minor=dice.randrange(500, 90_000)),
            ordered_at=ordered,
            handed_over_at=handed_over,
            in_transit_at=handed_over + (delivered - handed_over) * 0.4,
            out_for_delivery_at=delivered - _DAY * dice.uniform(0.1, 0.4),
            delivered_at=delivered,
            promised_by=ordered + 6 * _DAY,
        )  # fmt: skip


def _main(count: int, out: Path) -> None:
    from aftermile.capabilities.promises.learning.training import train

    parcels = list(_parcels(count, seed=1))
    began = time.process_time()
    model = train(parcels, as_of=_BEGIN + 365 * _DAY)
    seconds = time.process_time() - began
    out.write_bytes(model.write())
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]))
