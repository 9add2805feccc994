"""Training: from what a shop sent to a model with its card. Only this room's job runs it; it loads scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.cards import Card, Tried, card_of
from aftermile.capabilities.promises.learning.examples import (
    DAY,
    LEVELS,
    Columns,
    Examples,
    examples_of,
    known_by,
)
from aftermile.capabilities.promises.learning.forecasting import Delivery, Stage
from aftermile.capabilities.promises.learning.model import Model
from aftermile.capabilities.promises.learning.shrinkage import Averages, averages
from aftermile.capabilities.promises.learning.stages import (
    LEVELS_KEPT,
    Odds,
    StageModel,
    Usual,
    anchors,
    places,
)
from aftermile.capabilities.promises.learning.trees import Trees
from aftermile.capabilities.promises.learning.weighing import effective, of_the_arrived, quantiles, recency

Floats = npt.NDArray[np.float64]

#: Fewer arrivals than this are no history; the merchant's rules speak then.
FEWEST = 30


class NotEnoughHistory(Exception):
    """Too little has arrived to learn from; the message says how much there is and how much it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a model is made. The defaults were chosen by time-ordered validation (docs/guides/delivery-dates.md)."""

    half_life_days: float = 180.0
    strength: float = 30.0
    rounds: int = 60
    leaves: int = 15
    rate: float = 0.06
    bags: int = 2
    #: From so many examples of a stage on, trees are tried.
    trees_from: int = 1_000
    #: Trees look at no more examples than this at once, the newest ones.
    most_examples: int = 12_000
    #: Fewer blocks of time are longer ones: what is missed is then what forecasts further ahead miss.
    blocks: int = 3
    stages: tuple[Stage, ...] = tuple(Stage)
    #: Learn from silences after a scan, too.
    silences: bool = True
    late_trees: bool = True
    drift_days: float = 21.0


def train(
    deliveries: Iterable[Delivery],
    *,
    as_of: datetime,
    recipe: Recipe | None = None,
    on_stage: Callable[[Stage], None] | None = None,
) -> Model:
    """Learn from what was known at that moment; later orders, scans and arrivals are as if they never came.

    :param on_stage: called when a stage was learned.
    :raises NotEnoughHistory: fewer than `FEWEST` deliveries have arrived.
    """
    recipe = recipe or Recipe()
    known = known_by(deliveries, as_of)
    arrived = sum(each.delivered_at is not None for each in known)
    if arrived < FEWEST:
        raise NotEnoughHistory(
            f"{arrived} deliveries have arrived so far; it takes {FEWEST} to learn from them."
        )
    now = as_of.timestamp()
    stages: dict[Stage, StageModel] = {}
    tried: dict[Stage, Tried] = {}
    for stage in recipe.stages:
        examples = examples_of(known, stage, as_of=as_of, silences=recipe.silences)
        if int((examples.arrived <= now).sum()) >= FEWEST:
            stages[stage], tried[stage] = _learn(examples, now, recipe)
        if on_stage:
            on_stage(stage)
    card: Card = card_of(known, tried, as_of=as_of)
    return Model(as_of=as_of, stages=stages, card=card)


@dataclass(frozen=True, slots=True)
class _Middle:
    averages: Averages
    spreads: Averages
    extras: tuple[str, ...]
    missed: Floats  # by how many spreads the averages of the other rows miss each row, and the rows' weights
    weights: Floats
    trees: tuple[Trees, ...] = ()
    spread_trees: tuple[Trees, ...] = ()
    anchor: float | None = None

    def answer(
        self, columns: Columns, now: float, drifts: dict[str, dict[str, float]]
    ) -> tuple[Floats, Floats]:
        stage = self.as_stage(np.zeros(len(LEVELS_KEPT)), drifts)
        return stage.middle_and_spread(columns, now)

    def as_stage(self, misses: Floats, drifts: dict[str, dict[str, float]]) -> StageModel:
        return StageModel(
            averages=self.averages, spreads=self.spreads, misses=misses, extras=self.extras, trees=self.trees,
            spread_trees=self.spread_trees, drifts=drifts, anchor=self.anchor,
        )  # fmt: skip


def _learn(examples: Examples, now: float, recipe: Recipe) -> tuple[StageModel, Tried]:
    """Learn one stage: what it misses by is found first, block after block in the order of time."""
    enough = int((examples.arrived <= now).sum()) >= recipe.trees_from
    anchored = False
    tried, error = _walk(examples, now, recipe)
    if np.isfinite(examples.columns.promised).mean() > 0.5:
        other, other_error = _walk(examples, now, recipe, anchored=True)
        if other_error < _CLEARLY * error:
            anchored, tried, error = True, other, other_error
    with_trees = False
    if enough:
        other, other_error = _walk(examples, now, recipe, anchored=anchored, with_trees=True)
        if other_error < error:
            with_trees, tried = True, other
    middle = _fit(examples, now, recipe, anchored=anchored, with_trees=with_trees)
    drifts = _drifts(middle, examples, now, recipe)
    stage = middle.as_stage(_misses(tried, middle), drifts)
    stage = replace(stage, usual=_usual(examples, now, recipe))
    return _with_late(stage, tried, examples, now, recipe), tried


#: A promise is leaned on where that is nearer by a tenth: shops that promise generously say little with it.
_CLEARLY = 0.9


def _with_late(stage: StageModel, tried: Tried, examples: Examples, now: float, recipe: Recipe) -> StageModel:
    """Learn to tell the late ones: the distribution, how near others came, and trees by as much as they rank better."""
    columns = tried.examples.columns
    ahead = np.flatnonzero(columns.promised > columns.asked)
    near = _with_near(stage, examples, now, recipe)
    if not len(ahead) or near.near is None:
        return stage
    place = places((columns.promised - columns.asked) / DAY, tried.middle, tried.spread)
    own = stage.own_odds(place[ahead])
    other = near.near_odds(columns.take(ahead))
    # A share is no probability: both count alike once it is spread as the distribution is, around the same middle.
    scale = float(own.std()) / max(float(other.std()), 1e-6)
    odds = Odds(start=float(own.mean() - scale * other.mean()) / 2, own=0.5, near=scale / 2)
    stage = replace(near, odds=odds)
    if not recipe.late_trees or len(examples) < recipe.trees_from:
        return stage
    begin = float(np.quantile(columns.asked, 2 / 3))
    newest = ahead[(columns.asked[ahead] >= begin) & (columns.promised[ahead] <= now)]
    late = (tried.examples.arrived > columns.promised)[newest]
    if min(late.sum(), (~late).sum()) < FEWEST:
        return stage
    first = _with_trees(_with_near(stage, examples, begin, recipe), examples, begin, recipe)
    if not first.late_trees:
        return stage
    rows, place = columns.take(newest), place[newest]
    told = {share: replace(first, odds=odds.beside_trees(share)).late_logit(rows, place) for share in _SHARES}
    ranked = {share: _auc(late, logit) for share, logit in told.items()}
    if ranked[0.0] < 0.5:  # worse than chance: nothing to lean on
        ranked = {share: ranked[share] for share in (0.0, 1.0)}
    best = max(ranked, key=lambda share: (ranked[share], -share))
    return replace(_with_trees(stage, examples, now, recipe), odds=odds.beside_trees(best)) if best else stage


#: How much the trees may count beside the others.
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
#: In logarithms of the share of a promise's time: what is so far from it is early or late by three quarters.
_NEAR = 0.3


def _ran_out(examples: Examples, now: float, recipe: Recipe) -> Examples:
    """Return those whose promise had run out by then, the newest ones: it is known whether they were kept."""
    promised = examples.columns.promised
    known = np.flatnonzero((promised > examples.columns.asked) & (promised <= now))
    return examples.take(
        known[np.argsort(-examples.columns.asked[known], kind="stable")[: recipe.most_examples]]
    )


def _nearness(rows: Examples) -> Floats:
    """Return 0 for what arrived long before its promise, a half for what arrived at its end, 1 for long after it.

    That tells more than yes or no: where late ones are few, those that nearly were teach, too.
    """
    lead = (rows.columns.promised - rows.columns.asked) / DAY
    return np.asarray(1 / (1 + (rows.days / lead) ** (-1 / _NEAR)))


def _with_near(stage: StageModel, examples: Examples, now: float, recipe: Recipe) -> StageModel:
    """Return the stage with how near their promises those came that arrived; as it is where they are too few."""
    weights = of_the_arrived(examples, now, recency(examples, now, recipe.half_life_days))
    which = np.flatnonzero((weights > 0) & (examples.columns.promised > examples.columns.asked))
    if len(which) < FEWEST:
        return stage
    rows = examples.take(which)
    learned = averages(rows.columns, _nearness(rows), weights[which], strength=2 * recipe.strength, clip=0.0)
    return replace(stage, near=learned)


def _with_trees(stage: StageModel, examples: Examples, now: float, recipe: Recipe) -> StageModel:
    """Return the stage with trees that tell the late ones; as it is where too few were late."""
    rows = _ran_out(examples, now, recipe)
    late = ~(rows.arrived <= rows.columns.promised)  # what has not arrived at all is late, too
    if min(late.sum(), (~late).sum()) < FEWEST:
        return stage
    from aftermile.capabilities.promises.learning.boosting import boosted_odds

    weights = recency(rows, now, recipe.half_life_days)
    target = late.astype(np.float64)
    learned = averages(rows.columns, target, weights, strength=recipe.strength, clip=0.0)
    _, parts = _apart(rows.columns, target, weights, recipe, clip=0.0)
    stage = replace(stage, late_averages=learned)
    trees = boosted_odds(stage.late_rows(rows.columns, parts), late, weights, rounds=recipe.rounds)
    return replace(stage, late_trees=(trees,))


def _auc(late: npt.NDArray[np.bool_], score: Floats) -> float:
    """Return the chance that a late one is ranked above one in time."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    count = int(late.sum())
    return float((ranks[late].sum() - count * (count + 1) / 2) / (count * (len(late) - count)))


