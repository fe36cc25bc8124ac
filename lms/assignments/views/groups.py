"""The groups of a cohort: who hands in with whom."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as HttpResponse

from lms.assignments.forms import NEW, NOBODY, DivideForm, GroupForm, RegroupForm
from lms.assignments.models import WorkGroup
from lms.assignments.queries import groups as queries
from lms.assignments.services import forming
from lms.assignments.views.learner import bp
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses.models import Course, CourseRevision
from lms.enrolment.models import Cohort
from lms.enrolment.queries import CohortSummary
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.web.access import role
from lms.web.fields import saving
from lms.web.request_limits import row_number

USUAL_SIZE = 4
"""What the form suggests."""
DIVIDE, GROUP = "divide-", "group-"
"""Prefixes of fields: several forms stand on the page."""


class GroupsPage(NamedTuple):
    """A course that the reader teaches, with its cohorts and the one whose groups are shown."""

    course: Course
    revision: CourseRevision
    cohorts: list[CohortSummary]
    cohort: Cohort | None


def _groups_page(slug: str) -> GroupsPage:
    """Without a cohort in the request: the newest that has people."""
    course, revision = taught_course(slug, current_user) or abort(404)
    wanted = request.values.get("cohort", type=row_number)
    cohorts, chosen = cohorts_and_chosen(course.id, wanted)
    if wanted is not None and chosen is None:
        abort(404)
    fitting = [one.cohort for one in cohorts if one.cohort.id == chosen or (chosen is None and one.taken)]
    return GroupsPage(course, revision, cohorts, fitting[0] if fitting else None)


def _with_cohort(slug: str) -> tuple[GroupsPage, Cohort]:
    own = _groups_page(slug)
    return own, own.cohort or abort(404)


@bp.get("/teach/courses/<slug>/groups")
@role("instructor", "admin")
def groups(slug: str) -> str:
    """Those in no group first."""
    return _page(_groups_page(slug))


@bp.post("/teach/courses/<slug>/groups/move")
@role("instructor", "admin")
def move_people(slug: str) -> Any:
    """To a group, to a new one, or to none."""
    own, cohort = _with_cohort(slug)
    form = RegroupForm(queries.groups_of_cohort(cohort.id))
    if form.validate():
        with saving(form, {forming.GroupNameTaken: form.name}):
            people, now = request.form.getlist("people", type=row_number), clock.now()
            moved = forming.move_people(cohort, people, _target(form, cohort, now), actor_id=current_user.id, now=now)
            flash(ngettext("%(num)s person was moved.", "%(num)s people were moved.", moved), "done")
            return _back(own)
    return _page(own, move_form=form), 422


def _target(form: RegroupForm, cohort: Cohort, now: Any) -> WorkGroup | None:
    if form.to.data == NOBODY:
        return None
    if form.to.data == NEW:
        return forming.form_group(cohort, form.name.data, actor_id=current_user.id, now=now)
    return queries.group(int(form.to.data))


@bp.post("/teach/courses/<slug>/groups/divide")
@role("instructor", "admin")
def divide(slug: str) -> Any:
    own, cohort = _with_cohort(slug)
    form = DivideForm(prefix=DIVIDE)
    if form.validate():
        with saving(form):
            formed = forming.divide(cohort, form.size.data, _("Group"), actor_id=current_user.id, now=clock.now())
            flash(ngettext("%(num)s group was formed.", "%(num)s groups were formed.", len(formed)), "done")
            return _back(own)
    return _page(own, divide_form=form), 422


@bp.post("/teach/courses/<slug>/groups/<int:group_id>")
@role("instructor", "admin")
def change_group(slug: str, group_id: int) -> Any:
    """Rename a group, or dissolve it."""
    own, cohort = _with_cohort(slug)
    group = queries.group(group_id)
    if group is None or group.cohort_id != cohort.id:
        abort(404)
    form = GroupForm(prefix=f"{GROUP}{group.id}-")
    if request.form.get("do") == "dissolve":
        with saving(form):
            forming.dissolve_group(group, cohort, actor_id=current_user.id, now=clock.now())
            flash(_("The group was dissolved. Its members are in no group now."), "done")
            return _back(own)
    elif form.validate():
        with saving(form.name):
            forming.rename_group(group, form.name.data, actor_id=current_user.id, now=clock.now())
            flash(_("Saved."), "done")
            return _back(own)
    return _page(own, group_forms={group.id: form}), 422


def _back(own: GroupsPage) -> HttpResponse:
    assert own.cohort is not None
    return redirect(url_for(".groups", slug=own.course.slug, cohort=own.cohort.id), 303)


def _page(
    own: GroupsPage,
    *,
    move_form: RegroupForm | None = None,
    divide_form: DivideForm | None = None,
    group_forms: dict[int, GroupForm] | None = None,
) -> str:
    """With the form that was sent and could not be saved."""
    found = queries.cohort_groups(own.cohort.id) if own.cohort else queries.CohortGroups((), ())
    sent = group_forms or {}
    return render_template(
        "assignments/groups.html",
        course=own.course,
        revision=own.revision,
        cohorts=own.cohorts,
        cohort=own.cohort,
        found=found,
        move_form=move_form or RegroupForm([one.group for one in found.groups], formdata=None),
        divide_form=divide_form or DivideForm(formdata=None, prefix=DIVIDE, size=USUAL_SIZE),
        group_forms={
            one.group.id: sent.get(one.group.id)
            or GroupForm(formdata=None, prefix=f"{GROUP}{one.group.id}-", name=one.group.name)
            for one in found.groups
        },
        sent_group=next(iter(sent.values()), None),
        ticked=request.form.getlist("people", type=row_number),
    )
