"""Rows of shoppers: who bought, what tells them apart, where they are reached, what they allowed."""

from __future__ import annotations

from django.db import models

from aftermile.kernel.tenancy import MerchantModel


class Shopper(MerchantModel):
    """A person who bought. The fields are folded from facts (`kernel.versions`)."""

    name = models.TextField(default="", blank=True)
    email = models.TextField(default="", blank=True)  # the newest; all known ones are contact points
    phone = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    country = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)
    version = models.TextField(default="", blank=True)
    older = models.JSONField(default=dict)
    merged_into_id = models.UUIDField(null=True)  # turned out to be this other shopper
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "shoppers_shopper"
        indexes = [
            models.Index(
                fields=["merchant_id", "merged_into_id"],
                name="merged_shoppers",
                condition=models.Q(merged_into_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)  # never the name: this text ends up in logs


class Identity(MerchantModel):
    """A source's own id of a shopper. It outlives erasure, so that a late fact finds that it came too late."""

    shopper = models.ForeignKey(Shopper, models.CASCADE, db_constraint=False, db_index=False)
    source = models.TextField()
    external_id = models.TextField()

    class Meta(MerchantModel.Meta):
        db_table = "shoppers_identity"
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "source", "external_id"], name="one_shopper_per_source_and_id"
            ),
        ]
        indexes = [models.Index(fields=["merchant_id", "shopper"], name="identities_of_shopper")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class ContactPoint(MerchantModel):
    """An e-mail address or phone number of a shopper.

    `identifies`: whoever comes with it is this shopper. At most one shopper has that of an address or
    number; a phone shared by two households is a contact point of both and identifies the first.
    """

    class Kind(models.TextChoices):
        EMAIL = "email"
        PHONE = "phone"

    shopper = models.ForeignKey(Shopper, models.CASCADE, db_constraint=False, db_index=False)
    kind = models.TextField(choices=Kind)
    value = models.TextField()  # normalized; as given where it could not be
    as_given = models.TextField()
    identifies = models.BooleanField()

    class Meta(MerchantModel.Meta):
        db_table = "shoppers_contact_point"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "shopper", "kind", "value"], name="a_contact_point_once_per_shopper"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "kind", "value"],
                name="a_contact_point_identifies_one_shopper",
                condition=models.Q(identifies=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "kind", "value"],
                name="shared_contact_points",
                condition=models.Q(identifies=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.shopper_id}"


class Consent(MerchantModel):
    """What a shopper allowed or refused for one purpose on one channel. Nothing is overwritten: the newest holds."""

    shopper = models.ForeignKey(Shopper, models.CASCADE, db_constraint=False, db_index=False)
    channel = models.TextField()
    purpose = models.TextField()
    granted = models.BooleanField()
    source = models.TextField()
    recorded_at = models.DateTimeField(null=True)  # as the source states it; None: it does not
    heard_at = models.DateTimeField()  # `recorded_at`, else the newest fact that said so
    proof = models.TextField(default="", blank=True)

    class Meta(MerchantModel.Meta):
        db_table = "shoppers_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "shopper", "channel", "purpose", "source", "granted", "recorded_at"],
                name="a_consent_once_per_moment",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose} {'granted' if self.granted else 'refused'}"


class ErasedContact(MerchantModel):
    """The digest of an erased shopper's contact point: a late fact with it must not bring the person back."""

    shopper = models.ForeignKey(Shopper, models.CASCADE, db_constraint=False, db_index=False)
    digest = models.TextField()
    erased_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "shoppers_erased_contact"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="one_erasure_per_contact"),
        ]

    def __str__(self) -> str:
        return self.digest
