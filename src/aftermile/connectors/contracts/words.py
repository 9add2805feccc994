"""Milestones, sub-statuses and reasons: one vocabulary for every carrier.

Sources: AfterShip Tracking API 2026-07 (tags and subtags), EasyPost v2 (`status_detail`), karrio's
incident groups. The words are ours; `aftership_subtag` ties each sub-status to the field's code.
"""

from __future__ import annotations

from enum import StrEnum


class Milestone(StrEnum):
    """Where a parcel is, in the words a shopper understands."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Cause(StrEnum):
    """Who or what brought an exception about."""

    CARRIER = "carrier"
    MERCHANT = "merchant"
    SHOPPER = "shopper"
    CUSTOMS = "customs"
    WEATHER = "weather"
    UNKNOWN = "unknown"


class SubStatus(StrEnum):
    """The finer word under a milestone. Each belongs to exactly one (`milestone`)."""

    PENDING = "pending"
    LABEL_CREATED = "label_created"
    IN_TRANSIT = "in_transit"
    ACCEPTED = "accepted"
    ARRIVED_AT_FACILITY = "arrived_at_facility"
    DEPARTED_FACILITY = "departed_facility"
    ARRIVED_IN_DESTINATION_COUNTRY = "arrived_in_destination_country"
    CUSTOMS_STARTED = "customs_started"
    CUSTOMS_CLEARED = "customs_cleared"
    PROBLEM_RESOLVED = "problem_resolved"
    FORWARDED = "forwarded"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SHOPPER_CONTACTED = "shopper_contacted"
    APPOINTMENT_SCHEDULED = "appointment_scheduled"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    ADDRESSEE_UNAVAILABLE = "addressee_unavailable"
    BUSINESS_CLOSED = "business_closed"
    DELIVERED = "delivered"
    PICKED_UP_BY_SHOPPER = "picked_up_by_shopper"
    SIGNED = "signed"
    COD_RECEIVED = "cod_received"
    LEFT_WITH_NEIGHBOR = "left_with_neighbor"
    EXCEPTION = "exception"
    SHOPPER_MOVED = "shopper_moved"
    REFUSED = "refused"
    CUSTOMS_DELAY = "customs_delay"
    DELAYED = "delayed"
    HELD_FOR_PAYMENT = "held_for_payment"
    ADDRESS_ISSUE = "address_issue"
    PICKUP_MISSED = "pickup_missed"
    REJECTED_BY_CARRIER = "rejected_by_carrier"
    DAMAGED = "damaged"
    LOST = "lost"
    PROCESSING_DELAY = "processing_delay"
    WEATHER_DELAY = "weather_delay"
    DOCUMENTS_MISSING = "documents_missing"
    LATE_FLIGHT = "late_flight"
    HELD = "held"
    DISPOSED = "disposed"
    RETURNING = "returning"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def milestone(self) -> Milestone:
        return _TABLE[self][0]

    @property
    def aftership_subtag(self) -> str:
        return _TABLE[self][1]

    @property
    def cause(self) -> Cause | None:
        """Who caused it, for those that are troubles; None for the rest."""
        return _TABLE[self][2]

    @classmethod
    def of_aftership(cls, subtag: str) -> SubStatus | None:
        """Find the sub-status of an AfterShip subtag (`Exception_013`); None when not listed."""
        return _BY_SUBTAG.get(subtag)


_M = Milestone
_TABLE: dict[SubStatus, tuple[Milestone, str, Cause | None]] = {
    SubStatus.PENDING: (_M.PENDING, "Pending_001", None),
    SubStatus.LABEL_CREATED: (_M.INFO_RECEIVED, "InfoReceived_001", None),
    SubStatus.IN_TRANSIT: (_M.IN_TRANSIT, "InTransit_001", None),
    SubStatus.ACCEPTED: (_M.IN_TRANSIT, "InTransit_002", None),
    SubStatus.ARRIVED_AT_FACILITY: (_M.IN_TRANSIT, "InTransit_003", None),
    SubStatus.ARRIVED_IN_DESTINATION_COUNTRY: (_M.IN_TRANSIT, "InTransit_004", None),
    SubStatus.CUSTOMS_CLEARED: (_M.IN_TRANSIT, "InTransit_005", None),
    SubStatus.CUSTOMS_STARTED: (_M.IN_TRANSIT, "InTransit_006", None),
    SubStatus.DEPARTED_FACILITY: (_M.IN_TRANSIT, "InTransit_007", None),
    SubStatus.PROBLEM_RESOLVED: (_M.IN_TRANSIT, "InTransit_008", None),
    SubStatus.FORWARDED: (_M.IN_TRANSIT, "InTransit_009", None),
    SubStatus.OUT_FOR_DELIVERY: (_M.OUT_FOR_DELIVERY, "OutForDelivery_001", None),
    SubStatus.SHOPPER_CONTACTED: (_M.OUT_FOR_DELIVERY, "OutForDelivery_003", None),
    SubStatus.APPOINTMENT_SCHEDULED: (_M.OUT_FOR_DELIVERY, "OutForDelivery_004", None),
    SubStatus.AVAILABLE_FOR_PICKUP: (_M.AVAILABLE_FOR_PICKUP, "AvailableForPickup_001", None),
    SubStatus.ATTEMPT_FAILED: (_M.ATTEMPT_FAILED, "AttemptFail_001", Cause.UNKNOWN),
    SubStatus.ADDRESSEE_UNAVAILABLE: (_M.ATTEMPT_FAILED, "AttemptFail_002", Cause.SHOPPER),
    SubStatus.BUSINESS_CLOSED: (_M.ATTEMPT_FAILED, "AttemptFail_003", Cause.SHOPPER),
    SubStatus.DELIVERED: (_M.DELIVERED, "Delivered_001", None),
    SubStatus.PICKED_UP_BY_SHOPPER: (_M.DELIVERED, "Delivered_002", None),
    SubStatus.SIGNED: (_M.DELIVERED, "Delivered_003", None),
    SubStatus.COD_RECEIVED: (_M.DELIVERED, "Delivered_004", None),
    SubStatus.LEFT_WITH_NEIGHBOR: (_M.DELIVERED, "Delivered_005", None),
    SubStatus.EXCEPTION: (_M.EXCEPTION, "Exception_001", Cause.UNKNOWN),
    SubStatus.SHOPPER_MOVED: (_M.EXCEPTION, "Exception_002", Cause.SHOPPER),
    SubStatus.REFUSED: (_M.EXCEPTION, "Exception_003", Cause.SHOPPER),
    SubStatus.CUSTOMS_DELAY: (_M.EXCEPTION, "Exception_004", Cause.CUSTOMS),
    SubStatus.DELAYED: (_M.EXCEPTION, "Exception_005", Cause.CARRIER),
    SubStatus.HELD_FOR_PAYMENT: (_M.EXCEPTION, "Exception_006", Cause.SHOPPER),
    SubStatus.ADDRESS_ISSUE: (_M.EXCEPTION, "Exception_007", Cause.SHOPPER),
    SubStatus.PICKUP_MISSED: (_M.EXCEPTION, "Exception_008", Cause.SHOPPER),
    SubStatus.REJECTED_BY_CARRIER: (_M.EXCEPTION, "Exception_009", Cause.MERCHANT),
    SubStatus.DAMAGED: (_M.EXCEPTION, "Exception_012", Cause.CARRIER),
    SubStatus.LOST: (_M.EXCEPTION, "Exception_013", Cause.CARRIER),
    SubStatus.PROCESSING_DELAY: (_M.EXCEPTION, "Exception_016", Cause.CARRIER),
    SubStatus.WEATHER_DELAY: (_M.EXCEPTION, "Exception_017", Cause.WEATHER),
    SubStatus.DOCUMENTS_MISSING: (_M.EXCEPTION, "Exception_018", Cause.MERCHANT),
    SubStatus.LATE_FLIGHT: (_M.EXCEPTION, "Exception_019", Cause.CARRIER),
    # AfterShip has no code of its own for "held": it reports these under the general one.
    SubStatus.HELD: (_M.EXCEPTION, "Exception_001", Cause.CARRIER),
    SubStatus.DISPOSED: (_M.EXCEPTION, "Exception_021", Cause.CARRIER),
    SubStatus.RETURNING: (_M.RETURNING, "Exception_010", Cause.UNKNOWN),
    SubStatus.RETURNED: (_M.RETURNED, "Exception_011", Cause.UNKNOWN),
    SubStatus.CANCELLED: (_M.CANCELLED, "Exception_020", Cause.MERCHANT),
    SubStatus.EXPIRED: (_M.EXPIRED, "Expired_001", Cause.CARRIER),
}
_BY_SUBTAG = {row[1]: sub for sub, row in reversed(_TABLE.items())}
