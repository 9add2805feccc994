"""Make the demonstration's shop: its connections, its brand, and the people who work there."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from aftermile.capabilities.brands.public import change_brand, set_logo
from aftermile.capabilities.team.public import (
    ABOUT,
    Role,
    add_member,
    create_account,
    person_by_email,
)
from aftermile.intake.public import connect
from aftermile.kernel.access import create_key
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import create_merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo.goods import SHOP, SHOP_DOMAIN
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.offers import set_up_shipping
from aftermile.project.demo.pictures.logo import LOGO
from aftermile.project.demo.shelf import fill_shelf
from aftermile.project.demo.webhook import Sender

if TYPE_CHECKING:
    from aftermile.kernel.merchants import MerchantView

SEED = 2026
BY = "demo"
_STAFF_DOMAIN = "fjell-and-field.example"
_STAFF = {
    Role.OWNER: "Ragnhild Moe",
    Role.OPERATIONS: "Jonas Dahl",
    Role.CARE: "Mina Okafor",
    Role.MARKETING: "Lucía Ferrer",
    Role.WAREHOUSE: "Oskar Berg",
    Role.ANALYST: "Priya Raman",
    Role.READ_ONLY: "Thomas Vogel",
}


def make_shop(*, start: datetime, begins_at: datetime, days: int) -> Memory:
    """Make the shop as it was before its first order.

    :param start: the moment at which its visitors come.
    :param begins_at: the moment its history begins.
    """
    merchant = create_merchant(
        name=SHOP, time_zone="Europe/Berlin", currency="EUR", country="DE", language="en", at=begins_at
    )
    keys = {sender.value: secrets.token_urlsafe(24) for sender in Sender}
    with merchant_scope(merchant.id):
        made = {
            Sender.STOREFRONT.value: connect(
                connector="shopify",
                name="Simulated shop",
                credentials={
                    "shop_domain": SHOP_DOMAIN,
                    "secret": keys[Sender.STOREFRONT],
                    "currency": "EUR",
                },
                by=BY,
                at=begins_at,
            ),
            Sender.CARRIERS.value: connect(
                connector="aftership",
                name="Simulated carriers",
                credentials={"webhook_secret": keys[Sender.CARRIERS]},
                by=BY,
                at=begins_at,
            ),
        }
        _, api_key = create_key(name="demonstration", scopes=["*"], at=begins_at)
        _brand(begins_at)
        set_up_shipping(start=start, by=BY, at=begins_at)
        fill_shelf(by=BY, at=begins_at)
    password = f"{secrets.token_urlsafe(9)}-walk"
    return Memory(
        merchant_id=str(merchant.id),
        shop=merchant.name,
        api_key=api_key,
        addresses={sender: view.address for sender, view in made.items()},
        secrets=keys,
        connections={sender: public_id("con", view.id) for sender, view in made.items()},
        seed=SEED,
        start=start.replace(microsecond=0).isoformat(),
        days=days,
        staff=_staff(merchant, password=password, at=begins_at),
        sign_in_password=password,
    )


def _brand(at: datetime) -> None:
    set_logo(content=LOGO.encode(), by=BY, at=at)
    site = "https://fjell-and-field.example"
    change_brand(
        by=BY,
        at=at,
        accent="#2f6b4f",
        radius_px=14,
        tone="warm",
        footer_links=[
            {"label": "Returns: 60 days, free", "url": f"{site}/returns"},
            {"label": "Repairs", "url": f"{site}/repairs"},
            {"label": "Privacy", "url": f"{site}/privacy"},
        ],
        support_name="Mina and the care team",
        support_email=f"help@{_STAFF_DOMAIN}",
        support_phone="+49 30 23125 000",  # kept free for films and books by the Bundesnetzagentur
        support_url=f"{site}/contact",
        support_hours="Monday to Friday, 9 to 17",
        support_address="Musterweg 12\n99999 Beispielstadt\nGermany",
    )


def _staff(merchant: MerchantView, *, password: str, at: datetime) -> list[dict[str, str]]:
    people = []
    for role, name in _STAFF.items():
        email = f"{name.split()[0].lower().replace('í', 'i')}@{_STAFF_DOMAIN}"
        # The account may be there from a shop that was made before.
        person = person_by_email(email) or create_account(email=email, name=name, password=password, at=at)
        with merchant_scope(merchant.id):
            add_member(user_id=person.id, role=role, at=at)
        people.append({"role": role.value, "name": name, "email": email, "about": ABOUT[role]})
    return people
