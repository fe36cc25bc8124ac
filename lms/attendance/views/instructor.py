"""For instructors: the meetings of each cohort, who attended, and other times and places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.attendance import policy, queries
from lms.attendance.forms import ALL_PRESENT, MeetingForm, new_marks
from lms.attendance.meetings import GIVEN, PlannedMeeting
from lms.attendance.models import CheckIn
from lms.attendance.services.labels import MODES, STATUSES
from lms.attendance.services.marking import NewAttendance, SessionMeeting, mark_attendance
from lms.attendance.services.moving import move_meeting
from lms.attendance.views.learner import bp
from lms.content.items.base import Item
from lms.content.items.live_session import LiveSession
from lms.core import clock
from lms.core.db import db, in_batches
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Cohort
from lms.learning.queries.teaching import TaughtItem, cohorts_and_chosen, taught_item
from lms.learning.work import Work
from lms.people import queries as persons
from lms.web.access import role
from lms.web.fields import saving
from lms.web.request_limits import row_number

AT_ONCE = 25
"""People who are marked in one transaction."""


class TaughtMeeting(NamedTuple):
    """A meeting of a cohort, for somebody who teaches the course."""

    taught: TaughtItem[LiveSession]
    cohort: Cohort
    meeting: PlannedMeeting

    @property
    def address(self) -> dict[str, Any]:
        """The variables of the addresses of its pages."""
        return {
            "slug": self.taught.course.slug,
            "item": self.taught.item.slug,
            "cohort_id": self.cohort.id,
            "meeting": self.meeting.number,
        }


def taught_meeting(slug: str, item: str, cohort_id: int, meeting: int) -> TaughtMeeting:
    """404 without it."""
    taught = taught_item(slug, item, current_user, LiveSession) or abort(404)
    cohort = enrolments.cohort_of_course(taught.course.id, cohort_id) or abort(404)
    if not 1 <= meeting <= len(taught.content.meetings):
        abort(404)
    [(_cohort, meetings)] = queries.meetings_of_cohorts(taught.item, [cohort])
    return TaughtMeeting(taught, cohort, meetings[meeting - 1])


@bp.get("/teach/courses/<slug>/attendance/<item>")
@role("instructor", "admin")
def meetings(slug: str, item: str) -> str:
    """The meetings of all cohorts, or of the one that the address names, with how many attended."""
    taught = taught_item(slug, item, current_user, LiveSession) or abort(404)
    item_id = taught.item.item_id
    everybody, chosen = cohorts_and_chosen(taught.course.id, request.args.get("cohort", type=row_number))
    summaries = {one.cohort.id: one for one in everybody if chosen in (None, one.cohort.id)}
    cohorts = [one.cohort for one in summaries.values()]
    return render_template(
        "attendance/meetings.html",
        course=taught.course,
        revision=taught.revision,
        item=taught.item,
        mode=MODES[taught.content.mode],
        cohorts=queries.meetings_of_cohorts(taught.item, cohorts),
        summaries=summaries,
        counts=queries.counts(item_id, list(summaries)),
        now=clock.now(),
    )


@bp.route("/teach/courses/<slug>/attendance/<item>/cohorts/<int:cohort_id>/<int:meeting>", methods=["GET", "POST"])
@role("instructor", "admin")
def meeting(slug: str, item: str, cohort_id: int, meeting: int) -> Any:
    """Who attended one meeting."""
    at = taught_meeting(slug, item, cohort_id, meeting)
    item_id = at.taught.item.item_id
    changed: list[int] = []
    if request.method == "POST":
        people = [
            one for one in queries.attendees(at.cohort, item_id, meeting) if policy.may_mark(current_user.id, one)
        ]
        marks = new_marks(request.form, people, all_present=request.form.get("do") == ALL_PRESENT)
        changed = _mark(at, marks)
        if not changed:
            said = ngettext("%(num)s person was marked.", "%(num)s people were marked.", len(marks))
            flash(said if marks else _("Everything is as it was saved before."), "done")
            return redirect(url_for(".meeting", **at.address), 303)
    people = queries.attendees(at.cohort, item_id, meeting)
    now = clock.now()
    page = render_template(
        "attendance/meeting.html",
        at=at,
        course=at.taught.course,
        item=at.taught.item,
        people=people,
        may_mark=policy.may_mark,
        given={status: STATUSES[status] for status in GIVEN},
        labels=STATUSES,
        names=persons.names_of({one.marked_by for one in people if one.marked_by}),
        changed=changed,
        sent=request.form if changed else {},
        has_open_check_in=bool(
            queries.check_ins(cohort_id, item_id, CheckIn.meeting == meeting, CheckIn.closes_at > now)
        ),
        all_present=ALL_PRESENT,
        now=now,
    )
    return page, 409 if changed else 200


def _mark(at: TaughtMeeting, marks: list[NewAttendance]) -> list[int]:
    """Returns the enrolments that somebody else has marked otherwise in the meantime."""
    changed: list[int] = []
    of = SessionMeeting(at.taught.item, at.taught.content, at.meeting.number)
    for some in in_batches(marks, AT_ONCE):
        changed += mark_attendance(of, some, actor_id=current_user.id, now=clock.now())
        db.session.commit()
    return changed


@bp.route("/teach/courses/<slug>/attendance/<item>/cohorts/<int:cohort_id>/<int:meeting>/time", methods=["GET", "POST"])
@role("instructor", "admin")
def move(slug: str, item: str, cohort_id: int, meeting: int) -> Any:
    """Another time or place of one meeting for one cohort."""
    at = taught_meeting(slug, item, cohort_id, meeting)
    form = MeetingForm()
    if form.validate_on_submit():
        with saving(form):
            move_meeting(
                at.cohort,
                at.taught.item.item_id,
                meeting,
                form.starts_at.data,
                form.place.data or "",
                seen=form.seen_number,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Saved. Participants of this cohort see it on the page of the session."), "done")
            return redirect(url_for(".meetings", slug=slug, item=item), 303)
    changes = queries.meeting_changes(at.taught.item.item_id, [cohort_id])[cohort_id]
    if meeting in changes and not form.is_submitted():
        form.starts_at.data, form.place.data = changes[meeting].starts_at, changes[meeting].place
    page = render_template(
        "attendance/move.html",
        at=at,
        course=at.taught.course,
        item=at.taught.item,
        form=form,
        seen=at.meeting.changes,
        by_course=queries.by_course(at.taught.content, at.cohort)[meeting - 1],
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/teach/courses/<slug>/attendance/<item>/cohorts/<int:cohort_id>/<int:meeting>/sheet")
@role("instructor", "admin")
def sheet(slug: str, item: str, cohort_id: int, meeting: int) -> str:
    """The attendance list to print and sign."""
    at = taught_meeting(slug, item, cohort_id, meeting)
    people = queries.attendees(at.cohort, at.taught.item.item_id, meeting)
    return render_template(
        "attendance/sheet.html",
        at=at,
        course=at.taught.course,
        revision=at.taught.revision,
        item=at.taught.item,
        mode=MODES[at.taught.content.mode],
        people=people,
    )


def preview(item: Item, body_html: str, *, has_keys: bool = True) -> str:
    """``has_keys`` changes nothing: a session has none."""
    assert isinstance(item, LiveSession)
    return render_template(
        "attendance/_preview.html", session=item, mode=MODES[item.mode], body_html=body_html, has_keys=has_keys
    )


def work_of(enrolment_id: int) -> Mapping[int, list[Work]]:
    """A line for each meeting that was marked."""
    found: dict[int, list[Work]] = {}
    for (_enrolment, item_id), marks in queries.marks_of_enrolments([enrolment_id]).items():
        for number, one in sorted(marks.items()):
            label = _("Meeting %(n)s: %(status)s", n=number, status=STATUSES[one.status])
            found.setdefault(item_id, []).append(Work(label, at=one.marked_at))
    return found
