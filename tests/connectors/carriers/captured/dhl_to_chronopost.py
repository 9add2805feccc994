"""DHL (Express, unified, Parcel Germany), DPD, GLS, Hermes, La Poste and Chronopost."""

from __future__ import annotations

from tests.connectors.carriers.captured.row import Row

ROWS: tuple[Row, ...] = ()
