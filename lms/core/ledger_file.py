"""The ledger as a file that anybody can check without the site, with Python alone or another language.

A file has one JSON value in each line: an object that says what it is, the public keys, the signed heads, the entries.
An entry is a list: id, microseconds since 1970 (UTC), actor's id or null, verb, target, facts (JSON as a text), hash.
The chain hash is the SHA-256, in hexadecimal, of the hash before (64 zeros for the first), a line feed, and the other
parts of the entry joined by line feeds; an actor of null is an empty text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from lms.core.ledger import GENESIS, chain_hash_after, chained_text
from lms.core.ledger_heads import SignedHead
from lms.core.signing import PublicKey, key_id

FORMAT = "lms ledger"
VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotALedger(Exception):
    """The file is not an exported ledger, or of a later version."""


class Mention(NamedTuple):
    entry_id: int
    at: datetime
    verb: str
    target: str


@dataclass
class LedgerFile:
    """What is in a file. ``faults`` are the ids of the entries that do not fit their chain or a signed head."""

    site: str
    exported_at: str
    keys: dict[str, PublicKey] = field(default_factory=dict)
    heads: list[SignedHead] = field(default_factory=list)
    bad_heads: list[int] = field(default_factory=list)
    """Entry ids of heads that none of the file's keys has signed."""
    entries: int = 0
    signed_until: int = 0
    """The id of the last entry that a signed head covers."""
    faults: list[int] = field(default_factory=list)
    signed_at: str = ""
    """When the newest head was signed (ISO 8601). What happened later may have been left out of the file."""
    mentions: list[Mention] = field(default_factory=list)
    """The entries about the certificate that was asked for."""

    @property
    def unsigned_mentions(self) -> list[Mention]:
        """Behind the last signed head: anybody can add such an entry, and compute its hash."""
        return [one for one in self.mentions if one.entry_id > self.signed_until]

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.bad_heads and self.signed_until > 0


def lines(
    site: str, exported_at: str, keys: Iterable[PublicKey], heads: Iterable[SignedHead], entries: Iterable[list[Any]]
) -> Iterator[str]:
    yield _line({"format": FORMAT, "version": VERSION, "site": site, "exported_at": exported_at})
    for key in keys:
        yield _line({"key": key.id, "public_key": key.base64})
    for head in heads:
        yield _line({"head": vars(head)})
    for entry in entries:
        yield _line(entry)


def read(source: Iterable[str], number: str = "") -> LedgerFile:
    """Check a file. ``number`` is that of a certificate to look for.

    :raises NotALedger: it is none, or a line cannot be read.
    """
    try:
        return _read(iter(source), number)
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, RecursionError) as error:
        raise NotALedger from error


def _read(source: Iterator[str], number: str) -> LedgerFile:
    first = json.loads(next(source))
    if first["format"] != FORMAT or first["version"] != VERSION:
        raise NotALedger
    found = LedgerFile(str(first["site"]), str(first["exported_at"]))
    signed: dict[int, set[tuple[int, str]]] = {}
    previous = GENESIS
    for line in source:
        value = json.loads(line)
        if isinstance(value, list):
            previous = _read_entry(found, value, previous, signed, number)
        elif "key" in value:
            raw = base64.b64decode(value["public_key"])
            found.keys[key_id(raw)] = PublicKey(key_id(raw), raw)
        else:
            _read_head(found, SignedHead(**value["head"]), signed)
    found.faults += sorted(signed)
    return found


def _read_head(found: LedgerFile, head: SignedHead, signed: dict[int, set[tuple[int, str]]]) -> None:
    found.heads.append(head)
    if head.is_signed(found.keys):
        signed.setdefault(head.entry_id, set()).add((head.entries, head.chain_hash))
        if head.entry_id > found.signed_until:
            found.signed_until, found.signed_at = head.entry_id, head.signed_at
    else:
        found.bad_heads.append(head.entry_id)


def _read_entry(
    found: LedgerFile, value: list[Any], previous: str, signed: dict[int, set[tuple[int, str]]], number: str
) -> str:
    entry_id, at, actor_id, verb, target, facts, chain_hash = value
    found.entries += 1
    heads = signed.pop(entry_id, set())
    fits = chain_hash == chain_hash_after(previous, chained_text(entry_id, at, actor_id, verb, target, facts))
    if not fits or heads - {(found.entries, chain_hash)}:
        found.faults.append(entry_id)
    if number and json.loads(facts).get("number") == number:
        found.mentions.append(Mention(entry_id, _EPOCH + timedelta(microseconds=at), verb, target))
    return str(chain_hash)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
