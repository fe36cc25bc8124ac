"""A device with passkeys, in software: what a browser would make of the options that a page holds."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, NEW_KEY = 1, 4, 64


class PasskeyDevice:
    """P-256 keys by credential id. ``origin`` is what the browser says where it is."""

    def __init__(self, origin: str = "http://localhost", *, count: int | None = 0) -> None:
        self.origin = origin
        self.count = count
        """None: it does not count, as passkeys that are kept in a cloud."""
        self.keys: dict[bytes, ec.EllipticCurvePrivateKey] = {}

    def create(self, options: str) -> str:
        asked = json.loads(options)
        credential_id, key = secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1())
        self.keys[credential_id] = key
        point = key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = bytes(16) + len(credential_id).to_bytes(2, "big") + credential_id + encode_cbor(cose)
        data = self._data(asked["rp"]["id"], NEW_KEY) + made
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        parts = {"attestationObject": attestation, "clientDataJSON": client}
        return _written(credential_id, parts, transports=["internal", "hybrid"])

    def get(self, options: str, *, credential_id: bytes | None = None) -> str:
        asked = json.loads(options)
        if credential_id is None:
            allowed = [base64url_to_bytes(one["id"]) for one in asked["allowCredentials"]]
            credential_id = next(one for one in allowed if one in self.keys)
        if self.count is not None:
            self.count += 1
        data, client = self._data(asked["rpId"], 0), self._client("webauthn.get", asked)
        signature = self.keys[credential_id].sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return _written(credential_id, {"authenticatorData": data, "clientDataJSON": client, "signature": signature})

    def _data(self, site: str, flags: int) -> bytes:
        return (
            sha256(site.encode()).digest() + bytes([PRESENT | VERIFIED | flags]) + (self.count or 0).to_bytes(4, "big")
        )

    def _client(self, kind: str, asked: dict) -> bytes:
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()


def _written(credential_id: bytes, parts: dict[str, bytes], **others: list[str]) -> str:
    name = bytes_to_base64url(credential_id)
    response = {part: bytes_to_base64url(value) for part, value in parts.items()} | others
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
