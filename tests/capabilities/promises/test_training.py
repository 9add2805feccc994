"""A model's training in a process of its own, and what becomes of it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from aftermile.capabilities.promises.learning.forecasting import Delivery, Lane, Place
from aftermile.capabilities.promises.models import Renewal
from aftermile.capabilities.promises.operations.renew import renew_parcels
from aftermile.capabilities.promises.operations.train import training_deliveries
from aftermile.capabilities.promises.public import estimates, models, train, training
from aftermile.capabilities.promises.training_process import train_and_judge, write_deliveries
from aftermile.connectors.contracts.facts import Place as ToldPlace
from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.exceptions.stories import day, scan, tell_order, tell_scans

AS_OF = datetime(2026, 3, 2, tzinfo=UTC)


def deliveries(count: int, *, slower_since: datetime | None = None) -> list[Delivery]:
    dice = Random(7)
    found = []
    for _ in range(count):
        ordered = AS_OF - timedelta(days=dice.uniform(5, 200))
        took = dice.lognormvariate(1.2, 0.2) + (4 if slower_since and ordered >= slower_since else 0)
        found.append(
            Delivery(
                lane=Lane(carrier="gls", origin=Place(country="DE"), destination=Place(country="FR")),
                ordered_at=ordered,
                handed_over_at=ordered + timedelta(days=0.8),
                in_transit_at=ordered + timedelta(days=1.5),
                delivered_at=ordered + timedelta(days=took + 1),
            )
        )
    return found


def lines(told: list[Delivery], *, as_of: datetime = AS_OF, old: str | None = None) -> list[bytes]:
    return [json.dumps({"as_of": as_of.isoformat(), "old": old}).encode(), *write_deliveries(told)]


def test_the_first_goes_live_one_that_is_no_better_does_not_and_one_that_learned_more_does() -> None:
    first = train_and_judge(lines(deliveries(400)))
    assert first["goes_live"] is True
    again = train_and_judge(lines(deliveries(400), old=first["model"]))
    assert (again["goes_live"], "too few to judge" in again["verdict"]) == (False, True)
    slower = deliveries(900, slower_since=AS_OF - timedelta(days=90))
    early = train_and_judge(lines(slower, as_of=AS_OF - timedelta(days=95)))
    told = train_and_judge(lines(slower, old=early["model"]))
    assert (told["goes_live"], told["verdict"].split(":")[0]) == (True, "Better")


def test_damaged_bytes_give_way() -> None:
    damaged = base64.b64encode(b"nonsense").decode()
    told = train_and_judge(lines(deliveries(120), old=damaged))
    assert (told["goes_live"], told["verdict"]) == (True, "The one before could not be read any more.")


def test_the_process_is_alone_and_answers_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aftermile.capabilities.promises.training_process"],
        input=b"\n".join(each.strip() for each in lines(deliveries(80))),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "OMP_NUM_THREADS": "1"},
    )
    assert sorted(json.loads(done.stdout)) == ["card", "goes_live", "model", "verdict"]


@pytest.mark.django_db
class TestInAShop:
    def test_with_few_deliveries_nothing_is_trained_and_that_is_said(self, merchant: Any) -> None:
        train(merchant.id, at=day(30))
        with merchant_scope(merchant.id):
            assert training().failed.startswith("0 deliveries are too few")
            assert training().running_since is None
            assert models() == []

    def test_what_was_delivered_is_learned_from_and_answers(self, merchant: Any) -> None:
        with merchant_scope(merchant.id):
            for index in range(60):
                tell_order(str(index), f"N{index}", placed=index * 0.1)
                came = scan(index * 0.1 + 3 + index % 2, SubStatus.DELIVERED)
                tell_scans(
                    f"N{index}", scan(index * 0.1 + 1), scan(index * 0.1 + 2), came, at=day(12),
                    destination=ToldPlace(country="FR"),
                )  # fmt: skip
            told = list(training_deliveries(at=day(30)))
            assert len(told) == 60
            assert {(each.lane.carrier, each.lane.destination.country) for each in told} == {("ups", "FR")}
            moments = [
                (each.ordered_at, each.handed_over_at, each.in_transit_at, each.delivered_at) for each in told
            ]
            assert all(list(each) == sorted(each) for each in moments)  # type: ignore[type-var]
        train(merchant.id, at=day(30))
        with merchant_scope(merchant.id):
            assert training().failed == ""
            (model,) = models()
            assert (model.number, model.state, model.deliveries) == (1, "live", 60)
            assert model.card["arrived"] == 60
            parcel_id = tell_scans("N100", scan(31), at=day(31), destination=ToldPlace(country="FR"))
            renew_parcels(parcel_ids=[parcel_id], at=day(31))
            held = estimates([parcel_id])[parcel_id]
            assert (held.source, held.basis is not None) == ("model", True)
            assert day(31) <= held.earliest_at <= held.likely_at <= held.latest_at

    def test_what_is_young_and_on_its_way_is_told_as_such(self, merchant: Any) -> None:
        with merchant_scope(merchant.id):
            for number, placed in (("old", 0), ("young", 80), ("gone", 81)):
                tell_order(number, f"N{number}", placed=placed)
            tell_scans("Nold", scan(2), at=day(3))
            tell_scans("Nyoung", scan(82), at=day(83))
            tell_scans("Ngone", scan(82), scan(84, SubStatus.RETURNING), at=day(84))
            (told,) = training_deliveries(at=day(85))
            assert (told.ordered_at, told.handed_over_at, told.delivered_at) == (day(80), day(82), None)
        train(merchant.id, at=day(85))
        with merchant_scope(merchant.id):
            assert training().failed.startswith("0 deliveries are too few")

    def test_a_failure_is_noted_and_leaves_what_answers(
        self, merchant: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("aftermile.capabilities.promises.operations.train.FEWEST_DELIVERIES", 0)
        train(merchant.id, at=day(30))
        with merchant_scope(merchant.id):
            assert "0 deliveries have arrived so far" in training().failed
            assert Renewal.rows().get().training_since is None
