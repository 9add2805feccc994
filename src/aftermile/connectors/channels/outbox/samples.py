"""The outbox takes one of each."""

from __future__ import annotations

from aftermile.connectors.channels.example_messages import EMAIL, HOOK, PUSH, SMS, WHATSAPP
from aftermile.connectors.contracts.channel_samples import ChannelSamples

samples = ChannelSamples(outgoing=(EMAIL, SMS, WHATSAPP, PUSH, HOOK))
