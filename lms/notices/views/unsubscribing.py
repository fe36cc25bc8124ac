"""The page behind the link that turns e-mail off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from lms.core import clock
from lms.core.db import db
from lms.core.site import site_key
from lms.notices import unsubscribe_tokens
from lms.notices.services import inbox as service
from lms.people import queries as persons
from lms.people.models import Person
from lms.web.access import public

bp = Blueprint("unsubscribing", __name__)


@bp.get("/unsubscribe/<token>")
@public
def ask(token: str) -> Any:
    """Changes nothing: programs that check mails for viruses open each link."""
    _person_or_404(token)
    return render_template("notices/unsubscribe.html", token=token, is_done=False)


@bp.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> Any:
    """Needs no CSRF token, since mail programs post here themselves (RFC 8058): the address is the proof."""
    if request.form.get("List-Unsubscribe", "One-Click") != "One-Click":
        abort(400)
    person = _person_or_404(token)
    service.choose_channels(person, wants_mail=False, phone=person.phone, now=clock.now())
    db.session.commit()
    return render_template("notices/unsubscribe.html", token=token, is_done=True)


def _person_or_404(token: str) -> Person:
    person_id = unsubscribe_tokens.person_id(token, site_key())
    return (persons.person(person_id) if person_id is not None else None) or abort(404)
