"""One item's file: what all items share, and the type's own reader for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from lms.content.markdown import assignment, module, quiz
from lms.content.markdown.attributes import Head
from lms.content.markdown.blocks import Passage
from lms.content.markdown.document import Document, open_document
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import FrontMatter, read_front_matter
from lms.content.markdown.links import Targets
from lms.content.markdown.model import Assignment, Complete, Module, Quiz
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.schedule import refuse_disorder
from lms.content.markdown.values import boolean, line, name, number, one_of, when, whole

TYPES = ("module", "quiz", "assignment")
UNSUPPORTED_TYPES = ("session", "survey")
MOST_JP = 1000
MOST_WEIGHT = 1000


@dataclass(frozen=True)
class Sheet:
    """A file and what was read from it.

    ``fields`` is None where there is no readable front matter; ``item`` also
    where its type is not known. ``heads`` are the beginnings of its questions.
    """

    path: str
    slug: str
    findings: Findings
    document: Document | None = None
    fields: Fields | None = None
    item: Module | Quiz | Assignment | None = None
    heads: tuple[Head, ...] = ()


def read_sheet(path: str, slug: str, raw: bytes, targets: Targets) -> Sheet:
    """Read an item's file as far as it can be read; what is wrong stands in the sheet's ``findings``."""
    findings = Findings(path)
    document = open_document(raw, findings)
    front = read_front_matter(document, findings) if document else None
    if not document or not front:
        return Sheet(path, slug, findings, document)
    fields = Fields(front.values, findings)
    body = body_of(document, front)
    type_ = fields.get("type", one_of((*TYPES, *UNSUPPORTED_TYPES)), "module")
    if type_ in UNSUPPORTED_TYPES:
        fields.fault(
            "type",
            say("items of the type “%(kind)s” are not supported yet", kind=type_),
            say("take the file out of the course for now, or make it a module"),
        )
    if not fields.is_sound("type"):
        return Sheet(path, slug, findings, document, fields)
    item, heads = _read_item(type_, path, slug, fields, body, targets)
    fields.finish()
    return Sheet(path, slug, findings, document, fields, item, heads)


def body_of(document: Document, front: FrontMatter) -> Passage:
    return Passage(document.lines[front.body_line - 1 :], front.body_line)


def _read_item(
    type_: str, path: str, slug: str, fields: Fields, body: Passage, targets: Targets
) -> tuple[Module | Quiz | Assignment, tuple[Head, ...]]:
    shared = {"path": path, "slug": slug, **_shared(fields)}
    if type_ == "quiz":
        settings = quiz.read_quiz_settings(fields)
        read = quiz.read_quiz_body(body, fields.findings, targets)
        if settings["draw"] and len(read.questions) == len(read.heads):
            quiz.check_draw(settings["draw"], read.questions, fields)
        return Quiz(**shared, **settings, intro=read.intro, questions=read.questions), read.heads
    if type_ == "assignment":
        settings = assignment.read_assignment_settings(fields)
        task = assignment.read_assignment_body(body, fields.findings, targets)
        return Assignment(**shared, **settings, body=task.text, rubric=task.rubric), ()
    complete: Complete = fields.get("complete", one_of(get_args(Complete)), "read")
    text = module.read_module_body(body, fields.findings, targets)
    return Module(**shared, complete=complete, parts=text.parts), text.heads


def _shared(fields: Fields) -> dict[str, Any]:
    """The keys that every item may have, as values for any of them."""
    shared: dict[str, Any] = {
        "title": fields.require("title", line(), ""),
        "id": fields.get("id", name, None),
        "jp": fields.get("jp", whole(0, MOST_JP), 0),
        "is_required": fields.get("required", boolean, True),
        "after": fields.several("after", name),
        "opens": fields.get("opens", when, None),
        "closes": fields.get("closes", when, None),
        "weight": fields.get("weight", number(0, MOST_WEIGHT), None),
    }
    refuse_disorder(shared["opens"], shared["closes"], fields, "closes")
    return shared
