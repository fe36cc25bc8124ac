"""Ids for items and questions without one. These are the only bytes that the platform adds by itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.content.folder.folder import read_folder
from lms.content.markdown.document import Document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.names import TakenNames, slugify
from lms.content.markdown.problems import SourcePosition
from lms.content.markdown.yaml_text import yaml_text

MAX_ID_LENGTH = 32
NAMELESS = "soal"
NOTHING: Mapping[str, str] = MappingProxyType({})


def add_ids(files: Mapping[str, bytes], used: Mapping[str, str] = NOTHING) -> dict[str, bytes]:
    """The files that lacked ids, with ids added: an item's slug, or a slug of a question's title.

    Ids that are there never change, and no other byte does. A file with an
    error is left as it is; its ids count as taken all the same. ``used`` are the ids that items of the course have had,
    with their types: an item of another type gets another one.
    """
    item_files = read_folder(files).item_files
    item_ids = TakenNames(item_file.item.id for item_file in item_files if item_file.item and item_file.item.id)
    question_ids = TakenNames(head.id for item_file in item_files for head in item_file.heads if head.id)
    changed = {}
    for item_file in item_files:
        if item_file.findings.has_errors or not item_file.document or not item_file.fields or not item_file.item:
            continue
        insertions: dict[SourcePosition, str] = {}
        if not item_file.item.id:
            name = item_ids.take(item_file.slug)
            while used.get(name, item_file.item.type) != item_file.item.type:
                name = item_ids.take(item_file.slug)
            position, line = _id_line(item_file.document, item_file.fields, name)
            insertions[position] = line
        for head, question in zip(item_file.heads, item_file.with_ids, strict=True):
            if not head.id:
                name = question_ids.take(slugify(question.title, MAX_ID_LENGTH) or NAMELESS)
                insertions[head.slot] = head.id_to_insert(name)
        if insertions:
            changed[item_file.path] = item_file.document.with_insertions(insertions)
    return changed


def taken_item_ids(files: Mapping[str, bytes]) -> set[str]:
    return {one.item.id for one in read_folder(files).item_files if one.item and one.item.id}


def _id_line(document: Document, fields: Fields, name: str) -> tuple[SourcePosition, str]:
    """A line with the id and its position: below the title, or above a title that spans several lines."""
    line, column = fields.start
    title = fields.value("title")
    if isinstance(title, YamlText) and title.last_line:
        line = title.last_line + 1
    return (line, 1), f"{' ' * (column - 1)}id: {yaml_text(name)}{document.ends[line - 2]}"
