"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet, 2024).

    Django's own 100 MiB and eight lanes would let a few dozen guesses at once take all memory of a small server.
    """

    algorithm = "argon2"
    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
