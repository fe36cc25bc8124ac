"""Granting and changing roles."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.people import queries
from lms.people.forms.roles import AgencyForm, HeadForm, TermForm, UnitHeadForm
from lms.people.models import Person, RoleGrant
from lms.people.rights import RoleName
from lms.people.services import roles
from lms.people.views.admin_people import person_page
from lms.people.views.admin_units import unit_page
from lms.people.views.fetching import admin_scope, person_in_scope, unit_in_scope
from lms.people.views.shared import bp
from lms.web.access import recent_proof, require, role
from lms.web.fields import saving


@bp.post("/admin/people/<int:person_id>/roles/admin")
@role("admin")
@recent_proof
def person_admin(person_id: int) -> Any:
    """Grant or revoke the role of admin."""
    person = person_in_scope(person_id)
    is_revocation = request.form.get("do") == "revoke"
    change = roles.revoke_role if is_revocation else roles.grant_role
    try:
        change(person, "admin", actor_id=current_user.id, now=clock.now())
    except Refusal as refusal:
        return person_page(person, error=refusal.text, status=refusal.status)
    db.session.commit()
    flash(_("The roles were changed."), "done")
    lost_own_role = is_revocation and person.id == current_user.id
    return redirect("/" if lost_own_role else url_for(".person", person_id=person.id))


@bp.post("/admin/people/<int:person_id>/roles/agency-admin")
@role("admin")
@recent_proof
def person_agency(person_id: int) -> Any:
    """Make somebody admin of an agency."""
    person = person_in_scope(person_id)
    form = AgencyForm(queries.agency_choices())
    if form.validate():
        with saving(form.unit_id):
            _grant_role(person, "agency-admin", form.unit_id.data, form)
            return redirect(url_for(".person", person_id=person_id))
    return person_page(person, agency=form, status=422)


@bp.post("/admin/people/<int:person_id>/roles/head")
@role("admin", "agency-admin")
@recent_proof
def person_head(person_id: int) -> Any:
    """Make a person head or deputy of a unit."""
    person = person_in_scope(person_id)
    form = HeadForm(queries.unit_choices(admin_scope()))
    if form.validate():
        with saving(form.unit_id):
            _grant_role(person, "head", form.unit_id.data, form)
            return redirect(url_for(".person", person_id=person_id))
    return person_page(person, head=form, status=422)


@bp.post("/admin/units/<int:unit_id>/heads")
@role("admin", "agency-admin")
@recent_proof
def unit_head(unit_id: int) -> Any:
    """Make somebody, identified by login name, head or deputy of this unit."""
    unit = unit_in_scope(unit_id)
    form = UnitHeadForm()
    if form.validate():
        person = queries.person_named(form.login.data)
        if person is None or not person.is_active or not admin_scope().covers(person.unit_id):
            form.login.errors = [_("There is no active account with this number or address.")]
        else:
            with saving(form.login):
                _grant_role(person, "head", unit_id, form)
                return redirect(url_for(".unit", unit_id=unit_id))
    return unit_page(unit, head=form, status=422)


@bp.route("/admin/roles/<int:grant_id>", methods=["GET", "POST"])
@role("admin", "agency-admin")
@recent_proof
def grant(grant_id: int) -> Any:
    """Change the term of a head or agency admin, or revoke the role."""
    grant = _grant(grant_id)
    if request.form.get("do") == "revoke":
        back = _back(grant)
        roles.revoke_term(grant, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("The role was revoked."), "done")
        return back
    form = TermForm(obj=grant)
    form.show(_term_of(grant))
    if form.validate_on_submit():
        with saving(form.starts_on):
            roles.lock([grant.person])
            if not form.is_outdated(_term_of(grant), form.term()):
                roles.change_term(grant, **form.term(), actor_id=current_user.id, now=clock.now())
                flash(_("Saved."), "done")
                return _back(grant)
    unit = queries.unit(grant.unit_id or 0)
    page = render_template("people/grant.html", grant=grant, unit=unit, form=form, back=_back(grant).location)
    return page, 422 if form.is_submitted() else 200


def _grant(grant_id: int) -> RoleGrant:
    """A head's role in scope, or an agency admin's if the viewer is site admin. Other roles are changed elsewhere."""
    grant = queries.grant(grant_id) or abort(404)
    may_see = grant.role == "head" or (grant.role == "agency-admin" and current_user.is_admin)
    require(may_see and admin_scope().covers(grant.unit_id), status=404)
    return grant


def _term_of(grant: RoleGrant) -> dict[str, Any]:
    return {"is_deputy": grant.is_deputy, "starts_on": grant.starts_on, "ends_on": grant.ends_on}


def _back(grant: RoleGrant) -> Response:
    if grant.role == "head":
        return redirect(url_for(".unit", unit_id=grant.unit_id))
    return redirect(url_for(".person", person_id=grant.person_id))


def _grant_role(person: Person, role: RoleName, unit_id: int, form: HeadForm | AgencyForm | UnitHeadForm) -> None:
    roles.grant_role(person, role, unit_id=unit_id, **form.term(), actor_id=current_user.id, now=clock.now())
    flash(_("The roles were changed."), "done")
