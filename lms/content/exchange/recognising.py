"""Which kind of question bank a file is, by its content: names are often wrong.

A hostile file may make the readers slow: run ``read_bank`` in a process of its own (``lms.core.isolated``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.exchange.aiken import looks_like_aiken, read_aiken
from lms.content.exchange.bank import MAX_QUESTIONS, Bank, UnreadableBank
from lms.content.exchange.gift import read_gift
from lms.content.exchange.moodle_xml import read_moodle_xml
from lms.content.exchange.table import read_table, sense
from lms.content.exchange.texts import decoded
from lms.content.folder.archive import BadArchive, unpack
from lms.content.markdown.problems import Message, say
from lms.lib.csv_reading import consistency
from lms.lib.table_data import Unreadable, UnreadableReason
from lms.lib.tables_reading import read_tables

MAX_UNPACKED = 60 * 1024 * 1024

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_XML = re.compile(r"\s*<(?:\?xml|quiz[\s>/]|!DOCTYPE)", re.IGNORECASE)
_OPEN_BRACE = re.compile(r"(?<!\\)\{")
_AS_TABLE = say("write the questions into the template, or paste them as GIFT or Aiken")
_UNREADABLE: dict[UnreadableReason, Message] = {
    UnreadableReason.EMPTY: say("there is nothing in it"),
    UnreadableReason.HTML: say("it is a web page, not a table"),
    UnreadableReason.LOCKED: say("the workbook has a password"),
    UnreadableReason.NO_TABLE: say("it is no table and no question bank"),
    UnreadableReason.BROKEN: say("the workbook is damaged"),
    UnreadableReason.NOT_TEXT: say("it is no text"),
    UnreadableReason.QUOTES: say("a quotation mark is not closed"),
    UnreadableReason.TOO_MANY_ROWS: say("it has too many rows"),
    UnreadableReason.TOO_LARGE: say("it is too large when it is unpacked"),
}


def read_bank(data: bytes) -> Bank:
    """:raises UnreadableBank: with the reason."""
    bank = _read(data)
    if not bank.entries:
        raise UnreadableBank(say("no question was found in it"), _AS_TABLE)
    if len(bank.entries) > MAX_QUESTIONS:
        raise UnreadableBank(
            say("it has %(count)d questions; at most %(most)d are read", count=len(bank.entries), most=MAX_QUESTIONS),
            say("split it into several files"),
        )
    return bank


def _read(data: bytes) -> Bank:
    if not data.strip():
        raise UnreadableBank(say("there is nothing in it"), _AS_TABLE)
    if data.startswith(_ZIP) and (found := _zip(data)):
        return found
    if data.startswith((_ZIP, _OLE)):
        return _table(data)
    return _text(data, {})


def _text(data: bytes, files: Mapping[str, bytes]) -> Bank:
    text = decoded(data)
    if _XML.match(text):
        return read_moodle_xml(data.lstrip())
    if looks_like_aiken(text) and not _OPEN_BRACE.search(text):
        return read_aiken(text)
    if not _OPEN_BRACE.search(text) and (found := _perhaps_table(data)):
        return found
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableBank(_UNREADABLE[UnreadableReason.NOT_TEXT], _AS_TABLE)
    return read_gift(text, files)


def _zip(data: bytes) -> Bank | None:
    """The one text of a ZIP, with its pictures; None for a workbook, which is a ZIP too."""
    try:
        files = dict(unpack(data, most_bytes=MAX_UNPACKED).files)
    except BadArchive as error:
        raise UnreadableBank(error.what, error.fix) from error
    if "[Content_Types].xml" in files or "mimetype" in files:
        return None
    texts = [path for path in files if path.lower().endswith((".txt", ".gift", ".xml"))]
    if len(texts) != 1:
        raise UnreadableBank(
            say("the ZIP has %(count)d texts with questions instead of one", count=len(texts)),
            say("put one text (.txt, .gift or .xml) into it, and its pictures beside it"),
        )
    return _text(files.pop(texts[0]), files)


def _perhaps_table(data: bytes) -> Bank | None:
    """Read a text as a table; None if its lines are not the rows of one."""
    try:
        tables = read_tables(data, sense)
    except Unreadable:
        return None
    if not any(sense(table) for table in tables) and max(map(consistency, tables)) < 1:
        return None
    return read_table(tables)


def _table(data: bytes) -> Bank:
    try:
        return read_table(read_tables(data, sense))
    except Unreadable as error:
        raise UnreadableBank(_UNREADABLE[error.why], _AS_TABLE, error.line or 0) from error
