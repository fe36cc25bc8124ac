"""A grader's own comments: the list, a new one, editing and deleting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.comments import queries, services
from lms.comments.forms import SavedCommentForm
from lms.comments.models import SavedComment
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.web.access import role
from lms.web.fields import saving

bp = Blueprint("comments", __name__)
blueprints = (bp,)


@bp.route("/teach/comments", methods=["GET", "POST"])
@role("instructor", "admin")
def list_() -> Any:
    form = _form()
    if form.validate_on_submit():
        with saving(form.text):
            services.keep_comment(form.text.data, form.course.data, person_id=current_user.id, now=clock.now())
            flash(_("The comment was kept."), "done")
            return redirect(url_for(".list_"), 303)
    page = render_template(
        "comments/list.html", comments=queries.listed(current_user.id), form=form, most=services.MAX_COMMENTS
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/teach/comments/<int:comment_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def comment(comment_id: int) -> Any:
    one = _own(comment_id)
    form = _form(one)
    if form.validate_on_submit():
        with saving(form.text):
            services.change_comment(one, form.text.data, form.course.data)
            flash(_("The comment was changed. Feedback that was given with it stays as it is."), "done")
            return redirect(url_for(".list_"), 303)
    return render_template("comments/comment.html", comment_id=comment_id, form=form), (
        422 if form.is_submitted() else 200
    )


@bp.post("/teach/comments/<int:comment_id>/delete")
@role("instructor", "admin")
def remove(comment_id: int) -> Any:
    services.remove_comment(_own(comment_id))
    db.session.commit()
    flash(_("The comment was deleted. Feedback that was given with it stays as it is."), "done")
    return redirect(url_for(".list_"), 303)


def _own(comment_id: int) -> SavedComment:
    return queries.own_comment(current_user.id, comment_id) or abort(404)


def _form(comment: SavedComment | None = None) -> SavedCommentForm:
    """A form that offers the published courses that the grader teaches, and the comment's own course."""
    offered = queries.published_of(sorted(current_user.taught_course_ids))
    if comment is not None and comment.course_id is not None and comment.course_id not in dict(offered):
        offered += queries.courses_of([comment.course_id])
    values = {"text": comment.text, "course": comment.course_id} if comment else {}
    form = SavedCommentForm(**values)
    form.offer(offered)
    return form
