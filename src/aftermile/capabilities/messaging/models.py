"""Rows of messages: what was wanted, what became of it, and what must not be sent where."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.messaging.states import ReceiptStatus, Status
from aftermile.kernel.tenancy import MerchantModel


class Message(MerchantModel):
    """One rendering of a touchpoint to one person on one medium, from the wish to its fate."""

    shopper_id = models.UUIDField()
    touchpoint = models.TextField()
    purpose = models.TextField()
    mood = models.TextField()
    medium = models.TextField(default="")  # "": none on which the shopper can be reached
    wanted_medium = models.TextField(default="")  # "": the shopper's own order decides, anew at sending
    order_id = models.UUIDField(null=True)
    parcel_id = models.UUIDField(null=True)
    about = models.JSONField(default=dict)  # further ids
    values = models.JSONField(default=dict)  # what its template is filled with
    content = models.JSONField(default=dict)  # ready-made: subject, html, text; {}: its template writes it
    cause = models.JSONField(default=dict)  # why it was wanted
    once_key = models.TextField()
    requested_by = models.TextField()
    created_at = models.DateTimeField()

    status = models.TextField(default=Status.PLANNED.value)
    withheld_for = models.TextField(default="")  # the check that failed
    checks = models.JSONField(default=list)  # all checks as they were when last looked (`policy.Check`)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    not_before = models.DateTimeField()  # as wanted; `due_at` may be later
    expires_at = models.DateTimeField(null=True)
    counts_at = models.DateTimeField()  # the moment for which it counts against the cap

    # The three beats.
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    channel = models.TextField(default="")
    address = models.TextField(default="")  # where it went; "" once erased
    external_id = models.TextField(default="")  # the channel's own id
    taken_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    detail = models.TextField(default="")

    # What others told: folded from receipts.
    fate = models.TextField(default="")
    fates = models.JSONField(default=dict)  # each that was told, and since when

    class Meta(MerchantModel.Meta):
        db_table = "messaging_message"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "once_key"], name="one_message_per_once_key"),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "due_at", "id"],
                name="planned_messages",
                condition=models.Q(status="planned"),
            ),
            models.Index(
                fields=["merchant_id", "leased_until", "id"],
                name="messages_being_sent",
                condition=models.Q(status="sending"),
            ),
            models.Index(fields=["merchant_id", "shopper_id", "counts_at"], name="messages_of_shopper"),
            models.Index(
                fields=["merchant_id", "order_id"],
                name="messages_of_order",
                condition=models.Q(order_id__isnull=False),
            ),
            models.Index(
                fields=["merchant_id", "external_id"],
                name="messages_by_external_id",
                condition=~models.Q(external_id=""),
            ),
            models.Index(fields=["merchant_id", "created_at"], name="own_messages_by_age"),
            # Few among many: staff look for them.
            models.Index(
                fields=["merchant_id", "status", "id"],
                name="messages_that_did_not_go",
                condition=models.Q(status__in=["withheld", "failed", "unknown"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.status}"


class Content(MerchantModel):
    """What a message said: subject, HTML and text, packed (`packing`). Its id is the message's."""

    packed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_content"
        indexes = [models.Index(fields=["merchant_id", "created_at"], name="contents_by_age")]

    def __str__(self) -> str:
        return str(self.id)


class ReceiptRow(MerchantModel):
    """One thing told about a message. Without a message while what it names is not known yet."""

    message_id = models.UUIDField(null=True)
    source = models.TextField()
    identity = models.TextField()  # the same fact told again has the same
    external_id = models.TextField(default="")
    fate = models.TextField()  # "" is a word we do not know: kept and shown, moves nothing
    occurred_at = models.DateTimeField()
    code = models.TextField(default="")
    detail = models.TextField(default="")
    address_is_dead = models.BooleanField(default=False)
    text = models.TextField(default="")  # of a reply
    heard_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_receipt"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "identity"], name="one_receipt_per_fact"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "message_id", "id"], name="receipts_of_message"),
            models.Index(
                fields=["merchant_id", "external_id"],
                name="receipts_of_nobody_yet",
                condition=models.Q(message_id=None),
            ),
            models.Index(fields=["merchant_id", "heard_at"], name="receipts_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.fate} {self.message_id}"


class ReceiptRecord(MerchantModel):
    """One call in which a channel told of messages, or one mail that came back, exactly as it came."""

    channel = models.TextField()
    kind = models.TextField(default="")
    repeat_key = models.TextField()  # the sender's id or else a digest of the content
    reference = models.TextField(default="")  # of our address's query: which message it is about
    body = models.BinaryField()
    received_at = models.DateTimeField()
    status = models.TextField(default=ReceiptStatus.PENDING.value)
    reason = models.TextField(default="")  # in words, for staff
    digested_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "messaging_receipt_record"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "channel", "repeat_key"], name="one_receipt_record_per_repeat_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "id"],
                name="receipt_records_to_read",
                condition=models.Q(status="pending"),
            ),
            models.Index(
                fields=["merchant_id", "id"],
                name="receipt_records_unreadable",
                condition=models.Q(status="quarantined"),
            ),
            models.Index(fields=["merchant_id", "received_at"], name="receipt_records_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"


class Suppression(MerchantModel):
    """An address to which nothing, or nothing optional, is sent: its digest, for it outlives erasure."""

    medium = models.TextField()
    digest = models.TextField()
    reason = models.TextField()
    scope = models.TextField()
    message_id = models.UUIDField(null=True)  # that brought it about
    detail = models.TextField(default="")
    by = models.TextField()
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_suppression"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "medium", "digest", "reason"],
                name="one_suppression_per_address_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.reason}"


class Preference(MerchantModel):
    """How a shopper wants to be written to. Its id is the shopper's. Consents are kept with the shopper."""

    media = models.JSONField(default=list)  # the dearest first; []: the shop's order
    language = models.TextField(default="")
    time_zone = models.TextField(default="")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_preference"

    def __str__(self) -> str:
        return str(self.id)


class PushSubscription(MerchantModel):
    """A browser that lets the shop show messages, and its keys."""

    shopper_id = models.UUIDField()
    endpoint = models.TextField()
    digest = models.TextField()  # of the endpoint, which may be long
    p256dh = models.TextField()
    auth = models.TextField()
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_push_subscription"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="one_subscription_per_browser"),
        ]
        indexes = [models.Index(fields=["merchant_id", "shopper_id", "id"], name="browsers_of_shopper")]

    def __str__(self) -> str:
        return f"a browser of {self.shopper_id}"


