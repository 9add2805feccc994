"""The brand's settings: what is saved, said, shown before it is saved, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aftermile.capabilities.brands.operations.domains import record_check
from aftermile.capabilities.brands.public import BrandView, DomainState, brand, change_brand, domain, set_logo
from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.public import Role
from aftermile.connectors.contracts.facts import OrderFact, OrderLineFact
from aftermile.kernel.ids import public_id
from tests.capabilities.shop import BY, counted, scope, tell_orders
from tests.conftest import NOON
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db

At = Callable[[Role], Client]
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path d="M0 0h9v9z"/></svg>'
HOST = "track.lindgren.example"


@pytest.fixture
def page(merchant: Any) -> str:
    return f"{base(merchant)}settings/brand/"


def look(merchant: Any) -> BrandView:
    with scope(merchant):
        return brand()


def audit(merchant: Any) -> list[str]:
    with scope(merchant):
        return [entry.summary for entry in AuditEntry.rows().order_by("id")]


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send if the form were sent untouched."""
    form = re.search(r'<form class="form" id="brand".*?</form>', html, re.DOTALL)
    assert form is not None
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name = re.search(r'name="([^"]+)"', tag)
        kind = (re.search(r'type="([^"]+)"', tag) or ["", "text"])[1]
        if name is None or (kind in {"checkbox", "radio"} and " checked" not in tag):
            continue
        value = (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]
        sent.setdefault(name[1], []).append(value)
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        sent[name] = re.findall(r'value="([^"]+)" selected', body)
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL
    ):
        sent[name] = [text]
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def test_sent_untouched_it_changes_nothing(desk_client: At, merchant: Any, page: str) -> None:
    with scope(merchant):
        change_brand(
            accent="#336699",
            font="slab",
            tone="warm",
            support_email="care@lindgren.example",
            support_address="1 Quay\nBergen",
            footer_links=[{"label": "Privacy", "url": "https://lindgren.example/p"}],
            texts={"de": {"intro": "Hallo <b>", "help": "Zwei\nZeilen"}},
            languages=["en", "de"],
            by=BY,
            at=NOON,
        )
    before = look(merchant)
    client = desk_client(Role.OWNER)
    sent = form_of(client.get(page).content.decode())
    sent["intro_de"] = ["Hallo <b>"]  # a browser reads the escaped sign
    response = client.post(f"{page}save/", sent)
    assert response.status_code == 303
    assert look(merchant) == before
    assert audit(merchant) == []


def test_what_is_sent_is_saved_noted_and_can_be_taken_back(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.MARKETING)
    sent = form_of(client.get(page).content.decode())
    sent |= {"accent": ["#993366"], "radius_px": ["3"], "support_email": ["care@lindgren.example"]}
    sent["languages"] = ["de", "en"]
    sent["support_address"] = ["1 Quay\r\nBergen"]
    assert client.post(f"{page}save/", sent).status_code == 303
    found = look(merchant)
    assert found.support.address == "1 Quay\nBergen"
    assert (found.accent, found.radius_px, found.languages) == ("#993366", 3, ("en", "de"))
    assert audit(merchant) == ["Changed the brand: color, corners, contact, languages"]
    shown = client.get(page).content.decode()
    assert "The brand is saved" in shown
    assert f'action="{page}restore/"' in shown
    client.post(f"{page}restore/")
    assert (look(merchant).accent, look(merchant).support) == (BrandView().accent, BrandView().support)
    assert audit(merchant)[1] == "Went back to the brand before: color, corners, contact, languages"


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    desk_client: At, merchant: Any, page: str
) -> None:
    client = desk_client(Role.OWNER)
    sent = form_of(client.get(page).content.decode())
    sent |= {
        "accent": ["greenish"],
        "link_1_label": ["Shop"],
        "link_1_url": ["ftp://x"],
        "help_de": ["x" * 1001],
        "support_address": ["\r\n".join("1234567")],
    }
    response = client.post(f"{page}save/", sent)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="greenish"' in html
    assert 'value="ftp://x"' in html
    assert "1\r\n2\r\n3" in html
    for problem in (
        *("Write the color as six digits", "beginning with https://", "At most 1000 characters"),
        "At most 6 lines; these are 7.",
    ):
        assert html.count(problem) == 1, problem
    assert look(merchant) == BrandView()
    assert audit(merchant) == []


