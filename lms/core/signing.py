"""The site's Ed25519 keys (RFC 8032), which sign what must be verifiable without the database.

They are files in the instance folder, never in the database: ``<id>.key`` is the private key, ``<id>.pub`` the
public one, and ``current`` names the one in use. An id is the first 16 hex digits of the SHA-256 of the public key.
After a rotation the private key is deleted; the public key stays, so that older signatures can be verified.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

FOLDER = "ledger-keys"


@dataclass(frozen=True)
class PublicKey:
    id: str
    raw: bytes
    """32 bytes."""

    @property
    def base64(self) -> str:
        return base64.b64encode(self.raw).decode()

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature  # takes memory that web processes do not need
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Keys:
    def __init__(self, instance: Path) -> None:
        self.folder = instance / FOLDER

    @property
    def current_id(self) -> str | None:
        try:
            return (self.folder / "current").read_text().strip() or None
        except FileNotFoundError:
            return None

    def public(self) -> dict[str, PublicKey]:
        """All public keys by id, those of earlier years too."""
        found = (PublicKey(path.stem, bytes.fromhex(path.read_text())) for path in self.folder.glob("*.pub"))
        return {key.id: key for key in found if key.id == key_id(key.raw)}

    def rotate(self) -> str:
        """Make a new key, use it from now on, and delete the private key before it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.generate()
        return self.add(private.private_bytes_raw())

    def add(self, private: bytes) -> str:
        """Use this private key (32 bytes) from now on."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        before = self.current_id
        raw = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
        key = key_id(raw)
        self._write(f"{key}.key", private.hex())
        self.add_public(raw)
        self._write("current", key)
        if before and before != key:
            (self.folder / f"{before}.key").unlink(missing_ok=True)
        return key

    def add_public(self, raw: bytes) -> None:
        self._write(f"{key_id(raw)}.pub", raw.hex())

    def private(self) -> bytes | None:
        """The private key in use (32 bytes)."""
        try:
            return bytes.fromhex((self.folder / f"{self.current_id}.key").read_text())
        except FileNotFoundError:
            return None

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """The id of the key in use, which is made if there is none, and the signature (64 bytes)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = self.private()
        if private is None:
            self.rotate()
            private = self.private()
        key = self.current_id
        assert private is not None
        assert key is not None
        return key, Ed25519PrivateKey.from_private_bytes(private).sign(message)

    def _write(self, name: str, text: str) -> None:
        """Whole at once, and readable for its owner only."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile("w", dir=self.folder, delete=False) as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self.folder / name)


def key_id(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]