class SenderRow(MerchantModel):
    """Which channel carries a medium for the shop, in whose name, with which credentials."""

    medium = models.TextField()
    channel = models.TextField()
    address = models.TextField(default="")
    name = models.TextField(default="")
    reply_to = models.TextField(default="")
    settings = models.JSONField(default=dict)
    sealed_secrets = models.BinaryField()
    receipts_digest = models.BinaryField(
        max_length=32, default=b""
    )  # of the address its channel sends receipts to
    sealed_receipts = models.BinaryField(
        default=b""
    )  # that address, encrypted: staff must be able to see it again
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_sender"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "medium"], name="one_sender_per_medium"),
        ]

    def __str__(self) -> str:
        return f"{self.medium} by {self.channel}"


class MailboxRow(MerchantModel):
    """How it goes with the mailbox of the sender for mail, where what comes back is fetched."""

    next_at = models.DateTimeField()  # also the lease of whoever looks now
    looked_at = models.DateTimeField(null=True)
    came = models.IntegerField(default=0)
    came_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")  # in words, for staff
    failures = models.IntegerField(default=0)  # in a row

    class Meta(MerchantModel.Meta):
        db_table = "messaging_mailbox"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="one_mailbox_per_merchant"),
        ]

    def __str__(self) -> str:
        return self.problem or f"{self.came} came"


class OwnTouchpoint(MerchantModel):
    """A moment of contact that the shop has thought of itself."""

    slug = models.TextField()
    title = models.TextField()
    purpose = models.TextField()
    mood = models.TextField()
    needs_order = models.BooleanField()  # only ever sent about an order
    created_by = models.TextField()
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "messaging_own_touchpoint"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "slug"], name="one_own_touchpoint_per_slug"),
        ]

    def __str__(self) -> str:
        return self.slug


class Template(MerchantModel):
    """The shop's own words for a touchpoint on a medium: what counts, and what is being worked on.

    A draft holds the sources of every language the shop has words of its own in, as the next version will.
    """

    touchpoint = models.TextField()
    medium = models.TextField()
    published_id = models.UUIDField(null=True)  # the version that counts; None: what we ship
    latest_number = models.IntegerField(default=0)
    draft = models.JSONField(null=True)  # language -> source
    draft_revision = models.IntegerField(default=0)
    draft_by = models.TextField(default="")
    draft_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "messaging_template"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "touchpoint", "medium"],
                name="one_template_per_touchpoint_and_medium",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.medium}"


class TemplateVersion(MerchantModel):
    """What was published at one time. Never changed. Without sources: what we ship."""

    template_id = models.UUIDField()
    number = models.IntegerField()
    sources = models.JSONField()  # language -> subject, preheader, body, text
    compiled = models.JSONField()  # language -> subject, html, text: nothing is left to compile
    needs = models.TextField(default="")  # a value without which it says nothing
    note = models.TextField(default="")
    published_by = models.TextField()
    published_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "messaging_template_version"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "template_id", "number"], name="one_template_version_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.template_id}"


class Trial(MerchantModel):
    """A message a staff member sends to themselves, and what came of it."""

    medium = models.TextField()
    address = models.TextField()
    touchpoint = models.TextField()
    language = models.TextField()
    packed = models.BinaryField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    channel = models.TextField(default="")
    detail = models.TextField(default="")

    class Meta(MerchantModel.Meta):
        db_table = "messaging_trial"
        indexes = [models.Index(fields=["merchant_id", "asked_at"], name="trials_by_age")]

    def __str__(self) -> str:
        return f"{self.touchpoint} to {self.asked_by}"