@pytest.mark.parametrize("role", [Role.CARE, Role.WAREHOUSE, Role.ANALYST, Role.READ_ONLY])
def test_it_is_for_those_who_may(desk_client: At, merchant: Any, page: str, role: Role) -> None:
    client = desk_client(role)
    assert client.get(page).status_code == 403
    assert client.post(f"{page}save/", {"accent": "#993366"}).status_code == 403
    assert client.get(f"{page}preview/").status_code == 403
    assert look(merchant) == BrandView()


def test_another_shops_brand_is_not_there(desk_client: At, other_merchant: Any) -> None:
    client = desk_client(Role.OWNER)
    page = f"{base(other_merchant)}settings/brand/"
    assert client.get(page).status_code == 404
    assert client.get(f"{page}preview/").status_code == 404
    assert client.post(f"{page}save/", {"accent": "#993366"}).status_code == 404
    assert look(other_merchant) == BrandView()


def test_the_preview_shows_what_is_not_saved(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OWNER)
    values = {
        "accent": "#993366",
        "radius_px": "2",
        "support_email": "care@lindgren.example",
        "support_address": "<script>1 Quay\r\nشارع 5",
        "preview_language": "de",
        "help_de": "Wir helfen gern.",
        "intro_de": "",
    }
    for response in (client.get(f"{page}preview/", values), client.post(f"{page}preview/", values)):
        assert response.status_code == 200
        html = response.content.decode()
        assert "--accent:#993366;" in html
        assert "--radius:2px;" in html
        assert 'href="mailto:care@lindgren.example"' in html
        assert "Wir helfen gern." in html
        assert " · <bdi>&lt;script&gt;1 Quay</bdi> · <bdi>شارع 5</bdi></address>" in html
        assert '<html lang="de"' in html
        assert "#1024" in html
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert b"<script" not in response.content
    assert look(merchant) == BrandView()


def test_light_and_dark_are_chosen_and_not_the_devices(desk_client: At, page: str) -> None:
    client = desk_client(Role.OWNER)
    pages = {
        scheme: client.get(f"{page}preview/", {"preview_scheme": scheme}, headers={"Accept-Encoding": "gzip"})
        for scheme in ("light", "dark")
    }
    assert [response.content.count(b"prefers-color-scheme") for response in pages.values()] == [0, 0]
    assert pages["light"].content.count(b"@media not all") == pages["dark"].content.count(b"@media all") == 2


def test_half_typed_values_are_passed_over(desk_client: At, merchant: Any, page: str) -> None:
    response = desk_client(Role.OWNER).get(
        f"{page}preview/",
        {"accent": "#99", "radius_px": "-", "font": "x", "support_email": "care@", "order": "ord_x"},
    )
    assert response.status_code == 200
    assert f"--accent:{BrandView().accent};" in response.content.decode()


def test_the_preview_shows_an_order_of_the_shops_own(
    desk_client: At, merchant: Any, other_merchant: Any, page: str
) -> None:
    line = OrderLineFact(external_id="1", title="The Long Way", quantity=1)
    keys = []
    for shop in (merchant, other_merchant):
        [recorded] = tell_orders(shop, OrderFact(external_id="1", number="77", lines=(line,)))
        keys.append(public_id("ord", recorded.order_id))
    client = desk_client(Role.OWNER)
    assert keys[0] in client.get(page).content.decode()
    assert b"The Long Way" in client.get(f"{page}preview/?order={keys[0]}").content
    # Another shop's is none: the sample takes its place.
    assert b"The Long Way" not in client.get(f"{page}preview/?order={keys[1]}").content


@pytest.mark.parametrize("count", [1, 3, 50])
def test_it_costs_the_same_however_many_orders(desk_client: At, merchant: Any, page: str, count: int) -> None:
    facts = [OrderFact(external_id=str(number), number=str(number)) for number in range(count)]
    tell_orders(merchant, *facts)
    client = desk_client(Role.OWNER)
    client.get(page)
    with counted() as queries:
        client.get(page)
    assert sum("brands_" in query["sql"] for query in queries.captured_queries) == 2
    assert len(queries) <= 26