def _misses(tried: Tried, middle: _Middle) -> Floats:
    """Return the spread of what was missed, its middle at 0, a little wider where it rests on little.

    Forecasts of the past are few in a young shop: what the averages miss each row by that they have not seen speaks,
    too, for as much as `_AS_MUCH` of them.
    """
    missed = np.concatenate([tried.places, middle.missed])
    weights = np.concatenate([tried.weights, middle.weights * (_AS_MUCH / middle.weights.sum())])
    count = effective(weights)
    levels = np.clip(0.5 + (np.array(LEVELS_KEPT) - 0.5) * (1 + 1 / max(count, 1.0)), 0.0, 1.0)
    found = quantiles(missed, weights, levels)
    shift = float(quantiles(missed, weights, (0.5,))[0])
    return np.maximum.accumulate(found - shift)


_AS_MUCH = 30.0


def _walk(
    examples: Examples, now: float, recipe: Recipe, *, anchored: bool = False, with_trees: bool = False
) -> tuple[Tried, float]:
    """Train on what was known at the beginning of each block of the newest time and answer the block."""
    arrived = examples.arrived <= now
    asked = examples.columns.asked
    slowest = float(np.quantile(examples.days[arrived], 0.95))
    last = now - slowest * DAY
    ripe = asked[arrived & (asked <= last)]
    if len(ripe) < FEWEST:  # everything is young: then the young must do
        ripe, last = asked[arrived], now
    blocks = recipe.blocks if len(ripe) >= 400 else 2
    bounds = [float(np.quantile(ripe, 1 - 0.45 * (blocks - number) / blocks)) for number in range(blocks)]
    bounds.append(last)
    parts = []
    for number, (begin, end) in enumerate(pairwise(bounds)):
        before = examples.take(asked < begin)
        inside = np.flatnonzero(
            (asked >= begin) & (asked < end if number + 1 < blocks else asked <= end) & arrived
        )
        if not len(inside) or int((before.arrived <= begin).sum()) < FEWEST // 3:
            continue
        middle = _fit(before, begin, recipe, anchored=anchored, with_trees=with_trees, bags=1)
        drifts = _drifts(middle, before, begin, recipe)
        rows = examples.take(inside)
        centre, spread = middle.answer(rows.columns, begin, drifts)
        parts.append((inside, centre, spread, np.full(len(inside), number)))
    if not parts:  # too little to walk through: what it misses on its own rows must do
        inside = np.flatnonzero(arrived)
        middle = _fit(examples, now, recipe, anchored=anchored)
        centre, spread = middle.answer(examples.columns.take(inside), now, {})
        parts.append((inside, centre, spread, np.zeros(len(inside))))
    inside, centre, spread, block = (np.concatenate(each) for each in zip(*parts, strict=True))
    rows = examples.take(inside)
    weights = recency(rows, now, recipe.half_life_days)
    tried = Tried(
        rows, examples, centre, spread, (np.log(rows.days) - centre) / spread, weights, block, with_trees
    )
    error = float(np.average(np.abs(np.exp(centre) - rows.days), weights=weights))
    return tried, error


