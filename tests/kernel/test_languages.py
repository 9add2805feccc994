"""Languages: which is chosen, and how each writes days, hours and money."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.languages import LANGUAGES, Phrasebook, Tongue, accepted_languages, choose
from aftermile.kernel.money import Money

BOOK = Phrasebook("aftermile.doors.shopper")
THURSDAY, SATURDAY = date(2026, 5, 14), date(2026, 5, 16)


def tongue(code: str, country: str = "DE") -> Tongue:
    return BOOK.tongue([code], country=country)


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [
        (["pt-BR", "de"], ("pt", "BR")),
        (["tlh", "", "de_AT"], ("de", "AT")),
        (["zh-Hant-TW"], ("en", "")),
        (["EN-us"], ("en", "US")),
        (["de-Latn-CH-1996"], ("de", "CH")),
        ([], ("en", "")),
        (["deutsch", "../de"], ("en", "")),
    ],
)
def test_the_first_wish_that_is_spoken_is_chosen(wishes: list[str], chosen: tuple[str, str]) -> None:
    assert choose(wishes, tuple(LANGUAGES)) == chosen


@pytest.mark.parametrize(
    ("header", "wished"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", ["de-AT", "de", "en"]),
        ("en;q=0.2, fr", ["fr", "en"]),
        ("*, en;q=0, de;q=nonsense", []),
        ("", []),
    ],
)
def test_browsers_say_what_they_accept(header: str, wished: list[str]) -> None:
    assert accepted_languages(header) == wished


@given(st.text(max_size=800))
def test_any_header_can_be_read(header: str) -> None:
    assert all(choose([wish], tuple(LANGUAGES)) for wish in accepted_languages(header))


def test_where_the_reader_is_decides_how_days_and_money_are_written() -> None:
    assert [tongue("en", country).day(THURSDAY, near=SATURDAY) for country in ("DE", "GB", "US", "")] == [
        "Thursday, 14 May", "Thursday, 14 May", "Thursday, May 14", "Thursday, May 14",
    ]  # fmt: skip
    assert tongue("en-US", "DE").locale == "en_US"
    assert tongue("ja", "DE").locale == "ja"


@pytest.mark.parametrize(
    ("code", "day", "days", "hours"),
    [
        ("en", "Thursday, 14 May", "Thu 14 – Sat 16 May", "10:30–14:00"),
        ("de", "Donnerstag, 14. Mai", "Do., 14. – Sa., 16. Mai", "10:30–14:00 Uhr"),
        ("fr", "jeudi 14 mai", "jeu. 14 – sam. 16 mai", "10:30 – 14:00"),
        ("es", "jueves, 14 de mayo", "jue, 14 may – sáb, 16 may", "10:30–14:00"),
        ("it", "giovedì 14 maggio", "gio 14 – sab 16 mag", "10:30–14:00"),
        ("nl", "donderdag 14 mei", "do 14 – za 16 mei", "10:30–14:00"),
        ("sv", "torsdag 14 maj", "tors 14 – lör 16 maj", "10:30–14:00"),
        ("pl", "czwartek, 14 maja", "czw., 14 maj–sob., 16 maj", "10:30–14:00"),
        ("pt", "quinta-feira, 14 de maio", "qui., 14 de mai. – sáb., 16 de mai.", "10:30 – 14:00"),
        ("ja", "5月14日木曜日", "5月14日(木)～16日(土)", "10時30分～14時00分"),
        ("ar", "الخميس، 14 مايو", "الخميس، 14 – السبت، 16 مايو", "10:30 ص – 2:00 م"),
    ],
)
def test_each_language_in_its_own_order(code: str, day: str, days: str, hours: str) -> None:
    speaks = tongue(code)
    first, last = datetime(2026, 5, 14, 10, 30), datetime(2026, 5, 14, 14, 0)
    written = (
        speaks.day(THURSDAY, near=SATURDAY),
        speaks.days(THURSDAY, SATURDAY, near=SATURDAY),
        speaks.hours(first, last),
    )
    # CLDR sets thin and narrow spaces between.
    assert tuple(" ".join(each.split()) for each in written) == (day, days, hours)


def test_another_year_is_written() -> None:
    assert tongue("de").day(THURSDAY, near=date(2027, 1, 1)) == "Donnerstag, 14. Mai 2026"
    assert tongue("es").short_day(THURSDAY, near=date(2027, 1, 1)) == "jue, 14 may 2026"


def test_money_countries_and_cities() -> None:
    assert tongue("de").money(Money(123456, "EUR")) == "1.234,56\xa0€"
    assert tongue("ja").money(Money(500, "JPY")) in ("￥500", "¥500")
    assert tongue("sv").country("DE") == "Tyskland"
    assert tongue("sv").country("XX") == "XX"
    assert tongue("pl").city_of(ZoneInfo("America/New_York")) == "Nowy Jork"
    assert tongue("en").city_of(ZoneInfo("UTC")) == "UTC"


def test_numbers_go_with_their_form() -> None:
    one, many = "{n} parcel", "{n} parcels"
    assert [tongue("en").count(one, many, n) for n in (0, 1, 2)] == ["0 parcels", "1 parcel", "2 parcels"]
    assert len({tongue("pl").count(one, many, n).split()[-1] for n in (1, 2, 5)}) == 3
    assert tongue("ja").count(one, many, 1) != one


def test_what_is_not_translated_is_said_in_english() -> None:
    assert tongue("de").say("A sentence nobody translated, by {whom}", whom="us") == (
        "A sentence nobody translated, by us"
    )


def test_between_arabic_words_a_name_keeps_its_direction() -> None:
    assert tongue("ar").direction == "rtl"
    assert "\u2068+49 421\u2069" in tongue("ar").say("Call {phone}", phone="+49 421")
    assert tongue("ar").own_name == "العربية"
