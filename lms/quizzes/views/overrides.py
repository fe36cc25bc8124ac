"""For instructors: why a person can or cannot start a quiz now, and other limits for one person or cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as HttpResponse

from lms.content.items.quiz import Quiz
from lms.core import clock
from lms.core.i18n import LazyString, lazy, zone
from lms.core.i18n import gettext as _
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.enrolment.models import Enrolment
from lms.learning import queries as learning
from lms.learning import states
from lms.learning.queries.teaching import TaughtItem, taught_item
from lms.people import queries as persons
from lms.people.models import Person
from lms.quizzes import queries
from lms.quizzes.forms import ExtraTimeForm, FurtherAttemptForm, LimitsForm, RefuseRequestForm
from lms.quizzes.models import QuizOverride
from lms.quizzes.overrides import OverrideValues, attempt_limits, target
from lms.quizzes.queries import limits as given_limits
from lms.quizzes.services import overrides as services
from lms.quizzes.starting import AttemptHistory, StartRule, can_start, start_rules
from lms.quizzes.views.attempt import bp
from lms.web.access import require, role
from lms.web.fields import saving

RULES: Mapping[str, LazyString] = {
    "taking-part": lazy("Takes part in the course"),
    "opening": lazy("Opens"),
    "order": lazy("What comes first is done"),
    "closing": lazy("Closes"),
    "attempts": lazy("Attempts"),
    "pause": lazy("Pause between attempts"),
    "running": lazy("Running attempt"),
    "time-limit": lazy("Time limit"),
}
SOURCES: Mapping[str, LazyString] = {
    "course": lazy("from the course"),
    "quiz": lazy("from the quiz"),
    "cohort": lazy("for the cohort"),
    "person": lazy("for this person"),
    "extension": lazy("by the extended deadline"),
}
FOUND_AT_ONCE = 20


class ParticipantQuiz(NamedTuple):
    taught: TaughtItem[Quiz]
    enrolment: Enrolment
    person: Person


def _own_participant(slug: str, enrolment_id: int, item_slug: str) -> ParticipantQuiz:
    taught = taught_item(slug, item_slug, current_user, Quiz) or abort(404)
    enrolment, person = enrolments.participant(taught.course.id, enrolment_id) or abort(404)
    return ParticipantQuiz(taught, enrolment, person)


def _participant_to_change(slug: str, enrolment_id: int, item_slug: str) -> ParticipantQuiz:
    """403 for one's own enrolment, and for somebody who has left."""
    found = _own_participant(slug, enrolment_id, item_slug)
    require(found.person.id != current_user.id and found.enrolment.withdrawn_at is None)
    return found


@bp.get("/teach/courses/<slug>/quizzes/<item_slug>/limits")
@role("instructor", "admin")
def limits(slug: str, item_slug: str) -> str:
    """Who has other limits at a quiz, who asks for an attempt, and the participants whose names have ``?q=``."""
    taught = taught_item(slug, item_slug, current_user, Quiz) or abort(404)
    cohorts = [one.cohort for one in enrolments.cohorts_of_course(taught.course.id)]
    keys = {target(cohort_id=one.id, item_id=taught.item.item_id): one for one in cohorts}
    words = request.args.get("q", "").strip()[:160]
    return render_template(
        "quizzes/limits.html",
        course=taught.course,
        revision=taught.revision,
        item=taught.item,
        requests=given_limits.open_requests(taught.item.item_id),
        cohorts=cohorts,
        cohort_overrides=_newest({key: keys[key].id for key in keys}),
        people=given_limits.people_with_overrides(taught.item.item_id, taught.course.id),
        words=words,
        found=given_limits.participants_named(taught.course.id, words, FOUND_AT_ONCE) if words else [],
    )


def _newest(keys: Mapping[str, int]) -> dict[int, QuizOverride]:
    """The newest override by the id that its target has in ``keys``."""
    found: dict[int, QuizOverride] = {}
    for row in given_limits.overrides_in(list(keys)):
        found.setdefault(keys[row.target], row)
    return found


