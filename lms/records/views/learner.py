"""For learners: the end of a course, all their training, and each certificate."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock, site
from lms.core.i18n import language_code, to_site_time
from lms.core.settings import value
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import OpenCourse
from lms.enrolment.suggestions import suggested
from lms.learning import queries as learning
from lms.people import nip
from lms.people import queries as persons
from lms.records import codes, policy, queries, snapshot, statement
from lms.records.certificate import unit_and_agency
from lms.records.models import Record
from lms.records.queries import repeats
from lms.records.repeats import Counted, Rules
from lms.records.services import emblem, jp, path, settings
from lms.records.views.verifying import bp
from lms.records.years import Training, YearProgress, by_year
from lms.web.access import require, signed_in
from lms.web.headers import set_disposition

RENDERINGS_AT_ONCE = 2
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Without the "sandbox" of other files, in which older browsers refuse to show a PDF. Ours has no scripts."""

_rendering = threading.BoundedSemaphore(RENDERINGS_AT_ONCE)


@bp.get("/records")
@signed_in
def mine() -> Any:
    """Show one's own training; printed, the page is a statement of it that others can check."""
    today = to_site_time(clock.now())
    this_year, rules = today.year, repeats.rules()
    trainings, waiting = jp.trainings_of(current_user.id, rules), queries.waiting_of(current_user.id)
    counted = queries.counted_courses(current_user.id, this_year, rules.of(this_year))
    years = by_year(trainings, this_year)
    jp_now = next(one.jp for one in years if one.year == this_year)
    return render_template(
        "records/mine.html",
        years=years,
        heading=_statement(trainings, rules, today),
        this_year=this_year,
        waiting=waiting,
        repeats=path.repeating(this_year, waiting, counted),
        own_year=_own_year(this_year, waiting, counted, jp_now),
    )


def _own_year(year: int, waiting: path.Waiting, counted: Counted, jp_now: int | None = None) -> YearProgress:
    target = settings.jp_target(current_user.status, year)
    return jp.year_progress(current_user.id, year, target, jp=jp_now, waiting=path.jp_waiting(year, waiting, counted))


def _statement(trainings: list[Training], rules: Rules, today: datetime) -> dict[str, Any]:
    """Whose list it is and its check code: the head of the printed statement."""
    path = persons.unit_path(persons.unit(current_user.unit_id)) if current_user.unit_id else []
    unit, agency = unit_and_agency(path)
    changes = [one.changed_at for one in trainings] + ([rules.changed_at] if rules.changed_at else [])
    at = statement.moment(today.replace(hour=0, minute=0, second=0, microsecond=0), changes)
    return {
        "name": current_user.full_name,
        "nip": nip.masked(current_user.nip) if current_user.nip else "",
        "unit": unit,
        "agency": agency,
        "issuer": value(settings.ISSUER),
        "code": codes.in_groups(statement.Statement(current_user.id, at).code(site.site_key())),
        "address": site.absolute_url(url_for(".verify")),
        "today": today,
    }


@bp.get("/courses/<slug>/finish")
@signed_in
def finish(slug: str) -> Any:
    """The result of a completed course and its certificate. Others are redirected to the course."""
    found = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, found[0].id)
    completion = learning.completion_of(enrolment.id) if enrolment else None
    if enrolment is None or completion is None:
        return redirect(url_for("learning.course", slug=slug))
    record, revision, now = queries.record_of(enrolment.id), queries.revision_completed(completion), clock.now()
    year, waiting = to_site_time(completion.completed_at).year, queries.waiting_of(current_user.id)
    counted = queries.counted_courses(current_user.id, year)
    own_year = _own_year(year, waiting, counted)
    return render_template(
        "records/finish.html",
        slug=slug,
        revision=revision,
        enrolment=enrolment,
        completion=completion,
        began_at=learning.began_at(enrolment.id) or enrolment.enrolled_at,
        record=record,
        waiting_days=(now - completion.completed_at).days,
        repeats=enrolment.id in path.repeating(year, waiting, counted),
        counted_on=jp.counted_before(current_user.id).get(enrolment.id),
        check_address=site.absolute_url(url_for(".verified", code=record.code)) if record else "",
        own_year=own_year,
        next=_next_course(own_year, now),
    )


def _next_course(own_year: YearProgress, now: datetime) -> OpenCourse | None:
    """The one that brings most of the JP that are missing, without those that wait for a certificate."""
    offers, completed = path.offers_to(current_user.id, now)
    return next(iter(suggested(offers, completed, own_year.missing, language=language_code())), None)


@bp.app_template_global()
def year_path() -> path.YearPath:
    """A template global, because the catalogue is in a lower package."""
    now = clock.now()
    if not current_user.is_authenticated:
        return path.path_of_anybody(now)
    return path.path_of(current_user, zone=current_app.config["TIMEZONE"], now=now)


@bp.get("/records/<code>.pdf")
@signed_in
def certificate(code: str) -> Any:
    """The certificate as PDF, printed from its snapshot. 410 if it was revoked."""
    record = _own_record(code)
    if record.revoked_at is not None:
        return render_template("records/revoked.html", record=record), 410
    response = Response(content_type="application/pdf")
    response.set_etag(snapshot.digest(record.snapshot)[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = PDF_POLICY
    set_disposition(response, "inline", _file_name(record))
    response.make_conditional(request)
    if response.status_code == 200:
        facts = snapshot.from_json(record.snapshot)
        with _rendering:
            response.set_data(emblem.print_pdf(facts))
    return response


def _own_record(code: str) -> Record:
    record = queries.record_with(code) or abort(404)
    require(policy.may_see_certificate(current_user, record), status=404)
    return record


def _file_name(record: Record) -> str:
    """``Sertifikat-Manajemen-Pelayanan-Publik-Maria-Contoh.pdf``"""
    text = f"Sertifikat {record.snapshot['course'][:80]} {record.snapshot['name'][:60]}"
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return "-".join(words) + ".pdf"
