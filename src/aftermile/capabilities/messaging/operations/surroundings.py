"""What must be known to judge messages: read for a whole batch, few statements however many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from aftermile.capabilities.messaging.addresses import address_digest, address_of
from aftermile.capabilities.messaging.models import (
    Message,
    Preference,
    PushSubscription,
    SenderRow,
    Suppression,
)
from aftermile.capabilities.messaging.policy import Decision, Facts, Verdict, decide
from aftermile.capabilities.messaging.quiet import QuietHours, zone_for
from aftermile.capabilities.messaging.settings import MessagingSettings, messaging_settings
from aftermile.capabilities.messaging.silence import trouble_of
from aftermile.capabilities.messaging.states import CAPPED, Mood, Purpose, Scope, Status, SuppressedFor
from aftermile.capabilities.shoppers.public import Reach, reach
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.merchants import MerchantView, current_merchant
from aftermile.kernel.rowsets import Row, id_array, ids_in, run, select, text_array, texts_in
from aftermile.kernel.tenancy import current_merchant_id

_PREFERENCE = ("id", "media", "language", "time_zone", "quiet_from", "quiet_until")
#: Without a sender of its own, mail goes to the outbox; the other media are there once somebody carries them.
_ALWAYS = Medium.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is judged. `medium` None: the first of the shopper's own order that may carry it."""

    shopper_id: UUID
    purpose: Purpose
    mood: Mood
    medium: Medium | None
    at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, and by which way the message would go."""

    verdict: Verdict
    medium: Medium | None
    address: str = field(repr=False)


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """All that is known around a batch. What is judged to be sent counts for those judged after it."""

    merchant: MerchantView
    settings: MessagingSettings
    senders: dict[Medium, Row]
    reached: dict[UUID, Reach]
    preferences: dict[UUID, Row]
    suppressed: dict[tuple[Medium, str], list[tuple[SuppressedFor, Scope]]]
    trouble: dict[UUID, tuple[str, ...]]
    counted: dict[UUID, list[datetime]]
    browsers: dict[UUID, Row]  # the newest of each shopper

    def judge(self, judged: Judged) -> Judgement:
        """Judge one message by the way that may carry it; where none may, by the first there is."""
        media = (judged.medium,) if judged.medium else self.media_for(judged.shopper_id)
        first: Judgement | None = None
        for medium in media:
            found = self._judge(judged, medium)
            if found.verdict.decision is not Decision.WITHHOLD:
                self._count(judged, found.verdict)
                return found
            first = first or found
        return first or Judgement(verdict=self._decide(judged, None, ""), medium=None, address="")

    def media_for(self, shopper_id: UUID) -> tuple[Medium, ...]:
        """Return the media to try, the shopper's own order before the shop's; only those somebody carries."""
        preference = self.preferences.get(self._now(shopper_id))
        chosen = [Medium(each) for each in preference["media"]] if preference else []
        order = dict.fromkeys((*chosen, *self.settings.media))
        return tuple(each for each in order if each is _ALWAYS or each in self.senders)

    def address_for(self, shopper_id: UUID, medium: Medium) -> str:
        """Return where a shopper is reached on a medium, "" where nothing is known."""
        if medium is Medium.WEBHOOK:  # the shop's own program: one address for all
            sender = self.senders.get(medium)
            return str(sender["address"]) if sender else ""
        if medium is Medium.PUSH:
            browser = self.browsers.get(self._now(shopper_id))
            return str(browser["endpoint"]) if browser else ""
        return address_of(medium, self.reached.get(shopper_id))

    def push_keys_for(self, shopper_id: UUID) -> tuple[str, str]:
        """Return the keys of the shopper's browser, empty where there is none."""
        browser = self.browsers.get(self._now(shopper_id))
        return (browser["p256dh"], browser["auth"]) if browser else ("", "")

    def languages_for(self, shopper_id: UUID) -> tuple[str, ...]:
        """Return the languages to write in, the dearest first."""
        preference, known = self.preferences.get(self._now(shopper_id)), self.reached.get(shopper_id)
        wishes = (
            preference["language"] if preference else "",
            known.language if known else "",
            self.merchant.language,
        )
        return tuple(dict.fromkeys(each for each in wishes if each))

    def zone_key_for(self, shopper_id: UUID) -> str:
        """Return by whose clock the shopper lives."""
        preference, known = self.preferences.get(self._now(shopper_id)), self.reached.get(shopper_id)
        return zone_for(
            known.country if known else "",
            shop_zone=self.merchant.time_zone,
            chosen=preference["time_zone"] if preference else "",
        ).key

    def _judge(self, judged: Judged, medium: Medium) -> Judgement:
        address = self.address_for(judged.shopper_id, medium)
        return Judgement(verdict=self._decide(judged, medium, address), medium=medium, address=address)

    def _decide(self, judged: Judged, medium: Medium | None, address: str) -> Verdict:
        known = self.reached.get(judged.shopper_id)
        preference = self.preferences.get(self._now(judged.shopper_id)) or {}
        start, end = preference.get("quiet_from"), preference.get("quiet_until")
        return decide(
            Facts(
                at=judged.at,
                purpose=judged.purpose,
                mood=judged.mood,
                address=address,
                settings=self.settings,
                zone=zone_for(
                    known.country if known else "",
                    shop_zone=self.merchant.time_zone,
                    chosen=preference.get("time_zone", ""),
                ),
                quiet=QuietHours(start, end)
                if start is not None and end is not None
                else QuietHours(self.settings.quiet_from, self.settings.quiet_until),
                erased=known is not None and known.erased,
                suppressed=self.suppressions_of(medium, address),
                consent=known.consents.get((medium, judged.purpose)) if known and medium else None,
                trouble=self.trouble.get(self._now(judged.shopper_id), ()),
                counted=self.counted.get(self._now(judged.shopper_id), ()),
                expires_at=judged.expires_at,
            )
        )

    def suppressions_of(self, medium: Medium | None, address: str) -> Sequence[tuple[SuppressedFor, Scope]]:
        """Return why an address gets nothing, or nothing optional."""
        if medium is None or not address or not self.suppressed:
            return ()
        return self.suppressed.get((medium, address_digest(self.merchant.id, medium, address)), ())

    def _count(self, judged: Judged, verdict: Verdict) -> None:
        if judged.purpose in CAPPED:
            self.counted.setdefault(self._now(judged.shopper_id), []).append(verdict.at)

    def _now(self, shopper_id: UUID) -> UUID:
        known = self.reached.get(shopper_id)
        return known.shopper_id if known else shopper_id


