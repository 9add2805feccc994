"""What the demo shop sells."""

from __future__ import annotations

from dataclasses import dataclass

SHOP = "Fjell & Field"
SHOP_DOMAIN = "fjell-and-field.myshopify.example"


@dataclass(frozen=True, slots=True)
class Product:
    number: int
    title: str
    variants: tuple[str, ...]
    price_minor: int
    weight_grams: int

    def sku(self, variant: str) -> str:
        return f"FF-{self.number}-{variant[:3].upper()}"


PRODUCTS = (
    Product(101, "Ridge 28 backpack", ("Moss green", "Slate"), 12900, 980),
    Product(102, "Steel bottle, 0.75 l", ("Brushed", "Black"), 2900, 310),
    Product(103, "Larch tent for two", ("Sand",), 34900, 2450),
    Product(104, "Tent poles, spare set", ("Aluminum",), 5900, 520),
    Product(105, "Merino shirt", ("S", "M", "L", "XL"), 7900, 190),
    Product(106, "Rain jacket Skur", ("S, blue", "M, blue", "L, blue", "M, red"), 18900, 420),
    Product(107, "Wool socks, three pairs", ("36-39", "40-43", "44-47"), 3400, 210),
    Product(108, "Camp stove", ("One size",), 6400, 340),
    Product(109, "Head torch 400", ("Black",), 4900, 95),
    Product(110, "Sleeping bag to -5 °C", ("Regular", "Long"), 21900, 1150),
    Product(111, "Map case", ("A4",), 1900, 120),
    Product(112, "Trekking poles, pair", ("Carbon", "Aluminum"), 8900, 480),
)
