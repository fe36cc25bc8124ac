"""Publishing a draft in two steps: a preview of what changes and for whom, then exactly that."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.authoring import queries
from lms.authoring.changes import CourseChanges, PublishedRevision, course_changes
from lms.authoring.queries import People
from lms.authoring.services import DraftChanged, Source, delete_draft, lock, source
from lms.authoring.services.sizes import sizes_on_a_phone
from lms.authoring.weight import CourseWeight, course_weight
from lms.content.course import CourseContent
from lms.content.markdown.problems import Problem
from lms.core import ledger, settings, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.core.settings import whole_number
from lms.courses import queries as courses
from lms.courses import services as importing
from lms.courses.models import CourseRevision
from lms.courses.services import ImportResult, PreparedImport
from lms.enrolment import services as enrolling

NO_CHANGES = CourseChanges(items=(), other_files=())
NOBODY = People(total=0, learning=0, finished=0)

COURSE_MEGABYTES = whole_number(
    "course_megabytes",
    50,
    (1, 10_000),
    group=lazy("Courses"),
    label=lazy("Weight of a course on a phone, in MB"),
    hint=lazy("Whoever publishes a heavier one says why. The reason appears in the activity log."),
)


class TooHeavy(Refusal):
    message = lazy("This course is heavier than the limit of this site. Nothing was published: say why it must be.")
    status = 422


@dataclass(frozen=True)
class PublicationPreview:
    """A draft without errors, and what publishing it changes. ``digest`` names exactly this content."""

    digest: str
    with_ids: tuple[str, ...]
    """Files that get missing ids; nothing else in them is changed."""
    warnings: tuple[Problem, ...]
    course: CourseContent
    changes: CourseChanges
    """Empty for a course that is published for the first time."""
    people: People
    done: dict[int, int]
    """How many people have done each item that is gone."""
    attempts: dict[int, int]
    """How many attempts were handed in, for items whose marks are concerned."""
    marked: dict[int, int]
    """How many people have a mark, for items whose weight or pass mark differs."""
    running: int
    """The number of running attempts."""
    weight: CourseWeight
    megabytes: int
    """The site's limit."""

    @property
    def is_heavy(self) -> bool:
        return is_heavy(self.weight, self.megabytes)


def preview_publication(slug: str, draft: Source, published: CourseRevision | None) -> PublicationPreview:
    """Check and render the draft. Changes nothing.

    :param published: None for a course that is published for the first time.

    :raises CourseHasProblems: with every error and warning.
    """
    found = importing.check_import(slug, draft.data)
    hashes = draft.hashes | {path: hashlib.sha256(data).hexdigest() for path, data in found.with_ids.items()}
    course = found.checked.course
    changes = course_changes(_published(published), course, hashes) if published else NO_CHANGES
    concerned = [one.item_id for one in changes.items if one.changes_marks and one.item_id]
    gone = [one.item_id for one in changes.items if one.is_gone and one.item_id]
    return PublicationPreview(
        digest=found.digest,
        with_ids=tuple(found.with_ids),
        warnings=found.checked.warnings,
        course=course,
        changes=changes,
        people=queries.people_inside(published.course_id) if published else NOBODY,
        done=queries.people_done(gone),
        attempts=queries.submitted_attempt_counts([*concerned, *gone]),
        marked=queries.people_marked([one.item_id for one in changes.items if one.item_id and one.has_another_share]),
        running=queries.attempts_running(published.course_id) if published else 0,
        weight=_weight_of(found.checked.course, draft),
        megabytes=settings.value(COURSE_MEGABYTES),
    )


def _weight_of(course: CourseContent, draft: Source) -> CourseWeight:
    texts = {path: file.data for path, file in draft.files.items() if file.is_text}
    return course_weight(course, texts, sizes_on_a_phone(draft))


def is_heavy(weight: CourseWeight, megabytes: int) -> bool:
    return weight.total > megabytes * 1_048_576


@dataclass(frozen=True)
class PreparedDraft:
    """A draft without errors, rendered and with its files stored: ready for the transaction that publishes it."""

    course_id: int
    state: str
    """The state of the source that was prepared."""
    content: PreparedImport
    weight: CourseWeight
    files: Mapping[str, tuple[str, str]]
    """Key in the storage and SHA-256 of each file, by path."""
    with_ids: Mapping[str, bytes]
    """The files that got missing ids."""
    in_force: int | None
    """The id of the published revision at that time."""
    changes: CourseChanges


