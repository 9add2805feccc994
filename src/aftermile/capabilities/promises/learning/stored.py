"""Models as bytes: JSON, packed, with a checksum. Data and never code, of bounded size, checked before it is believed."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, astuple
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from aftermile.capabilities.promises.learning.cards import Card, Score
from aftermile.capabilities.promises.learning.forecasting import Stage
from aftermile.capabilities.promises.learning.shrinkage import SLOPES, Averages, Slope
from aftermile.capabilities.promises.learning.stages import LEVELS_KEPT, Odds, StageModel, Usual
from aftermile.capabilities.promises.learning.trees import Trees

_SCHEMA = 2
_MARK = b"aftermile-delivery-model\n"
#: Packed and unpacked; a model of 25,000 deliveries takes about one and three megabytes.
LARGEST_BYTES = 32 * 2**20
_LARGEST_UNPACKED = 128 * 2**20


class ModelUnreadable(Exception):
    """These bytes are no model, or a damaged one, or one of another version; the rules speak until the next training."""


def write_model(as_of: datetime, stages: Mapping[Stage, StageModel], card: Card) -> bytes:
    """Write a model."""
    body = {
        "schema": _SCHEMA,
        "as_of": as_of.isoformat(),
        "card": asdict(card),
        "stages": {stage.value: _stage_as_json(model) for stage, model in stages.items()},
    }
    packed = zlib.compress(json.dumps(body, separators=(",", ":"), allow_nan=False).encode(), 6)
    return _MARK + sha256(packed).hexdigest().encode() + b"\n" + packed


def read_parts(content: bytes) -> tuple[datetime, dict[Stage, StageModel], Card]:
    """Read what `write_model` wrote.

    :raises ModelUnreadable: anything is not as it was written, or could not be answered from.
    """
    packed = _checked(content)
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, _LARGEST_UNPACKED)
        if not unpacker.eof:
            raise ModelUnreadable("The model is larger than any we write.")
        body = json.loads(text)
        if body["schema"] != _SCHEMA:
            raise ModelUnreadable(f"The model is of version {body['schema']}; this is version {_SCHEMA}.")
        as_of = datetime.fromisoformat(body["as_of"])
        if as_of.tzinfo is None:
            raise ModelUnreadable("The model's moment has no time zone.")
        stages = {Stage(name): _read_stage(each) for name, each in body["stages"].items()}
        return as_of, stages, _read_card(body["card"])
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ModelUnreadable(f"The model's content is damaged: {problem}") from None


def _checked(content: bytes) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise ModelUnreadable("The model is larger than any we write.")
    if not content.startswith(_MARK):
        raise ModelUnreadable("These bytes are no model.")
    checksum, _, packed = content[len(_MARK) :].partition(b"\n")
    if checksum != sha256(packed).hexdigest().encode():
        raise ModelUnreadable("The model's checksum does not fit: it was cut off or changed.")
    return packed


def _stage_as_json(model: StageModel) -> dict[str, Any]:
    return {
        "averages": _averages_as_json(model.averages),
        "spreads": _averages_as_json(model.spreads),
        "misses": _array_as_json(model.misses),
        "extras": list(model.extras),
        "trees": [_trees_as_json(each) for each in model.trees],
        "spread_trees": [_trees_as_json(each) for each in model.spread_trees],
        "drifts": model.drifts,
        "usual": {
            level: {word: [each.deliveries, each.low_days, each.high_days] for word, each in found.items()}
            for level, found in model.usual.items()
        },
        "anchor": model.anchor,
        "near": None if model.near is None else _averages_as_json(model.near),
        "late_averages": None if model.late_averages is None else _averages_as_json(model.late_averages),
        "late_trees": [_trees_as_json(each) for each in model.late_trees],
        "odds": list(astuple(model.odds)),
    }


def _read_stage(given: Any) -> StageModel:
    averages = _read_averages(given["averages"])
    misses = _read_array(given["misses"], np.float64)
    if len(misses) != len(LEVELS_KEPT) or (np.diff(misses) < 0).any() or not np.isfinite(misses).all():
        raise ValueError("the spread of misses is no such thing")
    model = StageModel(
        averages=averages,
        spreads=_read_averages(given["spreads"]),
        misses=misses,
        extras=tuple(str(each) for each in given["extras"]),
        trees=tuple(_read_trees(each) for each in given["trees"]),
        spread_trees=tuple(_read_trees(each) for each in given["spread_trees"]),
        drifts={str(name): _numbers(found) for name, found in given["drifts"].items()},
        usual={
            str(level): {
                word: Usual(int(each[0]), float(each[1]), float(each[2])) for word, each in found.items()
            }
            for level, found in given["usual"].items()
        },
        anchor=None if given["anchor"] is None else _number(given["anchor"]),
        near=_read_averages(given["near"]) if given["near"] else None,
        late_averages=_read_averages(given["late_averages"]) if given["late_averages"] else None,
        late_trees=tuple(_read_trees(each) for each in given["late_trees"]),
        odds=Odds(*(_number(each) for each in given["odds"])),
    )
    for trees in (*model.trees, *model.spread_trees):
        if problem := trees.problem(model.width):
            raise ValueError(problem)
    for trees in model.late_trees:
        if problem := trees.problem(model.late_width):
            raise ValueError(problem)
    return model


def _averages_as_json(averages: Averages) -> dict[str, Any]:
    return {
        "start": averages.start,
        "names": list(averages.names),
        "added": list(averages.added),
        "slopes": {name: list(astuple(slope)) for name, slope in averages.slopes.items()},
    }


def _read_averages(given: Any) -> Averages:
    names = tuple(str(each) for each in given["names"])
    added = tuple(_numbers(each) for each in given["added"])
    if len(names) != len(added):
        raise ValueError("averages without names")
    slopes = {str(name): Slope(*(_number(each) for each in slope)) for name, slope in given["slopes"].items()}
    if not slopes.keys() <= SLOPES.keys() or any(slope.step <= 0 for slope in slopes.values()):
        raise ValueError("slopes of what is no number here")
    return Averages(_number(given["start"]), names, added, slopes)


def _numbers(given: Any) -> dict[str, float]:
    return {str(word): _number(each) for word, each in given.items()}


def _number(given: Any) -> float:
    value = float(given)
    if not np.isfinite(value):
        raise ValueError("a value that is no number")
    return value


def _trees_as_json(trees: Trees) -> dict[str, Any]:
    return {
        "start": trees.start,
        "roots": _array_as_json(trees.roots),
        "feature": _array_as_json(trees.feature),
        "threshold": _array_as_json(trees.threshold),
        "missing_left": _array_as_json(trees.missing_left),
        "left": _array_as_json(trees.left),
        "right": _array_as_json(trees.right),
        "value": _array_as_json(trees.value),
    }


def _read_trees(given: Any) -> Trees:
    return Trees(
        start=_number(given["start"]),
        roots=_read_array(given["roots"], np.int32),
        feature=_read_array(given["feature"], np.int32),
        threshold=_read_array(given["threshold"], np.float64),
        missing_left=_read_array(given["missing_left"], np.bool_),
        left=_read_array(given["left"], np.int32),
        right=_read_array(given["right"], np.int32),
        value=_read_array(given["value"], np.float64),
    )


def _array_as_json(array: npt.NDArray[Any]) -> str:
    return b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def _read_array(given: Any, kind: type[Any]) -> npt.NDArray[Any]:
    return np.frombuffer(b64decode(given, validate=True), dtype=np.dtype(kind).newbyteorder("<")).astype(kind)


def _read_card(given: Any) -> Card:
    scores = {
        part: {str(name): Score(**score) for name, score in given[part].items()}
        for part in ("stages", "lanes", "months", "seasons")
    }
    return Card(**{**given, **scores, "with_trees": tuple(given["with_trees"])})
