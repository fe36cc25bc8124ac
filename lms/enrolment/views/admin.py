"""Course administration: instructors, open enrolment, participants by list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.enrolment import queries, services
from lms.enrolment.forms import InstructorForm, ParticipantsForm
from lms.enrolment.views.cohort_access import active_person
from lms.enrolment.views.cohort_people import flash_outcome
from lms.people import queries as persons
from lms.people.services import roles
from lms.web.access import recent_proof, role
from lms.web.fields import Form
from lms.web.paging import paginate

bp = Blueprint("course_admin", __name__, url_prefix="/admin/courses")


@bp.get("")
@role("admin")
def list_() -> Any:
    page = paginate(courses.all_courses())
    ids = [course.id for course in page.rows]
    return render_template(
        "enrolment/admin_courses.html",
        page=page,
        counts=queries.participant_counts(ids),
        teachers=courses.instructors_of(ids),
    )


@bp.get("/<slug>")
@role("admin")
def course(slug: str) -> Any:
    return _page(_course(slug), InstructorForm(formdata=None), ParticipantsForm(formdata=None))


@bp.post("/<slug>/instructors")
@role("admin")
@recent_proof
def add_instructor(slug: str) -> Any:
    row = _course(slug)
    form = InstructorForm()
    person = active_person(form.login.data or "") if form.validate_on_submit() else None
    if person is None:
        if not form.errors:
            form.login.errors = [_("Nobody with an active account has this login name.")]
        return _page(row, form, ParticipantsForm(formdata=None)), 422
    roles.grant_role(person, "instructor", course_id=row.id, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("%(name)s now teaches this course.", name=person.full_name), "done")
    return redirect(url_for(".course", slug=slug))


@bp.post("/<slug>/instructors/<int:person_id>/remove")
@role("admin")
@recent_proof
def remove_instructor(slug: str, person_id: int) -> Any:
    row = _course(slug)
    person = persons.person(person_id) or abort(404)
    roles.revoke_role(person, "instructor", course_id=row.id, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("%(name)s no longer teaches this course.", name=person.full_name), "done")
    return redirect(url_for(".course", slug=slug))


@bp.post("/<slug>/open")
@role("admin")
def open_(slug: str) -> Any:
    row = _course(slug)
    if Form().validate_on_submit():
        is_open = request.form.get("open") == "1"
        services.set_open(row, is_open, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("Anyone may now enrol.") if is_open else _("Participants are now enrolled by list only."), "done")
    return redirect(url_for(".course", slug=slug))


@bp.post("/<slug>/archive")
@role("admin")
def archive(slug: str) -> Any:
    row, _revision = courses.published(slug) or abort(404)
    if Form().validate_on_submit():
        services.archive(row, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("The course is archived: it is no longer in the catalogue and takes no new participants."), "done")
    return redirect(url_for(".course", slug=slug))


@bp.post("/<slug>/bring-back")
@role("admin")
def bring_back(slug: str) -> Any:
    row, _revision = courses.published(slug) or abort(404)
    if Form().validate_on_submit():
        services.bring_back(row, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("The course is back in the catalogue."), "done")
    return redirect(url_for(".course", slug=slug))


@bp.post("/<slug>/participants")
@role("admin")
def enrol_by_list(slug: str) -> Any:
    """All or nothing: if a login name is unknown, nobody is enrolled."""
    row = _course(slug)
    form = ParticipantsForm()
    if not form.validate_on_submit():
        return _page(row, InstructorForm(formdata=None), form), 422
    found = {line: active_person(line) for line in form.lines()}
    unknown = [line for line, person in found.items() if person is None]
    if unknown:
        form.logins.errors = [_("Nobody was enrolled. Unknown: %(names)s", names=", ".join(unknown))]
        return _page(row, InstructorForm(formdata=None), form), 422
    people = [person for person in found.values() if person]
    starts_over = form.starts_over.data
    outcome = services.enrol_list(people, row, actor_id=current_user.id, now=clock.now(), starts_over=starts_over)
    db.session.commit()
    flash_outcome(outcome)
    return redirect(url_for(".course", slug=slug))


def _course(slug: str) -> Course:
    return courses.course(slug) or abort(404)


def _page(row: Course, instructor_form: InstructorForm, participants_form: ParticipantsForm) -> Any:
    cohort = queries.undated_cohort(row.id)
    return render_template(
        "enrolment/admin_course.html",
        course=row,
        title=row.revision.title if row.revision else None,
        teachers=courses.instructors_of([row.id]).get(row.id, []),
        is_open=cohort is not None and cohort.is_open,
        cohorts=queries.cohorts_of_course(row.id),
        count=queries.participant_counts([row.id]).get(row.id, 0),
        instructor_form=instructor_form,
        participants_form=participants_form,
    )
