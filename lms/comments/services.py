"""Keep, edit and remove comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.comments import queries
from lms.comments.filling import filled, without_name
from lms.comments.models import MAX_COMMENT_LENGTH, SavedComment
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, lazy_ngettext

MAX_COMMENTS = 100


class NothingToKeep(Refusal):
    message = lazy("Write the feedback first, then keep it as a comment.")


class CommentTooLong(Refusal):
    message = lazy(
        "A kept comment has at most %(most)s characters, and this text has %(n)s. Nothing was lost: it is still "
        "here. Shorten it, keep it, and then write on."
    )


class TooManyComments(Refusal):
    message = lazy_ngettext(
        "You have %(n)s comment, and more are not possible. Your text is still here. Delete one that you no "
        "longer need, then keep this one.",
        "You have %(n)s comments, and more are not possible. Your text is still here. Delete one that you no "
        "longer need, then keep this one.",
        "n",
    )


class CommentIsThere(Refusal):
    message = lazy("You have another comment with this text for the same course. Nothing was changed.")


class CommentGone(Refusal):
    message = lazy(
        "This comment was deleted in the meantime. Everything that you typed and picked is still here. Choose another "
        "one, or write it yourself."
    )


def keep_comment(text: str, course_id: int | None, *, person_id: int, now: datetime) -> SavedComment:
    """The same text for the same course again returns the existing comment.

    :raises Refusal: one of this module.
    """
    text = _checked(text)
    there = queries.same(person_id, course_id, text)
    if there is not None:
        return there
    if queries.count(person_id) >= MAX_COMMENTS:
        raise TooManyComments(n=MAX_COMMENTS)
    made = SavedComment(person_id=person_id, course_id=course_id, text=text, saved_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # at the same moment, from another page
        there = queries.same(person_id, course_id, text)
        assert there is not None
        return there
    return made


def change_comment(comment: SavedComment, text: str, course_id: int | None) -> None:
    """:raises Refusal: one of this module."""
    text = _checked(text)
    there = queries.same(comment.person_id, course_id, text)
    if there is not None and there.id != comment.id:
        raise CommentIsThere
    try:
        with db.session.begin_nested():
            comment.text, comment.course_id = text, course_id
    except IntegrityError:
        raise CommentIsThere from None


def remove_comment(comment: SavedComment) -> None:
    db.session.delete(comment)
    db.session.flush()


def offer_in_all_courses(course_id: int) -> None:
    """Let graders keep what they saved for a course that is about to be deleted."""
    for comment in queries.saved_for(course_id):
        if queries.same(comment.person_id, None, comment.text) is None:
            comment.course_id = None
        else:
            db.session.delete(comment)
    db.session.flush()


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NothingToKeep
    if len(text) > MAX_COMMENT_LENGTH:
        raise CommentTooLong(most=MAX_COMMENT_LENGTH, n=len(text))
    return text


class GraderComments:
    """The comments of a grader as a page of a learner's work offers them (``web.rubric_form.CommentBank``)."""

    def __init__(self, person_id: int, course_id: int, *, name: str) -> None:
        self.person_id, self.course_id, self.name = person_id, course_id, name

    @property
    def texts(self) -> dict[int, str]:
        """The texts by id, with the learner's name filled in."""
        found = queries.for_course(self.person_id, self.course_id)
        return {one.id: filled(one.text, self.name) for one in found}

    def text(self, comment_id: int) -> str:
        """:raises CommentGone: the grader has no such comment."""
        comment = queries.own_comment(self.person_id, comment_id)
        if comment is None:
            raise CommentGone
        return filled(comment.text, self.name)

    def keep(self, text: str, *, in_all_courses: bool, now: datetime) -> None:
        """Keep a comment without the learner's name."""
        course_id = None if in_all_courses else self.course_id
        keep_comment(without_name(text, self.name), course_id, person_id=self.person_id, now=now)
