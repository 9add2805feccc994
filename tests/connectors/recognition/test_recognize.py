"""Recognition by small examples and by properties."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.recognition import Candidate, Verdict, candidates_for, normalized, recognize
from aftermile.connectors.recognition.check_digits import mod10, s10
from aftermile.connectors.recognition.formats import BY_LENGTH, FORMATS

digits = st.text("0123456789", min_size=1)


def carriers(number: str) -> list[str]:
    return [candidate.carrier for candidate in recognize(number)]


def s10_number(serial: str, country: str = "GB") -> str:
    return f"RB{serial}{s10()(serial)}{country}"


@pytest.mark.parametrize(
    ("number", "carrier", "format_name", "verdict"),
    [
        ("3SABCD1234567", "postnl", "PostNL 3S", Verdict.NONE),
        ("JJD000390012345678901", "dhl-parcel-de", "DHL Parcel JJD", Verdict.NONE),
        ("JVGL06123456789012345", "dhl-parcel-de", "DHL Parcel JVGL", Verdict.NONE),
        ("00340434000000000017", "dhl-parcel-de", "DHL Germany (SSCC)", Verdict.VALID),
        ("00340434000000000018", "dhl-parcel-de", "DHL Germany (SSCC)", Verdict.INVALID),
        ("H1000000000000000001", "hermes", "Hermes Germany", Verdict.NONE),
        ("H01AB10000000001", "evri", "Evri", Verdict.NONE),
        ("0A0000000000B", "poste-italiane", "Poste Italiane (13)", Verdict.NONE),
        ("6A12345678901", "la-poste", "Colissimo", Verdict.NONE),
        ("EX000000005FR", "chronopost", "Chronopost (E, X)", Verdict.VALID),
        ("323200000000000000000000", "bpost", "bpost", Verdict.NONE),
        ("610000000000000000000000", "inpost", "InPost", Verdict.NONE),
        ("PQ43BA0123456780128016H", "spain-correos-es", "Correos", Verdict.NONE),
        ("00370000000SE", "postnord", "PostNord item", Verdict.NONE),
        ("0123456780000ABCDEF12", "royal-mail", "Royal Mail item id", Verdict.NONE),
        ("LTN123456789N2", "landmark", "Landmark Global LTN (pieces)", Verdict.NONE),
    ],
)
def test_formats_of_our_own(number: str, carrier: str, format_name: str, verdict: Verdict) -> None:
    best = recognize(number)[0]
    assert (best.carrier, best.format_name, best.check_digit) == (carrier, format_name, verdict)


def test_a_number_tells_service_origin_and_destination() -> None:
    royal_mail = recognize(s10_number("00000001"))[0]
    assert (royal_mail.carrier, royal_mail.carrier_name) == ("royal-mail", "Royal Mail")
    assert (royal_mail.service, royal_mail.origin_country) == ("Letter post, registered", "GB")

    routed = recognize("420100010000" + "9400100000000000000005")[0]
    assert (routed.carrier, routed.destination_postal_code) == ("usps", "10001")


def test_an_s10_number_of_no_country_belongs_to_nobody() -> None:
    assert carriers(s10_number("00000001", "XX")) == []


def test_a_dpd_label_names_the_destination() -> None:
    label = recognize("008182709980000020033350276C")[0]
    assert (label.carrier, label.service, label.destination_country) == ("dpd", "DPD 8:30", "DE")


@pytest.mark.parametrize(
    "written",
    [
        "1z5r89390357567127",
        " 1Z 5R8 939 03 5756 712 7\n",
        "1Z-5R8-939-03-5756-7127",
        "１Ｚ５Ｒ８９３９０３５７５６７１２７",
        "1\u00a0Z5R8\u200b9390\u201135756 7127",
    ],
)
def test_writing_does_not_matter(written: str) -> None:
    assert recognize(written) == recognize("1Z5R89390357567127")
    assert recognize(written)[0].check_digit is Verdict.VALID


def test_digits_of_every_script_are_digits() -> None:
    assert normalized("٣٣١٨٨١٠٠٢٥") == "3318810025"
    assert normalized("1Z5R8939é") == ""


def test_connected_carriers_and_destination_decide_among_equals() -> None:
    number = "01234567890128"  # fourteen digits: DPD, DHL eCommerce, Hermes

    assert [found.carrier for found in candidates_for(number)] == ["dpd", "dhl-global-mail", "hermes"]
    assert candidates_for(number, connected=["hermes"])[0].carrier == "hermes"
    assert candidates_for(number, destination_country="us")[0].carrier == "dhl-global-mail"


def test_a_wrong_check_digit_stays_behind_even_for_a_connected_carrier() -> None:
    number = "012345678901"
    ranked = candidates_for(number, connected=["fedex"])
    assert ranked[0].check_digit is not Verdict.INVALID
    assert next(found.carrier for found in ranked if found.check_digit is Verdict.INVALID) == "fedex"


def test_each_carrier_is_named_once() -> None:
    ranked = candidates_for("03071790000523483741")  # fits two formats of USPS
    assert carriers("03071790000523483741") == ["usps", "usps"]
    assert [(found.carrier, found.check_digit) for found in ranked] == [("usps", Verdict.VALID)]


def test_any_text_is_answered() -> None:
    # Seeded: the same hundred thousand texts in every run.
    source = random.Random(20260101)
    alphabets = [
        string.digits,
        string.digits + string.ascii_uppercase,
        string.printable,
        "".join(map(chr, range(0x20, 0x600))),
        "０１２３４５６７８９ＡＢＣ　٠١٢٣४५६①②Ⅳﬃßıſİ\u0000\u200b\U0001f4e6\ud800",
    ]
    beginnings = ["", "1Z", "420", "94", "JJD", "LTN", "GM", "3S", "TBA", "0034"]
    answered = 0
    for _ in range(100_000):
        alphabet = source.choice(alphabets)
        number = source.choice(beginnings) + "".join(source.choices(alphabet, k=source.randrange(0, 45)))
        for found in recognize(number):
            assert isinstance(found, Candidate)
            answered += 1
    assert answered > 0


@pytest.mark.parametrize("char", ["0", "9", "A", " ", "-", "٣", "é"])
def test_endless_text_is_no_number(char: str) -> None:
    assert recognize(char * 10_000) == ()
    assert recognize("420" + char * 10_000) == ()


def test_spaces_around_a_number_do_not_count_towards_the_limit() -> None:
    assert carriers(" " * 10_000 + "1Z5R89390357567127" + " " * 10_000) == ["ups"]


def test_every_pattern_names_what_its_check_digit_needs() -> None:
    for row in FORMATS:
        groups = set(row.pattern.groupindex)
        assert ({"serial", "check"} <= groups) == (row.check_digit is not None), row.name
        assert ("service" in groups) or not row.services, row.name
    assert sum(len(rows) for rows in BY_LENGTH.values()) == sum(len(row.lengths) for row in FORMATS)


@given(
    serial=st.text("0123456789", min_size=8, max_size=8), position=st.integers(0, 8), step=st.integers(1, 9)
)
def test_one_changed_digit_of_an_s10_number_is_noticed(serial: str, position: int, step: int) -> None:
    number = s10_number(serial)
    place = 2 + position
    changed = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert recognize(number)[0].check_digit is Verdict.VALID
    same_check = s10()(changed[2:10]) == changed[10]
    # S10 maps two of its eleven remainders onto digits other remainders have: 10 to 0 and 11 to 5.
    verdicts = {found.check_digit for found in recognize(changed) if found.format_name == "S10"}
    assert verdicts == {Verdict.VALID if same_check else Verdict.INVALID}
    assert not same_check or {"0", "5"} & {number[10], changed[10]}


@given(
    serial=st.text("0123456789", min_size=15, max_size=15),
    position=st.integers(0, 15),
    step=st.integers(1, 9),
)
def test_one_changed_digit_of_a_mod10_number_is_noticed(serial: str, position: int, step: int) -> None:
    number = serial + mod10(even=3, odd=1)(serial)
    changed = number[:position] + str((int(number[position]) + step) % 10) + number[position + 1 :]
    assert [found.check_digit for found in recognize(number)] == [Verdict.VALID]
    assert [found.check_digit for found in recognize(changed)] == [Verdict.INVALID]


@given(serial=st.text("0123456789", min_size=8, max_size=8), spaces=st.lists(st.integers(0, 13), max_size=8))
def test_spacing_and_case_change_nothing(serial: str, spaces: list[int]) -> None:
    number = s10_number(serial)
    written = number.lower()
    for place in sorted(spaces, reverse=True):
        written = written[:place] + " -"[place % 2] + written[place:]
    assert recognize(written) == recognize(number)