def _fit(
    examples: Examples,
    now: float,
    recipe: Recipe,
    *,
    anchored: bool,
    with_trees: bool = False,
    bags: int | None = None,
) -> _Middle:
    weights = of_the_arrived(examples, now, recency(examples, now, recipe.half_life_days))
    which = np.flatnonzero(weights)
    rows, weights = examples.take(which), weights[which]
    target = np.log(rows.days)
    anchor: float | None = None
    if anchored:
        lead = (rows.columns.promised - rows.columns.asked) / DAY
        anchor = float(np.log(np.maximum(np.nanmedian(lead), 0.5)))
        target = target - anchors(rows.columns, anchor)
    location = averages(rows.columns, target, weights, strength=recipe.strength)
    apart, parts = _apart(rows.columns, target, weights, recipe)
    missed = np.log(np.abs(target - apart) + 0.02)
    spreads = averages(
        rows.columns, missed, weights, strength=2 * recipe.strength, asides=("silence", "promise"), slopes=()
    )
    extras = tuple(sorted(name for name in rows.columns.numbers if name.startswith("extra.")))
    places_missed = (target - apart) / np.exp(spreads.estimate(rows.columns))
    middle = _Middle(location, spreads, extras, places_missed, weights, anchor=anchor)
    if not with_trees:
        return middle
    from aftermile.capabilities.promises.learning.boosting import boosted

    table = middle.as_stage(np.zeros(0), {}).rows(rows.columns, parts)
    newest = np.argsort(-rows.columns.asked, kind="stable")[: recipe.most_examples]
    table, target, apart, weights = table[newest], target[newest], apart[newest], weights[newest]
    trees = tuple(
        boosted(
            table,
            target - apart,
            weights,
            rounds=recipe.rounds,
            leaves=recipe.leaves,
            rate=recipe.rate,
            seed=seed,
        )
        for seed in range(bags or recipe.bags)
    )
    left = target - apart - sum(each.predict(table) for each in trees) / len(trees)
    spread_trees = (
        boosted(
            table, np.log(np.abs(left) + 0.02), weights, rounds=recipe.rounds // 2, leaves=8, rate=recipe.rate,
            loss="squared_error",
        ),
    )  # fmt: skip
    return replace(middle, trees=trees, spread_trees=spread_trees)


