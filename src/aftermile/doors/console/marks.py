"""The marks of a state: each has a shape of its own, and always a word beside it."""

from __future__ import annotations

#: Tone -> what its shape means. `_state.html` draws them; console.css colors them.
TONES = {
    "ok": "a filled disk with a check",
    "watch": "a clock",
    "late": "a triangle with a stroke",
    "broken": "an octagon with a cross",
    "calm": "a dashed ring",
}
