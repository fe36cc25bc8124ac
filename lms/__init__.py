"""The application: ``create_app`` is the one place where all packages meet."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import current_user
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from lms.assignments.views import learner as assignment_pages
from lms.auth import queries as auth_queries
from lms.auth.services import codes
from lms.content.items.assignment import Assignment
from lms.content.items.module import Module
from lms.content.items.quiz import Quiz
from lms.content.questions.templates import load_template
from lms.core import db as database
from lms.core import hooks, i18n, storage
from lms.core.db import db
from lms.courses import services as courses
from lms.enrolment import services as enrolment
from lms.enrolment.queries import prerequisites
from lms.learning import queries as learning
from lms.learning.views import reading
from lms.learning.views.items import check_every_type_has_a_view, show_with
from lms.ops.services import settings as backup_settings
from lms.people.services import people, roles
from lms.quizzes import views as quiz_pages
from lms.roster.services.retention import RETENTION_DAYS
from lms.web import (
    access,
    assets,
    compression,
    errors,
    form_recovery,
    fragments,
    headers,
    nav,
    rate_limits,
    request_limits,
    requests,
)

HERE = Path(__file__).parent
PACKAGES = (
    "people",
    "auth",
    "courses",
    "enrolment",
    "roster",
    "learning",
    "quizzes",
    "assignments",
    "records",
    "notices",
    "reports",
    "ops",
    "admin",
    "home",
)
"""Lowest first. Each brings its blueprints, templates and models."""

SETTINGS_OF_JOBS = (backup_settings.HOUR, backup_settings.DAYS, backup_settings.WEEKS, RETENTION_DAYS)
"""Settings that only periodic jobs read. They are loaded here, so that admins can edit them in any process."""


class Platform(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask checks for each call of a view or hook whether it is a coroutine; here none is."""
        return func


def create_app(config: Config) -> Flask:
    """:raises RuntimeError: a view carries no access mark, or a hook is not connected."""
    app = Platform(__name__, static_folder=None)
    _configure(app, config)
    db.init_app(app)
    requests.set_up(app)
    request_limits.set_up(app)
    rate_limits.set_up(app)
    CSRFProtect(app)
    compression.set_up(app)
    for part in (storage, i18n, access, errors, fragments, nav, assets, headers):
        part.set_up(app)
    _templates(app)
    _read_only_requests(app)
    for package in PACKAGES:
        for blueprint in importlib.import_module(f"lms.{package}.views").blueprints:
            app.register_blueprint(blueprint)
    _wire(app)
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
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
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
    app.jinja_env.filters["attributes"] = _attributes
    app.jinja_env.globals["current_user"] = current_user  # imported macros see no context processor's values
    app.jinja_env.globals["form_tokens"] = form_recovery.form_tokens


def _attributes(values: dict[str, object]) -> Markup:
    """``{"class": "x", "id": False}`` as `` class="x"``: attributes that are False are left out."""
    return Markup("").join(Markup(' {}="{}"').format(name, text) for name, text in values.items() if text is not False)


def _read_only_requests(app: Flask) -> None:
    """Mark the transactions of GET and HEAD requests as reading.

    Wraps the WSGI call instead of using Flask's hooks, since the mark must hold
    until the session is removed at the very end.
    """
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        with database.reading(environ.get("REQUEST_METHOD") in {"GET", "HEAD"}):
            return inner(environ, start_response)

    app.wsgi_app = outer  # type: ignore[method-assign]


def _wire(app: Flask) -> None:
    """What a lower package leaves open for a higher one to fill."""
    access.login_manager.user_loader(lambda token: auth_queries.account_signed_in(token, today=i18n.today()))
    people.access_ended.connect(codes.end_access)
    roles.role_granted.connect(codes.void_lent_code)
    courses.course_published.connect(enrolment.course_was_published)
    prerequisites.completed_courses.connect(learning.completed_courses)
    hooks.check_all_are_connected()
    show_with(Module, reading.show_module)
    show_with(Quiz, quiz_pages.show)
    show_with(Assignment, assignment_pages.show)
    check_every_type_has_a_view()
