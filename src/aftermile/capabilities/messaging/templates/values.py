"""What a template sees: plain values, ready in the shopper's words. Everything that may be missing says so.

Names in Liquid are the names here (`order.lines`, `shop.support.email`). What is "" or an empty tuple reads as nil, so
that `{% if shopper.first_name %}` and `| default:` mean what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar

from markupsafe import Markup

_NO_MARKUP = Markup("")


class Seen:
    """What Liquid may read of an object: the fields of its dataclass, and nothing else."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __getitem__(self, name: str) -> object:
        if name not in self.__dataclass_fields__:
            raise KeyError(name)
        value = getattr(self, name)
        return None if value == "" or value == () else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Seen):
    """`address` is whole; sizes are CSS pixels."""

    address: str
    alt: str = ""
    width: int = 64
    height: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Seen):
    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Colors(Seen):
    """A brand's colors on light and dark paper, computed so that everything on them can be read."""

    accent: str
    on_accent: str
    ink: str  # the accent as text
    wash: str
    dark_accent: str
    dark_on_accent: str
    dark_ink: str
    dark_wash: str
    plate: str = "transparent"
    dark_plate: str = "transparent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support(Seen):
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""  # of a help page
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop(Seen):
    name: str
    colors: Colors
    radius_px: int
    font: str
    logo: Picture | None = None
    home: str = ""
    footer_links: tuple[Link, ...] = ()
    support: Support | None = None
    postal_address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper(Seen):
    first_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Seen):
    """`price` is of the whole line, in words."""

    title: str
    quantity: int
    variant: str = ""
    price: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Seen):
    """Amounts and days in words. `window` is what was promised."""

    number: str
    lines: tuple[Line, ...] = ()
    placed_on: str = ""
    subtotal: str = ""
    discount: str = ""
    shipping: str = ""
    tax: str = ""
    total: str = ""
    window: str = ""
    ship_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Seen):
    """A milestone on the way; `is_done` also of the one that is reached now."""

    name: str
    at: str = ""
    is_done: bool = False
    is_now: bool = False
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(Seen):
    """`window` is when it is expected, `place` where it waits or was left, both in words."""

    milestone: str
    carrier: str = ""
    number: str = ""
    address: str = ""
    window: str = ""
    hours: str = ""
    place: str = ""
    delivered_on: str = ""
    reason: str = ""
    steps: tuple[Step, ...] = ()
    titles: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNews(Seen):
    """One of several orders in one message. `title` names it, `standing` is where it is, both in words."""

    number: str
    title: str
    address: str = ""  # of its tracking page
    standing: str = ""
    window: str = ""
    lines: tuple[Line, ...] = ()
    titles: str = ""  # of its lines, in one text


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(Seen):
    """Whole addresses. `why` tells why the message was sent."""

    tracking_page: str = ""
    preferences: str = ""
    unsubscribe: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Seen):
    """A guide, care tip or video."""

    title: str
    address: str
    summary: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Seen):
    title: str
    address: str
    price: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Seen):
    balance: str
    earned: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Seen):
    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Seen):
    question: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Seen):
    """Something given: `worth` ("10 %", "5 €") and `until` in words."""

    worth: str
    code: str = ""
    until: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values(Seen):
    """Everything a template sees. `extra` holds what a journey or a later room brings along: plain JSON.

    `orders` are there in a message about several; `order` is then only a number, that of the first.
    """

    shop: Shop
    shopper: Shopper = Shopper()
    order: Order | None = None
    orders: tuple[OrderNews, ...] = ()
    parcel: Parcel | None = None
    parcels: tuple[Parcel, ...] = ()
    links: Links = Links()
    content: tuple[Content, ...] = ()
    recommendation: tuple[Product, ...] = ()
    points: Points | None = None
    survey: Survey | None = None
    offer: Offer | None = None
    product: Product | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    #: Gmail's mark-up: a whole script element, or nothing.
    markup: Markup = _NO_MARKUP

    def names(self) -> dict[str, object]:
        """Return the values by the names a template calls them."""
        return {name: self[name] for name in NAMES}


NAMES = tuple(each.name for each in fields(Values))
