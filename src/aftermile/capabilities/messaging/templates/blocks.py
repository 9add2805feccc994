"""Blocks: ready parts of a letter that show what there is, and vanish with their spacing when there is nothing.

`{% block items %}` in a body or text puts one in, in the language of the template. What fills them is in `Values`:
`order`, `parcel`, and what other rooms bring along (content, recommendation, points, survey).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from aftermile.capabilities.messaging.templates.layout import L
from aftermile.capabilities.messaging.templates.phrases import in_liquid
from aftermile.kernel.languages import Tongue, msg

_BLOCK = re.compile(r"{%-?\s*block\s+['\"]?(\w*)['\"]?\s*-?%}")
_WORD = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter. `html` is MJML, `text` plain; both Liquid, with `[[name]]` for each of `words`."""

    name: str
    html: str
    text: str
    words: Mapping[str, str]


def _card(condition: str, title: str, inside: str) -> str:
    return (
        f"{{% if {condition} %}}<mj-section><mj-column mj-class='card' css-class='card'>"
        f"<mj-text font-size='17px' font-weight='700' padding='20px 20px 6px'>{title}</mj-text>"
        f"{inside}</mj-column></mj-section>{{% endif %}}"
    )


_PICTURE = (
    "<td width='64' style='width:64px;padding:10px 0' valign='top'>{{% if {0}.picture %}}<img"
    " src='{{{{ {0}.picture.address }}}}' alt='{{{{ {0}.picture.alt | default: {0}.title }}}}' width='64' height='64'"
    " style='display:block;width:64px;height:64px;border-radius:8px;object-fit:cover' />{{% else %}}"
    "<div class='wash' style='width:64px;height:64px;border-radius:8px;background:{{{{ shop.colors.wash }}}}'></div>"
    "{{% endif %}}</td><td width='16' style='width:16px'></td>"
)
_RULE = f"style='border-top:1px solid {L.line}'"

_ITEMS = _card(
    "order.lines",
    "[[title]]",
    "<mj-table padding='0 20px 14px'>{% for line in order.lines %}<tr>"
    + _PICTURE.format("line")
    + "<td valign='middle' style='padding:10px 0'><bdi>{{ line.title }}</bdi>"
    f"{{% if line.variant %}}<div class='soft' style='font-size:14px;color:{L.soft}'><bdi>{{{{ line.variant }}}}</bdi></div>"
    "{% endif %}"
    f"<div class='soft' style='font-size:14px;color:{L.soft}'>[[quantity]] {{{{ line.quantity }}}}</div></td>"
    "<td align='[[end]]' valign='middle' style='[[price_pad]];white-space:nowrap'>"
    "{% if line.price %}{{ line.price }}{% endif %}</td></tr>{% endfor %}</mj-table>",
)
_ITEMS_TEXT = """{% if order.lines %}
[[title]]
{% for line in order.lines %}- {{ line.title }}{% if line.variant %}, {{ line.variant }}{% endif %} \
({{ line.quantity }}){% if line.price %}: {{ line.price }}{% endif %}
{% endfor %}{% endif %}"""

_SUMS = (("subtotal", "subtotal"), ("discount", "discount"), ("shipping", "shipping"), ("tax", "tax"))
_TOTALS = _card(
    "order.total",
    "[[title]]",
    "<mj-table padding='0 20px 18px'>"
    + "".join(
        f"{{% if order.{name} %}}<tr><td class='soft' style='padding:4px 0;color:{L.soft}'>[[{word}]]</td>"
        f"<td align='[[end]]' style='padding:4px 0'>{{{{ order.{name} }}}}</td></tr>{{% endif %}}"
        for name, word in _SUMS
    )
    + f"<tr><td class='rule' {_RULE[:-1]};padding:8px 0 0;font-weight:700'>[[total]]</td>"
    f"<td class='rule' align='[[end]]' {_RULE[:-1]};padding:8px 0 0;font-weight:700'>{{{{ order.total }}}}</td></tr>"
    "{% if order.ship_to %}<tr><td colspan='2' style='padding:16px 0 0'>"
    f"<div class='soft' style='font-size:14px;color:{L.soft}'>[[ship_to]]</div>"
    "{% for part in order.ship_to %}{{ part }}<br />{% endfor %}</td></tr>{% endif %}</mj-table>",
)
_TOTALS_TEXT = (
    "{% if order.total %}\n"
    + "".join(f"{{% if order.{n} %}}[[{w}]]: {{{{ order.{n} }}}}\n{{% endif %}}" for n, w in _SUMS)
    + "[[total]]: {{ order.total }}\n{% if order.ship_to %}\n[[ship_to]]:\n"
    "{% for part in order.ship_to %}{{ part }}\n{% endfor %}{% endif %}{% endif %}"
)

