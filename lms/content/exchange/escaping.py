"""Plain text as Markdown that shows exactly this text. Only what would mean something is escaped."""

from __future__ import annotations

import re

_INLINE = re.compile(
    r"""
    \\(?=[!-/:-@\[-`{-~]|$)             # before punctuation and at the end of a line
    | [`*\[\]$]
    | (?<![^\W_])_ | _(?![^\W_])        # not within a word
    | <(?=[A-Za-z/!?])
    | &(?=\#?\w{1,32};)
    | ~(?=~) | (?<=~)~
    | :(?=[a-z+][a-z0-9_+-]*:)
    | \{(?=[^{}]*\}\s*$)                # attributes at the end of a line
    """,
    re.VERBOSE | re.MULTILINE,
)
_AT_START = re.compile(
    r"""
    ^(?:
        (?=\#{1,6}(?:\s|$)) | (?=>) | (?=[-+](?:\s|$)) | (?=(?:-+|=+)\s*$) | (?=[-=:|][-=:|\s]+$)
        | (?==\s) | (?=!!!) | (?=:(?:\s|::)) | (?=~{3})
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_SPACES = re.compile(r"[^\S\n]+")
_BREAK = "\\\n"


def inline(text: str) -> str:
    """Text within a line."""
    return _INLINE.sub(lambda found: "\\" + found[0], text)


def _at_line_starts(text: str) -> str:
    """What would begin another block at the start of a line."""
    return _NUMBERED.sub(r"\1\\\2", _AT_START.sub(r"\\", text))


def as_text(text: str) -> str:
    """A plain text: its lines stay lines, blank lines part paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(_paragraph(one) for one in paragraphs if one.strip())


def _paragraph(text: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return _at_line_starts(inline("\n".join(line for line in lines if line))).replace("\n", _BREAK)
