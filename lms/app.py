"""The application: ``create_app`` is the one place where all packages meet."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context
from flask_login import current_user
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from markupsafe import Markup
from sqlalchemy import ColumnElement
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as HttpResponse

from config import Config
from lms.analysis.views import question as analysis_pages
from lms.assignments.queries import groups
from lms.assignments.queries.revisions import revision_days
from lms.assignments.services import renewal as assignment_renewal
from lms.assignments.views import instructor as assignment_teaching
from lms.assignments.views import learner as assignment_pages
from lms.attendance.services import renewal as attendance_renewal
from lms.attendance.views import instructor as attendance_teaching
from lms.attendance.views import learner as attendance_pages
from lms.auth import queries as auth_queries
from lms.auth.services import codes
from lms.auth.views import proof
from lms.content.items.assignment import Assignment
from lms.content.items.live_session import LiveSession
from lms.content.items.module import Module
from lms.content.items.quiz import Quiz
from lms.content.items.survey import Survey
from lms.content.questions.templates import load_template
from lms.core import clock, hooks, i18n, isolated, settings, storage
from lms.core import db as database
from lms.core.db import db
from lms.core.direct_query import sharing_connection
from lms.courses import services as courses
from lms.enrolment import services as enrolment
from lms.enrolment.models import Enrolment
from lms.enrolment.queries import prerequisites
from lms.enrolment.queries.histories import course_results
from lms.enrolment.services.dates import dates_changed
from lms.learning.hooks import (
    graded_group_lists,
    item_previews,
    limit_pages,
    register_page,
    waiting_group_lists,
)
from lms.learning.queries import enrolments as learning
from lms.learning.queries import revisions
from lms.learning.services import renewal
from lms.learning.views import reading
from lms.learning.views.instructor import stored_work
from lms.learning.views.items import item_views
from lms.learning.views.marks import score_explanations
from lms.learning.work import LimitPages
from lms.lib.compute_lock import compute_lock
from lms.lib.plain_text import as_html, beginning
from lms.objections.hooks import hidden_name_lookups, question_figures, subject_descriptions
from lms.people.services import people, roles
from lms.quizzes import views as quiz_pages
from lms.quizzes.services import regrading
from lms.quizzes.services import renewal as quiz_renewal
from lms.records.services import differences
from lms.surveys import views as survey_pages
from lms.web import (
    access,
    assets,
    compression,
    errors,
    field_errors,
    form_recovery,
    fragments,
    headers,
    held_forms,
    nav,
    overload,
    rate_limits,
    request_limits,
    requests,
    templating,
)

HERE = Path(__file__).parent
PACKAGES = (
    "people",
    "auth",
    "courses",
    "enrolment",
    "roster",
    "comments",
    "learning",
    "objections",
    "announcements",
    "inquiries",
    "quizzes",
    "assignments",
    "attendance",
    "surveys",
    "records",
    "authoring",
    "notices",
    "reports",
    "gradebook",
    "analysis",
    "ops",
    "admin",
    "privacy",
    "home",
)
"""Lowest first. Each brings its blueprints, templates and models."""

RUN_ISOLATED = (
    "lms.authoring.bank_look",
    "lms.authoring.foreign_folder",
    "lms.content.documents.shown",
    "lms.content.rendering.course",
    "lms.media.encoding",
    "lms.roster.list_file",
)
"""The modules whose functions run in child processes (``core.isolated``)."""

LIBRARIES_OF_ISOLATED = (
    "PIL.ImageCms",
    "PIL.ImageOps",
    "bleach.sanitizer",
    "imagesize",
    "lms.content.rendering.html_tree",
    "lms.content.rendering.strict_form",
)
"""What those modules import when it is used. The process that forks the children has it; the web processes have not."""

DECLARE_SETTINGS = (
    "lms.auth.services.settings",
    "lms.ops.services.settings",
    "lms.roster.services.retention",
)
"""Modules whose settings no page reads by name: only periodic jobs, or the query of the signed-in account. They are
imported here, so that admins can edit these settings in any process."""


class Platform(Flask):
    jinja_environment = templating.Environment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask checks for each call of a view or hook whether it is a coroutine; here none is."""
        return func

    def redirect(self, location: str, code: int = 302) -> HttpResponse:
        """``flask.redirect`` comes here; a form that a script sends is told where to go on."""
        is_held = has_request_context() and held_forms.is_held()
        return held_forms.next_page(location) if is_held else super().redirect(location, code)


