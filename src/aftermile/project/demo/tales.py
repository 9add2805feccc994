"""One sentence on each order of the cast, by its title."""

from __future__ import annotations

TALES = {
    "On time": "On its way across a border, with the carrier's own day beside the promise.",
    "Out for delivery": "On the van at the start, and delivered five minutes later.",
    "Late": "A strike at the sorting center: what it means, and the new day.",
    "Lost": "Bad news first, with what to do. Its webhooks came backwards.",
    "Split into two parcels": "One is here, the other is still to come.",
    "Refused": "Not accepted at the door. One of its scans has a code nobody knows.",
    "Returned to sender": "The address was not complete, so it went back, and the money too.",
    "Delivered to a neighbor": "Delivered, and where to look. Every webhook came twice.",
    "Held at customs": "Across the Channel, waiting for papers.",
    "Waiting at a pick-up point": "Where it waits, and what to bring.",
    "Cancelled": "Called off before it was packed, with the money given back.",
    "Just ordered": "Nothing to see yet, said kindly.",
    "Held up by a storm": "Nobody's fault, and when the roads are open again.",
    "Damaged on the way": "It cannot be delivered. What the shop does about it.",
    "Packed, and never scanned": "The shop says it is sent; no carrier has seen it for three days.",
}
