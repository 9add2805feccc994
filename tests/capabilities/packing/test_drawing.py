"""The picture and the steps of a packed box say the same."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring

from aftermile.capabilities.packing.drawing import MOST_DRAWN, draw
from aftermile.capabilities.packing.fitting.choosing import choose
from aftermile.capabilities.packing.fitting.words import Box, Item, Packed, Placed
from aftermile.capabilities.packing.steps import Layer, Put, Way, layers

BOX = Box(key="box", length=200, width=100, height=100)
BRICK = Item(key="brick", length=100, width=100, height=50, quantity=3)


def test_layers_begin_at_the_floor_and_say_how_each_thing_lies() -> None:
    packed = Packed(
        box=BOX,
        placed=(
            Placed(1, 0, 0, 50, 80, 60, 20),
            Placed(0, 0, 0, 0, 100, 100, 50),
            Placed(0, 100, 0, 0, 100, 100, 50),
            Placed(1, 100, 0, 50, 20, 60, 80),
        ),
    )
    book = Item(key="book", length=80, width=60, height=20, quantity=2)

    assert layers(packed, [BRICK, book]) == (
        Layer(height_mm=0, puts=(Put(item=0, count=2, way=Way.UPRIGHT),)),
        Layer(
            height_mm=50,
            puts=(Put(item=1, count=1, way=Way.UPRIGHT), Put(item=1, count=1, way=Way.ON_END)),
        ),
    )


def test_each_thing_is_drawn_with_its_number_and_the_label_is_plain_text() -> None:
    (packed,) = choose([BRICK], [BOX]).packed
    drawing = fromstring(draw(packed, label='A "box" <script>'))

    assert drawing.get("aria-label") == 'A "box" <script>'
    assert [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")] == ["1", "1", "1"]


def test_what_stands_in_front_is_drawn_after_what_it_hides() -> None:
    behind, front, above = (
        Placed(0, 0, 0, 0, 10, 10, 10),
        Placed(1, 10, 0, 0, 10, 10, 10),
        Placed(2, 0, 0, 10, 20, 10, 5),
    )
    packed = Packed(box=BOX, placed=(above, front, behind))
    drawing = fromstring(draw(packed, label="box"))

    assert [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")] == ["1", "2", "3"]


def test_more_than_can_be_seen_is_not_drawn() -> None:
    many = tuple(Placed(0, n, 0, 0, 1, 1, 1) for n in range(MOST_DRAWN + 1))

    assert draw(Packed(box=BOX, placed=many), label="box") == ""
