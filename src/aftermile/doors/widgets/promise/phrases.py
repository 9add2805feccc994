"""The sentences of the delivery promise, in every language there is."""

from __future__ import annotations

from aftermile.kernel.languages import Phrasebook

PHRASES = Phrasebook("aftermile.doors.widgets.promise")
