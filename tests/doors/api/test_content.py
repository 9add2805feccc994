"""Articles by the API: written, published, listed, archived."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aftermile.kernel.ids import public_id
from tests.doors.api.conftest import Program, key_of

pytestmark = pytest.mark.django_db
WOOL = {
    "kind": "care_tips",
    "texts": {"en": {"title": "Wash wool", "summary": "Rarely.", "body": "At **30 °C**."}},
}


def made(program: Program, **fields: Any) -> Any:
    answer = program.post("/content", WOOL | fields)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_article_is_written_published_and_read(program: Program, merchant: Any) -> None:
    draft = made(
        program, placements=[{"about": "product", "value": "p-1"}, {"about": "tag", "value": "Wool"}]
    )
    assert (draft["state"], draft["version"], draft["slug"]) == ("draft", 0, "wash-wool")
    assert draft["placements"] == [
        {"about": "product", "source": "shop", "value": "p-1"},
        {"about": "tag", "source": "", "value": "wool"},
    ]
    published = program.post(f"/content/{draft['id']}/publication", {"note": "first"}).json()
    assert (published["state"], published["version"], published["has_draft"]) == ("published", 1, False)
    page = Client().get(f"/help/{public_id('mer', merchant.id)}/wash-wool")
    assert "<strong>30 °C</strong>" in page.content.decode()
    anew = program.put(f"/content/{draft['id']}/draft", WOOL | {"kind": "guide"}).json()
    assert (anew["kind"], anew["has_draft"], anew["version"]) == ("guide", True, 1)
    (version,) = program.get(f"/content/{draft['id']}/versions").json()["data"]
    assert (version["version"], version["note"], version["kind"]) == (1, "first", "care_tips")
    assert program.post(f"/content/{draft['id']}/archiving").json()["state"] == "archived"
    refused = program.put(f"/content/{draft['id']}/draft", WOOL)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "article_archived")


def test_a_repeat_with_its_key_makes_one_article(program: Program) -> None:
    first, second = (program.post("/content", WOOL, key="k-1").json() for _ in range(2))
    assert first == second
    assert len(program.get("/content").json()["data"]) == 1


def test_lists_are_cut_into_pages_and_narrowed(program: Program) -> None:
    ids = [made(program)["id"] for _ in range(3)]
    faq = made(program, kind="faq")["id"]
    page = program.get("/content", limit=2).json()
    assert [each["id"] for each in page["data"]] == [faq, ids[2]]
    rest = program.get("/content", cursor=page["next_cursor"]).json()
    assert ([each["id"] for each in rest["data"]], rest["next_cursor"]) == ([ids[1], ids[0]], None)
    assert [each["id"] for each in program.get("/content", kind="faq").json()["data"]] == [faq]
    assert program.get("/content", state="published").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (WOOL | {"kind": "novel"}, "article_unreadable"),
        (WOOL | {"slug": "Not This"}, "article_unreadable"),
        (WOOL | {"placements": [{"about": "planet"}]}, "article_unreadable"),
        (WOOL | {"texts": {"xx": {"title": "x"}}}, "article_unreadable"),
        (WOOL | {"texts": {"en": {"body": "x" * 20_001}}}, "request_invalid"),
        (WOOL | {"author": "me"}, "request_invalid"),
    ],
)
def test_what_is_no_article_is_refused(program: Program, body: Any, code: str) -> None:
    answer = program.post("/content", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


def test_what_is_incomplete_is_listed(program: Program) -> None:
    draft = made(program, texts={"de": {"title": "Wolle", "body": "<script>x</script>"}})
    answer = program.post(f"/content/{draft['id']}/publication", {})
    assert answer.status_code == 422
    (problem,) = answer.json()["error"]["details"]["problems"]
    assert (problem["field"], problem["language"]) == ("body", "de")


def test_a_key_needs_the_scope(merchant: Any) -> None:
    reader = Program(key_of(merchant, "content:read"))
    assert reader.get("/content").status_code == 200
    assert reader.post("/content", WOOL).status_code == 403
