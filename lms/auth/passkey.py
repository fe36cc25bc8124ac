"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

``webauthn`` is imported with the first passkey: it takes 60 ms and 6 MiB that a server without passkeys saves.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from hashlib import sha256
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lms.lib.keyed_hash import hmac_hex

MAX_PASSKEYS = 10
"""Per person."""
MAX_NAME = 60
MAX_ANSWER = 16_384
"""Characters. An answer has about a thousand, as no attestation is asked for."""
DEFAULT_PORTS = {"http": 80, "https": 443}
Known = Iterable[tuple[bytes, str]]
"""The credential ids of a person, each with its transports as they are stored."""


class Site(NamedTuple):
    """The site that a passkey is made for ("relying party"). The browser offers it at this address alone."""

    id: str
    origin: str
    name: str


class NewPasskey(NamedTuple):
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str


def site_at(base_url: str, name: str) -> Site | None:
    """Return the site at an address; None without a host name, and without https except on this machine."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if _is_address(host) or not (parts.scheme == "https" or host == "localhost"):
        return None
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return Site(host, f"{parts.scheme}://{host}{port}", name)


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def challenge_hash(challenge: bytes) -> str:
    """What is stored of an answered challenge."""
    return sha256(challenge).hexdigest()


def user_handle(person_id: int, key: str) -> bytes:
    """What an authenticator stores of the account beside its name: nothing that says who it is."""
    return bytes.fromhex(hmac_hex(f"passkeys of person {person_id}", key))


def creation_options(site: Site, handle: bytes, login: str, name: str, challenge: bytes, known: Known) -> str:
    """JSON for ``navigator.credentials.create``. Authenticators with a key in ``known`` make no second one."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_id=handle,
        user_name=login,
        user_display_name=name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def request_options(site: Site, challenge: bytes, known: Known) -> str:
    """JSON for ``navigator.credentials.get``. The screen's lock is only preferred, as the password came before."""
    from webauthn import generate_authentication_options, options_to_json

    options = generate_authentication_options(rp_id=site.id, challenge=challenge, allow_credentials=_descriptors(known))
    return options_to_json(options)


def verified_creation(answer: str, challenge: bytes, site: Site) -> NewPasskey | None:
    """The new passkey; None if the answer is of another challenge, another address, or not readable."""
    from webauthn import verify_registration_response

    try:
        made = verify_registration_response(
            credential=answer[:MAX_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
        )
        transports = json.loads(answer)["response"].get("transports")
    except Exception:  # foreign bytes: JSON, CBOR, keys and certificates each fail in their own ways
        return None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, _known_transports(transports))


def credential_id_of(answer: str) -> bytes | None:
    """Which passkey an answer claims to be of."""
    from webauthn.helpers import parse_authentication_credential_json

    try:
        return parse_authentication_credential_json(answer[:MAX_ANSWER]).raw_id
    except Exception:  # as above
        return None


def verified_sign_count(answer: str, challenge: bytes, site: Site, public_key: bytes) -> int | None:
    """The passkey's new count; None if the answer is not signed by it, for this challenge, at this address."""
    from webauthn import verify_authentication_response

    try:
        proven = verify_authentication_response(
            credential=answer[:MAX_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # whoever stores the new one compares them
        )
    except Exception:  # as above
        return None
    return proven.new_sign_count


def _descriptors(known: Known) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(id=one, transports=[AuthenticatorTransport(way) for way in transports.split()])
        for one, transports in known
    ]


def _known_transports(sent: Any) -> str:
    from webauthn.helpers.structs import AuthenticatorTransport

    ways = [way.value for way in AuthenticatorTransport]
    return " ".join(way for way in ways if isinstance(sent, list) and way in sent)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return not host
    return True
