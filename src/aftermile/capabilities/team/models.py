"""Rows of the team: accounts, who works where, who is invited, and who did what."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import MerchantModel


class Users(BaseUserManager["User"]):
    """Accounts by their e-mail address, however it is written."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person's account. Nobody's row: one person may work for several shops."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=35, default="en")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)  # of the installation: may enter every shop
    created_at = models.DateTimeField()

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "team_user"
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name


class Membership(MerchantModel):
    """One person's place at one shop. That person may see all of theirs (see the migration)."""

    # No reference: accounts lie outside the walls, and are deactivated, never deleted.
    user_id = models.UUIDField()
    role = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "team_membership"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "user_id"], name="one_place_per_person_and_shop")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(MerchantModel):
    """A place offered to an e-mail address. Only the digest of its link is kept."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)
    by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta(MerchantModel.Meta):
        db_table = "team_invitation"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="one_invitation_per_link"),
            models.UniqueConstraint(
                fields=["merchant_id", "email"],
                name="one_open_invitation_per_email",
                condition=models.Q(accepted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"


class AuditEntry(MerchantModel):
    """One act of one person or program. Its id begins with its moment, so the key sorts by time.

    Never changed; removed only when its time is over (see the migration).
    """

    actor = models.CharField(max_length=120)  # as acts name it (`by=`): "staff:usr_..."
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, default="", blank=True)  # a public id
    summary = models.CharField(max_length=500)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "team_audit_entry"
        indexes = [
            models.Index(fields=["merchant_id", "actor", "id"], name="audit_by_actor"),
            models.Index(fields=["merchant_id", "act", "id"], name="audit_by_act"),
            models.Index(fields=["merchant_id", "subject", "id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.act} {self.subject}"