_DOT = (
    "<div class='dot {% if step.is_now %}now{% elsif step.is_done %}done{% endif %}' style='width:10px;height:10px;"
    "border-radius:50%;font-size:0;line-height:0;border:3px solid {% if step.is_done %}{{ shop.colors.accent }}"
    f"{{% else %}}{L.line}{{% endif %}};background:{{% if step.is_now %}}{L.card}{{% elsif step.is_done %}}"
    f"{{{{ shop.colors.accent }}}}{{% else %}}{L.card}{{% endif %}}'></div>"
)
_BAR = (
    "{% unless forloop.last %}<tr><td style='padding:0 0 0 7px;[[start_pad]]'><div class='bar "
    "{% if step.is_done %}{% unless step.is_now %}done{% endunless %}{% endif %}' style='width:2px;height:14px;"
    "font-size:0;line-height:0;background:{% if step.is_now %}" + L.line + "{% elsif step.is_done %}"
    "{{ shop.colors.accent }}{% else %}" + L.line + "{% endif %}'></div></td><td></td></tr>{% endunless %}"
)
_PROGRESS = _card(
    "parcel.steps",
    "[[title]]",
    "<mj-table padding='4px 20px 20px'>{% for step in parcel.steps %}<tr><td width='30' valign='middle' "
    f"style='width:30px'>{_DOT}</td><td valign='middle'>"
    "{% if step.is_now %}<b>{{ step.name }}</b>{% else %}{{ step.name }}{% endif %}"
    f"{{% if step.at %}} <span class='soft' style='font-size:14px;color:{L.soft}'>{{{{ step.at }}}}</span>{{% endif %}}"
    f"</td></tr>{_BAR}{{% endfor %}}</mj-table>"
    "{% if parcel.number %}<mj-text mj-class='soft' css-class='soft' padding='0 20px 18px'>"
    "{% if parcel.carrier %}{{ parcel.carrier }} · {% endif %}{{ parcel.number }}</mj-text>{% endif %}",
)
_PROGRESS_TEXT = """{% if parcel.steps %}
{% for step in parcel.steps %}{% if step.is_done %}[x]{% else %}[ ]{% endif %} {{ step.name }}\
{% if step.at %} ({{ step.at }}){% endif %}
{% endfor %}{% if parcel.number %}{% if parcel.carrier %}{{ parcel.carrier }} {% endif %}{{ parcel.number }}
{% endif %}{% endif %}"""

_PARCELS = _card(
    "parcels",
    "[[title]]",
    "<mj-table padding='0 20px 14px'>{% for each in parcels %}<tr><td style='padding:10px 0'>"
    "{% if each.titles %}<b><bdi>{{ each.titles }}</bdi></b><br />{% endif %}"
    "{% if each.window %}{{ each.window }}<br />{% endif %}"
    f"{{% if each.number %}}<span class='soft' style='font-size:14px;color:{L.soft}'>"
    "{% if each.carrier %}{{ each.carrier }} · {% endif %}{{ each.number }}</span>{% endif %}</td></tr>"
    "{% endfor %}</mj-table>",
)
_PARCELS_TEXT = """{% if parcels %}
[[title]]
{% for each in parcels %}- {% if each.titles %}{{ each.titles }} {% endif %}{% if each.window %}({{ each.window }}) \
{% endif %}{% if each.number %}{{ each.number }}{% endif %}
{% endfor %}{% endif %}"""

