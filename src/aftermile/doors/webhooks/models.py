"""Rows of outgoing webhooks: endpoints, what is to be sent to them, and each attempt."""

from __future__ import annotations

from django.db import models

from aftermile.doors.webhooks.states import EndpointStatus, Format, MessageStatus
from aftermile.kernel.tenancy import MerchantModel


class Endpoint(MerchantModel):
    """An address of a merchant that wants to hear of events, and how it fares."""

    url = models.TextField()
    description = models.TextField(default="")
    format = models.TextField(default=Format.STANDARD.value)
    event_types = models.JSONField(default=list)  # none: all of them
    sealed_secrets = models.BinaryField()  # "current", and "previous" while it still signs
    previous_signs_until = models.DateTimeField(null=True)
    sealed_headers = models.BinaryField()  # sealed, for they mostly carry a password
    status = models.TextField(default=EndpointStatus.ACTIVE.value)
    disabled_reason = models.TextField(default="")
    disabled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    # How it fares, all from its attempts.
    failures = models.IntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    resting_until = models.DateTimeField(null=True)  # nothing is sent before

    # Who is sending to it: one process at a time, until the lease is over or given back.
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)  # the soonest job that is planned for it

    class Meta(MerchantModel.Meta):
        db_table = "webhooks_endpoint"

    def __str__(self) -> str:
        return self.url


class Resending(MerchantModel):
    """All failed messages of an endpoint on their way back into the line, some at a time."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, db_constraint=False, db_index=False)
    total = models.IntegerField()
    put_back = models.IntegerField(default=0)
    behind = models.UUIDField(null=True)  # the last message that was looked at
    until = models.UUIDField()  # the newest that had failed when this began
    by = models.TextField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")  # why it ended early

    class Meta(MerchantModel.Meta):
        db_table = "webhooks_resending"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint"],
                name="one_resending_per_endpoint",
                condition=models.Q(finished_at=None),
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "endpoint", "id"], name="resendings_of_endpoint")]

    def __str__(self) -> str:
        return f"{self.put_back} of {self.total}"


class Message(MerchantModel):
    """One event for one endpoint, with the body that every attempt sends. Its id is the `webhook-id`."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, db_constraint=False, db_index=False)
    event_id = models.UUIDField()
    type = models.TextField()
    body = models.TextField()  # "" once erased with the shopper it told of: never sent again
    status = models.TextField(default=MessageStatus.PENDING.value)
    tries = models.IntegerField(default=0)  # attempts since it was put in line
    queued_at = models.DateTimeField()  # put in line, the last time
    next_attempt_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "webhooks_message"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "endpoint", "event_id"], name="one_message_per_endpoint_and_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "endpoint", "next_attempt_at", "id"],
                name="messages_due",
                condition=models.Q(status="pending"),
            ),
            models.Index(fields=["merchant_id", "endpoint", "id"], name="messages_of_endpoint"),
            models.Index(
                fields=["merchant_id", "endpoint", "id"],
                name="failed_messages_of_endpoint",
                condition=models.Q(status="failed"),
            ),
            models.Index(fields=["merchant_id", "created_at"], name="messages_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.status}"


class Attempt(MerchantModel):
    """One try to send a message, and what came of it."""

    message = models.ForeignKey(Message, models.CASCADE, db_constraint=False, db_index=False)
    begun_at = models.DateTimeField()
    duration_ms = models.IntegerField()
    status_code = models.IntegerField(null=True)  # none: no answer
    error = models.TextField(default="")  # why there was no answer, in one word
    detail = models.TextField(default="")  # the same in a sentence
    response_excerpt = models.TextField(default="")

    class Meta(MerchantModel.Meta):
        db_table = "webhooks_attempt"
        indexes = [models.Index(fields=["merchant_id", "message", "id"], name="attempts_of_message")]

    def __str__(self) -> str:
        return f"{self.status_code or self.error}"
