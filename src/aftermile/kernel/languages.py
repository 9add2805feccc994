"""Languages: sentences from a package's own translations, and days, hours and money as a place writes them.

A package that speaks keeps gettext files in its folder `locale` (`de.po`, `fr.po` ...), read as they are:
nothing is compiled and nothing has to be built. The English sentence is the key; what is not translated
is said in English. A sentence is whole and names its gaps ("Arriving {day}"): clauses put together would be
right in one language only.

    PHRASES = Phrasebook("aftermile.doors.shopper")
    tongue = PHRASES.tongue(["pt-BR", "de"], country="DE")
    tongue.say("Arriving {day}", day=tongue.day(date(2026, 5, 14)))
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from aftermile.kernel.money import Money

#: The languages shoppers are spoken to in, by their own names.
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "sv": "Svenska",
    "pl": "Polski",
    "pt": "Português",
    "ja": "日本語",
    "ar": "العربية",
}
#: The language every sentence is written in first.
FIRST = "en"

_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_][a-zA-Z]{4})?(?:[-_]([a-zA-Z]{2}))?(?:[-_].*)?")
# The year of a full date with what joins it to the rest: "Donnerstag, 14. Mai 2026", "14 de mayo de 2026".
_YEAR = re.compile(r"^y+年|[,،\s]*(?:'de'\s*)?y+")


def msg(text: str) -> str:
    """Mark a sentence that is said elsewhere (in a table), so that its translation is asked for."""
    return text


def accepted_languages(header: str) -> list[str]:
    """Read an Accept-Language header: its tags, the most wished for first; nonsense is left out."""
    wished: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        if quality > 0 and _TAG.fullmatch(tag.strip()):
            wished.append((-quality, place, tag.strip()))
    return [tag for _, _, tag in sorted(wished)]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, and the way one place writes days, hours and money in it."""

    code: str  # "pt"
    locale: str  # "pt_BR", as Babel names it
    direction: str  # "ltr" or "rtl", for HTML's `dir`
    _translations: gettext.NullTranslations = field(repr=False, compare=False)

    @property
    def own_name(self) -> str:
        """The language as its speakers call it."""
        return LANGUAGES[self.code]

    def say(self, sentence: str, /, **names: object) -> str:
        """Say a sentence, its gaps filled."""
        said = self._translations.gettext(sentence)
        return said.format_map(self._apart(names)) if names else said

    def count(self, one: str, many: str, n: int, /, **names: object) -> str:
        """Say a sentence in the form that goes with a number, which fills its gap `{n}`."""
        return self._translations.ngettext(one, many, n).format_map(self._apart(names | {"n": n}))

    def _apart(self, names: dict[str, object]) -> dict[str, object]:
        """Keep what fills a gap in its own direction: "+49 421" would else be turned round between Arabic words."""
        if self.direction == "ltr":
            return names
        return {name: f"\u2068{value}\u2069" for name, value in names.items()}

    def day(self, day: date, *, near: date | None = None) -> str:
        """Write a day in full: "Thursday, 14 May"; its year is left out in the year of `near`."""
        return _date(self.locale, day, "full" if near is None or near.year != day.year else "full-yearless")

    def short_day(self, day: date, *, near: date | None = None) -> str:
        """Write a day shortly: "Thu, 14 May"; its year is left out in the year of `near`."""
        return _date(self.locale, day, "short" if near is None or near.year != day.year else "short-yearless")

    def weekday(self, day: date) -> str:
        """Name a weekday: "Thursday"."""
        return _date(self.locale, day, "weekday")

    def short_weekday(self, day: date) -> str:
        """Name a weekday shortly: "Thu"."""
        return _date(self.locale, day, "short-weekday")

    def days(self, earliest: date, latest: date, *, near: date | None = None) -> str:
        """Write the days from one to another: "Thu 14 – Sat 16 May"; one day is written in full."""
        if earliest == latest:
            return self.day(latest, near=near)
        is_near = near is not None and earliest.year == latest.year == near.year
        return _days(self.locale, earliest, latest, "MMMEd" if is_near else "yMMMEd")

    def time(self, at: datetime) -> str:
        """Write a local moment's time of day: "14:30", "2:30 PM"."""
        return _time(self.locale, at.time().replace(second=0, microsecond=0))

    def hours(self, first: datetime, last: datetime) -> str:
        """Write two local moments of a day: "10:00–12:30"."""
        return _hours(self.locale, first.replace(tzinfo=None), last.replace(tzinfo=None))

    def moment(self, at: datetime, *, near: date | None = None) -> str:
        """Write a local moment shortly: "Thu, 14 May, 14:30"."""
        pattern = str(_locale(self.locale).datetime_formats["medium"])
        return pattern.format(self.time(at), self.short_day(at.date(), near=near))

    def money(self, amount: Money) -> str:
        """Write an amount: "49,90 €"."""
        return str(numbers.format_currency(amount.major, amount.currency, locale=self.locale))

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166 code; the code itself where there is no such country."""
        return str(_locale(self.locale).territories.get(code, code))

    def city_of(self, zone: ZoneInfo) -> str:
        """Name a time zone by its city: "Berlin"."""
        return _city(self.locale, zone.key)


class Phrasebook:
    """The sentences of one package, in every language it has a file for; a language is read when it is first asked for."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._known: dict[str, gettext.NullTranslations] = {FIRST: gettext.NullTranslations()}
        self._languages: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages it speaks, in the order of `LANGUAGES`."""
        if not self._languages:
            files = {file.name for file in resources.files(self._package).joinpath("locale").iterdir()}
            self._languages = tuple(code for code in LANGUAGES if code == FIRST or f"{code}.po" in files)
        return self._languages

    def tongue(self, wishes: Iterable[str] = (), *, country: str = "") -> Tongue:
        """Choose the language of the first wish it speaks ("pt-BR" is content with "pt"), else English.

        :param wishes: language tags, the dearest first; empty and unreadable ones are passed over.
        :param country: ISO 3166 code of where the reader is: how days and money are written, unless the wish
            itself says so ("en-US").
        """
        code, region = choose(wishes, self.languages)
        locale = _with_region(code, region or country.upper())
        return Tongue(code, locale, _direction(code), self._translations(code))

    def _translations(self, code: str) -> gettext.NullTranslations:
        # Two threads may read a language at once; both find the same in it.
        if code not in self._known:
            self._known[code] = read_translations(self._package, code)
        return self._known[code]


def choose(wishes: Iterable[str], spoken: Sequence[str]) -> tuple[str, str]:
    """Find the first wish that is spoken: its language, and its region if it names one; else English."""
    for wish in wishes:
        match = _TAG.fullmatch(wish.strip())
        if match and match[1].lower() in spoken:
            return match[1].lower(), (match[2] or "").upper()
    return FIRST, ""


def read_translations(package: str, code: str) -> gettext.GNUTranslations:
    """Read a package's translations into one language."""
    source = resources.files(package).joinpath("locale", f"{code}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=256)
def _with_region(code: str, region: str) -> str:
    """Name the locale of a language in a region, or of the language alone where nobody writes it there."""
    if region:
        try:
            return str(Locale(code, region))
        except (UnknownLocaleError, ValueError):
            pass
    return code


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def _direction(code: str) -> str:
    return str(_locale(code).text_direction)


# Babel looks for a pattern each time anew: a page names the same few days again and again, and so do others.
@lru_cache(maxsize=64)
def _patterns(name: str) -> dict[str, str]:
    locale = _locale(name)
    full = str(locale.date_formats["full"].pattern)
    return {
        "full": full,
        "full-yearless": _YEAR.sub("", full).strip(),
        "short": str(locale.datetime_skeletons["yMMMEd"].pattern),
        "short-yearless": str(locale.datetime_skeletons["MMMEd"].pattern),
        "weekday": "cccc",
        "short-weekday": "ccc",
    }


@lru_cache(maxsize=8192)
def _date(name: str, day: date, style: str) -> str:
    return str(dates.format_date(day, _patterns(name)[style], locale=_locale(name)))


@lru_cache(maxsize=2048)
def _days(name: str, earliest: date, latest: date, skeleton: str) -> str:
    return str(dates.format_interval(earliest, latest, skeleton, locale=_locale(name)))


@lru_cache(maxsize=8192)
def _time(name: str, at: time) -> str:
    return str(dates.format_time(at, "short", locale=_locale(name)))


@lru_cache(maxsize=2048)
def _hours(name: str, first: datetime, last: datetime) -> str:
    locale = _locale(name)
    is_by_halves = "a" in str(locale.time_formats["short"].pattern)
    return str(dates.format_interval(first, last, "hm" if is_by_halves else "Hm", locale=locale))


@lru_cache(maxsize=512)
def _city(name: str, zone: str) -> str:
    return str(dates.get_timezone_location(ZoneInfo(zone), locale=_locale(name), return_city=True))
