"""The key with which a shop's letters are signed: made here, published by the shop, then used."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from aftermile.capabilities.messaging.events import MessagingChanged
from aftermile.capabilities.messaging.models import SenderRow
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.errors import Conflict
from aftermile.kernel.events import publish
from aftermile.kernel.mail_signing import DkimKeyUnusable, dkim_record, make_dkim_key
from aftermile.kernel.secrets import box


class NoMailSender(Conflict):
    """There is no sender for mail yet, or no key that waits."""

    code = "no_mail_sender"
    message = "Set up the sender for e-mail first."


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """A key's public half: the TXT record that has to stand at a name. `is_used`: letters are signed with it."""

    name: str
    record: str
    is_used: bool


def signing_keys() -> list[SigningView]:
    """Return the DNS records of the mail sender's keys: that in use, then that which waits."""
    row = SenderRow.rows().filter(medium=Medium.EMAIL).first()
    if row is None:
        return []
    held = {**row.settings, **box().open(bytes(row.sealed_secrets))}
    domain = held.get("dkim_domain") or row.address.rpartition("@")[2]
    found = []
    for which, is_used in (("", True), ("new_", False)):
        selector, pem = held.get(f"dkim_{which}selector"), held.get(f"dkim_{which}private_pem")
        if selector and pem:
            found.append(
                SigningView(name=f"{selector}._domainkey.{domain}", record=_record(pem), is_used=is_used)
            )
    return found


def make_signing_key(*, by: str, at: datetime) -> None:
    """Make a key for the mail sender. It waits; making another takes its place.

    :raises NoMailSender: there is no sender for mail.
    """
    key = make_dkim_key()
    row = _locked()
    sealed = box().open(bytes(row.sealed_secrets)) | {"dkim_new_private_pem": key.private_pem}
    _keep(
        row, row.settings | {"dkim_new_selector": f"am{at:%y%m}{secrets.token_hex(2)}"}, sealed, by=by, at=at
    )


def use_signing_key(*, by: str, at: datetime) -> None:
    """Sign with the key that waits, from the next letter on; the former one is forgotten.

    :raises NoMailSender: no key waits.
    """
    row = _locked()
    plain, sealed = dict(row.settings), box().open(bytes(row.sealed_secrets))
    if "dkim_new_selector" not in plain or "dkim_new_private_pem" not in sealed:
        raise NoMailSender("No key waits; make one first.")
    plain["dkim_selector"] = plain.pop("dkim_new_selector")
    sealed["dkim_private_pem"] = sealed.pop("dkim_new_private_pem")
    _keep(row, plain, sealed, by=by, at=at)


def _locked() -> SenderRow:
    row = SenderRow.rows().select_for_update().filter(medium=Medium.EMAIL).first()
    if row is None:
        raise NoMailSender
    return row


def _keep(row: SenderRow, plain: dict[str, str], sealed: dict[str, str], *, by: str, at: datetime) -> None:
    row.settings, row.sealed_secrets = plain, box().seal(sealed)
    row.changed_by, row.changed_at = by, at
    row.save(update_fields=["settings", "sealed_secrets", "changed_by", "changed_at"])
    publish(MessagingChanged(what="senders"), by=by, at=at)


def _record(pem: str) -> str:
    try:
        return dkim_record(pem)
    except DkimKeyUnusable:
        return "The key cannot be read. Make a new one."