@bp.route("/teach/courses/<slug>/quizzes/<item_slug>/limits/cohorts/<int:cohort_id>", methods=["GET", "POST"])
@role("instructor", "admin")
def limits_of_cohort(slug: str, item_slug: str, cohort_id: int) -> Any:
    taught = taught_item(slug, item_slug, current_user, Quiz) or abort(404)
    cohort = enrolments.cohort_of_course(taught.course.id, cohort_id) or abort(404)
    form, key = LimitsForm(), target(cohort_id=cohort.id, item_id=taught.item.item_id)
    if form.validate_on_submit():
        with saving(form):
            services.override_for_cohort(
                cohort,
                taught.item.item_id,
                form.values(),
                form.reason.data,
                seen=form.seen_number,
                actor_id=current_user.id,
                now=clock.now(),
            )
            flash(_("Saved. Those concerned are told."), "done")
            return redirect(url_for(".limits", slug=slug, item_slug=item_slug))
    rows = given_limits.overrides_in([key])
    if not form.is_submitted():
        _filled_in(form, rows)
    form.seen.data = rows[0].number if rows else 0
    page = render_template(
        "quizzes/limits_of_cohort.html",
        course=taught.course,
        item=taught.item,
        quiz=taught.content,
        cohort=cohort,
        form=form,
        history=rows,
        names=_names(rows),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/teach/courses/<slug>/people/<int:enrolment_id>/<item_slug>")
@role("instructor", "admin")
def limits_of_participant(slug: str, enrolment_id: int, item_slug: str) -> str:
    return _participant_page(_own_participant(slug, enrolment_id, item_slug))


@bp.post("/teach/courses/<slug>/people/<int:enrolment_id>/<item_slug>/limits")
@role("instructor", "admin")
def override_for_participant(slug: str, enrolment_id: int, item_slug: str) -> Any:
    found = _participant_to_change(slug, enrolment_id, item_slug)
    form = LimitsForm(prefix="limits-")
    if form.validate_on_submit():
        with saving(form):
            services.override_for_person(
                found.enrolment,
                found.taught.item.item_id,
                form.values(),
                form.reason.data,
                seen=form.seen_number,
                actor_id=current_user.id,
                now=clock.now(),
            )
            return _saved(found)
    return _participant_page(found, limits_form=form), 422


@bp.post("/teach/courses/<slug>/people/<int:enrolment_id>/<item_slug>/further-attempt")
@role("instructor", "admin")
def give_further_attempt(slug: str, enrolment_id: int, item_slug: str) -> Any:
    found = _participant_to_change(slug, enrolment_id, item_slug)
    form, now = FurtherAttemptForm(prefix="further-"), clock.now()
    if form.validate_on_submit():
        if _stays_closed(found, form.closes_at.data, now):
            form.closes_at.errors = [_("The quiz is closed for this person. Say until when it is to be open.")]
            return _participant_page(found, further_form=form), 422
        with saving(form):
            services.give_further_attempt(
                found.enrolment,
                found.taught.item.item_id,
                form.closes_at.data,
                form.reason.data,
                seen=form.seen_number,
                actor_id=current_user.id,
                now=now,
            )
            return _saved(found)
    return _participant_page(found, further_form=form), 422


def _stays_closed(found: ParticipantQuiz, closes_at: datetime | None, now: datetime) -> bool:
    item = found.taught.item
    window = enrolments.window_of(found.enrolment, found.enrolment.cohort, zone())
    end = closes_at or window.item_moment(item.item_id, item.closes, "closes")
    return end is not None and end <= now


@bp.post("/teach/courses/<slug>/people/<int:enrolment_id>/<item_slug>/extra-time")
@role("instructor", "admin")
def give_extra_time(slug: str, enrolment_id: int, item_slug: str) -> Any:
    """At every quiz of the person's course."""
    found = _participant_to_change(slug, enrolment_id, item_slug)
    form = ExtraTimeForm(prefix="extra-")
    if form.validate_on_submit():
        with saving(form):
            services.give_extra_time(
                found.enrolment,
                form.extra_time.data,
                form.reason.data,
                seen=form.seen_number,
                actor_id=current_user.id,
                now=clock.now(),
            )
            return _saved(found)
    return _participant_page(found, extra_form=form), 422


@bp.post("/teach/courses/<slug>/people/<int:enrolment_id>/<item_slug>/refuse")
@role("instructor", "admin")
def refuse_request(slug: str, enrolment_id: int, item_slug: str) -> Any:
    found = _participant_to_change(slug, enrolment_id, item_slug)
    asked = given_limits.newest_request(found.enrolment.id, found.taught.item.item_id) or abort(404)
    form = RefuseRequestForm(prefix="refuse-")
    if form.validate_on_submit():
        with saving(form):
            services.refuse_request(asked, form.answer.data, actor_id=current_user.id, now=clock.now())
            return _saved(found)
    return _participant_page(found, refuse_form=form), 422


def _saved(found: ParticipantQuiz) -> HttpResponse:
    flash(_("Saved. %(name)s is told.", name=found.person.full_name), "done")
    address = url_for(
        ".limits_of_participant",
        slug=found.taught.course.slug,
        enrolment_id=found.enrolment.id,
        item_slug=found.taught.item.slug,
    )
    return redirect(address)


def _participant_page(found: ParticipantQuiz, **forms: Any) -> str:
    """With the forms that were sent and could not be saved."""
    taught, enrolment = found.taught, found.enrolment
    own = target(enrolment_id=enrolment.id, item_id=taught.item.item_id)
    everywhere = target(enrolment_id=enrolment.id)
    rows = given_limits.overrides_in([own, everywhere])
    at_quiz = [row for row in rows if row.target == own]
    at_all = [row for row in rows if row.target == everywhere]
    attempts = queries.attempts_of(enrolment.id, taught.item.item_id)
    rules = _rules(found, attempts, clock.now())
    asked = given_limits.newest_request(enrolment.id, taught.item.item_id)
    shown = {
        "limits_form": _filled_in(LimitsForm(formdata=None, prefix="limits-"), at_quiz),
        "further_form": FurtherAttemptForm(formdata=None, prefix="further-"),
        "extra_form": ExtraTimeForm(formdata=None, prefix="extra-"),
        "refuse_form": RefuseRequestForm(formdata=None, prefix="refuse-"),
    }
    shown["extra_form"].extra_time.data = at_all[0].extra_time if at_all else None
    shown |= forms
    for form, seen in (("limits_form", at_quiz), ("further_form", at_quiz), ("extra_form", at_all)):
        shown[form].seen.data = seen[0].number if seen else 0
    return render_template(
        "quizzes/limits_of_participant.html",
        course=taught.course,
        item=taught.item,
        quiz=taught.content,
        enrolment=enrolment,
        person=found.person,
        rules=rules,
        can_start=can_start(rules),
        is_running=any(one.submitted_at is None for one in attempts),
        labels=RULES,
        sources=SOURCES,
        request_=asked,
        is_waiting=asked is not None and asked.answered_at is None,
        history=rows,
        names=_names(rows),
        is_closed=_stays_closed(found, None, clock.now()),
        may_change=found.person.id != current_user.id and enrolment.withdrawn_at is None,
        **shown,
    )


def _rules(found: ParticipantQuiz, attempts: Sequence[queries.AttemptRow], now: datetime) -> list[StartRule]:
    taught, enrolment = found.taught, found.enrolment
    contents = courses.contents(taught.revision.id)
    window = enrolments.window_of(enrolment, enrolment.cohort, zone())
    progress = learning.progress_of(enrolment.id)
    by_key = {one.key: one for one in contents.items}
    return start_rules(
        taught.content,
        attempt_limits(taught.content, queries.overrides_of(enrolment.id, taught.item.item_id)),
        taught.item,
        window,
        states.item_lock(taught.item, progress, by_key, window, now),
        AttemptHistory(
            used=len(attempts),
            last_submitted_at=attempts[-1].submitted_at if attempts else None,
            is_running=any(one.submitted_at is None for one in attempts),
        ),
        has_left=enrolment.withdrawn_at is not None,
        now=now,
    )


def _filled_in(form: LimitsForm, rows: Sequence[QuizOverride]) -> LimitsForm:
    """With what applies now. ``rows``: the newest first."""
    for name in OverrideValues.__dataclass_fields__:
        if rows and name in form:
            form[name].data = getattr(rows[0], name)
    if rows and rows[0].time_limit is not None:
        form.minutes.data = rows[0].time_limit // 60
    return form


def _names(rows: Sequence[QuizOverride]) -> dict[int, str]:
    return persons.names_of(one for one in {row.given_by for row in rows} if one)
