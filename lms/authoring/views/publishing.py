"""The preview before publishing, and publishing exactly that, now or at a chosen moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import policy, queries, services
from lms.authoring.forms.publishing import PublicationForm
from lms.authoring.prose import Paragraph, compare_texts
from lms.authoring.review import Review
from lms.authoring.services import DraftChanged, Source, course_checks, publishing, scheduling
from lms.authoring.services.checking import title_in
from lms.authoring.services.publishing import PreparedDraft, PublicationPreview, TooHeavy, preview_publication
from lms.authoring.services.reviewing import review_of
from lms.authoring.services.scheduling import MomentPassed, MomentTooFar, NothingScheduled
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.authoring.views.fault_places import places
from lms.authoring.views.media import size_in_words
from lms.content.folder.outline import COURSE_FILE
from lms.core import clock, scheduler
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_moment, to_site_time
from lms.core.site import absolute_url
from lms.courses import queries as courses
from lms.courses.models import Course, CourseRevision
from lms.courses.services import CourseHasProblems, ImportedMeanwhile
from lms.people import queries as persons
from lms.web.access import require, role
from lms.web.request_limits import row_number

MAX_COMPARED = 30
"""Files whose texts are compared on the page."""
LATE = timedelta(minutes=2)
"""If a check has not begun after this time, no worker runs the jobs."""


@bp.route("/teach/courses/<slug>/publish", methods=["GET", "POST"])
@role("instructor", "admin")
def publish_draft(slug: str) -> Any:
    course, revision = course_to_edit(slug)
    form = PublicationForm()
    if request.method != "POST":
        return _page(course, revision, form)
    if revision and form.digest.data == revision.digest:
        return _already_published(slug)  # a second click
    course_id, draft = course.id, services.source(course.id)
    review = review_of(course_id, draft.state)
    require(policy.may_publish(current_user, course_id, review))
    if course_checks.is_to_wait_for(course_id, slug, draft):
        flash(_("Nothing was published yet: the course is checked first. Look at the result, then publish."))
        return redirect(url_for(".publish_draft", slug=slug))
    if not form.validate():
        return _page(course, revision, form), 422
    try:
        with reading():
            ready = publishing.prepare(slug, course_id, draft, seen=form.seen)
            db.session.rollback()
        return _schedule(slug, ready, form, review) if form.publish_at else _publish(slug, ready, form)
    except (TooHeavy, MomentPassed, MomentTooFar) as refusal:
        db.session.rollback()
        (form.reason if isinstance(refusal, TooHeavy) else form.day).errors = [refusal.text]
        return _page(*course_to_edit(slug), form), refusal.status
    except CourseHasProblems:
        return _page(course, revision, form)
    except (DraftChanged, ImportedMeanwhile):
        db.session.rollback()
        return _again(slug, form)


def _publish(slug: str, ready: PreparedDraft, form: PublicationForm) -> Any:
    who = {"actor_id": current_user.id, "now": clock.now()}
    done = publishing.publish(ready, opens=form.opens, reason=form.reason.data or "", **who)
    number, people = done.revision.number, queries.people_inside(ready.course_id).total
    marked = publishing.with_marks_by_other_keys(ready.changes)
    db.session.commit()
    scheduler.wake()
    _say_ids(done.with_ids)
    if ready.in_force is None:
        address = absolute_url(url_for("learning.course", slug=slug))
        flash(
            _("The course is published: it is in the catalogue now. Share its address: %(url)s", url=address),
            "done",
        )
        return redirect(url_for(".outline", slug=slug))
    text = ngettext(
        "Revision %(number)s is published for %(num)s participant.",
        "Revision %(number)s is published for %(num)s participants.",
        people,
        number=number,
    )
    flash(text, "done")
    return redirect(url_for(".revisions", slug=slug, regrade=marked))


def _schedule(slug: str, ready: PreparedDraft, form: PublicationForm, review: Review | None) -> Any:
    assert form.publish_at is not None
    who = {"actor_id": current_user.id, "now": clock.now()}
    row = scheduling.schedule(
        ready, form.publish_at, opens=form.opens, reason=form.reason.data or "", review=review, **who
    )
    at = row.publish_at
    db.session.commit()
    _say_ids(tuple(ready.with_ids))
    flash(_("It will be published on %(moment)s, exactly as it was checked now.", moment=say_moment(at)), "done")
    return redirect(url_for(".outline", slug=slug))


@bp.post("/teach/courses/<slug>/publish/cancel")
@role("instructor", "admin")
def cancel_publication(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    scheduled_id = request.form.get("scheduled", type=row_number) or 0
    try:
        scheduling.cancel(course.id, scheduled_id, actor_id=current_user.id, now=clock.now())
    except NothingScheduled as refusal:
        db.session.rollback()
        flash(refusal.text)
    else:
        db.session.commit()
        flash(_("The publication is cancelled. The draft stays as it is."), "done")
    return redirect(url_for("home.teach") if request.form.get("back") == "teach" else url_for(".outline", slug=slug))


@bp.post("/teach/courses/<slug>/publish/check")
@role("instructor", "admin")
def check_again(slug: str) -> Any:
    """Request the check again after an error on the server stopped it."""
    course, _revision = course_to_edit(slug)
    course_checks.ask_again(course.id, services.source(course.id), now=clock.now())
    db.session.commit()
    scheduler.wake()
    return redirect(url_for(".publish_draft", slug=slug), 303)


def _say_ids(paths: tuple[str, ...]) -> None:
    for path in paths:
        flash(_("Ids were added to %(file)s, so that progress stays with its item. Nothing else changed.", file=path))


def _already_published(slug: str) -> Any:
    flash(_("This draft has already been published."), "done")
    return redirect(url_for(".revisions", slug=slug))


def _again(slug: str, form: PublicationForm) -> Any:
    """Somebody else was faster. If their content is the same, all is done; otherwise it has to be looked at."""
    course, revision = course_to_edit(slug)
    if revision and revision.digest == form.digest.data:
        return _already_published(slug)
    return _page(course, revision, form, is_late=bool(form.digest.data)), 409


def _page(course: Course, revision: CourseRevision | None, form: PublicationForm, *, is_late: bool = False) -> str:
    """What publishing would change; or what stands in its way: nothing has changed, a check still runs, or faults."""
    draft = services.source(course.id)
    shared = _shared(course, revision, draft, form, is_late=is_late)
    if revision and _is_unchanged(draft, revision):
        return render_template("authoring/nothing_to_publish.html", **shared)
    if page := _check_page(course, draft, shared):
        return page
    try:
        found = preview_publication(course.slug, draft, revision)
    except CourseHasProblems as refusal:
        return render_template("authoring/faults.html", **shared, problems=refusal.problems)
    if revision is None:
        teachers = courses.instructors_of([course.id])[course.id]
        may_create_course = policy.may_create_course(current_user) and courses.latest_revision(course.id) is None
        return render_template(
            "authoring/first.html", **shared, look=found, teachers=teachers, may_create_course=may_create_course
        )
    latest = queries.revisions(course.id)[0]
    return render_template(
        "authoring/publish.html",
        **shared,
        look=found,
        differences=_differences(draft, services.of_revision(revision.id), found),
        next_number=latest.number + 1 if draft.is_draft else latest.number,
        newer=latest.number if (draft.revision_id or 0) < latest.id else None,
        base=queries.number_of(draft.revision_id) if draft.revision_id else 0,
    )


def _shared(
    course: Course, revision: CourseRevision | None, draft: Source, form: PublicationForm, *, is_late: bool
) -> dict[str, Any]:
    """Values of all these pages."""
    review, scheduled = review_of(course.id, draft.state), queries.open_publications([course.id]).get(course.id)
    return {
        "course": course,
        "revision": revision,
        "draft": draft,
        "is_late": is_late,
        "form": form,
        "size_in_words": size_in_words,
        "may": policy.may_publish(current_user, course.id, review),
        "needs_review": policy.needs_review(current_user),
        "review": review,
        "scheduled": scheduled,
        "has_later_changes": scheduled is not None and scheduling.has_later_changes(scheduled, draft),
        "refusals": scheduling.REFUSALS,
        "place": places(course.slug, draft),
        "zone_name": to_site_time(clock.now()).tzname(),
        "names": persons.names_of(
            {*({review.asked_by} if review else ()), *({scheduled.scheduled_by} if scheduled else ())}
        ),
    }


def _is_unchanged(draft: Source, revision: CourseRevision) -> bool:
    """True if the draft is what is published; False with ``?check``, which asks for its faults all the same."""
    if request.method == "POST" or "check" in request.args:
        return False
    return draft.hashes == services.of_revision(revision.id).hashes


def _check_page(course: Course, draft: Source, shared: dict[str, Any]) -> str | None:
    """For a draft that is too large for a request: how far the job is, or the file that cannot be rendered. None if
    the draft can be looked at now."""
    check = course_checks.state_of(course.id, draft)
    if check is None and course_checks.is_large(course.id, course.slug, draft):
        check = course_checks.begin(course.id, draft, now=clock.now())
        scheduler.wake()
    if check and check.unrendered:
        problems = course_checks.problems_with_unrendered(course.slug, draft, check.unrendered)
        return render_template("authoring/faults.html", **shared, problems=problems)
    if check and check.result != "checked":
        title = title_in(draft.files[COURSE_FILE].data) if COURSE_FILE in draft.files else ""
        is_late = check.total == 0 and clock.now() - check.asked_at > LATE
        return render_template("authoring/checking.html", **shared | {"is_late": is_late}, check=check, title=title)
    return None


def _differences(draft: Source, published: Source, found: PublicationPreview) -> dict[str, list[Paragraph]]:
    """By path, the prose of the first changed files; of the others, the page has the names."""
    changed = [one.path for one in found.changes.items if one.is_edited and one.path]
    others = [path for path in found.changes.other_files if services.is_text(path)]
    paths = [path for path in [*changed, *others] if path in draft.files and path in published.files]
    return {path: compare_texts(published.text(path), draft.text(path)) for path in paths[:MAX_COMPARED]}
