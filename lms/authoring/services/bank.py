"""The question bank: the questions of a course with their states and versions, and what other courses offer.

It is a view of stored revisions and drafts. What is published comes from the values of its revision; only the texts of
a draft that differ from it are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lms.authoring import queries
from lms.authoring.bank import BankQuestion, source_questions, stored_questions, with_states
from lms.authoring.services import Source, of_revision
from lms.authoring.services.checking import title_in
from lms.content.folder.outline import lay_out
from lms.core import ledger, storage
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course

NO_SOURCE = Source(None, False, {})


@dataclass(frozen=True)
class CourseQuestions:
    """``items`` are the titles of the texts with questions by path, in the order of the course."""

    entries: tuple[BankQuestion, ...]
    items: Mapping[str, str]


@dataclass(frozen=True)
class QuestionVersion:
    """What a question says in consecutive revisions, from number ``first`` to ``last``."""

    text: str
    first: int
    last: int
    since: datetime


def bank_of(found: Source, revision_id: int | None) -> CourseQuestions:
    """All questions of a source, and the published ones that it no longer has.

    :param revision_id: the published revision, if there is one.
    """
    published = of_revision(revision_id) if revision_id else NO_SOURCE
    stored = _stored(revision_id, published) if revision_id else {}
    paths = [item.path for item in lay_out(found.files).items]
    same = [path for path in paths if path in stored and found.files[path].sha256 == published.files[path].sha256]
    other = [path for path in stored if path not in same]
    said = _texts_by_id(published, other)
    entries: dict[str, list[BankQuestion]] = {}
    titles: dict[str, str] = {}
    for path in paths:
        if path in same:
            titles[path], entries[path] = stored[path]
            continue
        raw = found.files[path].data
        titles[path], entries[path] = title_in(raw), with_states(source_questions(path, raw), said)
    there = {one.id for of_path in entries.values() for one in of_path}
    for path in other:
        titles.setdefault(path, stored[path][0])
        lost = [replace(one, state="gone") for one in stored[path][1] if one.id not in there]
        entries[path] = [*entries.get(path, ()), *lost]
    found_items = {path: titles[path] or path for path, of_path in entries.items() if of_path}
    return CourseQuestions(tuple(one for of_path in entries.values() for one in of_path), found_items)


def _stored(revision_id: int, published: Source) -> dict[str, tuple[str, list[BankQuestion]]]:
    """The title and questions of each item of a revision, by path."""
    paths = {one.slug: one.path for one in lay_out(published.files).items}
    found = {}
    for one in courses.contents(revision_id).items:
        if path := paths.get(one.slug):
            found[path] = one.title, stored_questions(path, courses.item_content(one.item_revision_id).asked)
    return found


def _texts_by_id(published: Source, paths: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in paths:
        for one in source_questions(path, published.files[path].data):
            found.setdefault(one.id, set()).add(one.source)
    found.pop("", None)
    return found


def versions(course_id: int, slug: str, question_id: str) -> list[QuestionVersion]:
    """What a question of the item with this slug said in each revision that had it, the newest first."""
    found: list[QuestionVersion] = []
    for one in queries.revisions_of_item(course_id, slug):
        text = next((q.source for q in source_questions(one.path, storage.read(one.key)) if q.id == question_id), None)
        if text is None:
            continue
        if found and found[-1].text == text:
            found[-1] = replace(found[-1], first=one.number, since=one.created_at)
        else:
            found.append(QuestionVersion(text, one.number, one.number, one.created_at))
    return found


def share(course: Course, is_shared: bool, *, actor_id: int, now: datetime) -> None:
    """Allow or forbid instructors of other courses to copy the published questions of this one."""
    if course.shares_questions == is_shared:
        return
    course.shares_questions = is_shared
    verb = "share questions" if is_shared else "stop sharing questions"
    ledger.record(actor_id, verb, f"course:{course.id}", now=now)
    db.session.flush()
