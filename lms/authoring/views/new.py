"""A new course: what it is called, and what it begins with."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from lms.authoring import policy, services
from lms.authoring.forms import NewCourseForm
from lms.authoring.services import creating
from lms.authoring.services.checking import titles_being_written
from lms.authoring.starters import TEMPLATES, begin_files
from lms.authoring.views.blueprint import bp
from lms.core import clock
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.web.access import require, role
from lms.web.fields import saving


@bp.route("/teach/courses/new", methods=["GET", "POST"])
@role("instructor", "admin")
def new_course() -> Any:
    require(policy.may_create_course(current_user))
    taught = db.session.scalars(courses.courses_taught_by(current_user)).all()
    form = NewCourseForm(_named(taught))
    if form.validate_on_submit():
        with reading():
            before = next((one.id for one in taught if one.slug == form.copied.data), None)
            files = _files(form, before)
            slug = creating.free_slug(form.facts.title)
            db.session.rollback()
        now = clock.now()
        with saving(form.title):
            course = creating.create_course_once(slug, form.facts.title, files, actor_id=current_user.id, now=now)
            slug = course.slug
            flash(_("The draft of the course is ready. Only you and admins see it until it is published."), "done")
            return redirect(url_for(".outline", slug=slug))
    page = render_template("authoring/new.html", form=form, categories=courses.categories())
    return page, 422 if form.is_submitted() else 200


def _files(form: NewCourseForm, copied: int | None) -> dict[str, bytes]:
    if form.begin.data == "copy" and copied is not None:
        return creating.copied_files(services.source(copied).data, form.facts)
    wanted = form.outline.data if form.begin.data == "outline" else TEMPLATES[form.begin.data]
    return begin_files(form.facts, wanted)


def _named(taught: Any) -> list[tuple[str, str]]:
    titles = titles_being_written([one.id for one in taught if one.revision is None])

    def title(one: Course) -> str:
        return one.revision.title if one.revision else titles.get(one.id) or one.slug

    return [(one.slug, title(one)) for one in taught]
