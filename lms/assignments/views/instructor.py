"""The grading queue, and the page where one submission is graded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.assignments import policy, queries
from lms.assignments.forms import GradeForm, MemberMarkForm, ReturnForm
from lms.assignments.models import Submission
from lms.assignments.queries import QueueFilter, SubmissionDetails, anonymity, filter_options, groups
from lms.assignments.queries.filter_options import FilterOption
from lms.assignments.rubric import in_points
from lms.assignments.services import grading, returning
from lms.assignments.views.attaching import attachments, feedback_limits, take_files
from lms.assignments.views.grade_forms import fill_in, grade_form
from lms.assignments.views.grading_buttons import comment_bank, press, refused_at, write_note
from lms.assignments.views.learner import bp
from lms.assignments.views.submission_view import SubmissionView, late_decision, submission_view
from lms.assignments.word_difference import word_difference
from lms.content.items.assignment import Assignment
from lms.content.items.base import Item
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_number, today
from lms.learning import services as learning
from lms.learning.explaining import ItemExplanation, MarkPart
from lms.learning.hooks import graded_groups, waiting_groups
from lms.learning.queries.presence import active_graders, active_graders_at
from lms.learning.services import presence
from lms.learning.services.feedback import FeedbackTooComplex
from lms.learning.work import Work
from lms.lib.digits import whole_number
from lms.objections import queries as objections
from lms.objections.subjects import ObjectionSubject
from lms.web.access import require, role
from lms.web.fields import saving
from lms.web.headers import RECORDING_POLICY
from lms.web.paging import ids_of, paginate
from lms.web.request_limits import row_number, takes_files

RETURN, MEMBER = "return-", "member-"
"""Prefixes of the fields of the form that returns work, and of that for one member of a group."""
DAYS_TO_REVISE = 7
"""What the form suggests."""


@bp.get("/teach/grading")
@role("instructor")
def queue() -> str:
    """Work that waits, oldest first; with ``?show=graded`` graded work, newest first."""
    taught = current_user.taught_course_ids
    courses = filter_options.course_options(taught)
    queue_filter = _queue_filter(courses)
    is_graded = request.args.get("show") == "graded"
    listed = queries.graded if is_graded else queries.waiting
    found = listed(taught, queue_filter, not_by=current_user.id)
    asked_for = [queue_filter.course_id] if queue_filter.course_id else taught
    essays = waiting_groups(asked_for, item_id=queue_filter.item_id, not_by=current_user.id)
    everything = waiting_groups(taught, item_id=None, not_by=current_user.id) if filter_args() else essays
    page = paginate(found, scalars=False, by=ids_of(found, Submission.id))
    shown = [row[0] for row in page.rows]
    others = active_graders(not_by=current_user.id, now=clock.now())
    return render_template(
        "assignments/queue.html",
        groups=[] if is_graded else essays,
        graded_groups=graded_groups(asked_for, item_id=queue_filter.item_id, not_by=current_user.id)
        if is_graded
        else [],
        page=page,
        hidden=anonymity.hidden_submissions([one.id for one in shown]),
        participant=anonymity.participant,
        others={one.id: others.get(queries.work_name(one), []) for one in shown},
        oldest=next((one for one in shown if queries.work_name(one) not in others), shown[0] if shown else None),
        is_graded=is_graded,
        courses=courses,
        assignments=filter_options.assignment_options(asked_for),
        queue_filter=queue_filter,
        filter_args=filter_args(),
        waiting_count=queries.waiting_count(taught, not_by=current_user.id) + sum(one.count for one in everything),
        objection_count=objections.open_count(taught, not_by=current_user.id),
        now=clock.now(),
    )


@bp.route("/teach/grading/<int:submission_id>", methods=["GET", "POST"])
@role("instructor", "admin")
@takes_files
def submission(submission_id: int) -> Any:
    """One submission: the work on the left, the grade on the right."""
    details = gradable(submission_id)
    if request.method == "GET":
        presence.record_open(queries.work_name(details.submission), current_user.id, now=clock.now())
    form = grade_form(details)
    is_valid = not form.do.data and form.validate_on_submit() and (not form.has_note or form.validate_note_fields())
    has_files = form.is_submitted() and take_files(form, submission_id, form.assignment.files)
    if form.do.data:
        press(form, details)
    elif is_valid and has_files:
        with saving(form, refused_at(form)):
            if form.has_note:
                write_note(form, details)
            given = grading.grade_submission(
                details.submission,
                form.decision(),
                grader_id=current_user.id,
                seen=form.seen.data or 0,
                now=clock.now(),
                is_by_admin=not teaches(details),
            )
            return _saved(details, say_number(in_points(given.final_score, form.assignment.points)))
    view = _view(details)
    if not form.is_submitted():
        fill_in(form, view)
    is_refused = form.errors or (form.is_submitted() and not form.do.data)
    return _page(details, view, form), 422 if is_refused else 200


@bp.post("/teach/grading/<int:submission_id>/return")
@role("instructor", "admin")
@takes_files
def return_(submission_id: int) -> Any:
    """Send the work back for revision, then open the next in the queue."""
    details = gradable(submission_id)
    form = ReturnForm(prefix=RETURN)
    is_valid = form.validate()
    if take_files(form, submission_id, queries.assignment_of(details.submission.item_revision_id).files) and is_valid:
        with saving(form, {returning.DayIsPast: form.until, FeedbackTooComplex: form.note}):
            returning.return_submission(
                details.submission,
                form.note.data,
                form.until.data,
                actor_id=current_user.id,
                today=today(),
                now=clock.now(),
                files=form.given,
                is_by_admin=not teaches(details),
            )
            flash(_("Returned to %(name)s for revision, without a mark.", name=_name(details)), "done")
            return _next_page(details, wants_next=True)
        details = gradable(submission_id)
    return grading_page(details, return_form=form), 422


def grading_page(
    details: SubmissionDetails,
    return_form: ReturnForm | None = None,
    member_form: MemberMarkForm | None = None,
) -> Response:
    """With another form of the page, which was sent and could not be saved."""
    view, form = _view(details), grade_form(details, formdata=None)
    fill_in(form, view)
    return _page(details, view, form, return_form, member_form)


def member_form(details: SubmissionDetails, *, is_sent: bool = False) -> MemberMarkForm:
    """For a group's paper: a choice for each member, with the number of markings that the page knows of."""
    assignment = queries.assignment_of(details.submission.item_revision_id)
    newest = groups.newest_markings([one.submission_id for one in details.members])
    counts = {key: one.number for key, one in newest.items()}
    members = [(f"{one.submission_id}.{counts.get(one.submission_id, 0)}", one.name) for one in details.members]
    if is_sent:  # what the page knew is not what is there now
        known, sent = {value.partition(".")[0] for value, _name in members}, request.form.get(f"{MEMBER}member", "")
        submission_id, _dot, seen = sent.partition(".")
        if submission_id in known and whole_number(seen, most=99_999) is not None:
            members = [(sent if value.startswith(f"{submission_id}.") else value, name) for value, name in members]
    return MemberMarkForm(assignment, members, prefix=MEMBER, **({} if is_sent else {"formdata": None}))


