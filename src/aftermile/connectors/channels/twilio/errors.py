"""Twilio's words and what they mean here.

Source: Twilio, "Error and Warning Dictionary" and "Message resource" (status values).
"""

from __future__ import annotations

from aftermile.connectors.contracts.channels import Fate

# None: known, and moves nothing.
STATUSES: dict[str, Fate | None] = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": Fate.TAKEN,
    "delivered": Fate.DELIVERED,
    "read": Fate.OPENED,
    "undelivered": Fate.BOUNCED,
    "failed": Fate.REJECTED,
    "canceled": Fate.REJECTED,
}

# No message will ever arrive at the number.
ADDRESS_IS_DEAD = {
    "21211": "not a telephone number",
    "21214": "cannot be reached",
    "21217": "not a telephone number",
    "21614": "not a mobile number",
    "21635": "a landline",
    "30005": "unknown, or no longer in service",
    "30006": "a landline, or a carrier that cannot be reached",
    "63024": "not on WhatsApp",
}

# The shopper has said STOP to this sender.
UNSUBSCRIBED = frozenset({"21610"})

# Ours to mend (account, sender, permissions) or a matter of patience: the message may be tried again.
LATER = frozenset(
    {
        "20003",  # not signed in
        "20005",  # account not active
        "20429",  # too many requests
        "21408",  # region not permitted
        "21606",  # our number cannot send
        "21608",  # trial account, number not verified
        "21611",  # our number's queue is full
        "21612",  # no route between the two numbers
        "30001",  # queue overflow
        "30002",  # account suspended
        "63018",  # rate limit of the WhatsApp channel
        "63020",  # business not verified
    }
)

# Source: Twilio, "Advanced Opt-Out" (default keywords). With it, Twilio says OptOutType itself.
STOP_WORDS = frozenset("STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT".split())
START_WORDS = frozenset("START UNSTOP YES".split())
