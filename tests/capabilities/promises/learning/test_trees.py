from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftermile.capabilities.promises.learning.boosting import exported, fitted
from aftermile.capabilities.promises.learning.examples import columns_of
from aftermile.capabilities.promises.learning.forecasting import Stage
from aftermile.capabilities.promises.learning.shrinkage import averages
from aftermile.capabilities.promises.learning.stages import LEVELS_KEPT, share_below
from aftermile.capabilities.promises.learning.training import Recipe
from aftermile.capabilities.promises.learning.trees import Trees
from aftermile.capabilities.promises.learning.weighing import quantiles
from tests.capabilities.promises.learning.world import DAY, asked, deliveries


@pytest.mark.parametrize("loss", ["absolute_error", "squared_error"])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_our_trees_answer_as_scikit_learn_does(loss: str, missing: float) -> None:
    dice = np.random.default_rng(5)
    rows = dice.normal(size=(600, 6))
    rows[dice.random(rows.shape) < missing] = np.nan
    target = np.nan_to_num(rows[:, 0]) * 2 + np.isnan(rows[:, 1]) + dice.normal(size=600)
    theirs = fitted(rows, target, np.ones(600), rounds=20, leaves=12, rate=0.1, seed=1, loss=loss)
    ours = exported(theirs)
    unseen = dice.normal(size=(2_300, 6)) * 2
    unseen[dice.random(unseen.shape) < 0.1] = np.nan
    np.testing.assert_allclose(ours.predict(unseen), theirs.predict(unseen), rtol=1e-9, atol=1e-9)
    assert ours.problem(6) == ""
    assert ours.problem(1) == "a column that is not there"


def test_as_many_leaves_are_answered_as_have_bits() -> None:
    """A comb: node 2n asks whether the number is at most n, and its left side is the leaf of those."""

    def comb(leaves: int) -> Trees:
        rows = np.arange(2 * leaves - 1)
        leaf = (rows % 2 == 1) | (rows == rows[-1])
        return Trees(
            start=0.5,
            roots=np.zeros(1, dtype=np.int32),
            feature=np.zeros(len(rows), dtype=np.int32),
            threshold=rows / 2,
            missing_left=np.ones(len(rows), dtype=np.bool_),
            left=np.where(leaf, rows, rows + 1).astype(np.int32),
            right=np.where(leaf, rows, rows + 2).astype(np.int32),
            value=rows.astype(np.float64),
        )

    asked = np.array([[-1.0], [0.0], [0.5], [31.5], [62.0], [62.5], [1e9], [np.nan]])
    assert comb(64).problem(1) == ""
    assert comb(64).predict(asked).tolist() == [1.5, 1.5, 3.5, 65.5, 125.5, 126.5, 126.5, 1.5]
    assert comb(1).predict(asked).tolist() == [0.5] * 8
    assert comb(65).problem(1) == "a tree of too many leaves"


def test_quantiles_weigh_as_repetition_does() -> None:
    values, weights = np.array([5.0, 1.0, 3.0]), np.array([1.0, 1.0, 4.0])
    assert quantiles(values, weights, (0.0, 0.5, 1.0)).tolist() == [1.0, 3.0, 5.0]
    with pytest.raises(ValueError, match="no values"):
        quantiles(np.empty(0), np.empty(0), (0.5,))


def test_the_recipe_is_the_one_in_the_guide() -> None:
    recipe = Recipe()
    assert (recipe.half_life_days, recipe.strength, recipe.rounds, recipe.trees_from) == (
        180.0,
        30.0,
        60,
        1_000,
    )


def test_averages_lean_on_the_level_around_them() -> None:
    rows = deliveries(60)
    columns = columns_of([asked(row, Stage.ORDERED) for row in rows])
    target = np.array([1.0 if row.lane.destination.region == "BY" else 0.0 for row in rows])
    near = averages(columns, target, np.ones(60), strength=1.0, asides=(), clip=0.0).estimate(columns)
    far = averages(columns, target, np.ones(60), strength=1_000.0, asides=(), clip=0.0).estimate(columns)
    assert np.abs(near - target).max() < 0.2
    assert np.abs(far - target.mean()).max() < 0.1


def test_averages_and_slopes_are_a_ridge_regression() -> None:
    rows = deliveries(400)
    columns = columns_of([asked(row, Stage.HANDED_OVER) for row in rows])
    target = np.log(
        [row.delivered_at.timestamp() - row.ordered_at.timestamp() for row in rows if row.delivered_at]
    )
    found = averages(
        columns, target, np.ones(400), strength=20.0, asides=("service",), slopes=("lead", "value"), clip=0.0
    )
    assert list(found.slopes) == ["lead"]  # nothing is known of the value
    words = [columns.words[name] for name in ("country", "region", "lane", "service")]
    table = np.column_stack(
        [
            np.ones(400),
            *((word.which == number) * 1.0 for word in words for number in range(len(word.names))),
            found.slopes["lead"].away(columns, "lead"),
        ]
    )
    penalty = np.diag([0.0] + [20.0] * (table.shape[1] - 1))
    ridge = np.linalg.solve(table.T @ table + penalty, table.T @ target)
    assert np.abs(found.estimate(columns) - table @ ridge).max() < 0.01 * target.std()


def test_a_slope_leads_beyond_what_was_seen() -> None:
    rows = deliveries(300)
    asked_near = [
        replace(asked(row, Stage.ORDERED), promised_by=row.ordered_at + 2 * DAY) for row in rows[:150]
    ]
    asked_far = [
        replace(asked(row, Stage.ORDERED), promised_by=row.ordered_at + 8 * DAY) for row in rows[150:]
    ]
    columns = columns_of([*asked_near, *asked_far])
    learned = averages(columns, np.repeat(np.log([2.0, 8.0]), 150), np.ones(300), strength=1.0, asides=())
    farther = columns_of([replace(asked_near[0], promised_by=rows[0].ordered_at + 12 * DAY)])
    assert np.exp(learned.estimate(farther))[0] == pytest.approx(12, rel=0.05)


def test_a_place_far_outside_of_all_misses_is_all_but_sure() -> None:
    misses = np.linspace(-1e-3, 1e-3, len(LEVELS_KEPT))
    shares = share_below(misses, np.array([-1e6, 0.0, 1e6]))
    assert shares.tolist() == pytest.approx([1e-9, 0.5, 1 - 1e-9])
