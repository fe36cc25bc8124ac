"""The text of a PDF's pages, as paragraphs. Positions, tables and pictures are lost."""

from __future__ import annotations

import io
import re

from lms.content.folder.archive import BadArchive
from lms.content.markdown.problems import say

MAX_PAGES = 100
MAX_CHARACTERS = 300_000
FULL_LINE = 0.8
"""A line that is shorter than this share of a page's long lines ends its paragraph."""
_BULLETS = "•●▪◦‣–—\uf0b7\uf0a7"
_BEGINS_ANEW = re.compile(rf"(?:[{_BULLETS}]|[-*]\s|\(?[0-9]{{1,2}}[.)]\s|\(?[a-zA-Z][.)]\s)")
_HYPHEN = re.compile(r"\w-\Z")


def text_of_pdf(data: bytes) -> tuple[list[str], int]:
    """The text of each page, empty where it has none, up to ``MAX_PAGES``; and the number of all pages.

    :raises BadArchive: it is encrypted or damaged.
    """
    import pypdf  # only the child process needs it

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadArchive(
                say("this PDF is locked with a password"), say("ask the participant to hand it in without one")
            )
        count = len(reader.pages)
        pages: list[str] = []
        for page in reader.pages[:MAX_PAGES]:
            pages.append(in_paragraphs(page.extract_text()))
            if sum(map(len, pages)) > MAX_CHARACTERS:
                break
    except (MemoryError, BadArchive):
        raise
    except Exception as error:  # the reader of a damaged file fails in many ways
        raise BadArchive(
            say("this PDF is damaged, or of a kind that cannot be read here"),
            say("download it, and ask the participant for another one if it does not open"),
        ) from error
    return pages, count


def in_paragraphs(text: str) -> str:
    """Text as it stands on a page, with its lines joined to paragraphs, which an empty line separates."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    full = FULL_LINE * lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs: list[str] = []
    is_open = False
    for line in lines:
        if is_open and line and not _BEGINS_ANEW.match(line):
            paragraphs[-1] += line if _HYPHEN.search(paragraphs[-1]) else f" {line}"
        elif line:
            paragraphs.append(line)
        is_open = len(line) >= full if line else False
    return "\n\n".join(paragraphs)