def read_surroundings(
    judged: Collection[Judged], *, counting: Collection[Status], but: Collection[UUID] = ()
) -> Surroundings:
    """Read what is known around a batch: about ten statements, fewer for what is transactional.

    :param counting: in which states messages count against the cap.
    :param but: messages that do not count, because they are the ones being judged.
    """
    merchant, settings = current_merchant(), messaging_settings()
    reached = reach({each.shopper_id for each in judged})
    shopper_ids = sorted({known.shopper_id for known in reached.values()})
    capped = sorted({reached[each.shopper_id].shopper_id for each in judged if _is_counted(each, reached)})
    soonest = min((each.at for each in judged), default=None)
    array = id_array(shopper_ids)
    senders, preferences, browsers = run(
        select(SenderRow, _SENDER, "true"),
        select(Preference, _PREFERENCE, ids_in("id"), [array]),
        select(PushSubscription, _BROWSER, ids_in("shopper_id"), [array], then="ORDER BY created_at, id"),
    )
    addresses = {row["shopper_id"]: row for row in browsers}
    sent, suppressions = run(
        select(
            Message,
            ("id", "shopper_id", "counts_at"),
            f"{ids_in('shopper_id')} AND counts_at > %s AND {texts_in('status')} AND {texts_in('purpose')}",
            [
                id_array(capped),
                soonest - timedelta(days=settings.cap_days),
                text_array(counting),
                text_array(CAPPED),
            ],
        )
        if capped and soonest
        else None,
        select(
            Suppression,
            ("medium", "digest", "reason", "scope"),
            texts_in("digest"),
            [text_array(sorted(_digests(reached.values()) | {row["digest"] for row in addresses.values()}))],
        ),
    )
    counted: dict[UUID, list[datetime]] = {}
    for row in sent:
        if row["id"] not in but:
            counted.setdefault(row["shopper_id"], []).append(row["counts_at"])
    suppressed: dict[tuple[Medium, str], list[tuple[SuppressedFor, Scope]]] = {}
    for row in suppressions:
        held = suppressed.setdefault((Medium(row["medium"]), row["digest"]), [])
        held.append((SuppressedFor(row["reason"]), Scope(row["scope"])))
    cheerful = {
        reached[each.shopper_id].shopper_id
        for each in judged
        if each.shopper_id in reached and (each.mood is Mood.CHEERFUL or each.purpose is Purpose.MARKETING)
    }
    return Surroundings(
        merchant=merchant,
        settings=settings,
        senders={Medium(row["medium"]): row for row in senders},
        reached=reached,
        preferences={row["id"]: row for row in preferences},
        suppressed=suppressed,
        trouble=trouble_of(cheerful) if cheerful else {},
        counted=counted,
        browsers=addresses,
    )


_BROWSER = ("id", "shopper_id", "endpoint", "digest", "p256dh", "auth")
_SENDER = ("id", "medium", "channel", "address", "name", "reply_to", "settings", "sealed_secrets")


def _is_counted(judged: Judged, reached: dict[UUID, Reach]) -> bool:
    return judged.purpose in CAPPED and judged.shopper_id in reached


def _digests(known: Collection[Reach]) -> set[str]:
    merchant_id = current_merchant_id()
    return {
        address_digest(merchant_id, medium, address)
        for each in known
        # A number has one digest, whichever of its media; the row says which.
        for medium in (Medium.EMAIL, Medium.SMS)
        if (address := address_of(medium, each))
    }
