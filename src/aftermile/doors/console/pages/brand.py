"""The brand of a shop: its look beside a page in it, its logo, its domain, and what it puts on its own site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from aftermile.capabilities.brands.public import (
    LARGEST_LOGO_BYTES,
    BrandUnreadable,
    BrandView,
    DomainState,
    DomainUnusable,
    DomainView,
    Finding,
    brand,
    brand_with,
    change_brand,
    claim_domain,
    domain,
    own_name,
    release_domain,
    remove_logo,
    report,
    restore_brand,
    set_logo,
)
from aftermile.capabilities.orders.public import OrderNotFound, OrderView, list_orders, order
from aftermile.capabilities.shipments.public import ShipmentView, shipments_of_orders
from aftermile.capabilities.team.public import Permission
from aftermile.doors.assets import address
from aftermile.doors.console.brand_form import BrandForm, choices_of
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.page import Done, Note, Page, Undo
from aftermile.doors.console.sample_order import sample_order
from aftermile.doors.console.staff_only import act, console_page, either
from aftermile.doors.shopper.brand_files import logo_address, logo_size
from aftermile.doors.shopper.preview import preview as shopper_preview
from aftermile.doors.widgets.snippets import snippets
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id
from aftermile.kernel.images import ImageUnreadable
from aftermile.kernel.languages import LANGUAGES

_MAY = Permission.BRAND_MANAGE
_ORDERS_OFFERED = 6
_PARTS = {"contrast": "console/brand/_contrast.html", "domain-state": "console/brand/_domain_state.html"}


@dataclass(frozen=True, slots=True)
class Domain:
    """The domain as the page shows it. `record_name`: what is typed where DNS records are kept."""

    host: str
    state: str
    tone: str
    said: str
    reason: str
    checked_at: datetime | None
    is_verified: bool
    is_waiting: bool


@console_page(_MAY)
def settings(request: HttpRequest, desk: Desk) -> Page:
    """Show the brand as it is; with `?accent=` the contrasts of a color that is only thought of."""
    look = brand()
    return _page(desk, look, BrandForm.of(look), accent=request.GET.get("accent", ""))


@act(_MAY)
def save(request: HttpRequest, desk: Desk) -> Done | Page:
    """Keep the look, the voice and the contact."""
    try:
        choices = choices_of(request.POST)
        before = brand()
        after = change_brand(**choices, by=desk.by, at=desk.at)
    except BrandUnreadable as refusal:
        form = BrandForm(request.POST)
        form.tell(refusal.details)
        return _page(desk, brand(), form, accent=request.POST.get("accent", ""), status=422)
    parts = _changed(before, after)
    if not parts:
        return Done(said="Nothing was changed.", back=desk.url("console-brand"), notes=(), tone="calm")
    return _done(
        desk, "The brand is saved; pages show it from now on.", "brand.change", f"Changed the brand: {parts}"
    )


@act(_MAY)
def restore(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Take the last change back, or make it anew."""
    before = brand()
    parts = _changed(before, restore_brand(by=desk.by, at=desk.at))
    return _done(
        desk, "The brand before is back.", "brand.restore", f"Went back to the brand before: {parts}"
    )


@act(_MAY)
def send_logo(request: HttpRequest, desk: Desk) -> Done | Page:
    """Take a file as the logo, or what the logo says, or both."""
    sent, alt = request.FILES.get("logo"), request.POST.get("logo_alt")
    try:
        if sent is None and alt is None:
            raise ImageUnreadable("Choose a file first.")
        if sent is not None:
            # One byte more than allowed tells that it is too long.
            set_logo(content=sent.read(LARGEST_LOGO_BYTES + 1), by=desk.by, at=desk.at)
        if alt is not None:
            change_brand(logo_alt=alt, by=desk.by, at=desk.at)
    except (ImageUnreadable, BrandUnreadable) as refusal:
        look = brand()
        return _page(desk, look, BrandForm.of(look), logo_problem=refusal.message, status=422)
    return _done(desk, "The logo is in place.", "brand.logo", "Changed the logo")