def preview(item: Item, body_html: str, *, has_keys: bool = True) -> str:
    return render_template("assignments/_preview.html", assignment=item, body_html=body_html, has_keys=has_keys)


def work_of(enrolment_id: int) -> Mapping[int, list[Work]]:
    found: dict[int, list[Work]] = {}
    hidden = anonymity.hidden_of([enrolment_id])
    for one in queries.submissions_of(enrolment_id):
        if (enrolment_id, one.item_id) in hidden:
            found[one.item_id] = [Work(_("Handed in; graded without names until the mark is told"), is_anonymous=True)]
            continue
        address = url_for("assignments.submission", submission_id=one.id)
        score = one.markings[-1].final_score if one.markings else None
        work = Work(_("Submission %(n)s", n=one.number), address, one.submitted_at, score)
        found.setdefault(one.item_id, []).append(work)
    return found


def explain(enrolment_id: int, is_own: bool) -> dict[int, ItemExplanation]:
    """Why an assignment has its score: the newest marked submission, and what lateness took off."""
    found: dict[int, list[Submission]] = {}
    for one in queries.submissions_of(enrolment_id):
        if one.told_markings:
            found.setdefault(one.item_id, []).append(one)
    hidden = {} if is_own else anonymity.hidden_of([enrolment_id])
    return {
        key: _explained(submissions, has_addresses=not is_own and (enrolment_id, key) not in hidden)
        for key, submissions in found.items()
    }


