"""One message of each kind, for samples and trials."""

from __future__ import annotations

from datetime import UTC, datetime

from aftermile.connectors.contracts.channels import Email, Hook, Medium, Push, Sender, ShortText

REFERENCE = "msg_01jh8x7v1mf3qav9c2tnyw5zke"

EMAIL = Email(
    message_id="019a0000000070008000000000000001@shop.example",
    sender=Sender(address="hello@shop.example", name="Bücher & Café", reply_to="help@shop.example"),
    to="ann@example.com",
    to_name="Ann",
    subject="Your parcel is on its way – übermorgen",
    text="Good day, Ann.\n",
    html="<p>Good day, Ann.</p>\n",
    one_click_url="https://shop.example/u/abc",
    reference=REFERENCE,
)
SMS = ShortText(
    medium=Medium.SMS,
    to="+4915112345678",
    sender="+4915187654321",
    text="Your parcel is here.",
    reference=REFERENCE,
)
WHATSAPP = ShortText(
    medium=Medium.WHATSAPP,
    to="+4915112345678",
    sender="+4915187654321",
    template_name="HX00000000000000000000000000000001",
    variables={"1": "Ann"},
    reference=REFERENCE,
)
PUSH = Push(
    endpoint="https://push.example/subscription/1",
    # The example of RFC 8291, 5.
    p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth="BTBZMqHH6r4Tts7J_aSIgg",
    title="On its way",
    body="It comes on Friday.",
    url="https://shop.example/t/abc",
    topic="par_1",
    reference=REFERENCE,
)
HOOK = Hook(
    url="https://program.example/hooks",
    kind="journey.step",
    occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
    payload={"order_id": "ord_1"},
    reference=REFERENCE,
)