@act(_MAY)
def drop_logo(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Show the shop's name in place of a logo."""
    remove_logo(by=desk.by, at=desk.at)
    return _done(desk, "The shop's name stands where the logo was.", "brand.logo_removed", "Removed the logo")


@act(_MAY)
def claim(request: HttpRequest, desk: Desk) -> Done | Page:
    """Claim a domain, or have it checked again."""
    typed = request.POST.get("host", "")
    try:
        claimed = claim_domain(host=typed, by=desk.by, at=desk.at)
    except DomainUnusable as refusal:
        return _page(
            desk,
            look := brand(),
            BrandForm.of(look),
            typed_host=typed,
            host_problem=refusal.message,
            status=422,
        )
    return Done(
        said=f"{claimed.host} is being checked. Add the DNS record, if it is not there yet.",
        back=desk.url("console-brand") + "#domain",
        notes=(Note(act="brand.domain", subject=claimed.host, summary=f"Claimed the domain {claimed.host}"),),
    )


@act(_MAY)
def release(request: HttpRequest, desk: Desk) -> Done:  # noqa: ARG001
    """Let the domain go."""
    held = domain()
    release_domain(by=desk.by, at=desk.at)
    host = held.host if held else ""
    return Done(
        said=f"{host} is no longer this shop's; links lead to {own_name()} again.",
        back=desk.url("console-brand") + "#domain",
        notes=(Note(act="brand.domain_released", subject=host, summary=f"Let the domain {host} go"),),
        undo=Undo(action=desk.url("console-brand-domain"), fields=(("host", host),), label="Claim it again"),
    )


@console_page(_MAY)
def _shown(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _preview(request, desk, request.GET)


@act(_MAY)
def _sent(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _preview(request, desk, request.POST)


#: A tracking page with values that are not saved: asked for by the script, or sent by the form itself.
preview = either(_shown, _sent)


def _preview(request: HttpRequest, desk: Desk, sent: Any) -> HttpResponse:
    look = brand_with(choices_of(sent))
    shown, shipments = _order(desk, sent.get("order", ""))
    language = sent.get("preview_language", "") or desk.merchant.language
    is_dark = sent.get("preview_scheme") == "dark"
    response = shopper_preview(request, look, shown, shipments, language=language, is_dark=is_dark)
    setattr(response, "keeps_headers", ("Content-Security-Policy", "X-Frame-Options"))  # noqa: B010
    return response


def _order(desk: Desk, key: str) -> tuple[OrderView, list[ShipmentView]]:
    """Read the order to show: the one chosen, else a sample."""
    try:
        found = order(read_public_id("ord", key))
    except (BadPublicId, OrderNotFound):
        return sample_order(desk.merchant, at=desk.at)
    return found, list(shipments_of_orders([found.id])[found.id])


def _page(
    desk: Desk,
    look: BrandView,
    form: BrandForm,
    *,
    accent: str = "",
    logo_problem: str = "",
    typed_host: str = "",
    host_problem: str = "",
    status: int = 200,
) -> Page:
    held = domain()
    width, height = logo_size(look)
    values = {
        "form": form,
        "findings": _report(accent, look.accent),
        "logo": logo_address(look, desk.merchant.id),
        "logo_width": width,
        "logo_height": height,
        "logo_ground": look.logo.ground.value if look.logo else "",
        "logo_alt": look.logo.alt if look.logo else "",
        "logo_problem": logo_problem,
        "can_restore": look.can_restore,
        "changed_at": look.changed_at,
        "domain": _domain(held) if held else None,
        "typed_host": typed_host,
        "host_problem": host_problem,
        "target": own_name(),
        "snippets": snippets(look, desk.merchant.id, desk.merchant.language),
        "orders": [(public_id("ord", each.id), each.number or each.external_id) for each in _offered()],
        "spoken": [(code, LANGUAGES[code]) for code in LANGUAGES],
        "language": desk.merchant.language.split("-")[0],
        "sheet": address("console/brand.css"),
        "brand_script": address("console/brand.js"),
    }
    return Page(
        template="console/brand/brand.html",
        title="Brand",
        place="settings",
        section="brand",
        values=values,
        parts=_PARTS,
        status=status,
    )


def _offered() -> list[OrderView]:
    """Return some of the newest orders to show, those that have been sent first: their pages say more."""
    found = [each for each in list_orders(limit=2 * _ORDERS_OFFERED) if each.erased_at is None]
    sent = shipments_of_orders([each.id for each in found], with_events=False)
    return sorted(found, key=lambda each: not sent[each.id])[:_ORDERS_OFFERED]


def _report(accent: str, saved: str) -> tuple[Finding, ...]:
    try:
        return report(accent)
    except ValueError:
        return report(saved)


def _domain(held: DomainView) -> Domain:
    tone, said = {
        DomainState.VERIFIED: ("ok", "in use") if not held.reason else ("late", "in use, but failing"),
        DomainState.WAITING: ("watch", "waiting for its DNS record"),
        DomainState.FAILED: ("broken", "not in use"),
    }[held.state]
    return Domain(
        host=held.host,
        state=held.state.value,
        tone=tone,
        said=said,
        reason=held.reason,
        checked_at=held.checked_at,
        is_verified=held.state is DomainState.VERIFIED,
        is_waiting=held.state is DomainState.WAITING,
    )


_NAMES = {
    "accent": "color",
    "radius_px": "corners",
    "font": "letters",
    "tone": "voice",
    "logo": "logo",
    "footer_links": "links",
    "support": "contact",
    "texts": "texts",
    "languages": "languages",
}


def _changed(before: BrandView, after: BrandView) -> str:
    return ", ".join(name for part, name in _NAMES.items() if getattr(before, part) != getattr(after, part))


def _done(desk: Desk, said: str, done: str, summary: str) -> Done:
    return Done(
        said=said,
        back=desk.url("console-brand"),
        notes=(Note(act=done, summary=summary),),
        undo=Undo(action=desk.url("console-brand-restore")),
    )


urls = [
    path("settings/brand/", settings, name="console-brand"),
    path("settings/brand/save/", save, name="console-brand-save"),
    path("settings/brand/restore/", restore, name="console-brand-restore"),
    path("settings/brand/logo/", send_logo, name="console-brand-logo"),
    path("settings/brand/logo/removal/", drop_logo, name="console-brand-logo-removal"),
    path("settings/brand/domain/", claim, name="console-brand-domain"),
    path("settings/brand/domain/release/", release, name="console-brand-domain-release"),
    path("settings/brand/preview/", preview, name="console-brand-preview"),
]