def _explained(submissions: list[Submission], *, has_addresses: bool) -> ItemExplanation:
    parts, notes = [], {}
    for one in submissions:
        source, newest, counts = f"submission:{one.id}", one.told_markings[-1], one is submissions[-1]
        address = url_for("assignments.submission", submission_id=one.id) if has_addresses else ""
        share = newest.score if counts else Decimal(0)
        label = _("Submission %(n)s", n=one.number)
        parts.append(MarkPart(label, newest.score, share, source=source, address=address))
        if counts and newest.final_score != newest.score:
            late = ngettext("%(num)s day late", "%(num)s days late", one.late_days)
            parts.append(MarkPart(late, None, newest.final_score - newest.score))
        for marking in one.told_markings:
            if marking.late_deduction is not None:
                notes[source, marking.number] = late_decision(marking)
            elif marking.is_renewed:
                notes[source, marking.number] = str(_("the deduction for lateness was computed again"))
            elif marking.is_alone:
                notes[source, marking.number] = str(_("for this member of the group alone"))
    return ItemExplanation(str(_("The newest marked submission counts.")), tuple(parts), notes)


def describe(submission_id: int, _question: str) -> ObjectionSubject | None:
    """A paper whose mark is contested: its page has the work, and gives another mark."""
    details = queries.submission_details(submission_id)
    if details is None:
        return None
    one = details.submission
    return ObjectionSubject(
        label=str(_("Submission %(n)s", n=one.number)),
        address=url_for("assignments.submission", submission_id=one.id),
        score=one.told_markings[-1].final_score if one.told_markings else None,
    )


def hidden_names(submission_ids: Collection[int]) -> dict[int, str]:
    found = anonymity.hidden_submissions(submission_ids)
    return {key: anonymity.participant(number) for key, number in found.items()}


def gradable(submission_id: int) -> SubmissionDetails:
    """404 for submissions to courses that the person neither teaches nor administers, 403 for their own work."""
    details = queries.submission_details(submission_id) or abort(404)
    require(policy.may_see(current_user, details), status=404)
    require(policy.may_grade(current_user, details))
    return details


def teaches(details: SubmissionDetails) -> bool:
    """False for an admin who helps out: the grading queue is not theirs."""
    return details.course_id in current_user.taught_course_ids


def _queue_filter(courses: list[FilterOption] | None = None) -> QueueFilter:
    """From the query string; the slug of a course that the instructor does not teach is ignored."""
    slug = request.args.get("course")
    if courses is None:
        courses = filter_options.course_options(current_user.taught_course_ids) if slug else []
    course = next((one for one in courses if one.key == slug), None)
    return QueueFilter(course.id if course else None, request.args.get("item", type=row_number))


def filter_args() -> dict[str, Any]:
    """The query string of the filter, for links."""
    return {name: request.args[name] for name in ("course", "item") if request.args.get(name)}


def _view(details: SubmissionDetails) -> SubmissionView:
    graders = {one.graded_by for one in details.submission.markings}
    return submission_view(details.submission, queries.full_names(graders), grader_id=current_user.id)


def _saved(details: SubmissionDetails, points: str) -> Any:
    flash(_("Saved: %(points)s for %(name)s.", points=points, name=_name(details)), "done")
    return _next_page(details, wants_next=request.form.get("then") == "next")


def _name(details: SubmissionDetails) -> str:
    """As graders see it once a mark was saved, which may have been told with that."""
    number = anonymity.hidden_number(details.submission)
    return details.person.name if number is None else anonymity.participant(number)


