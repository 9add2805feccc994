"""The form of the brand: fields as a browser sends them, to choices as the room takes them, and its problems back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from aftermile.capabilities.brands.public import (
    LARGEST_RADIUS_PX,
    LONGEST,
    MOST_FOOTER_LINKS,
    BrandView,
    Font,
    Tone,
    texts_in,
)
from aftermile.kernel.languages import LANGUAGES

_FONTS = {
    Font.SYSTEM: "The device's own",
    Font.HUMANIST: "Humanist: open and friendly",
    Font.GEOMETRIC: "Geometric: round and even",
    Font.GROTESQUE: "Grotesque: plain and strong",
    Font.ROUNDED: "Rounded: soft ends",
    Font.OLD_STYLE: "Old style: like a novel",
    Font.BOOK: "Book: sturdy serifs",
    Font.DIDONE: "Didone: fine and elegant",
    Font.SLAB: "Slab: heavy serifs",
    Font.MONO: "Mono: like a typewriter",
}
_TONES = {
    Tone.PLAIN: "Plain: says what is, and nothing more",
    Tone.WARM: "Warm: adds a line of thanks, as to somebody one knows",
    Tone.FORMAL: "Formal: adds a line of thanks that keeps its distance",
}
_SIMPLE = (
    *("accent", "font", "tone"),
    *("support_name", "support_email", "support_phone", "support_url", "support_hours", "support_address"),
)


Pair = tuple[forms.BoundField, forms.BoundField]


class BrandForm(forms.Form):
    """The look, the voice and the contact of a shop. What is allowed is the room's to say: nothing is required here."""

    use_required_attribute = False

    accent = forms.CharField(
        label="Color",
        required=False,
        max_length=40,
        help_text="Of buttons, links and the way a parcel has come.",
    )
    radius_px = forms.IntegerField(
        label="Rounded corners",
        required=False,
        widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": LARGEST_RADIUS_PX, "step": 1}),
    )
    font = forms.ChoiceField(
        label="Letters",
        required=False,
        choices=[(font.value, name) for font, name in _FONTS.items()],
        help_text="Fonts that devices bring along; nothing is downloaded.",
    )
    tone = forms.ChoiceField(
        label="Voice",
        required=False,
        choices=[(tone.value, name) for tone, name in _TONES.items()],
        widget=forms.RadioSelect,
    )
    support_name = forms.CharField(label="Who answers", required=False, max_length=LONGEST["support_name"])
    support_email = forms.CharField(
        label="E-mail", required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    support_phone = forms.CharField(
        label="Phone", required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    support_url = forms.CharField(
        label="Help page", required=False, max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    support_hours = forms.CharField(
        label="When",
        required=False,
        max_length=LONGEST["support_hours"],
        help_text="Such as: Mon to Fri, 9 to 17.",
    )
    support_address = forms.CharField(
        label="Postal address",
        required=False,
        max_length=LONGEST["support_address"],
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="Stands below the shop’s name at the foot of letters and pages, and on packing slips. "
        "Laws on marketing mail ask for it.",
    )
    languages = forms.MultipleChoiceField(
        label="Languages",
        required=False,
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for place in range(MOST_FOOTER_LINKS):
            self.fields[f"link_{place}_label"] = forms.CharField(
                label=f"Link {place + 1}", required=False, max_length=LONGEST["label"]
            )
            self.fields[f"link_{place}_url"] = forms.CharField(
                label=f"Address of link {place + 1}", required=False, max_length=500
            )
        for code in LANGUAGES:
            for part, label in (("intro", "At the top"), ("help", "Beside the contact")):
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=LONGEST[part],
                    widget=forms.Textarea(
                        attrs={"rows": 2 if part == "intro" else 4, "lang": code, "dir": "auto"}
                    ),
                )

    @classmethod
    def of(cls, brand: BrandView) -> BrandForm:
        """Fill the form with a brand as it is."""
        support = brand.support
        initial: dict[str, Any] = {
            "accent": brand.accent,
            "radius_px": brand.radius_px,
            "font": brand.font.value,
            "tone": brand.tone.value,
            "support_name": support.name,
            "support_email": support.email,
            "support_phone": support.phone,
            "support_url": support.url,
            "support_hours": support.hours,
            "support_address": support.address,
            "languages": list(brand.languages),
        }
        for place, link in enumerate(brand.footer_links):
            initial |= {f"link_{place}_label": link.label, f"link_{place}_url": link.url}
        for code in LANGUAGES:
            said = texts_in(brand, code)
            initial |= {f"intro_{code}": said.intro, f"help_{code}": said.help}
        return cls(initial=initial)

    def tell(self, problems: Mapping[str, object]) -> None:
        """Put the room's problems beside their fields."""
        for place, sentence in problems.items():
            self.add_error(_field_of(place), str(sentence))

    @property
    def shown_links(self) -> list[Pair]:
        """The links there are, and room for one more."""
        return self._links()[: self._filled + 1]

    @property
    def more_links(self) -> list[Pair]:
        return self._links()[self._filled + 1 :]

    @property
    def has_texts(self) -> bool:
        return any(is_open for *_, is_open in self.texts)

    @property
    def texts(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField, bool]]:
        """The texts by language: code, name, both fields, and whether there is anything in them."""
        return [
            (code, name, intro, help_, bool(intro.value() or help_.value() or intro.errors or help_.errors))
            for code, name in LANGUAGES.items()
            for intro, help_ in [(self[f"intro_{code}"], self[f"help_{code}"])]
        ]

    def _links(self) -> list[Pair]:
        return [
            (self[f"link_{place}_label"], self[f"link_{place}_url"]) for place in range(MOST_FOOTER_LINKS)
        ]

    @property
    def _filled(self) -> int:
        """How many rows it takes to show every link that has something in it."""
        is_filled = [
            bool(label.value() or url.value() or label.errors or url.errors) for label, url in self._links()
        ]
        return max((place for place, filled in enumerate(is_filled, start=1) if filled), default=0)


def choices_of(sent: Any) -> dict[str, Any]:
    """Read what a browser sent as choices of the room; what was not sent is left out.

    Raw values, not a form's: the room cleans and judges them.
    """
    choices: dict[str, Any] = {name: sent[name] for name in _SIMPLE if name in sent}
    if sent.get("radius_px", "").isascii() and sent.get("radius_px", "").isdigit():
        choices["radius_px"] = int(sent["radius_px"][:6])
    if "has_languages" in sent:
        choices["languages"] = sent.getlist("languages")
    if "link_0_label" in sent:
        choices["footer_links"] = [
            {"label": sent.get(f"link_{place}_label", ""), "url": sent.get(f"link_{place}_url", "")}
            for place in range(MOST_FOOTER_LINKS)
        ]
    texts = {
        code: {part: sent.get(f"{part}_{code}", "") for part in ("intro", "help")}
        for code in LANGUAGES
        if f"intro_{code}" in sent
    }
    if texts:
        choices["texts"] = texts
    return choices


def _field_of(place: str) -> str | None:
    """Name the field of a problem: `footer_links.0.url` is `link_0_url`; None where it has none of its own."""
    parts = place.split(".")
    if len(parts) == 1:
        return None if place in {"footer_links", "texts"} else place
    if parts[0] == "footer_links":
        return f"link_{parts[1]}_{parts[2]}"
    return f"{parts[2]}_{parts[1]}" if len(parts) == 3 else None
