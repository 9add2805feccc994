"""The editor of journeys: each kind of step written and read back, nothing typed lost, whatever is sent answered."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from aftermile.capabilities.journeys.public import (
    STANDARD,
    TRIGGERS,
    create_journey,
    journey,
    list_journeys,
    read_definition,
)
from aftermile.capabilities.team.public import Role
from aftermile.doors.console.journeys.draft import (
    add,
    finished,
    judged,
    list_at,
    move,
    outline,
    read_draft,
    remove,
    step_of,
    tidied,
    write_draft,
)
from aftermile.doors.console.journeys.rails import Rail, rails
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.journeys.stories import BY, message, placed, reaches
from tests.conftest import NOON
from tests.doors.console.conftest import base

pytestmark = pytest.mark.django_db

_INPUT = re.compile(r"<input\b([^>]*)>")
_SELECT = re.compile(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_AREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)

EVERYTHING: Mapping[str, Any] = {
    "trigger": reaches("delivered"),
    "entry": {
        "all": [
            {"field": "shopper.orders_count", "is": "at_least", "value": 2},
            {"any": [
                {"field": "order.total", "is": "more_than", "value": 99.5},
                {"field": "parcel.milestone", "is": "one_of", "value": ["delivered", "returned"]},
                {"none": [{"field": "order.labels", "is": "has", "value": "VIP"}]},
            ]},
            {"expression": "order.total > 100 and shopper.orders_count == 1"},
        ]
    },
    "per": "order",
    "again_after_days": 30,
    "steps": [
        message(
            "check_in", "say", medium="email", purpose="marketing", mood="neutral", expires_hours=48,
            gather_minutes=15, values={"review_address": "https://shop.example/review"}, note="Softly",
        ),
        {"id": "rest", "do": "wait", "days": 2, "business_days": 1, "until_time": "10:00"},
        {"id": "news", "do": "wait_until", **reaches("returned"), "at_most_days": 3,
         "otherwise": [{"id": "day", "do": "wait_until", "day": "parcel.expected_on", "offset_days": -1,
                        "at": "09:30", "at_most_days": 9}]},
        {"id": "fork", "do": "branch", "if": {"field": "order.days_late", "is": "more_than", "value": 2},
         "then": [{"id": "card", "do": "task", "title": "Write a card"}],
         "else": [{"id": "mark", "do": "tag", "label": "calm"}]},
        {"id": "dice", "do": "split", "arms": [
            {"name": "A", "share": 30, "steps": [{"id": "ring", "do": "webhook", "name": "bell"}]},
            {"name": "B", "share": 70, "steps": [{"id": "out", "do": "exit", "reason": "enough"}]},
        ]},
    ],
    "exits": [{"event": "order.refunded"}, {"event": "exception.opened", "having": {"kind": "lost"}}],
    "leave_if": {"field": "order.is_cancelled", "is": "yes"},
    "goal": {"event": "order.placed", "within_days": 30},
    "hold_out_percent": 10,
}  # fmt: skip


@pytest.fixture
def client_(desk_client: Callable[[Role], Client]) -> Client:
    return desk_client(Role.OWNER)


class Form:
    """The editor without a script: what a browser would send back, and the button that is pressed."""

    def __init__(self, client: Client, path: str) -> None:
        self.client, self.path = client, path
        self.read(client.get(path))

    def read(self, response: Any) -> None:
        assert response.status_code in {200, 422}, response.status_code
        self.page = response.content.decode()
        _, _, form = self.page.partition('id="editor"')
        form = form.partition("</form>")[0]
        self.fields: dict[str, list[str]] = {}
        for attributes in _INPUT.findall(form):
            told = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
            kind = told.get("type", "text")
            if kind in {"checkbox", "radio"} and " checked" not in attributes:
                continue
            if "name" in told and told["name"] != "csrfmiddlewaretoken":
                self.fields.setdefault(told["name"], []).append(html.unescape(told.get("value", "")))
        for name, options in _SELECT.findall(form):
            values = re.findall(r'<option value="([^"]*)"( selected)?', options)
            chosen = [html.unescape(value) for value, is_chosen in values if is_chosen]
            first = [html.unescape(value) for value, _ in values[:1]]
            self.fields.setdefault(name, []).append((chosen or first)[0])
        for name, text in _AREA.findall(form):
            self.fields.setdefault(name, []).append(html.unescape(text))

    def type(self, **fields: Any) -> Form:
        for name, value in fields.items():
            self.fields[name.replace("__", ".")] = value if isinstance(value, list) else [value]
        return self

    def press(self, do: str) -> Any:
        response = self.client.post(self.path, {**self.fields, "do": do})
        if response.status_code != 303:
            self.read(response)
        return response

    @property
    def draft(self) -> Any:
        return json.loads(self.fields["draft"][0])


def made(merchant: Any, definition: Mapping[str, Any]) -> Any:
    with merchant_scope(merchant.id):
        return create_journey(name="Everything", definition=definition, by=BY, at=NOON).id


def path_of(merchant: Any, made_: Any) -> str:
    return f"{base(merchant)}journeys/{public_id('jny', made_)}/edit/"


def test_every_kind_of_step_is_opened_and_closed_without_changing_it(merchant: Any, client_: Client) -> None:
    kept = made(merchant, EVERYTHING)
    form = Form(client_, path_of(merchant, kept))

    places = ["begin", "ends", "goal", *(f"step:{step['id']}" for step in _steps(EVERYTHING["steps"]))]
    assert len(places) == 13
    for place in places:
        form.press(f"open:{place}")
        assert 'id="opened"' in form.page, place
        form.press("close")
        assert finished(form.draft) == EVERYTHING, place
    assert form.press("save").status_code == 303

    with merchant_scope(merchant.id):
        assert journey(kept).draft == EVERYTHING


@pytest.mark.parametrize("slug", STANDARD)
def test_every_ready_made_journey_is_written_as_it_is(slug: str, merchant: Any, client_: Client) -> None:
    form = Form(client_, f"{base(merchant)}journeys/new/?from={slug}")
    form.path = f"{base(merchant)}journeys/new/"

    for place in ("begin", "ends", "goal"):
        form.press(f"open:{place}")
        form.press("close")
    assert form.press("save").status_code == 303

    with merchant_scope(merchant.id):
        (view,) = list_journeys()
        assert (view.standard, view.name) == (slug, STANDARD[slug].name)
        assert read_definition(_sorted(view.draft)) == read_definition(_sorted(STANDARD[slug].definition))


def test_a_journey_is_written_from_nothing_without_a_script(merchant: Any, client_: Client) -> None:
    form = Form(client_, f"{base(merchant)}journeys/new/")
    form.type(name="Late twice", f__event="exception.opened").press("")
    form.type(f__having__kind="late", f__again_after_days="7").press("c:add:c")
    form.type(c__0__field="shopper.orders_count").press("")
    form.type(c__0__is="at_least", c__0__value="2").press("close")
    form.press("add:steps:0")
    form.press("pick:steps:0:branch")
    form.press("c:add:c")
    form.type(c__0__field="order.total").press("")
    form.type(c__0__value="100").press("close")
    form.press("add:branch_1/then:0")
    form.press("pick:branch_1/then:0:message")
    form.type(f__touchpoint="delayed", f__expires_days="2").press("close")
    form.press("open:ends")
    form.press("exit:add")
    form.press("open:goal")
    form.type(f__event="order.placed").press("")
    form.type(f__within_days="20", f__hold_out_percent="5")

    assert form.press("save").status_code == 303

    with merchant_scope(merchant.id):
        (view,) = list_journeys()
        assert (view.name, view.draft) == (
            "Late twice",
            {
                "trigger": {"event": "exception.opened", "having": {"kind": "late"}},
                "per": "order",
                "again_after_days": 7,
                "entry": {"field": "shopper.orders_count", "is": "at_least", "value": 2},
                "steps": [
                    {
                        "id": "branch_1",
                        "do": "branch",
                        "if": {"field": "order.total", "is": "at_least", "value": 100},
                        "then": [
                            {"id": "message_1", "do": "message", "touchpoint": "delayed", "expires_days": 2}
                        ],
                    }
                ],
                "exits": [{"event": "order.cancelled"}],
                "goal": {"event": "order.placed", "within_days": 20},
                "hold_out_percent": 5,
            },
        )


@pytest.mark.parametrize("event", TRIGGERS)
def test_every_event_can_be_begun_with(event: str, merchant: Any, client_: Client) -> None:
    form = Form(client_, f"{base(merchant)}journeys/new/")

    form.type(f__event=event).press("")

    assert form.draft["trigger"] == {"event": event}
    assert html.escape(TRIGGERS[event].words[1:]) in form.page
    assert {name for name in form.fields if name.startswith("f.having.")} == {
        f"f.having.{name}" for name in TRIGGERS[event].fields
    }


@pytest.mark.parametrize(
    ("kind", "typed", "trigger"),
    [
        ("daily", {"f__daily_at": "08:15"}, {"daily_at": "08:15"}),
        ("on", {"f__on": "2026-12-01", "f__at": "09:00"}, {"on": "2026-12-01", "at": "09:00"}),
        ("hand", {}, {"by_hand": True}),
    ],
)
def test_journeys_without_an_event_ask_of_shoppers_only(
    kind: str, typed: dict[str, str], trigger: dict[str, Any], merchant: Any, client_: Client
) -> None:
    form = Form(client_, f"{base(merchant)}journeys/new/")
    form.type(f__kind=kind).press("")
    form.type(**typed).press("c:add:c")

    assert form.draft["trigger"] == trigger
    assert ("The shopper" in form.page, "What happened<" in form.page, "express" in form.page) == (
        True,
        False,
        False,
    )
    assert form.fields["f.per"] == ["shopper"]


def test_what_was_typed_stays_and_is_told_where_it_is_wrong(merchant: Any, client_: Client) -> None:
    kept = made(merchant, EVERYTHING)
    form = Form(client_, path_of(merchant, kept))
    form.press("open:step:rest")
    form.type(f__days="soon")

    assert form.press("save").status_code == 422

    assert "It was not kept: 1 thing to put right first" in form.page
    assert form.fields["f.days"] == ["soon"]
    assert 'id="f-days-problem"' in form.page
    assert "Give a whole number, 0 to 730." in form.page
    form.press("close")
    assert "Give a whole number, 0 to 730." in form.page  # beside the closed step, too
    form.press("open:step:rest")
    assert form.fields["f.days"] == ["soon"]
    with merchant_scope(merchant.id):
        assert journey(kept).draft == EVERYTHING


def test_what_belongs_to_no_field_is_told_in_the_form(merchant: Any, client_: Client) -> None:
    form = Form(client_, path_of(merchant, made(merchant, EVERYTHING)))
    form.press("open:begin")
    form.type(f__kind="hand").press("open:step:mark")

    said = "Labels are put on orders, and this journey does not begin with one."
    assert said in form.page.partition('class="opened-form"')[2]


def test_everything_that_is_wrong_is_told_at_once(in_scope: Any) -> None:
    draft = tidied(EVERYTHING)
    step_of(draft, "card")["title"] = ""  # type: ignore[index]
    step_of(draft, "dice")["arms"][0]["share"] = 31  # type: ignore[index]
    step_of(draft, "fork")["if"] = {"field": "order.total", "is": "at_least", "value": "much"}  # type: ignore[index]
    step_of(draft, "say")["touchpoint"] = "nothing_like_it"  # type: ignore[index]
    draft["exits"] = [{"event": "the.end"}]
    draft["hold_out_percent"] = "half"
    draft["trigger"] = {"daily_at": "never"}

    found = judged(draft)

    assert {(each.place, each.field) for each in found.problems} == {
        ("begin", "trigger.daily_at"),
        ("ends", "exits[0].event"),
        ("goal", "hold_out_percent"),
        ("say", "touchpoint"),
        ("fork", "if"),
        ("card", "title"),
        # What begins on a day knows of no order, and so of no label and no parcel.
        ("mark", ""),
        ("day", "day"),
        ("dice", "arms"),
    }
    assert found.words["rest"] == "Wait 2 days, then 1 business day, then until 10:00"


def test_steps_move_through_the_outline_as_it_is_read() -> None:
    draft = tidied(placed(
        {"id": "a", "do": "exit"},
        {"id": "fork", "do": "branch", "if": {}, "then": [{"id": "b", "do": "exit"}], "else": []},
        {"id": "c", "do": "exit"},
    ))  # fmt: skip

    def told() -> str:
        return " ".join(
            spot.step["id"] if spot.what == "step" else ")" if spot.what == "end" else "("
            for spot in outline(draft)
        )

    assert told() == "a fork ( b ) ( ) c )"
    assert move(draft, "a", 1)
    assert told() == "fork ( a b ) ( ) c )"
    assert move(draft, "a", 1)
    assert move(draft, "a", 1)
    assert told() == "fork ( b ) ( a ) c )"
    assert move(draft, "c", -1)
    assert told() == "fork ( b ) ( a c ) )"
    assert move(draft, "c", 1)
    assert not move(draft, "c", 1)
    assert move(draft, "fork", 1)
    assert told() == "c fork ( b ) ( a ) )"
    assert not move(draft, "c", -1)
    assert not move(draft, "nobody", 1)


def test_steps_are_added_within_bounds_and_removed_with_a_way_back(merchant: Any, client_: Client) -> None:
    draft = tidied(placed())
    for _ in range(100):
        assert add(draft, "steps", 0, "wait")
    assert add(draft, "steps", 0, "wait") == ""
    assert add(tidied(placed()), "steps", 0, "explode") == ""
    assert add(tidied(placed()), "nowhere/then", 0, "wait") == ""
    assert (list_at(draft, "wait_1/then"), list_at(draft, "wait_1/arms/9")) == (None, None)
    assert not remove(draft, "nobody")

    kept = made(merchant, EVERYTHING)
    form = Form(client_, path_of(merchant, kept))
    form.press("remove:fork")
    assert [step["id"] for step in form.draft["steps"]] == ["say", "rest", "news", "dice"]
    form.press("back")
    assert finished(form.draft) == EVERYTHING


def test_ways_by_chance_are_added_and_taken_away(merchant: Any, client_: Client) -> None:
    form = Form(client_, path_of(merchant, made(merchant, EVERYTHING)))
    form.press("open:step:dice")
    form.press("arm:add:dice")
    assert [(arm["name"], arm["share"]) for arm in form.draft["steps"][4]["arms"]] == [
        ("A", 34),
        ("B", 33),
        ("C", 33),
    ]
    form.press("arm:remove:dice:2")
    assert "shares add up to 100" in form.page


def test_a_play_of_what_is_written_is_shown_beside_it(merchant: Any, client_: Client) -> None:
    form = Form(client_, path_of(merchant, made(merchant, EVERYTHING)))
    form.press("try")
    assert "Would have entered" in form.page
    form.press("open:step:rest")
    form.type(f__days="soon").press("try")
    assert "It cannot be played yet" in form.page


def test_a_name_is_needed_and_everything_else_is_still_there(merchant: Any, client_: Client) -> None:
    form = Form(client_, path_of(merchant, made(merchant, EVERYTHING)))

    assert form.type(name="  ").press("save").status_code == 422

    assert "Give the journey a name" in form.page
    assert finished(form.draft) == EVERYTHING


def test_htmx_is_sent_the_editor_alone_and_the_sentence_alone(merchant: Any, client_: Client) -> None:
    form = Form(client_, path_of(merchant, made(merchant, EVERYTHING)))
    form.press("open:step:fork")

    def piece(target: str) -> str:
        headers = {"HX-Request": "true", "HX-Target": target}
        response = client_.post(form.path, {**form.fields, "do": ""}, headers=headers)
        return response.content.decode().strip()

    assert piece("editor").startswith('<form id="editor"')
    assert piece("said").startswith('<p class="said" id="said"')
    assert "days the order is late: more than 2" in piece("said")


HOSTILE: list[Any] = [
    "",
    "{",
    "[]",
    "null",
    '"x"',
    "[" * 100_000,
    '{"steps":' * 3_000,
    '{"steps": ' + "[" * 900 + "]" * 900 + "}",
    '{"steps": [' + ",".join(['{"do":"wait","id":"a"}'] * 300) + "]}",
    json.dumps({"steps": [], "x": "y" * 300_000}),
]


@pytest.mark.parametrize("draft", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_draft_is_refused_with_a_sentence(draft: str, merchant: Any, client_: Client) -> None:
    page = f"{base(merchant)}journeys/new/"

    response = client_.post(page, {"draft": draft, "do": "save", "name": "x"}, follow=True)

    assert response.status_code == 200
    assert "did not arrive whole" in response.content.decode() or "journey" in response.content.decode()
    with merchant_scope(merchant.id):
        assert list_journeys() == []


def _deep(levels: int) -> dict[str, Any]:
    steps: list[Any] = [{"id": "end", "do": "exit"}]
    for n in range(levels):
        steps = [{"id": f"fork{n}", "do": "branch", "if": {}, "then": steps}]
    return {"trigger": {"event": "order.placed"}, "steps": steps}


def _asks(entry: Any) -> dict[str, Any]:
    return {"trigger": {"event": "order.placed"}, "entry": entry, "steps": []}


def _nested(levels: int) -> dict[str, Any]:
    return {"all": [_nested(levels - 1) if levels else {"field": "order.total", "is": "known"}] * 2}


_SCRIPT = "<script>alert(1)</script>"
BOMBS: list[Any] = [
    _deep(7),
    {
        "trigger": {"event": "order.placed"},
        "steps": [{"id": 7, "do": {"x": 1}}, "what", None, {"do": "split", "arms": [1, {}]}],
    },
    {
        "trigger": [],
        "entry": [1],
        "steps": {},
        "exits": 7,
        "goal": "win",
        "leave_if": "x",
        "per": {},
        "hold_out_percent": [],
    },
    {"trigger": {"event": _SCRIPT, "having": {"<b>": _SCRIPT}}, "steps": []},
    _asks({"expression": "all([0..1000], all([0..1000], # > 1))"}),
    _asks(_nested(6)),
    _asks({"any": [{"field": "shopper.orders_count", "is": "at_least", "value": 1}] * 80}),
    {
        "trigger": {"event": "order.placed"},
        "steps": [{"id": "x", "do": "message", "touchpoint": _SCRIPT, "values": {"a": {"b": "{{ c }}"}}}],
    },
]


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_a_hostile_definition_is_shown_told_and_not_kept(bomb: Any, merchant: Any, client_: Client) -> None:
    page = f"{base(merchant)}journeys/new/"

    for place in ("", "begin", "ends", "goal", "step:x", "add:steps:0", "nonsense"):
        sent = {"draft": json.dumps(bomb), "open": place, "name": "x"}
        for do in (
            "",
            "close",
            "up:x",
            "c:remove:c.9.9",
            "c:add:c.x",
            "arm:remove:x:0",
            "exit:99",
            "pick:a:b:c",
        ):
            response = client_.post(page, {**sent, "do": do})
            assert response.status_code in {200, 303}, (place, do)
            assert "<script>alert" not in response.content.decode()
    kept = client_.post(page, {"draft": json.dumps(bomb), "name": "x", "do": "save"})

    assert kept.status_code in {303, 422}
    with merchant_scope(merchant.id):
        assert list_journeys() == []


def test_drafts_are_written_and_read_as_they_are() -> None:
    draft = tidied(EVERYTHING)
    assert read_draft(write_draft(draft)) == draft
    assert finished(draft) == EVERYTHING


def test_lines_join_what_belongs_together() -> None:
    assert rails([0, 1, 1, 0]) == [
        Rail(joins=False, goes_on=True),
        Rail(joins=False, goes_on=True, outer=(1,)),
        Rail(joins=True, goes_on=False, outer=(1,)),
        Rail(joins=True, goes_on=False),
    ]
    assert rails([0, 1, 2, 0])[2] == Rail(joins=False, goes_on=False, outer=(2,))


def _sorted(plain: Any) -> Any:
    """Sort lists of words: in which order values are chosen means nothing."""
    if isinstance(plain, Mapping):
        return {name: _sorted(value) for name, value in plain.items()}
    if isinstance(plain, list) and all(isinstance(each, str) for each in plain):
        return sorted(plain)
    return [_sorted(each) for each in plain] if isinstance(plain, list) else plain


def _steps(steps: Any) -> list[Any]:
    found = []
    for step in steps:
        found.append(step)
        for name in ("then", "else", "otherwise"):
            found += _steps(step.get(name, []))
        for arm in step.get("arms", []):
            found += _steps(arm["steps"])
    return found
