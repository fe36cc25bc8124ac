"""Help pages per role, and the contact page."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_login import current_user

from lms.core.i18n import gettext as _
from lms.core.i18n import language_code, lazy
from lms.core.site import absolute_url
from lms.notices.services.settings import HelpContact, help_contact
from lms.web.access import public
from lms.web.urls import is_safe_redirect

bp = Blueprint("help", __name__)

TOPICS = {
    "learner": lazy("For learners"),
    "instructor": lazy("For instructors"),
    "committee": lazy("For committees"),
    "head": lazy("For heads of units"),
    "admin": lazy("For admins"),
}
TOPIC_OF_ROLE = {
    "admin": "admin",
    "agency-admin": "admin",
    "committee": "committee",
    "instructor": "instructor",
    "head": "head",
}
MAX_PATH_LENGTH = 200
ERROR_NUMBER = re.compile(r"[A-Za-z0-9-]{4,40}")


@bp.get("/help")
@public
def first() -> Any:
    """The help page for the last of the person's topics, which has the most rights."""
    return _page(_own_topics()[-1])


@bp.get("/help/<topic>")
@public
def topic(topic: str) -> Any:
    return _page(topic if topic in TOPICS else abort(404))


def _page(topic: str) -> Any:
    own = _own_topics()
    topics = {name: TOPICS[name] for name in TOPICS if name in own or name == topic}
    return render_template("notices/help/page.html", topic=topic, topics=topics, language=language_code())


def _own_topics() -> list[str]:
    """The topics for the person's roles, the learner's first; visitors get the learner's."""
    grants = current_user.present_grants if current_user.is_authenticated else []
    roles = {TOPIC_OF_ROLE[grant.role] for grant in grants}
    return [name for name in TOPICS if name == "learner" or name in roles]


@bp.app_template_global()
def sign_in_helper() -> HelpContact:
    """Whom to ask for help, for the sign-in page, which is in a lower package."""
    return help_contact()


@bp.get("/help/contact")
@public
def contact() -> Any:
    """The help contact. The prepared message contains the page and the error number from the link."""
    page, error = _linked_page(), _error_number()
    found = help_contact()
    return render_template(
        "notices/contact.html",
        contact=found,
        page=page,
        error=error,
        whatsapp=found.whatsapp_link(_question(page, error)),
        subject=_("Help with %(site)s", site=current_app.config["SITE_NAME"]),
        question=_question(page, error),
    )


def _linked_page() -> str | None:
    path = request.args.get("from", "")
    return path if is_safe_redirect(path) and len(path) <= MAX_PATH_LENGTH else None


def _error_number() -> str | None:
    number = request.args.get("error", "")
    return number if ERROR_NUMBER.fullmatch(number) else None


def _question(page: str | None, error: str | None) -> str:
    """The prepared message."""
    lines = [_("Dear admin, I need help with %(site)s.", site=current_app.config["SITE_NAME"])]
    if current_user.is_authenticated:
        lines.append(_("Name: %(name)s", name=current_user.full_name))
    if page:
        lines.append(_("Page: %(url)s", url=absolute_url(page)))
    if error:
        lines.append(_("Reference number: %(number)s", number=error))
    return "\n".join([*lines, _("What happened:") + " "])
