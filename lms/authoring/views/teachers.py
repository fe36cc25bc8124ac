"""Who else teaches a course that is still being written. Once it is published, admins decide that."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.authoring import policy
from lms.authoring.forms import TeacherForm
from lms.authoring.services.checking import titles_being_written
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.people import queries as persons
from lms.people.names import login_name
from lms.people.services import roles
from lms.web.access import recent_proof, require, role


@bp.route("/teach/courses/<slug>/teachers", methods=["GET", "POST"])
@role("instructor", "admin")
@recent_proof
def teachers(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    if courses.latest_revision(course.id) is not None:
        abort(404)
    require(policy.may_create_course(current_user))
    form = TeacherForm()
    if form.validate_on_submit():
        person = persons.person_named(login_name(form.login.data or ""))
        if person is not None and person.is_active:
            roles.grant_role(person, "instructor", course_id=course.id, actor_id=current_user.id, now=clock.now())
            db.session.commit()
            flash(_("%(name)s now teaches this course.", name=person.full_name), "done")
            return redirect(url_for(".teachers", slug=slug))
        form.login.errors = [_("Nobody with an active account has this login name.")]
    page = render_template(
        "authoring/teachers.html",
        course=course,
        course_title=titles_being_written([course.id]).get(course.id, ""),
        people=courses.instructors_of([course.id])[course.id],
        form=form,
    )
    return page, 422 if form.is_submitted() else 200
