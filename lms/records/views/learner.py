"""For learners: the end of a course, all their training, and each certificate."""

from __future__ import annotations

import threading
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock, site
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.enrolment import queries as enrolments
from lms.learning import queries as learning
from lms.records import policy, queries, snapshot
from lms.records.certificate import render_pdf
from lms.records.models import Record
from lms.records.services import settings
from lms.records.views.verifying import bp
from lms.records.years import by_year
from lms.web.access import require, signed_in

RENDERINGS_AT_ONCE = 2
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Without the "sandbox" of other files, in which older browsers refuse to show a PDF. Ours has no scripts."""

_rendering = threading.BoundedSemaphore(RENDERINGS_AT_ONCE)


@bp.get("/records")
@signed_in
def mine() -> Any:
    this_year = to_site_time(clock.now()).year
    return render_template(
        "records/mine.html",
        years=by_year(queries.trainings_of(current_user.id), this_year),
        this_year=this_year,
        waiting=queries.waiting_of(current_user.id),
        target=settings.jp_target(current_user.status),
    )


@bp.get("/courses/<slug>/finish")
@signed_in
def finish(slug: str) -> Any:
    """The result of a completed course and its certificate. Others are redirected to the course."""
    found = courses.published(slug) or abort(404)
    enrolment = enrolments.enrolment_of(current_user.id, found[0].id)
    completion = learning.completion_of(enrolment.id) if enrolment else None
    if enrolment is None or completion is None:
        return redirect(url_for("learning.course", slug=slug))
    year = to_site_time(completion.completed_at).year
    record = queries.record_of(enrolment.id)
    return render_template(
        "records/finish.html",
        slug=slug,
        revision=queries.revision_completed(completion),
        enrolment=enrolment,
        completion=completion,
        record=record,
        check_address=site.absolute_url(url_for(".verified", code=record.code)) if record else "",
        year=year,
        jp=queries.jp_in_year(current_user.id, year),
        target=settings.jp_target(current_user.status),
    )


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
    response.headers.set("Content-Disposition", "inline", filename=_file_name(record))
    response.make_conditional(request)
    if response.status_code == 200:
        facts = snapshot.from_json(record.snapshot)
        with _rendering:
            response.set_data(render_pdf(facts))
    return response


def _own_record(code: str) -> Record:
    record = queries.record_with(code) or abort(404)
    require(policy.may_see_certificate(current_user, record), status=404)
    return record


def _file_name(record: Record) -> str:
    """``Sertifikat-Manajemen-Pelayanan-Publik-Maria-Contoh.pdf``"""
    text = f"Sertifikat {record.snapshot['course'][:80]} {record.snapshot['name'][:60]}"
    words = "".join(sign if sign.isalnum() else " " for sign in text).split()
    return "-".join(words) + ".pdf"