def prepare(slug: str, course_id: int, draft: Source, *, seen: tuple[str, str] | None = None) -> PreparedDraft:
    """Do all that is slow about publishing. Changes no rows.

    :param seen: the digest and the number of the published revision (0: none) on the page that somebody has read.
    :raises DraftChanged: that is not what is there now.
    :raises lms.courses.services.CourseHasProblems: with every error and warning.
    """
    published = courses.published(slug)
    revision = published[1] if published else None
    content = importing.prepare_import(slug, draft.data)
    if seen is not None and seen != (content.digest, str(revision.number if revision else 0)):
        raise DraftChanged
    files = _files(content, course_id)
    hashes = {path: sha256 for path, (_key, sha256) in files.items()}
    return PreparedDraft(
        course_id=course_id,
        state=draft.state,
        content=content,
        weight=_weight_of(content.course, draft),
        files=files,
        with_ids={path: storage.read(files[path][0]) for path in content.with_ids},
        in_force=revision.id if revision else None,
        changes=course_changes(_published(revision), content.course, hashes) if revision else NO_CHANGES,
    )


def _files(content: PreparedImport, course_id: int) -> dict[str, tuple[str, str]]:
    if content.files:
        return {path: (file.key, file.sha256) for path, file in content.files.items()}
    latest = courses.latest_revision(course_id)
    assert latest is not None  # it says the same as what was prepared
    return {file.path: (file.key, file.sha256) for file in queries.revision_files(latest.id)}


def publish(
    ready: PreparedDraft, *, opens: bool = False, reason: str = "", actor_id: int | None, now: datetime
) -> ImportResult:
    """Make a revision of the draft that was prepared, publish it and end the draft, and what was scheduled of it.

    :param opens: let anyone enrol at their own pace, if the course was not published before.
    :param reason: why a course may be heavier than the site's limit.
    :raises TooHeavy: it is, and there is no reason. Nothing was published.
    :raises DraftChanged: the draft is another one now. Nothing was published.
    :raises lms.courses.services.ImportedMeanwhile: nothing was published.
    """
    lock(ready.course_id)
    if source(ready.course_id).state != ready.state:
        raise DraftChanged
    justify_weight(ready.weight, reason, ready.course_id, actor_id=actor_id, now=now)
    draft = queries.draft(ready.course_id)
    done = put_in_force(ready.content, opens=opens and ready.in_force is None, actor_id=actor_id, now=now)
    if waiting := queries.waiting_publication(ready.course_id):
        waiting.state, waiting.ended_at, waiting.ended_by = "cancelled", now, actor_id
    if draft is not None:
        delete_draft(draft)
    db.session.flush()
    return done


def with_marks_by_other_keys(changes: CourseChanges) -> list[str]:
    """The slugs of quizzes with attempts that were handed in before a key, choices or points changed."""
    changed = {one.item_id: one.slug for one in changes.items if one.item_id and one.slug and one.questions}
    attempts = queries.submitted_attempt_counts(changed)
    return [slug for item_id, slug in changed.items() if attempts.get(item_id)]


def put_in_force(content: PreparedImport, *, opens: bool, actor_id: int | None, now: datetime) -> ImportResult:
    done = importing.add_revision(content, actor_id=actor_id, now=now)
    importing.publish(done.revision, actor_id=actor_id, now=now)
    if opens:
        enrolling.set_open(done.revision.course, True, actor_id=actor_id, now=now)
    return done


def justify_weight(weight: CourseWeight, reason: str, course_id: int, *, actor_id: int | None, now: datetime) -> None:
    """:raises TooHeavy: the course is heavier than the site's limit, and there is no reason."""
    if not is_heavy(weight, settings.value(COURSE_MEGABYTES)):
        return
    if not reason:
        raise TooHeavy
    facts = {"megabytes": -(-weight.total // 1_048_576), "reason": reason}
    ledger.record(actor_id, "publish heavy course", f"course:{course_id}", now=now, **facts)


def _published(revision: CourseRevision) -> PublishedRevision:
    contents = courses.contents(revision.id)
    files = {row.path: row.sha256 for row in queries.revision_files(revision.id)}
    items = {one.item_id: courses.item_content(one.item_revision_id) for one in contents.items}
    return PublishedRevision(contents, items, files)
