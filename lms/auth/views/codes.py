"""What an admin does for somebody who cannot sign in: a one-time code, a waiting time lifted, a lost app removed."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_login import current_user

from lms.auth import phonetic_alphabet
from lms.auth import queries as auth_queries
from lms.auth.services import codes, second_factors, sign_ins
from lms.auth.views.shared import bp
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.people import policy, queries
from lms.people.models import Person
from lms.people.services import roles
from lms.web.access import recent_proof, require, role


@bp.post("/admin/people/<int:person_id>/code")
@role("admin", "agency-admin")
@recent_proof
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


@bp.app_template_global()
def slowed_sign_ins(person: Person) -> list[auth_queries.SlowedSignIn]:
    """The sign-ins of a person that are slowed, for their page, which is in a lower package."""
    return auth_queries.slowed_sign_ins(person, clock.now())


@bp.post("/admin/people/<int:person_id>/sign-in-wait")
@role("admin", "agency-admin")
def lift_wait(person_id: int) -> Any:
    person = _person_to_change(person_id)
    sign_ins.lift_waits(person, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The waiting time was lifted. The person can sign in now."), "done")
    return redirect(url_for("people.person", person_id=person_id))


@bp.app_template_global()
def has_second_factor(person: Person) -> bool:
    """A template global: the person's page is in a lower package, which cannot import this one."""
    return auth_queries.has_second_factor(person.id)


@bp.post("/admin/people/<int:person_id>/second-factor/remove")
@role("admin", "agency-admin")
@recent_proof
def remove_second_factor(person_id: int) -> Any:
    person = _person_to_change(person_id)
    second_factors.remove(person, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The second step was removed. The person signs in with the password alone and is told so."), "done")
    return redirect(url_for("people.person", person_id=person_id))


def _person_to_change(person_id: int) -> Person:
    scope = queries.admin_scope(current_user) or abort(404)
    person = queries.person_in(scope, person_id) or abort(404)
    roles.lock([person])
    require(policy.may_change(current_user, person, scope))
    return person
