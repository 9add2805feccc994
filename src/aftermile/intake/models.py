"""Rows of the gate: connections, what came through them, and what could not be read."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from aftermile.intake.states import ImportStatus, RecordStatus
from aftermile.kernel.tenancy import MerchantModel


class Connection(MerchantModel):
    """One plugged-in storefront, carrier or aggregator, with an address nobody can guess."""

    connector = models.TextField()
    name = models.TextField()
    address_digest = models.BinaryField(max_length=32)
    sealed_address = models.BinaryField()  # encrypted: staff must be able to see it again
    sealed_secrets = models.BinaryField()
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    history = models.JSONField(
        default=dict, db_default={}
    )  # how far its fetching is (operations/backfill.py)
    registration = models.JSONField(default=dict, db_default={})  # what became of registering our webhooks

    class Meta(MerchantModel.Meta):
        db_table = "intake_connection"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "address_digest"], name="one_connection_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InboundRecord(MerchantModel):
    """One request, polled answer or page of history, exactly as it came."""

    connection = models.ForeignKey(Connection, models.CASCADE, db_constraint=False, db_index=False)
    origin = models.TextField()  # "webhook", "poll", "backfill"
    kind = models.TextField(default="")
    repeat_key = models.TextField()  # the sender's id or else a digest of the content
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    status = models.TextField(default=RecordStatus.PENDING)
    reason = models.TextField(default="")  # in words, for staff
    digested_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "intake_record"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "repeat_key"],
                name="one_record_per_connection_and_repeat_key",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "connection", "id"], name="records_of_connection"),
            models.Index(
                fields=["merchant_id", "id"], name="records_to_digest", condition=models.Q(status="pending")
            ),
            models.Index(
                fields=["merchant_id", "id"],
                name="records_in_quarantine",
                condition=models.Q(status="quarantined"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


class Mention(MerchantModel):
    """That a record told of an order or a parcel. Its id is the key of what it told of, then the record's moment
    (mentions.py), so that the table's one index finds a key's records, and behind the walls, where only comparisons
    of plain columns may use an index."""

    record_id = models.UUIDField()  # no reference: what retention removed is not looked for here

    class Meta(MerchantModel.Meta):
        db_table = "intake_mention"
        # For what is too old; rows lie in the order of their records, so next to nothing is kept for it.
        indexes = [BrinIndex(fields=["merchant_id", "record_id"], name="mentions_by_age")]

    def __str__(self) -> str:
        return str(self.id)


class Tally(MerchantModel):
    """What a connection brought on a day (UTC), counted when it is read. In slots, so that threads that read at the
    same time do not wait for each other: the day's count is the sum of its slots."""

    connection = models.ForeignKey(Connection, models.CASCADE, db_constraint=False, db_index=False)
    day = models.DateField()
    slot = models.SmallIntegerField()
    kept = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "intake_tally"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "day", "slot"], name="one_tally_per_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kept}"


class ReplayRun(MerchantModel):
    """Records that are read again in the background, some at a time, and what became of them."""

    wanted = models.JSONField(default=dict)  # which records: a filter, or their ids
    total = models.BigIntegerField()
    read = models.BigIntegerField(default=0)  # so far, whatever became of them
    quarantined = models.BigIntegerField(default=0)  # of those: back in quarantine
    at_hand = models.JSONField(default=list)  # put back to be read, not counted yet
    behind = models.UUIDField(null=True)  # the last one taken
    until = models.UUIDField(null=True)  # those that came later are not among them
    by = models.TextField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "intake_replay"

    def __str__(self) -> str:
        return f"{self.read} of {self.total}"


class UnknownSeen(MerchantModel):
    """A word of a source we have no word for, and how often it came."""

    # None: it stood in a file.
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, db_constraint=False, db_index=False)
    what = models.TextField()
    word = models.TextField()
    count = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "intake_unknown"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "what", "word"],
                name="one_row_per_unknown_word",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.word}"


class ProblemSeen(MerchantModel):
    """What a carrier answered instead of scans, newest per parcel."""

    connection = models.ForeignKey(Connection, models.CASCADE, db_constraint=False, db_index=False)
    tracking_number = models.TextField(default="")
    kind = models.TextField()
    code = models.TextField(default="")
    message = models.TextField(default="")
    count = models.BigIntegerField(default=0)
    last_seen_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "intake_problem"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "tracking_number", "kind"], name="one_row_per_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Refusal(MerchantModel):
    """How many requests a connection turned away on a day, and the last reason."""

    connection = models.ForeignKey(Connection, models.CASCADE, db_constraint=False, db_index=False)
    day = models.DateField()
    count = models.BigIntegerField(default=0)
    why = models.TextField(default="")
    last_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "intake_refusal"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "day"], name="one_refusal_row_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.count}"


class PolledParcel(MerchantModel):
    """When a carrier was last asked about a number, and when to ask again."""

    connection = models.ForeignKey(Connection, models.CASCADE, db_constraint=False, db_index=False)
    tracking_number = models.TextField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)

    class Meta(MerchantModel.Meta):
        db_table = "intake_polled_parcel"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "connection", "tracking_number"], name="one_poll_row_per_number"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "connection", "due_at"], name="polls_due")]

    def __str__(self) -> str:
        return self.tracking_number


class ImportRun(MerchantModel):
    """One import of files, which are kept as they came so that it can be run again."""

    name = models.TextField()
    status = models.TextField(default=ImportStatus.PENDING)
    conventions = models.JSONField(default=dict, db_default={})  # what the files do not say of themselves
    row_count = models.BigIntegerField(
        default=0, db_default=0
    )  # lines of all files: how much there is to read
    read_count = models.BigIntegerField(default=0, db_default=0)  # facts and odd rows so far
    counts = models.JSONField(default=dict)
    problem_count = models.BigIntegerField(default=0)
    unknown = models.JSONField(default=list, db_default=[])  # words without a meaning: what, word, how often
    failure = models.TextField(default="", db_default="")  # why nothing more could be read, in words
    attempt = models.IntegerField(
        default=0, db_default=0
    )  # counts its starts: a job of an older one leaves it alone
    by = models.TextField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "intake_import"

    def __str__(self) -> str:
        return self.name


class ImportFile(MerchantModel):
    """One file of an import."""

    run = models.ForeignKey(ImportRun, models.CASCADE, db_constraint=False, db_index=False)
    name = models.TextField()
    kind = models.TextField()
    mapping = models.JSONField(default=dict)
    body = models.BinaryField()  # zlib-compressed
    byte_count = models.BigIntegerField(default=0, db_default=0)  # as it came

    class Meta(MerchantModel.Meta):
        db_table = "intake_import_file"
        indexes = [models.Index(fields=["merchant_id", "run"], name="files_of_import")]

    def __str__(self) -> str:
        return self.name


class ImportProblem(MerchantModel):
    """A row that could not be read: its line and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, db_constraint=False, db_index=False)
    file_name = models.TextField()
    line = models.BigIntegerField()
    column_name = models.TextField(default="")
    reason = models.TextField()

    class Meta(MerchantModel.Meta):
        db_table = "intake_import_problem"
        indexes = [models.Index(fields=["merchant_id", "run", "id"], name="problems_of_import")]

    def __str__(self) -> str:
        return f"{self.file_name}:{self.line} {self.reason}"