def _apart(
    columns: Columns, target: Floats, weights: Floats, recipe: Recipe, *, folds: int = 5, clip: float = 0.02
) -> tuple[Floats, Floats]:
    """Return for each row what the averages of the other rows say: an average that has seen its row flatters itself."""
    fold = np.arange(len(target)) % folds
    total = np.zeros(len(target))
    all_parts: Floats | None = None
    for number in range(folds):
        others, own = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        learned = averages(
            columns.take(others),
            target[others],
            weights[others],
            strength=recipe.strength,
            clip=clip,
        )
        parts = learned.parts(columns.take(own))
        if all_parts is None:
            all_parts = np.zeros((len(target), parts.shape[1]))
        all_parts[own] = parts
        total[own] = learned.start + parts.sum(axis=1)
    assert all_parts is not None
    return total, all_parts


def _drifts(middle: _Middle, examples: Examples, now: float, recipe: Recipe) -> dict[str, dict[str, float]]:
    """Return how much slower what arrived of late was than learned: the shop, its services, its lanes.

    Looked at is what *arrived* in the last weeks, whenever it was sent: of what was sent only the quick has arrived.
    """
    late = (examples.arrived <= now) & (examples.arrived > now - recipe.drift_days * DAY) & examples.first
    which = np.flatnonzero(late)
    if len(which) < FEWEST:
        return {}
    rows = examples.take(which)
    centre, _ = middle.answer(rows.columns, now, {})
    left = np.clip(np.log(rows.days) - centre, -1.0, 1.0)
    found: dict[str, dict[str, float]] = {}
    for name, strength in (("shop", 50.0), ("service", 30.0), ("lane", 20.0)):
        words = rows.columns.words[name]
        counts = words.sums()
        means = words.sums(left) / np.maximum(counts, 1)
        # Farther than three standard errors: with as many lanes as a shop has, two would often be chance.
        sure = np.abs(means) > 3 * left.std() / np.sqrt(np.maximum(counts, 1))
        drift = np.where(sure, means * counts / (counts + strength), 0.0)
        found[name] = {word: float(each) for word, each in zip(words.names, drift, strict=True) if each}
        left = left - words.look_up(found[name])
    return found


def _usual(examples: Examples, now: float, recipe: Recipe) -> dict[str, dict[str, Usual]]:
    """Return the middle half of each level's deliveries, counted at the scan itself."""
    which = np.flatnonzero((examples.arrived <= now) & examples.first)
    rows = examples.take(which)
    weights = of_the_arrived(rows, now, recency(rows, now, recipe.half_life_days))
    days = rows.days
    usual: dict[str, dict[str, Usual]] = {}
    for name in LEVELS:
        words = rows.columns.words[name]
        order = np.argsort(words.which, kind="stable")
        ends = np.concatenate([[0], np.cumsum(words.sums())]).astype(np.int64)
        usual[name] = {}
        for number, word in enumerate(words.names):
            own = order[ends[number] : ends[number + 1]]
            if len(own) >= 8 or name == "shop":
                low, high = quantiles(days[own], weights[own], (0.25, 0.75))
                usual[name][word] = Usual(len(own), round(float(low), 2), round(float(high), 2))
    return usual
