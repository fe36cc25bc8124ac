"""Ids for items and questions that have none yet: the only bytes the platform adds by itself."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.markdown.document import Document
from lms.content.markdown.fields import Fields
from lms.content.markdown.folder import read_folder
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.names import TakenNames, slugify
from lms.content.markdown.problems import Place
from lms.content.markdown.whole import questions_of

LONGEST_ID = 32
NAMELESS = "soal"


def add_ids(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that lacked ids, with ids: an item's is its slug, a question's is made of its words.

    Ids that are there never change, and no other byte does. A file with an
    error is left as it is; its ids count as taken all the same.
    """
    sheets = read_folder(files).sheets
    item_ids = TakenNames(sheet.item.id for sheet in sheets if sheet.item and sheet.item.id)
    question_ids = TakenNames(head.id for sheet in sheets for head in sheet.heads if head.id)
    changed = {}
    for sheet in sheets:
        if sheet.findings.has_errors or not sheet.document or not sheet.fields or not sheet.item:
            continue
        insertions: dict[Place, str] = {}
        if not sheet.item.id:
            place, line = _id_line(sheet.document, sheet.fields, item_ids.take(sheet.slug))
            insertions[place] = line
        for head, question in zip(sheet.heads, questions_of(sheet), strict=True):
            if not head.id:
                name = question_ids.take(slugify(question.title, LONGEST_ID) or NAMELESS)
                insertions[head.slot] = head.id_to_insert(name)
        if insertions:
            changed[sheet.path] = sheet.document.with_insertions(insertions)
    return changed


def _id_line(document: Document, fields: Fields, name: str) -> tuple[Place, str]:
    """A line with the id, and where it goes: below the title, or above it where the title is a block of lines."""
    line, column = fields.start
    title = fields.value("title")
    if isinstance(title, YamlText) and title.last_line:
        line = title.last_line + 1
    return (line, 1), f"{' ' * (column - 1)}id: {name}{document.ends[line - 2]}"
