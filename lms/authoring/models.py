"""Drafts of courses: the source files as they are being edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model, partial_index


class CourseDraft(Model):
    """The one draft of a course. Without one, the latest revision is what an editor begins with."""

    __tablename__ = "course_draft"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), unique=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("course_revision.id"), index=True)
    """The revision whose files it began with. None: the course had none yet."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    review_state: Mapped[str | None] = mapped_column(String(64))
    """``Source.state`` for which a review was asked. If the draft has another one, it was changed since."""
    review_asked_at: Mapped[datetime | None]
    review_asked_by: Mapped[int | None]
    returned_note: Mapped[str | None] = mapped_column(Text)
    """What the last reviewer wants changed."""
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[int | None]
    scheduled_id: Mapped[int | None]
    """The publication that was scheduled of this draft last. What was saved since is no part of it."""


class CourseDraftFile(Model):
    """A file of a draft: a text with its bytes, anything else by its key in the storage."""

    __tablename__ = "course_draft_file"
    __table_args__ = (
        UniqueConstraint("draft_id", "path"),
        CheckConstraint("(content IS NULL) <> (key IS NULL)", name="content_or_key"),
    )

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("course_draft.id"))
    path: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    """The number of times that it was saved in this draft."""
    removed_at: Mapped[datetime | None]
    """It was taken out of the draft and can be put back until the draft is published."""
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None]


class ScheduledPublication(Model):
    """A draft as it was checked, to be published at a moment. At most one of a course waits."""

    __tablename__ = "scheduled_publication"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'published', 'cancelled', 'refused')", name="state_is_known"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_or_waiting"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        partial_index("uq_scheduled_publication_waiting", "course_id", where="state = 'waiting'", unique=True),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    publish_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    """The course's title in these files."""
    digest: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, Any]]
    """Key in the storage and SHA-256 of each file, by path. Missing ids have been added."""
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("course_revision.id"), index=True)
    """The published revision when it was scheduled. If another one is published since, nothing is done."""
    opens: Mapped[bool]
    """Let anyone enrol, of a course that is published for the first time."""
    reason: Mapped[str | None] = mapped_column(String(300))
    """Why the course may be heavier than the site's limit."""
    review_asked_by: Mapped[int | None]
    """Who asked for the review by which ``scheduled_by`` could publish."""
    scheduled_at: Mapped[datetime]
    scheduled_by: Mapped[int]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    """Who cancelled or replaced it; None: the job ended it."""
    refusal: Mapped[str | None] = mapped_column(String(20))
    """A code of ``services.scheduling.REFUSALS``."""
    published_id: Mapped[int | None] = mapped_column(ForeignKey("course_revision.id"), index=True)


class CourseCheck(Model):
    """The check of a draft that is too large for a request: a job renders its items into the cache.

    At most one of each course. It says nothing about another draft or renderer than its own.
    """

    __tablename__ = "course_check"
    __table_args__ = (
        CheckConstraint("result IN ('checked', 'unrendered', 'failed')", name="result_is_known"),
        CheckConstraint("(result IS NULL) = (ended_at IS NULL)", name="result_at_the_end"),
        CheckConstraint(
            "(unrendered IS NOT NULL) = (result IS NOT NULL AND result = 'unrendered')", name="unrendered_is_named"
        ),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, autoincrement=False)
    draft_state: Mapped[str] = mapped_column(String(64))
    """``Source.state`` of what is checked."""
    renderer: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    done: Mapped[int]
    total: Mapped[int]
    """0: the job has not begun."""
    ended_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(10))
    """``checked``, with faults or without; ``unrendered``: one file cannot be rendered; ``failed``: a bug."""
    unrendered: Mapped[str | None] = mapped_column(String(255))
    """The path of that file."""


class QuestionOrigin(Model):
    """Where a question of a course was copied from."""

    __tablename__ = "question_origin"
    __table_args__ = (UniqueConstraint("course_id", "question_id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    question_id: Mapped[str] = mapped_column(String(80))
    from_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    """None: that course was deleted."""
    from_question_id: Mapped[str] = mapped_column(String(80))
    """Empty: the question had no id yet."""
    from_title: Mapped[str] = mapped_column(String(300))
    """Course and quiz, as they were called then."""
    from_revision: Mapped[int | None]
    """The number of the revision that had it so. None: it was copied from a draft."""
    copied_at: Mapped[datetime]
    copied_by: Mapped[int | None]


class CourseRepository(Model):
    """The branch of a git repository that a course is exchanged with."""

    __tablename__ = "course_repository"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(300))
    branch: Mapped[str] = mapped_column(String(100))
    folder: Mapped[str] = mapped_column(String(255))
    """Empty for the root of the repository."""
    commit: Mapped[str] = mapped_column(String(64))
    """The last commit that was pulled or pushed; empty before the first."""
    hashes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """SHA-256 of the repository's files at that commit, by path; None before the first exchange."""
    exchanged_at: Mapped[datetime | None]
