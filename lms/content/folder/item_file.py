"""One item's file."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.items.base import HasId, Item, ItemSource, item_types, read_item
from lms.content.markdown.attributes import Head
from lms.content.markdown.document import Document, open_document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText, body_of, read_front_matter
from lms.content.markdown.links import Targets
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.values import InvalidValue, Reader, one_of
from lms.content.questions.base import Question

DEFAULT_TYPE = "module"
INDONESIAN = {
    "modul": "module",
    "materi": "module",
    "kuis": "quiz",
    "ujian": "quiz",
    "tugas": "assignment",
    "pertemuan": "session",
    "seminar": "session",
    "lokakarya": "session",
    "workshop": "session",
    "webinar": "session",
    "survei": "survey",
}
"""What authors write for types."""


@dataclass(frozen=True)
class ItemFile:
    """A file and the item that was read from it.

    ``fields`` is None where there is no readable front matter; ``item`` also
    where its type is not known. ``heads`` are the beginnings of its questions.
    """

    path: str
    slug: str
    findings: Findings
    document: Document | None = None
    fields: Fields | None = None
    item: Item | None = None
    heads: tuple[Head, ...] = ()

    @property
    def with_ids(self) -> tuple[HasId, ...]:
        return self.item.with_ids if self.item else ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.item.questions if self.item else ()


def read_item_file(path: str, slug: str, raw: bytes, targets: Targets) -> ItemFile:
    """Read as much as possible. Problems are in ``findings``."""
    findings = Findings(path)
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if not document or not front:
        return ItemFile(path, slug, findings, document)
    fields = Fields(front.values, findings)
    known = tuple(item_type.type for item_type in item_types)
    word = fields.get("type", _type_word(known), DEFAULT_TYPE)
    source = ItemSource(fields, body_of(document, front), targets)
    if not fields.is_sound("type"):
        if meant := _meant(fields, known):
            read_item(item_types[meant], path, slug, source)  # what else is wrong
        return ItemFile(path, slug, findings, document, fields)
    item, heads = read_item(item_types[word], path, slug, source)
    return ItemFile(path, slug, findings, document, fields, item, heads)


def _type_word(known: tuple[str, ...]) -> Reader[str]:
    """Read an item's type."""
    read_word = one_of(known)

    def read(value: YamlText) -> str:
        if near := INDONESIAN.get(value.text.casefold()):
            raise InvalidValue(
                say("“%(text)s” is not one of the choices", text=shorten(value.text)),
                say("did you mean “%(near)s”?", near=near),
            )
        return str(read_word(value))

    return read


def _meant(fields: Fields, known: tuple[str, ...]) -> str | None:
    word = fields.value("type")
    if not isinstance(word, YamlText):
        return None
    return INDONESIAN.get(word.text.casefold()) or nearest(word.text, known)
