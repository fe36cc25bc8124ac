"""Home pages, and the health checks of the server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template
from flask_login import current_user
from sqlalchemy import text

from lms.core import clock, schema, settings, storage
from lms.core.db import db
from lms.core.i18n import to_site_time
from lms.courses import queries as courses
from lms.home import queries
from lms.learning import services as learning
from lms.notices import queries as notices
from lms.ops.queries import backup_state
from lms.people import queries as persons
from lms.people.scopes import NOBODY
from lms.records.services import settings as record_settings
from lms.web.access import password_first, public, role
from lms.web.paging import paged

bp = Blueprint("home", __name__)
blueprints = [bp]


@bp.get("/")
@public
@password_first
def home() -> Any:
    if not current_user.is_authenticated:
        return render_template(
            "home/front.html",
            page=paged(courses.catalogue(), courses.PER_PAGE),
            categories=courses.categories(),
            search="",
            category="",
            is_front=True,
        )
    now, set_here = clock.now(), settings.values((learning.PASS_MARK, learning.NEAR_DAYS))
    view = queries.learner_home(
        current_user.id,
        zone=current_app.config["TIMEZONE"],
        pass_mark=float(set_here[learning.PASS_MARK.name]),
        near_days=set_here[learning.NEAR_DAYS.name],
        now=now,
        today=to_site_time(now).date(),
    )
    return render_template(
        "home/home.html",
        view=view,
        proposals=queries.pending_proposals(current_user),
        instructor_tasks=queries.instructor_tasks(current_user),
        target=record_settings.jp_target(current_user.status),
        hour=to_site_time(now).hour,
    )


@bp.get("/teach")
@role("instructor")
def teach() -> Any:
    return render_template("home/teach.html", view=queries.instructor_home(current_user))


@bp.get("/admin")
@role("admin", "agency-admin")
def admin() -> Any:
    counts = queries.admin_counts(persons.admin_scope(current_user) or NOBODY)
    return render_template(
        "home/admin.html",
        counts=counts,
        proposals=queries.pending_proposals(current_user),
        backup=backup_state(clock.now()),
        outbox=notices.outbox(),
    )


@bp.get("/healthz")
@public
def healthz() -> Any:
    """The process is alive."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def readyz() -> Any:
    """Ready to serve: the database answers and is migrated, and the storage answers."""
    try:
        db.session.execute(text("SELECT 1"))
        missing = schema.missing_migrations()
    except Exception:
        current_app.logger.exception("not ready")
        return {"status": "no database"}, 503
    try:
        storage.check()
    except storage.StorageUnavailable:
        current_app.logger.exception("not ready")
        return {"status": "no storage"}, 503
    return ({"status": "migrations missing"}, 503) if missing else {"status": "ok"}
