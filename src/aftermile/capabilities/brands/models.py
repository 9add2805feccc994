"""Rows of the brand: the look of one shop, its logos, and the domains shops have claimed."""

from __future__ import annotations

from django.db import models

from aftermile.capabilities.brands.looks import DEFAULT_ACCENT, DEFAULT_RADIUS_PX, Font, Ground, Tone
from aftermile.capabilities.brands.states import DomainState
from aftermile.kernel.ids import uuid7
from aftermile.kernel.tenancy import MerchantModel, current_merchant_id


class Brand(MerchantModel):
    """How a shop looks and sounds. No row: the defaults. The logo's bytes are elsewhere, so reading this is cheap."""

    accent = models.CharField(max_length=7, default=DEFAULT_ACCENT)
    radius_px = models.SmallIntegerField(default=DEFAULT_RADIUS_PX)
    font = models.CharField(max_length=20, choices=[(each, each) for each in Font], default=Font.SYSTEM)
    tone = models.CharField(max_length=10, choices=[(each, each) for each in Tone], default=Tone.PLAIN)
    logo_digest = models.CharField(max_length=32, default="", blank=True)  # none: the shop's name is written
    logo_type = models.CharField(max_length=20, default="", blank=True)
    logo_width = models.IntegerField(default=0)
    logo_height = models.IntegerField(default=0)
    logo_ground = models.CharField(
        max_length=5, choices=[(each, each) for each in Ground], default=Ground.ANY
    )
    logo_alt = models.TextField(default="", blank=True)
    footer_links = models.JSONField(default=list)  # [{"label": "...", "url": "https://..."}]
    support_name = models.TextField(default="", blank=True)
    support_email = models.TextField(default="", blank=True)
    support_phone = models.TextField(default="", blank=True)
    support_url = models.TextField(default="", blank=True)
    support_hours = models.TextField(default="", blank=True)
    support_address = models.TextField(default="", db_default="", blank=True)  # postal, in lines
    texts = models.JSONField(default=dict)  # {"de": {"intro": "...", "help": "..."}}
    languages = models.JSONField(default=list)  # none: all
    host = models.TextField(default="", blank=True)  # the verified domain, as brands_domain has it
    previous = models.JSONField(null=True)  # the values before the last change, for taking it back
    changed_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "brands_brand"
        constraints = [
            # One brand a shop, by its key alone; it is found without knowing its id.
            models.CheckConstraint(
                condition=models.Q(id=models.F("merchant_id")), name="one_brand_per_merchant"
            )
        ]

    def __str__(self) -> str:
        return self.accent


class Logo(MerchantModel):
    """A logo as it is served. The one before stays, so that a change can be taken back and old pages keep theirs."""

    digest = models.CharField(max_length=32)
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)
    width = models.IntegerField()
    height = models.IntegerField()
    ground = models.CharField(max_length=5, choices=[(each, each) for each in Ground])
    created_at = models.DateTimeField()

    class Meta(MerchantModel.Meta):
        db_table = "brands_logo"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "digest"], name="one_logo_per_digest"),
        ]

    def __str__(self) -> str:
        return self.digest


class Domain(models.Model):
    """A shop's claim to a host name.

    Nobody's table, like the list of merchants: a request to a host is answered before anyone knows whose it
    is. All may read it; a shop may write its own row only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField(default=current_merchant_id, editable=False)
    host = models.TextField()  # normalized: lower case, IDNA, no port
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in DomainState], default=DomainState.WAITING
    )
    reason = models.TextField(default="", blank=True)  # why it is not verified, in words, with the next step
    claimed_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # a verified one whose checks fail

    class Meta:
        db_table = "brands_domain"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id"], name="one_domain_per_merchant"),
            # A claim alone takes a name from nobody; a verified one does.
            models.UniqueConstraint(
                fields=["host"],
                name="one_merchant_per_verified_host",
                condition=models.Q(state=DomainState.VERIFIED),
            ),
        ]
        indexes = [models.Index(fields=["host"], name="domains_by_host")]

    def __str__(self) -> str:
        return self.host
