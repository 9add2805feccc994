"""A scan in the shopper's words: by our word for it, else by what the carrier commonly writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from aftermile.connectors.contracts.words import SubStatus
from aftermile.kernel.languages import msg

S = SubStatus

SCANS: Mapping[SubStatus, str] = {
    S.PENDING: msg("Known to the carrier"),
    S.LABEL_CREATED: msg("Announced to the carrier"),
    S.IN_TRANSIT: msg("On its way"),
    S.ACCEPTED: msg("Handed to the carrier"),
    S.ARRIVED_AT_FACILITY: msg("Arrived at the sorting center"),
    S.DEPARTED_FACILITY: msg("Left the sorting center"),
    S.ARRIVED_IN_DESTINATION_COUNTRY: msg("Arrived in the country of delivery"),
    S.CUSTOMS_STARTED: msg("Presented to customs"),
    S.CUSTOMS_CLEARED: msg("Released by customs"),
    S.PROBLEM_RESOLVED: msg("The journey goes on"),
    S.FORWARDED: msg("Forwarded to another address"),
    S.OUT_FOR_DELIVERY: msg("Out for delivery"),
    S.SHOPPER_CONTACTED: msg("The carrier has written to you about the delivery"),
    S.APPOINTMENT_SCHEDULED: msg("A time for the delivery was agreed"),
    S.AVAILABLE_FOR_PICKUP: msg("Ready to be collected"),
    S.ATTEMPT_FAILED: msg("Delivery was tried"),
    S.ADDRESSEE_UNAVAILABLE: msg("Delivery was tried, nobody was in"),
    S.BUSINESS_CLOSED: msg("Delivery was tried, the address was closed"),
    S.DELIVERED: msg("Delivered"),
    S.PICKED_UP_BY_SHOPPER: msg("Collected"),
    S.SIGNED: msg("Delivered and signed for"),
    S.COD_RECEIVED: msg("Delivered and paid for"),
    S.LEFT_WITH_NEIGHBOR: msg("Left with a neighbor"),
    S.EXCEPTION: msg("A problem was noted"),
    S.DELAYED: msg("Delayed"),
    S.PROCESSING_DELAY: msg("Sorting takes longer"),
    S.WEATHER_DELAY: msg("Held up by the weather"),
    S.LATE_FLIGHT: msg("Delayed on the way"),
    S.HELD: msg("Held by the carrier"),
    S.CUSTOMS_DELAY: msg("Held at customs"),
    S.DOCUMENTS_MISSING: msg("Papers are missing"),
    S.HELD_FOR_PAYMENT: msg("Held until a charge is paid"),
    S.ADDRESS_ISSUE: msg("The address could not be found"),
    S.SHOPPER_MOVED: msg("The address could not be found"),
    S.REFUSED: msg("Refused at the door"),
    S.PICKUP_MISSED: msg("Not collected in time"),
    S.REJECTED_BY_CARRIER: msg("Not taken by the carrier"),
    S.DAMAGED: msg("Damage was noted"),
    S.LOST: msg("Declared lost"),
    S.DISPOSED: msg("Disposed of"),
    S.RETURNING: msg("On its way back"),
    S.RETURNED: msg("Back with the sender"),
    S.CANCELLED: msg("Called off"),
    S.EXPIRED: msg("No news for a long time"),
}

# What carriers write where they give no code we know. Each row: our sentence, and the phrases that mean it, as they
# begin (case, punctuation and doubled spaces do not matter). Sources: the public status lists of the carriers and
# aggregators that have a connector here. The longest beginning wins, so that "arrived at customs" is no depot.
_PHRASES: tuple[tuple[str, str], ...] = (
    (SCANS[S.LABEL_CREATED], ("label created|shipping label created|label printed|shipment information received"
     "|shipment data received|electronic notification|pre-shipment|order data transmitted|parcel data received"
     "|die sendung wurde elektronisch angekündigt|annonce reçue")),
    (SCANS[S.ACCEPTED], ("accepted|picked up|shipment picked up|package received by carrier|collected from sender"
     "|parcel collected|received by carrier|posted|handed over to carrier|abgeholt|pris en charge")),
    (SCANS[S.ARRIVED_AT_FACILITY], ("arrived at facility|arrival at|arrived at hub|arrived at depot|arrived at sort"
     "|arrived at distribution center|arrived at delivery center|arrived at terminal|arrived at warehouse|arrival scan"
     "|inbound scan|received at depot|in depot|angekommen|arrivé")),
    (SCANS[S.DEPARTED_FACILITY], ("departed|departure|left facility|left depot|left origin|dispatched from|outbound scan"
     "|despatched|depart from")),
    (msg("Sorted"), "processed|processing|sorted|sorting|sort scan|item processed|processed at facility|bearbeitet|trié"),
    (msg("Loaded for transport"), ("loaded on vehicle|loaded onto|loaded on truck|loaded for transport|container loaded"
     "|linehaul|line haul")),
    (msg("Unloaded"), "unloaded|offloaded|container unloaded"),
    (SCANS[S.IN_TRANSIT], ("in transit|on its way|en route|in transport|moving through|forwarded to|unterwegs|in zustellung"
     " befördert|en cours d'acheminement|onderweg|in transito|en tránsito|w drodze")),
    (msg("Handed to the carrier for the last part of the way"), ("handed over to local|transferred to local"
     "|tendered to delivery|tendered to final|transferred to delivery agent|handed to partner|handed over to delivery"
     " partner|given to post office|transferred to post office")),
    (msg("At the depot that delivers it"), ("arrived at delivery|arrived at local|at local facility|at delivery depot"
     "|at destination facility|arrived at destination|received at delivery|arrived at post office")),
    (msg("Left the country it came from"), ("departed country|left the country|exported|outward office|departed from origin"
     " country|despatch from outward|departed outward")),
    (SCANS[S.ARRIVED_IN_DESTINATION_COUNTRY], ("arrived in destination country|arrival in destination|inward office"
     "|arrival at inward|imported|arrived in country")),
    (SCANS[S.CUSTOMS_STARTED], ("customs|clearance processing|clearance in progress|held for inspection|in customs"
     "|presented to customs|arrived at customs|international shipment release|import scan|zoll|dédouanement")),
    (SCANS[S.CUSTOMS_CLEARED], ("customs cleared|cleared customs|clearance completed|customs clearance completed"
     "|released by customs|customs released|customs status updated cleared|released from customs")),
    (msg("Waiting for the next flight or truck"), ("awaiting transport|awaiting flight|waiting for flight|awaiting departure"
     "|awaiting connecting")),
    (msg("At the airport"), "arrived at airport|at airport|received by airline|handed over to airline|arrived at airline"),
    (msg("In the air"), "flight departed|departed by air|airline departed|on flight|in flight"),
    (msg("On board a ship"), "vessel departed|on board vessel|loaded on vessel"),
    (msg("Weighed and measured"), "weighed|weight captured|weight capture|dimensions captured|measured"),
    (SCANS[S.OUT_FOR_DELIVERY], ("out for delivery|loaded on delivery|on vehicle for delivery|with delivery courier"
     "|with courier|on delivery vehicle|loaded on delivery vehicle|in zustellung|zustellfahrzeug|en cours de livraison"
     "|in consegna|en reparto|in bezorging|wydana do doręczenia")),
    (msg("The delivery was planned for a day"), ("delivery scheduled|scheduled for delivery|delivery planned"
     "|expected delivery|delivery date set|estimated delivery")),
    (msg("The delivery was put off"), "delivery rescheduled|rescheduled|delivery postponed|delivery date changed"),
    (msg("Wishes for the delivery were noted"), ("delivery instruction|delivery option|delivery preference"
     "|instructions received|recipient requested|receiver requested")),
    (msg("The address was corrected"), "address corrected|address updated|address changed"),
    (SCANS[S.ATTEMPT_FAILED], ("delivery attempt|attempted delivery|unsuccessful delivery|delivery failed|undeliverable"
     "|could not deliver|card left|notice left")),
    (SCANS[S.AVAILABLE_FOR_PICKUP], ("ready for pickup|ready for collection|available for pickup|available for collection"
     "|awaiting collection|held at pickup|delivered to pickup|delivered to parcel shop|delivered to parcelshop"
     "|delivered to access point|delivered to locker")),
    (msg("Back at the depot"), "returned to depot|returned to facility|back at depot|returned to station"),
    (SCANS[S.RETURNING], "return to sender|returning to sender|return initiated|being returned"),
    (SCANS[S.RETURNED], "returned to sender|returned to shipper|return delivered"),
    (SCANS[S.DELAYED], "delay|delayed|running late"),
    (msg("Taken to storage for now"), "in storage|stored|held at depot|held at location|on hold"),
    (SCANS[S.DELIVERED], "delivered|zugestellt|livré|consegnat|entregad|bezorgd|doręczon|levererad"),
)  # fmt: skip
_STARTS = sorted(
    ((start, sentence) for sentence, starts in _PHRASES for start in starts.split("|")),
    key=lambda pair: -len(pair[0]),
)
_SPACES = re.compile(r"[\s.,;:!()\-]+")
#: Before the part that tells something: "Package departed ...", "Your parcel has been sorted ...".
_SUBJECTS = re.compile(
    r"^(?:the |your |die |le |la )?(?:shipment|package|parcel|item|consignment|sendung|colis)?"
    r" ?(?:has been |has |was |is |wurde |a été )?"
)


@lru_cache(maxsize=4096)
def phrase_of(description: str) -> str:
    """Find our sentence for what a carrier wrote; "" when it is none of the common phrases."""
    written = _SPACES.sub(" ", description.casefold()).strip()
    bare = _SUBJECTS.sub("", written, count=1)
    return next(
        (sentence for start, sentence in _STARTS if bare.startswith(start) or written.startswith(start)), ""
    )
