"""The pictures of the demo shop's products, drawn by us: one family of shapes, a palette for each product.

`picture("ridge-28")` is a whole SVG file, without script, style sheet or anything to fetch, so that whoever
keeps a copy of it keeps all of it. Its ground is a tone of its own: it reads on a light page and on a dark one.
"""

from __future__ import annotations

from functools import cache

from aftermile.project.demo.goods import PRODUCTS
from aftermile.project.demo.pictures.camp import CAMP
from aftermile.project.demo.pictures.canvas import PALETTES, path, rect, svg
from aftermile.project.demo.pictures.carried import CARRIED
from aftermile.project.demo.pictures.worn import WORN

DRAWINGS = {**CARRIED, **WORN, **CAMP}
PICTURES = {product.slug: product for product in PRODUCTS}


@cache
def picture(slug: str) -> str:
    """Draw a product's picture.

    :raises KeyError: no product is called so.
    """
    product = PICTURES[slug]
    palette = PALETTES[product.palette]
    hills = path("M0 132 C34 106 62 116 88 126 S136 112 160 122 V160 H0 Z", palette.hill)
    ground = rect(0, 0, 160, 160, palette.ground)
    return svg(ground, hills, *DRAWINGS[product.drawing](palette), title=product.title)
