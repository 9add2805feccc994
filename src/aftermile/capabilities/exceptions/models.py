"""Rows of exceptions: what needs a person, what people did about it, and from when on."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.exceptions.states import State
from aftermile.kernel.tenancy import MerchantModel


class ShippingException(MerchantModel):
    """One thing that needs a person. The facts are those of the last verdict."""

    subject_id = models.UUIDField()  # of the parcel, or of the order where there is no parcel yet
    parcel_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    kind = models.TextField()
    reason = models.TextField()
    cause = models.TextField()
    severity = models.SmallIntegerField()
    episode = models.TextField()
    days = models.IntegerField()
    carrier = models.TextField(default="")
    sub_status = models.TextField(default="")
    since_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    unusual_from = models.DateField(null=True)
    days_late = models.IntegerField(null=True)
    promised_earliest = models.DateField(null=True)
    promised_latest = models.DateField(null=True)
    estimate_earliest = models.DateField(null=True)
    estimate_latest = models.DateField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when the facts last became others; a day more alone does not count

    state = models.TextField(choices=State, default=State.OPEN)
    assigned_to = models.UUIDField(null=True)  # a staff member
    snoozed_until = models.DateTimeField(null=True)
    snooze_reason = models.TextField(default="")
    contacted_at = models.DateTimeField(null=True)
    contacted_how = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(default="")
    ended_by = models.TextField(default="")  # who, as events name them; "" by itself
    note = models.TextField(default="")  # the newest; all are in the steps
    handled_days = models.IntegerField(null=True)  # its `days` when a person last did something about it
    revision = models.IntegerField(default=1)  # one more with each change of what people see and do
    acted_by = models.TextField(default="")
    acted_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_exception"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "subject_id", "kind"],
                condition=~models.Q(state=State.DONE),
                name="one_open_exception_per_subject_and_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "kind", "-severity", "-days"],
                condition=~models.Q(state=State.DONE),
                name="open_exceptions",
            ),
            models.Index(
                fields=["merchant_id", "ended_at"],
                condition=models.Q(state=State.DONE),
                name="ended_exceptions",
            ),
            models.Index(
                fields=["merchant_id", "snoozed_until"],
                condition=models.Q(state=State.SNOOZED),
                name="snoozed_exceptions",
            ),
            models.Index(fields=["merchant_id", "subject_id"], name="exceptions_of_subject"),
            models.Index(fields=["merchant_id", "order_id"], name="exceptions_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class ExceptionStep(MerchantModel):
    """What one person did about one exception; several of one act share its `action_id`."""

    exception = models.ForeignKey(ShippingException, models.CASCADE, db_constraint=False, db_index=False)
    action_id = models.UUIDField()
    act = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    note = models.TextField(default="")
    detail = models.JSONField(default=dict)
    before = models.JSONField(default=dict)  # what the act changed, as it was: undoing puts it back
    revision = models.IntegerField()  # of the exception, after the act
    undone_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_step"
        indexes = [
            models.Index(fields=["merchant_id", "exception", "id"], name="steps_of_exception"),
            models.Index(fields=["merchant_id", "action_id"], name="steps_of_action"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.exception_id}"


class Watch(MerchantModel):
    """How a merchant's parcels are watched: one row, which whoever judges locks, so that one follows the other."""

    thresholds = models.JSONField(default=dict)  # those that differ from the defaults
    changed_by = models.TextField(default="")
    changed_at = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True)  # the day on which all days shown were last counted
    normals_on = models.DateField(null=True)  # the day on which usual silences were last measured

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_watch"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=models.F("merchant_id")), name="one_watch_per_merchant"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class DeliveryDay(MerchantModel):
    """How the deliveries of one day fared (`figures.DayCounts`); counted anew while late scans may change it."""

    day = models.DateField()
    delivered = models.IntegerField()
    promised = models.IntegerField()
    kept = models.IntegerField()
    first_attempt = models.IntegerField()
    unaided = models.IntegerField()
    tenths = models.JSONField(default=dict)

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_delivery_day"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "day"], name="one_row_per_delivery_day")
        ]

    def __str__(self) -> str:
        return str(self.day)


class LaneNormal(MerchantModel):
    """What silence is usual on a lane, a carrier's lanes, or all (`lanes.LaneNormal`); empty parts are any."""

    carrier = models.TextField()
    service = models.TextField()
    origin_country = models.TextField()
    destination_country = models.TextField()
    parcels = models.IntegerField()
    longest_hours = models.JSONField(default=list)  # of all but the slowest 1 % to 60 %
    still_after_hours = models.FloatField()
    still_share = models.FloatField()

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_lane_normal"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "carrier", "service", "origin_country", "destination_country"],
                name="one_normal_per_lane",
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.service} {self.origin_country} {self.destination_country}"


class Incident(MerchantModel):
    """Many parcels that stand still at once, told as one thing."""

    scope = models.TextField()
    carrier = models.TextField()
    service = models.TextField(default="")
    origin_country = models.TextField(default="")
    destination_country = models.TextField(default="")
    place = models.TextField(default="")
    since_at = models.DateTimeField()  # when half of those concerned had been scanned last
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    standing = models.IntegerField()  # how many stand still now
    concerned = models.IntegerField()  # how many it ever concerned
    watched = models.IntegerField()  # how many were on their way there when it was found

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_incident"
        indexes = [
            models.Index(
                fields=["merchant_id"], condition=models.Q(ended_at__isnull=True), name="open_incidents"
            ),
            models.Index(fields=["merchant_id", "-opened_at"], name="incidents_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.carrier} {self.opened_at}"


class IncidentParcel(MerchantModel):
    """A parcel that an incident concerns: from when, and until when it moved on or the incident was over."""

    incident = models.ForeignKey(Incident, models.CASCADE, db_constraint=False, db_index=False)
    parcel_id = models.UUIDField()
    last_scan_at = models.DateTimeField()  # when it joined
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "exceptions_incident_parcel"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "incident", "parcel_id"], name="a_parcel_once_per_incident"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "parcel_id"],
                condition=models.Q(left_at__isnull=True),
                name="a_parcel_in_one_incident_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.parcel_id}"
