"""Home pages, and the health checks of the server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template
from flask_login import current_user
from sqlalchemy import text

from lms.attendance.queries.teaching import near_meetings
from lms.authoring.policy import may_create_course
from lms.core import clock, database_errors, schema, settings, storage
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.enrolment.services.newcomers import NEWCOMER_COURSE
from lms.home import queries
from lms.home.queries import offices, teaching
from lms.inquiries import queries as inquiries
from lms.learning import services as learning
from lms.learning.status import TAGS
from lms.notices import queries as notices
from lms.notices.services.wording import translate
from lms.objections import queries as objections
from lms.ops.queries import backup_state, evidence_state
from lms.ops.services import readiness
from lms.people import queries as persons
from lms.people.scopes import NOBODY
from lms.records import queries as records
from lms.records.services import jp
from lms.records.services import settings as record_settings
from lms.web.access import password_first, public, role
from lms.web.paging import paginate

bp = Blueprint("home", __name__)
blueprints = [bp]


@bp.get("/")
@public
@password_first
def home() -> Any:
    if not current_user.is_authenticated:
        return render_template(
            "home/front.html",
            page=paginate(courses.catalogue(), courses.PER_PAGE),
            categories=courses.categories(),
            search="",
            category="",
            is_front=True,
        )
    now, set_here = clock.now(), settings.values((learning.PASS_MARK, learning.NEAR_DAYS, NEWCOMER_COURSE))
    view = queries.learner_home(
        current_user.id,
        zone=current_app.config["TIMEZONE"],
        pass_mark=float(set_here[learning.PASS_MARK.name]),
        near_days=set_here[learning.NEAR_DAYS.name],
        now=now,
        today=to_site_time(now).date(),
    )
    target = record_settings.jp_target(current_user.status, view.year)
    own_year = jp.year_progress(
        current_user.id, view.year, target, jp=view.jp, waiting=view.jp_waiting, learning=view.jp_learning
    )
    news = [
        (notice, translate(notice.kind, notice.facts)) for notice in notices.news(current_user, now - queries.NEWS_AGE)
    ]
    newcomer_course = set_here[NEWCOMER_COURSE.name] if view.is_newcomers else ""
    return render_template(
        "home/home.html",
        view=view,
        news=news,
        suggested=queries.suggested_courses(
            current_user.id, view, own_year.missing, to_site_time(now).date(), newcomer_course
        ),
        newcomer_course=newcomer_course,
        proposals=offices.pending_proposals(current_user),
        instructor_tasks=teaching.instructor_tasks(current_user),
        own_year=own_year,
        hour=to_site_time(now).hour,
        now=now,
    )


@bp.get("/teach")
@role("instructor")
def teach() -> Any:
    view, now = teaching.instructor_home(current_user), clock.now()
    today = to_site_time(now).date()
    near_days = settings.value(learning.NEAR_DAYS)
    return render_template(
        "home/teach.html",
        view=view,
        meetings=near_meetings([one.course.id for one in view if one.course.archived_at is None], now),
        now=now,
        cohorts=teaching.cohorts_now(current_user.taught_course_ids, today, near_days),
        today=today,
        labels=learning.STATUS_LABELS,
        tags=TAGS,
        objection_count=objections.open_count(current_user.taught_course_ids, not_by=current_user.id),
        inquiry_count=inquiries.open_count(current_user),
        may_create_course=may_create_course(current_user),
    )


@bp.get("/admin")
@role("admin", "agency-admin")
def admin() -> Any:
    counts, now = offices.admin_counts(persons.admin_scope(current_user) or NOBODY), clock.now()
    return render_template(
        "home/admin.html",
        counts=counts,
        first_steps=offices.first_steps(counts) if current_user.is_admin else [],
        proposals=offices.pending_proposals(current_user),
        backup=backup_state(now),
        evidence=evidence_state(now),
        outbox=notices.outbox(),
        uncertain=records.uncertain_sequences(),
    )


@bp.get("/healthz")
@public
def healthz() -> Any:
    """The process is alive."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> Any:
    """Ready to serve: the database answers, is migrated and takes a small write, and the storage answers."""
    try:
        db.session.execute(text("SELECT 1"))
        missing = schema.missing_migrations()
    except Exception as error:
        trace = not database_errors.is_away(error)
        current_app.logger.error("not ready (%s)", type(error).__name__, exc_info=trace)
        return {"status": "no database"}, 503
    try:
        storage.check()
    except storage.StorageUnavailable:
        current_app.logger.exception("not ready")
        return {"status": "no storage"}, 503
    if missing:
        return {"status": "migrations missing"}, 503
    return {"status": "ok"} if readiness.check.is_fine() else ({"status": "nothing can be written"}, 503)
