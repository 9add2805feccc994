"""A hook, taken and refused."""

from __future__ import annotations

from aftermile.connectors.channels.example_messages import HOOK
from aftermile.connectors.contracts.channel_samples import Answer, ChannelSamples

samples = ChannelSamples(
    outgoing=(HOOK,),
    credentials={"secret": "whsec_c2FtcGxlIHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVz"},
    taken=Answer(status=204),
    address_is_dead=Answer(status=410),
)
