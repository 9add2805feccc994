"""The addresses that stand in a message of the demonstration's shop."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.test import override_settings

from aftermile.capabilities.messaging.public import (
    PREFERENCES_PATH,
    UNSUBSCRIBE_PATH,
    WHY_PATH,
    MessageLink,
    PreferencesLink,
    Purpose,
    preferences_token,
    unsubscribe_token,
    why_token,
)
from aftermile.connectors.contracts.channels import Medium
from tests.browser.demonstration import Demonstration


def message_pages(demo: Demonstration, story: str = "Late") -> dict[str, str]:
    """Return the addresses in an offer to the shopper of a story, as its sender would write them."""
    merchant_id = UUID(demo.told["merchant_id"])
    email = demo.order(story).shopper.email.lower()
    ((shopper_id,),) = demo.installation.sql(
        "SELECT id FROM shoppers_shopper WHERE lower(email) = %s AND merged_into_id IS NULL", email
    )
    link = MessageLink(
        merchant_id=merchant_id,
        shopper_id=shopper_id,
        message_id=uuid4(),
        medium=Medium.EMAIL,
        purpose=Purpose.SERVICE,
    )
    mine = PreferencesLink(merchant_id=merchant_id, shopper_id=shopper_id)
    # The demonstration signs with a key of its own.
    with override_settings(SECRET_KEY=(demo.installation.data_dir / "secret.key").read_text().strip()):
        return {
            "Unsubscribe": f"{UNSUBSCRIBE_PATH}{unsubscribe_token(link)}",
            "Choices": f"{PREFERENCES_PATH}{preferences_token(mine)}",
            "Why": f"{WHY_PATH}{why_token(link)}",
        }
