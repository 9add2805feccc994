"""What the demo shop sells."""

from __future__ import annotations

from dataclasses import dataclass

SHOP = "Fjell & Field"
SHOP_DOMAIN = "fjell-and-field.myshopify.example"


@dataclass(frozen=True, slots=True)
class Product:
    """`drawing` and `palette` are what its picture is made of (`demo.pictures`)."""

    number: int
    slug: str
    title: str
    kind: str
    variants: tuple[str, ...]
    price_minor: int
    weight_grams: int
    drawing: str
    palette: str

    def sku(self, variant: str) -> str:
        return f"FF-{self.number}-{self.variants.index(variant) + 1}"


def _product(line: str) -> Product:
    number, slug, title, kind, variants, price, grams, drawing, palette = map(str.strip, line.split("|"))
    choices = tuple(each.strip() for each in variants.split("/"))
    return Product(int(number), slug, title, kind, choices, int(price), int(grams), drawing, palette)


# Number, slug, title, kind, variants, price in cents, weight in grams, drawing, palette.
_RANGE = """
101 | ridge-28 | Ridge 28 backpack | Packs | Moss green/Slate | 12900 | 980 | backpack | moss
102 | bottle-075 | Steel bottle, 0.75 l | Kitchen | Brushed/Black | 2900 | 310 | bottle | lake
103 | larch-2 | Larch tent for two | Tents | Sand | 34900 | 2450 | tent | sand
104 | larch-poles | Tent poles, spare set | Tents | Aluminum | 5900 | 520 | tent poles | steel
105 | merino-shirt | Merino shirt | Clothing | S/M/L/XL | 7900 | 190 | shirt | rust
106 | skur-jacket | Rain jacket Skur | Clothing | S, blue/M, blue/L, blue/M, red | 18900 | 420 | jacket | lake
107 | wool-socks | Wool socks, three pairs | Clothing | 36-39/40-43/44-47 | 3400 | 210 | socks | berry
108 | camp-stove | Camp stove | Kitchen | One size | 6400 | 340 | stove | slate
109 | head-torch | Head torch 400 | Light | Black | 4900 | 95 | head torch | slate
110 | bag-minus-5 | Sleeping bag to -5 °C | Sleeping | Regular/Long | 21900 | 1150 | sleeping bag | dusk
111 | map-case | Map case | On the way | A4 | 1900 | 120 | mapcase | moss
112 | trekking-poles | Trekking poles, pair | On the way | Carbon/Aluminum | 8900 | 480 | trekking poles | rust
113 | strand-14 | Strand 14 daypack | Packs | Rust/Lake | 6900 | 430 | daypack | rust
114 | dry-bag | Dry bag, 20 l | Packs | Orange/Blue | 2600 | 160 | drybag | lake
115 | tarp | Tarp, 3 by 3 m | Tents | Olive | 9900 | 690 | tarp | moss
116 | fleece-dun | Fleece Dun | Clothing | S/M/L/XL | 8900 | 330 | fleece | sand
117 | beanie | Ribbed beanie | Clothing | Moss/Berry/Ash | 2400 | 70 | beanie | berry
118 | boots-hei | Walking boots Hei | Clothing | 38/40/42/44 | 16900 | 1240 | boots | sand
119 | mat | Sleeping mat | Sleeping | Regular/Wide | 7400 | 460 | mat | dusk
120 | hammock | Hammock Lund | Sleeping | Sand/Lake | 5400 | 510 | hammock | lake
121 | pot | Cooking pot, 1.4 l | Kitchen | Steel | 4200 | 390 | pot | steel
122 | mug | Enamel mug | Kitchen | Cream/Green/Navy | 1400 | 130 | mug | moss
123 | spork | Titanium spork | Kitchen | One size | 1200 | 18 | spork | steel
124 | lantern | Lantern Varde | Light | Green/Gray | 3900 | 260 | lantern | moss
125 | compass | Compass | On the way | One size | 3200 | 60 | compass | rust
"""
PRODUCTS = tuple(_product(line) for line in _RANGE.strip().splitlines())