# No two of them alike in length: one under another, each with its own way to its page.
_ORDERS = _card(
    "orders",
    "[[title]]",
    "<mj-table padding='0 20px 14px'>{% for each in orders %}<tr><td style='padding:12px 0'>"
    "{% if each.address %}<a href='{{ each.address }}'><b><bdi>{{ each.title }}</bdi></b></a>"
    "{% else %}<b><bdi>{{ each.title }}</bdi></b>{% endif %}<br />"
    "{% if each.standing %}{{ each.standing }}{% if each.window %} · {% endif %}{% endif %}"
    "{% if each.window %}{{ each.window }}{% endif %}{% if each.standing or each.window %}<br />{% endif %}"
    f"{{% if each.titles %}}<span class='soft' style='font-size:14px;color:{L.soft}'><bdi>{{{{ each.titles }}}}</bdi>"
    "</span>{% endif %}</td></tr>{% endfor %}</mj-table>",
)
_ORDERS_TEXT = """{% if orders %}
[[title]]
{% for each in orders %}- {{ each.title }}{% if each.standing %}, {{ each.standing }}{% endif %}\
{% if each.window %} ({{ each.window }}){% endif %}{% if each.titles %}: {{ each.titles }}{% endif %}
{% if each.address %}  {{ each.address }}
{% endif %}{% endfor %}{% endif %}"""


def _offered(condition: str, each: str, detail: str) -> str:
    return _card(
        condition,
        "[[title]]",
        f"<mj-table padding='0 20px 14px'>{{% for item in {each} %}}<tr>"
        + _PICTURE.format("item")
        + "<td valign='middle' style='padding:10px 0'><a href='{{ item.address }}'><b><bdi>{{ item.title }}</bdi></b></a>"
        f"{{% if item.{detail} %}}<div dir='auto' class='soft' style='font-size:14px;color:{L.soft}'>"
        f"{{{{ item.{detail} }}}}</div>"
        "{% endif %}</td></tr>{% endfor %}</mj-table>",
    )


def _offered_text(each: str, detail: str) -> str:
    return (
        f"{{% if {each} %}}\n[[title]]\n{{% for item in {each} %}}- {{{{ item.title }}}}"
        f"{{% if item.{detail} %}} ({{{{ item.{detail} }}}}){{% endif %}}: {{{{ item.address }}}}\n"
        "{% endfor %}{% endif %}"
    )


_POINTS = _card(
    "points",
    "[[title]]",
    "<mj-text>{% if points.earned %}[[earned]]<br />{% endif %}[[balance]]"
    "{% if points.address %}<br /><a href='{{ points.address }}'>[[spend]]</a>{% endif %}</mj-text>",
)
_POINTS_TEXT = """{% if points %}
{% if points.earned %}[[earned]]
{% endif %}[[balance]]
{% if points.address %}[[spend]]: {{ points.address }}
{% endif %}{% endif %}"""

_SURVEY = _card(
    "survey",
    "{{ survey.question }}",
    "<mj-text padding='2px 20px 20px'>{% for answer in survey.answers %}<a href='{{ answer.address }}' class='wash' "
    "style='display:inline-block;min-width:24px;padding:12px 14px;margin:4px 4px 4px 0;border-radius:10px;"
    "text-align:center;background:{{ shop.colors.wash }}'>{{ answer.label }}</a>{% endfor %}</mj-text>",
)
_SURVEY_TEXT = """{% if survey %}
{{ survey.question }}
{% for answer in survey.answers %}{{ answer.label }}: {{ answer.address }}
{% endfor %}{% endif %}"""