def create_app(config: Config) -> Flask:
    """:raises RuntimeError: a view carries no access mark, or a hook is not connected."""
    app = Platform("lms", static_folder=None)
    isolated.preload(RUN_ISOLATED + LIBRARIES_OF_ISOLATED)
    for module in DECLARE_SETTINGS:
        importlib.import_module(module)
    _configure(app, config)
    db.init_app(app)
    requests.set_up(app)
    overload.set_up(app)
    request_limits.set_up(app)
    rate_limits.set_up(app)
    CSRFProtect(app).exempt("lms.notices.views.unsubscribing.unsubscribe")
    compression.set_up(app)
    for part in (storage, i18n, access, errors, fragments, nav, assets, headers, field_errors):
        part.set_up(app)
    _templates(app)
    _read_only_requests(app)
    for package in PACKAGES:
        for blueprint in importlib.import_module(f"lms.{package}.views").blueprints:
            app.register_blueprint(blueprint)
    _connect_hooks()
    access.check_every_endpoint_is_marked(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        LMS=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=database.psycopg_url(config.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(config.database_url),
        STORAGE_URL=config.storage_url,
        MAIL_URL=config.mail,
        BASE_URL=config.base_url,
        IS_HTTPS=config.is_https,
        SITE_NAME=config.site_name,
        TIMEZONE=config.timezone,
        LANGUAGE=config.language,
        TESTING=config.testing,
        SESSION_COOKIE_NAME="__Host-session"
        if config.is_https
        else "session",  # no other site of the domain can set it
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),  # at most; the row of the sign-in decides
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_SSL_STRICT=False,  # browsers that send no Referer may post too; the token is checked
        WTF_CSRF_TIME_LIMIT=None,  # the token of a cached page is valid as long as the session
    )
    if config.database_url.startswith("sqlite"):
        config.instance.mkdir(parents=True, exist_ok=True)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )


def _templates(app: Flask) -> None:
    """``quizzes/question.html`` is ``lms/quizzes/templates/question.html``; the page kit's stand at the root."""
    packages = {name: FileSystemLoader(HERE / name / "templates") for name in PACKAGES}
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HERE / "web" / "templates"), PrefixLoader(packages), load_template]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(attributes=_attributes, plain_text=as_html, beginning=beginning)
    app.jinja_env.globals["current_user"] = current_user  # imported macros see no context processor's values
    app.jinja_env.globals.update(form_tokens=form_recovery.form_tokens, form_owner=form_recovery.form_owner)


def _attributes(values: dict[str, object]) -> Markup:
    """``{"class": "x", "id": False}`` as `` class="x"``: attributes that are False are left out."""
    return Markup("").join(Markup(' {}="{}"').format(name, text) for name, text in values.items() if text is not False)


def _read_only_requests(app: Flask) -> None:
    """Mark the transactions of GET and HEAD requests as reading, and give their queries one connection. On SQLite one
    request computes at a time; on PostgreSQL most of its time is a wait for the database.

    Wraps the WSGI call instead of using Flask's hooks, since the mark must hold
    until the session is removed at the very end.
    """
    inner = app.wsgi_app
    is_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    computing = compute_lock.held if is_sqlite else nullcontext

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        only_reads = environ.get("REQUEST_METHOD") in {"GET", "HEAD"}
        with computing(), database.reading(only_reads), sharing_connection(only_reads):
            return inner(environ, start_response)

    app.wsgi_app = overload.BoundedWork(outer)  # type: ignore[method-assign]


