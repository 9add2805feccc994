"""A letter in a frame on a page of ours: nothing in it runs, leads anywhere or asks anybody but for pictures."""

from __future__ import annotations

import re

from django.http import HttpResponse

from aftermile.doors.assets import address

#: A document of its own in a sandbox. Letters bring their styles along; forms, scripts, frames and windows do nothing.
POLICY = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'; sandbox"
)
_ASKS_THE_DEVICE = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_SCHEME = re.compile(r"color-scheme\s*:\s*light dark")
_OPENING = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
#: Pictures of goods that are made up for a sample.
_SAMPLE_PICTURE = re.compile(r"https://shop\.example/pictures/[\w./-]+")


def letter_page(html: str, *, is_dark: bool, problem: str = "") -> HttpResponse:
    """Show a letter as a mail program would, light or dark; without one, the sentence that says why."""
    shown = html or _sentence(problem)
    # The choice counts here, not the device's: the letter's question is answered in its place.
    shown = _ASKS_THE_DEVICE.sub("@media all" if is_dark else "@media not all", shown)
    shown = _SCHEME.sub(f"color-scheme:{'dark' if is_dark else 'light'}", shown)
    shown = _SAMPLE_PICTURE.sub(address("console/sample-picture.svg"), shown)
    # Links open windows, and the sandbox lets none open: a letter is looked at, not used.
    shown = _OPENING.sub(lambda found: f'{found[0]}<base target="_blank">', shown, count=1)
    response = HttpResponse(shown, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    setattr(response, "keeps_headers", ("Content-Security-Policy", "X-Frame-Options"))  # noqa: B010
    return response


def words_page(text: str, *, title: str, is_dark: bool) -> HttpResponse:
    """Show a short message as a phone would."""
    shown = f"<b>{_escaped(title)}</b><br>" if title else ""
    return letter_page(
        '<!doctype html><html lang="en"><head><title>Message</title><style>:root{color-scheme:light dark}'
        "body{margin:1.5rem;font:1rem/1.4 system-ui,sans-serif}"
        "p{max-width:20rem;padding:.75rem 1rem;border-radius:1.1rem;border-end-start-radius:.25rem;background:#e8e8e6;"
        "color:#1d1c19;white-space:pre-wrap;overflow-wrap:anywhere}"
        "@media (prefers-color-scheme:dark){body{background:#121311}p{background:#2f2c28;color:#edebe6}}</style></head>"
        f'<body><p dir="auto">{shown}{_escaped(text)}</p></body></html>',
        is_dark=is_dark,
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _sentence(problem: str) -> str:
    said = problem or "There is nothing to see."
    return (
        '<!doctype html><html lang="en"><head><title>No letter</title><style>:root{color-scheme:light dark}'
        "body{margin:2rem;font:1rem/1.5 system-ui,sans-serif}</style></head>"
        f"<body><p>{_escaped(said)}</p></body></html>"
    )
