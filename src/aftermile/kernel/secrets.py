"""Secrets of connections, encrypted before they reach the database.

The keys are Fernet keys (AES-128-CBC with HMAC-SHA256). The first one encrypts, all of them decrypt: a new
key is put in front, everything is resealed, and only then is the old one taken away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class SecretUnreadable(Exception):
    """A sealed secret that none of the keys opens. The message names the setting to look at."""


class SecretKeyUnusable(ValueError):
    """A key that is none, or no key at all. The message names the setting to look at."""


def new_secret_key() -> str:
    """Make a key for the setting: 44 letters of url-safe base64."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


class SecretBox:
    """Seals and opens mappings of names to secrets. Never shows anything of itself."""

    def __init__(self, keys: Sequence[bytes | str], *, setting: str = "AFTERMILE_SECRET_KEYS") -> None:
        """Take the keys, newest first. They are read when first needed.

        `setting` is the name an operator knows the keys by; error messages mention it.
        """
        self._keys = tuple(keys)
        self._setting = setting

    def seal(self, secrets: Mapping[str, str]) -> bytes:
        """Encrypt with the newest key.

        :raises SecretKeyUnusable: the setting holds no key, or something that is none.
        """
        return self._fernet.encrypt(json.dumps(dict(secrets), sort_keys=True).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """Decrypt with whichever key fits.

        :raises SecretUnreadable: damaged, or sealed with a key that is no longer there.
        :raises SecretKeyUnusable: the setting holds no key, or something that is none.
        """
        from cryptography.fernet import InvalidToken

        try:
            content = self._fernet.decrypt(sealed)
        except InvalidToken:
            raise self._unreadable() from None
        opened: dict[str, str] = json.loads(content)
        return opened

    def reseal(self, sealed: bytes) -> bytes:
        """Encrypt anew with the newest key what any of the keys opens; the moment of sealing is kept.

        :raises SecretUnreadable: damaged, or sealed with a key that is no longer there.
        :raises SecretKeyUnusable: the setting holds no key, or something that is none.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise self._unreadable() from None

    def __repr__(self) -> str:
        return "SecretBox(...)"

    def __reduce__(self) -> str:
        raise TypeError("a SecretBox is not to be copied into a job, a cache or a dump")

    @cached_property
    def _fernet(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet

        if not self._keys:
            raise SecretKeyUnusable(f"{self._setting} holds no key; it wants 32 bytes in url-safe base64")
        try:
            return MultiFernet([Fernet(key) for key in self._keys])
        except ValueError:
            raise SecretKeyUnusable(
                f"{self._setting} holds something that is no key: each is 32 bytes in url-safe base64"
            ) from None

    def _unreadable(self) -> SecretUnreadable:
        return SecretUnreadable(
            "A stored secret cannot be opened: it is damaged, or the key it was sealed with is missing from"
            f" {self._setting}. Put the former key back behind the present one, or enter the secret again."
        )


def box() -> SecretBox:
    """Return the installation's box, with the keys of `AFTERMILE_ENCRYPTION_KEYS`."""
    from django.conf import settings

    return _box(tuple(settings.ENCRYPTION_KEYS))


@cache
def _box(keys: tuple[str, ...]) -> SecretBox:
    return SecretBox(keys, setting="AFTERMILE_ENCRYPTION_KEYS")