def _next_page(details: SubmissionDetails, *, wants_next: bool) -> Any:
    """Redirect to the next submission, or to the queue if there is none; without ``wants_next`` back to this one.

    Admins come to the page of the participant, unless it would tell whose work without names this is.
    """
    presence.record_closed(queries.work_name(details.submission), current_user.id)
    if not teaches(details) and anonymity.hidden_number(details.submission) is None:
        return redirect(_participant_address(details), 303)
    if not teaches(details):
        return redirect(url_for(".submission", submission_id=details.submission.id), 303)
    following: Submission | None = details.submission
    if wants_next:
        following = _following(details, _queue_filter())
    if following is None:
        return redirect(url_for(".queue", **filter_args()), 303)
    return redirect(url_for(".submission", submission_id=following.id, **filter_args()), 303)


def _participant_address(details: SubmissionDetails) -> str:
    enrolment_id = details.submission.enrolment_id
    return url_for("teaching.participant", slug=details.course_slug, enrolment_id=enrolment_id)


def _following(details: SubmissionDetails, queue_filter: QueueFilter) -> Submission | None:
    taught = current_user.taught_course_ids
    others = active_graders(not_by=current_user.id, now=clock.now())
    return queries.next_waiting(taught, queue_filter, details.submission, not_by=current_user.id, others=others)


def _page(
    details: SubmissionDetails,
    view: SubmissionView,
    form: GradeForm,
    return_form: ReturnForm | None = None,
    own_form: MemberMarkForm | None = None,
) -> Response:
    queue_filter, earlier = _queue_filter(), queries.submission_before(details.submission)
    if return_form is None:
        return_form = ReturnForm(formdata=None, prefix=RETURN, until=today() + timedelta(days=DAYS_TO_REVISE))
    page = render_template(
        "assignments/submission.html",
        details=details,
        participant_address=None if details.hidden_number else _participant_address(details),
        others=active_graders_at(queries.work_name(details.submission), not_by=current_user.id, now=clock.now()),
        is_by_admin=not teaches(details),
        view=view,
        file_names=_file_names(details),
        is_locked=_is_locked_by_newer_work(details),
        assignment=view.assignment,
        form=form,
        address=url_for(".submission", submission_id=details.submission.id, **filter_args()),
        comments=comment_bank(details).texts,
        return_form=return_form,
        attached=partial(attachments, submission_id=details.submission.id),
        limits=feedback_limits(view.assignment.files),
        member_form=own_form or (member_form(details) if details.members else None),
        member_marks=groups.newest_markings([one.submission_id for one in details.members]),
        in_points=in_points,
        knew_model_answer=_knew_model_answer(details.submission, view.assignment),
        may_return=not view.markings and not details.submission.is_superseded,
        returned_by=_returned_by(details.submission),
        earlier=earlier,
        difference=word_difference(earlier.text, details.submission.text) if earlier else None,
        newer=queries.newer_submission(details.submission),
        following=_following(details, queue_filter),
        waiting_count=queries.waiting_count(current_user.taught_course_ids, queue_filter, not_by=current_user.id),
        filter_args=filter_args(),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = RECORDING_POLICY
    return response


def _file_names(details: SubmissionDetails) -> dict[int, str]:
    """Other names than the learner's, by file."""
    number = details.hidden_number
    return {} if number is None else {one.id: anonymity.file_name(one, number) for one in details.submission.files}


def _is_locked_by_newer_work(details: SubmissionDetails) -> bool:
    """Whether a mark was told, and is in the gradebook with the name, but newer work is graded without names."""
    return details.hidden_number is not None and bool(details.submission.told_markings)


def _knew_model_answer(submission: Submission, assignment: Assignment) -> bool:
    """Whether an earlier submission was graded and passed before, so that the learner could read the model answer."""
    if not assignment.model_answer or submission.number == 1:
        return False
    mark = Decimal(str(learning.pass_mark(assignment.pass_mark)))
    return any(
        marking.graded_at <= submission.submitted_at and marking.final_score >= mark
        for one in queries.submissions(submission.enrolment_id, submission.item_id)
        if one.number < submission.number
        for marking in one.markings
    )


def _returned_by(submission: Submission) -> str:
    one = submission.returned
    return queries.full_names([one.returned_by]).get(one.returned_by, "") if one else ""
