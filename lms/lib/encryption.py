"""Texts encrypted at rest: AES and HMAC (Fernet) with a key derived from the site's secret, one for each purpose."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def encrypt(text: str, purpose: str, key: str) -> str:
    return _cipher(purpose, key).encrypt(text.encode()).decode()


def decrypt(encrypted: str, purpose: str, key: str) -> str | None:
    """Decrypt a text; None if it was altered, or encrypted with another key or for another purpose."""
    from cryptography.fernet import InvalidToken

    try:
        return _cipher(purpose, key).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return None


def _cipher(purpose: str, key: str) -> Fernet:
    from cryptography.fernet import Fernet  # takes memory that most web processes do not need
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