def test_the_contrasts_of_a_color_are_a_piece_of_the_page(desk_client: At, page: str) -> None:
    response = desk_client(Role.OWNER).get(
        f"{page}?accent=%23ffe600", headers={"HX-Request": "true", "HX-Target": "contrast"}
    )
    html = response.content.decode()
    assert html.startswith('<div class="contrast" id="contrast">')
    assert "A darker shade: your own has 1.2 to 1 there, too little for text." in html


def test_a_logo_is_sent_shown_and_removed(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OWNER)
    response = client.post(f"{page}logo/", {"logo": SimpleUploadedFile("a.svg", DRAWING)})
    assert response.status_code == 303
    assert look(merchant).logo is not None
    assert f'src="/b/{public_id("mer", merchant.id)}/' in client.get(page).content.decode()
    client.post(f"{page}logo/removal/")
    assert look(merchant).logo is None
    assert audit(merchant) == ["Changed the logo", "Removed the logo"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Choose a file first."),
        ({"logo": SimpleUploadedFile("a.png", b"hello")}, "not a picture we can use"),
        (
            {"logo": SimpleUploadedFile("a.svg", DRAWING.replace(b"<path", b"<script/><path"))},
            "it holds a script",
        ),
        ({"logo": SimpleUploadedFile("a.png", b"x" * 4_000_001)}, "A logo may have 4"),
    ],
)
def test_a_file_that_is_no_logo_is_said_so(
    desk_client: At, merchant: Any, page: str, files: dict[str, Any], words: str
) -> None:
    for each in files.values():
        each.seek(0)
    response = desk_client(Role.OWNER).post(f"{page}logo/", files)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert look(merchant).logo is None


def test_a_domain_is_claimed_followed_and_let_go(desk_client: At, merchant: Any, page: str) -> None:
    client = desk_client(Role.OWNER)
    assert client.post(f"{page}domain/", {"host": f"https://{HOST}/"}).status_code == 303
    html = client.get(page).content.decode()
    assert "waiting for its DNS record" in html
    assert f'<td class="mono">CNAME</td><td class="mono">{HOST}</td>' in html
    with scope(merchant):
        record_check(host=HOST, problem="", tries=0, at=NOON)
    piece = client.get(page, headers={"HX-Request": "true", "HX-Target": "domain-state"}).content.decode()
    assert piece.startswith('<div id="domain-state">')
    assert f"<b>{HOST}</b>: in use" in piece
    client.post(f"{page}domain/release/")
    with scope(merchant):
        assert domain() is None
    assert audit(merchant) == [f"Claimed the domain {HOST}", f"Let the domain {HOST} go"]


def test_a_name_that_is_none_stays_in_its_field(desk_client: At, page: str) -> None:
    response = desk_client(Role.OWNER).post(f"{page}domain/", {"host": "localhost"})
    assert response.status_code == 422
    assert 'value="localhost"' in response.content.decode()


def test_a_taken_name_is_said_and_nothing_is_kept(
    desk_client: At, merchant: Any, other_merchant: Any, page: str
) -> None:
    from aftermile.capabilities.brands.public import claim_domain

    with scope(other_merchant):
        claim_domain(host=HOST, by=BY, at=NOON)
        record_check(host=HOST, problem="", tries=0, at=NOON)
    client = desk_client(Role.OWNER)
    response = client.post(f"{page}domain/", {"host": HOST}, follow=True)
    assert "Another shop of this installation has this domain" in response.content.decode()
    with scope(merchant):
        assert domain() is None
    with scope(other_merchant):
        held = domain()
    assert held is not None
    assert held.state is DomainState.VERIFIED


def test_what_is_copied_is_shown_as_text(desk_client: At, page: str) -> None:
    html = desk_client(Role.OWNER).get(page).content.decode()
    assert "&lt;aftermile-look-up&gt;" in html
    assert "&lt;form method=&quot;post&quot;" in html
    assert "style=" not in html


def test_a_logo_for_dark_pages_is_told_about(desk_client: At, merchant: Any, page: str) -> None:
    with scope(merchant):
        set_logo(content=DRAWING, by=BY, at=NOON)
    assert "dark pages put it on a light plate" in desk_client(Role.OWNER).get(page).content.decode()
