"""What InPost's statuses mean.

Source: InPost ShipX API, "Statuses" (`GET /v1/statuses`).
"""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.contracts.words import SubStatus

STATUSES: Mapping[str, SubStatus] = {
    **dict.fromkeys(("created", "offers_prepared", "offer_selected"), SubStatus.PENDING),
    "confirmed": SubStatus.LABEL_CREATED,
    **dict.fromkeys(
        (
            "dispatched_by_sender",
            "dispatched_by_sender_to_pok",
            "collected_from_sender",
            "taken_by_courier",
            "taken_by_courier_from_pok",
        ),
        SubStatus.ACCEPTED,
    ),
    **dict.fromkeys(
        ("adopted_at_source_branch", "adopted_at_sorting_center", "adopted_at_target_branch"),
        SubStatus.ARRIVED_AT_FACILITY,
    ),
    **dict.fromkeys(("sent_from_source_branch", "sent_from_sorting_center"), SubStatus.DEPARTED_FACILITY),
    **dict.fromkeys(
        ("unstack_from_box_machine", "unstack_from_customer_service_point"), SubStatus.IN_TRANSIT
    ),
    **dict.fromkeys(("redirect_to_box", "readdressed"), SubStatus.FORWARDED),
    **dict.fromkeys(("out_for_delivery", "out_for_delivery_to_address"), SubStatus.OUT_FOR_DELIVERY),
    **dict.fromkeys(
        (
            "ready_to_pickup",
            "ready_to_pickup_from_pok",
            "ready_to_pickup_from_pok_registered",
            "ready_to_pickup_from_branch",
            "pickup_reminder_sent",
            "stack_in_box_machine",
            "stack_in_customer_service_point",
            "courier_avizo_in_customer_service_point",
        ),
        SubStatus.AVAILABLE_FOR_PICKUP,
    ),
    "delivered": SubStatus.DELIVERED,
    **dict.fromkeys(
        ("avizo", "pickup_reminder_sent_address", "undelivered_unknown_receiver"),
        SubStatus.ADDRESSEE_UNAVAILABLE,
    ),
    **dict.fromkeys(
        ("undelivered", "undelivered_no_mailbox", "undelivered_lack_of_access_letterbox"),
        SubStatus.ATTEMPT_FAILED,
    ),
    **dict.fromkeys(
        ("undelivered_wrong_address", "undelivered_incomplete_address", "undelivered_not_live_address"),
        SubStatus.ADDRESS_ISSUE,
    ),
    "undelivered_cod_cash_receiver": SubStatus.HELD_FOR_PAYMENT,
    "rejected_by_receiver": SubStatus.REFUSED,
    **dict.fromkeys(
        (
            "pickup_time_expired",
            "stack_parcel_pickup_time_expired",
            "stack_parcel_in_box_machine_pickup_time_expired",
        ),
        SubStatus.PICKUP_MISSED,
    ),
    "delay_in_delivery": SubStatus.DELAYED,
    "oversized": SubStatus.HELD,
    "taken_by_courier_from_customer_service_point": SubStatus.RETURNING,
    **dict.fromkeys(("returned_to_sender", "return_pickup_confirmation_to_sender"), SubStatus.RETURNED),
    "canceled": SubStatus.CANCELLED,
}
# Complaints and changes of mind say nothing about where the parcel is; two are the list's own placeholders.
INFORMATIONAL = frozenset({"claimed", "canceled_redirect_to_box", "other", "missing"})