_CONTACT = (
    "{% if shop.support %}<mj-section padding='14px 0 0'><mj-column><mj-text padding='0 20px 4px'>"
    "<b>{% if shop.support.name %}[[with_name]]{% else %}[[title]]{% endif %}</b></mj-text>"
    "<mj-text padding='0 20px 10px'>"
    "{% if shop.support.email %}<a href='mailto:{{ shop.support.email }}'>{{ shop.support.email }}</a><br />{% endif %}"
    "{% if shop.support.phone %}<a href='tel:{{ shop.support.phone | remove: \" \" }}'>"
    "<span dir='ltr'>{{ shop.support.phone }}</span></a><br />{% endif %}"
    "{% if shop.support.address %}<a href='{{ shop.support.address }}'>[[help]]</a><br />{% endif %}"
    f"{{% if shop.support.hours %}}<span class='soft' style='font-size:14px;color:{L.soft}'>{{{{ shop.support.hours }}}}"
    "</span>{% endif %}</mj-text></mj-column></mj-section>{% endif %}"
)
_CONTACT_TEXT = """{% if shop.support %}
{% if shop.support.name %}[[with_name]]{% else %}[[title]]{% endif %}
{% if shop.support.email %}{{ shop.support.email }}
{% endif %}{% if shop.support.phone %}{{ shop.support.phone }}
{% endif %}{% if shop.support.address %}{{ shop.support.address }}
{% endif %}{% if shop.support.hours %}{{ shop.support.hours }}
{% endif %}{% endif %}"""

BLOCKS: Mapping[str, Block] = MappingProxyType(
    {
        block.name: block
        for block in (
            Block(
                "items", _ITEMS, _ITEMS_TEXT, {"title": msg("What is in it"), "quantity": msg("Quantity:")}
            ),
            Block(
                "totals",
                _TOTALS,
                _TOTALS_TEXT,
                {
                    "title": msg("What it comes to"),
                    "subtotal": msg("Items"),
                    "discount": msg("Discount"),
                    "shipping": msg("Shipping"),
                    "tax": msg("Tax"),
                    "total": msg("Total"),
                    "ship_to": msg("It goes to"),
                },
            ),
            Block("orders", _ORDERS, _ORDERS_TEXT, {"title": msg("Your orders")}),
            Block("parcels", _PARCELS, _PARCELS_TEXT, {"title": msg("Your parcels")}),
            Block("progress", _PROGRESS, _PROGRESS_TEXT, {"title": msg("Where it is")}),
            Block(
                "content",
                _offered("content", "content", "summary"),
                _offered_text("content", "summary"),
                {"title": msg("Good to know")},
            ),
            Block(
                "recommendation",
                _offered("recommendation", "recommendation", "price"),
                _offered_text("recommendation", "price"),
                {"title": msg("You might like these")},
            ),
            Block(
                "points",
                _POINTS,
                _POINTS_TEXT,
                {
                    "title": msg("Your points"),
                    "earned": msg("This order brought you {earned} points."),
                    "balance": msg("You have {points} points."),
                    "spend": msg("See what they are good for"),
                },
            ),
            Block("survey", _SURVEY, _SURVEY_TEXT, {}),
            Block(
                "contact",
                _CONTACT,
                _CONTACT_TEXT,
                {
                    "title": msg("Questions? Write to a person"),
                    "with_name": msg("Questions? {person} is happy to help"),
                    "help": msg("Help"),
                },
            ),
        )
    }
)


def with_blocks(source: str, tongue: Tongue, *, is_html: bool) -> str:
    """Put the blocks in; an unknown one is left, for the linter to name. Lines of a body keep their numbers."""

    def put_in(found: re.Match[str]) -> str:
        block = BLOCKS.get(found[1])
        if block is None:
            return found[0]
        said = {name: in_liquid(sentence, tongue, is_html=is_html) for name, sentence in block.words.items()}
        said["end"] = "left" if tongue.direction == "rtl" else "right"
        said["price_pad"] = (
            "padding:10px 8px 10px 0" if tongue.direction == "rtl" else "padding:10px 0 10px 8px"
        )
        said["start_pad"] = "padding:0 7px 0 0" if tongue.direction == "rtl" else ""
        part = _WORD.sub(lambda word: said[word[1]], block.html if is_html else block.text)
        return part.replace("\n", " ") if is_html else part

    return _BLOCK.sub(put_in, source)


def unknown_blocks(source: str) -> list[tuple[int, str]]:
    """Return the blocks that a source names and nobody has, each with where it stands."""
    return [(found.start(), found[1]) for found in _BLOCK.finditer(source) if found[1] not in BLOCKS]