def _connect_hooks() -> None:
    """What a lower package leaves open for a higher one to fill."""
    access.missing_proof.connect(proof.missing_proof)
    access.login_manager.user_loader(lambda token: auth_queries.account_signed_in(token, now=clock.now()))
    people.access_ended.connect(codes.end_access)
    roles.role_granted.connect(codes.void_lent_code)
    courses.course_published.connect(_course_was_published)
    settings.setting_changed.connect(renewal.setting_was_changed)
    dates_changed.connect(_dates_were_changed)
    prerequisites.completed_courses.connect(learning.completed_courses)
    course_results.connect(learning.course_results)
    revisions.revision_days.connect(revision_days)
    regrading.issued_records.connect(differences.after_marks)
    renewal.item_renewals.register(Quiz.type, quiz_renewal.renew)
    renewal.item_renewals.register(Assignment.type, assignment_renewal.renew)
    renewal.item_renewals.register(LiveSession.type, attendance_renewal.renew)
    item_views.register(Module.type, reading.show_module)
    item_views.register(Quiz.type, quiz_pages.show)
    item_views.register(Assignment.type, assignment_pages.show)
    item_views.register(LiveSession.type, attendance_pages.show)
    item_views.register(Survey.type, survey_pages.learner.show)
    item_previews.register(Module.type, reading.preview)
    item_previews.register(Quiz.type, quiz_pages.teaching.preview)
    item_previews.register(Assignment.type, assignment_teaching.preview)
    item_previews.register(LiveSession.type, attendance_teaching.preview)
    item_previews.register(Survey.type, survey_pages.learner.preview)
    limit_pages.register(Quiz.type, LimitPages("quizzes.limits", "quizzes.limits_of_participant"))
    register_page(Quiz, "analysis.quiz", i18n.lazy("Item analysis"))
    register_page(Quiz, "analysis.attempts", i18n.lazy("Attempts"))
    register_page(Assignment, "assignments.deadlines", i18n.lazy("Deadlines of cohorts"))
    register_page(Assignment, "assignments.groups", i18n.lazy("Groups"), lambda item: item.is_for_groups)
    register_page(LiveSession, "attendance.meetings", i18n.lazy("Attendance"), is_for_course=True)
    register_page(Survey, "surveys.results", i18n.lazy("Answers"), is_for_course=True)
    waiting_group_lists.register(Quiz.type, quiz_pages.essays.waiting_groups)
    graded_group_lists.register(Quiz.type, quiz_pages.graded_essays.graded_groups)
    stored_work.register(Quiz.type, quiz_pages.teaching.work_of)
    stored_work.register(Assignment.type, assignment_teaching.work_of)
    stored_work.register(LiveSession.type, attendance_teaching.work_of)
    score_explanations.register(Quiz.type, quiz_pages.teaching.explain)
    score_explanations.register(Assignment.type, assignment_teaching.explain)
    subject_descriptions.register("attempt", quiz_pages.objecting.describe)
    subject_descriptions.register("submission", assignment_teaching.describe)
    hidden_name_lookups.register("submission", assignment_teaching.hidden_names)
    question_figures.register("analysis", analysis_pages.figures)
    hooks.check_all_are_connected()


def _course_was_published(course_id: int, now: datetime) -> None:
    """Deadlines first: results depend on them."""
    enrolment.course_was_published(course_id)
    _dates_were_changed(Enrolment.course_id == course_id, now)


def _dates_were_changed(which: ColumnElement[bool], now: datetime) -> None:
    """Running attempts first, however many: none may be handed in by the end that it had before."""
    quiz_renewal.renew_ends(which)
    renewal.mark(groups.with_group_members(which), now=now)
