"""A notification, taken and refused."""

from __future__ import annotations

from aftermile.connectors.channels.example_messages import PUSH
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples

samples = ChannelSamples(
    outgoing=(PUSH,),
    credentials={
        # Made for this file with `new_vapid_key`; it vouches for nobody.
        "private_key": """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsOol4M5xVxyJc4T9
JeHw5TUQP6TG540DjkwXszLltZyhRANCAATx1MWhwecIkEzyD53j/S8yFvmD6U12
hQG2k7a2eg37N4KXiz381m5WpbiKIkOfRdtfyRhl0pk3WY8kN+iypiFM
-----END PRIVATE KEY-----
""",
        "subject": "mailto:shop@shop.example",
    },
    taken=Answer(status=201, headers={"location": "https://push.example/m/abc"}),
    external_id="abc",
    address_is_dead=Answer(status=410, body=b"push subscription has unsubscribed or expired"),
)
