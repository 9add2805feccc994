"""What a key may be allowed."""

from __future__ import annotations

#: Every scope with what it allows, in a few words.
SCOPES = {
    "orders:read": "read orders and their refunds",
    "orders:write": "record orders and refunds",
    "shoppers:read": "read and export shoppers",
    "shoppers:write": "record and erase shoppers",
    "products:read": "read products",
    "products:write": "record products",
    "shipments:read": "read shipments, parcels and tracking events; list and detect couriers",
    "shipments:write": "record shipments, parcels and tracking events",
    "promises:read": "quote deliveries before the purchase",
    "content:read": "read articles and their versions",
    "content:write": "write, publish and archive articles",
    "connections:read": "read connections and what came in through them",
    "connections:write": "make and disable connections, replay inbound records",
    "events:read": "read the event feed",
    "messages:write": "tell what became of messages to shoppers",
    "journeys:read": "read journeys, who is on them, and the tasks they ask of staff; play journeys",
    "journeys:write": "write, publish and switch journeys, finish tasks",
    "segments:read": "read segments and who is in them",
    "segments:write": "make, change and archive segments",
    "insights:read": "read scorecards",
    "packing:read": "read boxes and sizes, plan how to pack, packing slips",
    "packing:write": "keep boxes and sizes, note what an order was packed in",
    "webhooks:read": "read webhook endpoints and what was sent to them",
    "webhooks:write": "make, change and remove webhook endpoints, send again",
    "keys:read": "list API keys",
    "keys:write": "make and revoke API keys",
}
