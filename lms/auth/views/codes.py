"""One-time codes created by an admin."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template
from flask_login import current_user

from lms.auth import phonetic_alphabet
from lms.auth.services import codes
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db
from lms.people import policy, queries
from lms.people.models import Person
from lms.web.access import require, role


@bp.post("/admin/people/<int:person_id>/code")
@role("admin", "agency-admin")
def person_code(person_id: int) -> Any:
    """Show a new code. The response must not be stored by the browser."""
    person, now = _person_to_change(person_id), clock.now()
    code = codes.issue_reset_code(person, current_user.id, now=now)
    db.session.commit()
    page = render_template(
        "auth/code.html",
        person=person,
        code=code,
        spelled=phonetic_alphabet.spelled(code),
        expires_at=now + codes.VALID_FOR,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _person_to_change(person_id: int) -> Person:
    scope = queries.admin_scope(current_user) or abort(404)
    person = queries.person_in(scope, person_id) or abort(404)
    require(policy.may_change(current_user, person, scope))
    return person
