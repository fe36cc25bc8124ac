"""Courses and their immutable revisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.content import stored
from lms.content.course import CompletionRule
from lms.core.db import Id, Model, partial_index
from lms.lib.folding import searchable


class Course(Model):
    """What all revisions of a course have in common."""

    __tablename__ = "course"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]
    shares_questions: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Instructors of other courses may copy its published questions."""
    archived_at: Mapped[datetime | None]
    """Since then it is not in the catalogue and takes nobody new; whoever takes it goes on. Null: not archived."""

    revision: Mapped[CourseRevision | None] = relationship(
        primaryjoin="and_(Course.id == CourseRevision.course_id, CourseRevision.is_current)",
        viewonly=True,
        uselist=False,
    )
    """The published revision. None: imported only, and visible to instructors and admins only."""


class CourseRevision(Model):
    """A course as it was imported: the source files, and what was made of them."""

    __tablename__ = "course_revision"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        partial_index("uq_course_revision_current", "course_id", where="is_current", unique=True),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=False)
    """True for the published revision; at most one per course."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    published_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over paths and contents. Importing the same folder again makes no new revision."""
    renderer: Mapped[int]
    """Version of the Markdown renderer."""
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(300))
    code: Mapped[str | None] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(60))
    competency: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    jp: Mapped[int]
    minutes: Mapped[int]
    item_count: Mapped[int]
    description_html: Mapped[str]
    prerequisites: Mapped[list[Any]]
    completion: Mapped[dict[str, Any]]
    """A ``CompletionRule`` as JSON: ``{"items": "all" | "required" | percent, "score": number | null}``."""
    has_certificate: Mapped[bool]
    """JP count by the certificate: see ``earned_jp``."""
    search_text: Mapped[str]
    """``contents.searched_text``, for the search of the catalogue."""

    course: Mapped[Course] = relationship()
    sections: Mapped[list[RevisionSection]] = relationship(order_by="RevisionSection.position")
    files: Mapped[list[CourseFile]] = relationship(order_by="CourseFile.path")

    @property
    def earned_jp(self) -> int:
        """What completing it brings."""
        return self.jp if self.has_certificate else 0

    SEARCHED_BY = ("search_text",)
    """For ``renew_search_texts``: releases before stored it in lower case, which folds to the same."""

    @classmethod
    def search_text_of(cls, values: Mapping[str, Any]) -> str:
        return searchable([values["search_text"]])

    @property
    def rule(self) -> CompletionRule:
        return stored.load_rule(self.completion)


class CourseFile(Model):
    """One source file of a revision; its bytes are in the storage."""

    __tablename__ = "course_file"
    __table_args__ = (UniqueConstraint("revision_id", "path"),)

    id: Mapped[Id]
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revision.id"))
    path: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    content_type: Mapped[str | None] = mapped_column(String(100))
    """Set only for media that pages may show."""

    revision: Mapped[CourseRevision] = relationship(viewonly=True)


class RevisionSection(Model):
    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("revision_id", "position"),)

    id: Mapped[Id]
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revision.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    """Empty for items at the root of the course."""
    intro_html: Mapped[str]


class CourseItem(Model):
    """What all revisions of an item have in common: progress, attempts and grades refer to it."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    key: Mapped[str] = mapped_column(String(80))
    """The id in the file, otherwise the slug."""


class ItemRevision(Model):
    """An item in one revision. ``content`` has the fields without a column (see ``lms.content.stored``)."""

    __tablename__ = "item_revision"
    __table_args__ = (
        UniqueConstraint("revision_id", "position"),
        UniqueConstraint("revision_id", "slug", name="uq_item_revision_slug"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revision.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    position: Mapped[int]
    """From 1 over the whole course."""
    slug: Mapped[str] = mapped_column(String(80))
    type: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    jp: Mapped[int]
    minutes: Mapped[int]
    is_required: Mapped[bool]
    weight: Mapped[float | None]
    after: Mapped[list[Any]]
    """Keys of the items that must be done first."""
    opens: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A ``When`` as JSON (see ``lms.content.stored``)."""
    closes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    body_html: Mapped[str]
    """A module's text, a quiz's introduction, an assignment's task."""
    content: Mapped[dict[str, Any]]

    item: Mapped[CourseItem] = relationship()
    section: Mapped[RevisionSection] = relationship()
    revision: Mapped[CourseRevision] = relationship()


class RenderedItem(Model):
    """A row of the cache of rendered items (``services.rendered_items``). May be deleted at any time."""

    __tablename__ = "rendered_item"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A hash of all that the HTML depends on."""
    texts: Mapped[bytes] = mapped_column(LargeBinary)
    """``content.rendering.rendered_texts`` as compressed JSON."""
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(index=True, server_default=text("CURRENT_TIMESTAMP"))
