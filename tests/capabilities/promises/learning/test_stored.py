from __future__ import annotations

import json
import zlib
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.promises.learning.forecasting import Stage
from aftermile.capabilities.promises.learning.model import Model, ModelUnreadable, read_model
from aftermile.capabilities.promises.learning.training import Recipe, train
from tests.capabilities.promises.learning.world import BEGIN, DAY, asked, deliveries

_MARK = b"aftermile-delivery-model\n"


@pytest.fixture(scope="module")
def model() -> Model:
    recipe = Recipe(rounds=8, bags=1, blocks=2, trees_from=200, stages=(Stage.HANDED_OVER, Stage.IN_TRANSIT))
    return train(deliveries(900), as_of=BEGIN + 200 * DAY, recipe=recipe)


@pytest.fixture(scope="module")
def content(model: Model) -> bytes:
    return model.write()


def test_a_model_read_back_answers_the_same(model: Model, content: bytes) -> None:
    questions = [asked(row, stage) for row in deliveries(50, seed=8) for stage in Stage]
    again = read_model(content)
    assert again.forecast(questions) == model.forecast(questions)
    assert again.card == model.card
    assert again.write() == content


@given(st.data())
def test_damaged_bytes_are_refused(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(changed), content[:place], content + b"\0"):
        with pytest.raises(ModelUnreadable):
            read_model(damaged)


@given(st.binary(max_size=300))
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ModelUnreadable):
        read_model(content)
    with pytest.raises(ModelUnreadable):
        read_model(_packed(content))


def _packed(text: bytes) -> bytes:
    packed = zlib.compress(text)
    return _MARK + sha256(packed).hexdigest().encode() + b"\n" + packed


def _forge(content: bytes, change: Any) -> bytes:
    body = json.loads(zlib.decompress(content[len(_MARK) :].split(b"\n", 1)[1]))
    change(body)
    return _packed(json.dumps(body).encode())


def _tree(body: Any) -> Any:
    return next(stage for stage in body["stages"].values() if stage["trees"])["trees"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(schema=99),
        lambda body: body.update(as_of="2026-01-01T00:00:00"),
        lambda body: body["card"].update(unheard=1),
        lambda body: body["stages"].update(unheard={}),
        lambda body: body["stages"]["handed_over"].update(misses=""),
        lambda body: body["stages"]["handed_over"].update(odds=[0, "NaN", 0]),
        lambda body: body["stages"]["handed_over"].update(odds=[0, 1, 0, 0, 0]),
        lambda body: body["stages"]["handed_over"].update(averages=[]),
        lambda body: body["stages"]["handed_over"]["averages"].update(slopes={"lead": [0, 0, 1]}),
        lambda body: body["stages"]["handed_over"]["averages"].update(slopes={"unheard": [0, 1, 1]}),
        lambda body: _tree(body).update(start="Infinity"),
        lambda body: _tree(body).update(left=_tree(body)["roots"]),
        lambda body: _tree(body).update(right="/" * len(_tree(body)["right"])),
    ],
)
def test_what_fits_its_checksum_and_makes_no_sense_is_refused(content: bytes, change: Any) -> None:
    with pytest.raises(ModelUnreadable):
        read_model(_forge(content, change))


def test_what_unpacks_to_more_than_any_model_is_refused() -> None:
    with pytest.raises(ModelUnreadable, match="larger"):
        read_model(_packed(b" " * (130 * 2**20)))
