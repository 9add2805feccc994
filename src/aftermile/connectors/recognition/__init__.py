"""Which carrier a tracking number belongs to, and the directory of carriers."""

from aftermile.connectors.recognition.couriers import Courier, couriers
from aftermile.connectors.recognition.recognize import (
    Candidate,
    Verdict,
    candidates_for,
    normalized,
    recognize,
)

__all__ = ["Candidate", "Courier", "Verdict", "candidates_for", "couriers", "normalized", "recognize"]
