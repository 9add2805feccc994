"""The demo shop's logo: two hills and a path between them."""

from __future__ import annotations

from xml.sax.saxutils import escape

from aftermile.project.demo.goods import SHOP

_GREEN, _LIGHT = "#3d8a66", "#7bbf9c"

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48" width="64" height="48" role="img">'
    f"<title>{escape(SHOP)}</title>"
    f'<path d="M2 44 L23 8 L36 30 L43 20 L62 44 Z" fill="{_GREEN}"/>'
    f'<path d="M23 8 L30 20 L26 25 L22 20 L17 24 L16 20 Z" fill="{_LIGHT}"/>'
    f'<path d="M28 44 C30 38 40 38 38 33 L41 33 C45 38 36 39 38 44 Z" fill="{_LIGHT}"/>'
    "</svg>\n"
)
