"""Administration of people. An agency admin only sees the people of the agency."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.wrappers import Response
from wtforms import Field

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, today
from lms.lib.shown_values import as_shown
from lms.people import nip, policy, queries
from lms.people.details import DetailsWarning, PersonDetails, find_warnings
from lms.people.forms.admin import DeactivationForm, PeopleFilter, PersonForm
from lms.people.forms.roles import AgencyForm, HeadForm
from lms.people.models import Person
from lms.people.scopes import grants_beyond
from lms.people.services import people as services
from lms.people.services.detail_warnings import WARNING_TEXTS
from lms.people.services.statuses import STATUSES
from lms.people.services.units import UnitEnded
from lms.people.views.fetching import admin_scope, person_in_scope, person_to_change
from lms.people.views.protection_texts import reasons
from lms.people.views.shared import bp
from lms.web.access import role
from lms.web.fields import saving
from lms.web.paging import Page, ids_of, paginate, paginate_or_near


@bp.route("/admin/people", methods=["GET", "POST"])
@role("admin", "agency-admin")
def people() -> Any:
    choices = queries.unit_filters(admin_scope())
    if request.method == "POST":
        return _search(PeopleFilter(choices))
    form = PeopleFilter(choices, formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return redirect(url_for(".people"))
    page, meant = paginate_or_near(
        form.q.data or "",
        lambda words: _page_of(_filtered(form, words), is_searched=bool(words)),
        lambda: queries.words_meant(form.q.data, _filtered(form, "")),
    )
    return render_template(
        "people/people.html",
        form=form,
        page=page,
        meant=meant,
        statuses=STATUSES,
        masked=nip.masked,
        today=today(),
        roles_on=_roles_on,
        is_demo_admin=form.state.data == "demo" and queries.row_of(current_user).is_demo,
    )


def _filtered(form: PeopleFilter, words: str) -> Select[Person]:
    return queries.filtered_people(words, form.unit.data, form.state.data, admin_scope())


def _page_of(found: Select[Person], *, is_searched: bool) -> Page:
    return paginate(found, by=ids_of(found, Person.id), is_searched=is_searched)


def _roles_on(person: Person, day: date) -> set[str]:
    return {grant.role for grant in person.grants if grant.holds_on(day)}


def _search(form: PeopleFilter) -> Response:
    """Redirect to the owner of a complete NIP, which must not appear in a URL. Other words filter the list."""
    if not form.validate():
        return redirect(url_for(".people"))
    number = nip.whole_number(form.q.data or "")
    if number is None:
        state = form.state.data if form.state.data != form.state.default else None
        return redirect(url_for(".people", q=form.q.data or None, unit=form.unit.data, state=state))
    person = queries.person_named(number)
    if person is None or not admin_scope().covers(person.unit_id):
        flash(_("There is nobody with this number. Check the digits, or add the person."))
        return redirect(url_for(".people"))
    return redirect(url_for(".person", person_id=person.id))


@bp.route("/admin/people/new", methods=["GET", "POST"])
@role("admin", "agency-admin")
def new_person() -> Any:
    form = PersonForm(queries.unit_choices(admin_scope()), is_new=True, needs_unit=not current_user.is_admin)
    warnings: list[DetailsWarning] = []
    duplicates: list[Person] = []
    if form.validate_on_submit():
        details = form.details()
        if not form.save_anyway.data:
            warnings = find_warnings(details)
            duplicates = queries.duplicates_of(details.name, details.nip, admin_scope()) if details.nip else []
        if not (warnings or duplicates):
            with saving(form.nip, _fields_by_refusal(form)):
                person = services.create_person(details, actor_id=current_user.id, now=clock.now())
                flash(_("The account was created. Now give the person a code for the first sign-in."), "done")
                return redirect(url_for(".person", person_id=person.id))
    values = {"form": form, "warnings": _in_words(warnings), "duplicates": duplicates, "formatted": nip.formatted}
    page = render_template("people/new_person.html", **values)
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/people/<int:person_id>", methods=["GET", "POST"])
@role("admin", "agency-admin")
def person(person_id: int) -> Any:
    person = (person_to_change if request.method == "POST" else person_in_scope)(person_id)
    form = _details_of(person)
    warnings: list[DetailsWarning] = []
    if form.validate_on_submit():
        details = form.details()
        warnings = [] if form.save_anyway.data else find_warnings(details)
        if not warnings:
            with saving(form.nip, _fields_by_refusal(form)):
                kept = as_shown(asdict(details), form.seen.data or "")
                if not form.is_outdated(_stored(person), asdict(details), only_edited=True):
                    services.update_person(person, details, untouched=kept, actor_id=current_user.id, now=clock.now())
                    flash(_("Saved."), "done")
                    return redirect(url_for(".person", person_id=person_id))
    return person_page(person, form=form, warnings=warnings, status=422 if form.is_submitted() else 200)


@bp.post("/admin/people/<int:person_id>/state")
@role("admin", "agency-admin")
def person_state(person_id: int) -> Any:
    """Deactivate an account, with a reason, or reactivate it."""
    person, now = person_to_change(person_id), clock.now()
    if request.form.get("do") == "activate":
        services.activate(person, actor_id=current_user.id, now=now)
        db.session.commit()
        flash(_("The account is active again."), "done")
        return redirect(url_for(".person", person_id=person.id))
    form = DeactivationForm()
    if not form.validate():
        return person_page(person, deactivation=form, status=422)
    with saving(form.reason):
        services.deactivate(person, form.reason.data, actor_id=current_user.id, now=now)
        flash(_("The account was deactivated and the person was signed out everywhere."), "done")
        return redirect(url_for(".person", person_id=person_id))
    return person_page(person, deactivation=form, status=409)


@bp.post("/admin/people/demo/deactivate")
@role("admin")
def deactivate_demo() -> Any:
    count = services.deactivate_demo_people(_("demo account"), actor_id=current_user.id, now=clock.now())
    db.session.commit()
    if count:
        flash(
            ngettext("%(num)s demo account was deactivated.", "%(num)s demo accounts were deactivated.", count), "done"
        )
    return redirect(url_for(".people", state="demo"))


def _details_of(person: Person, **given: Any) -> PersonForm:
    """The form for a person's details. Only the site's admin can leave a person without a unit."""
    form = PersonForm(queries.unit_choices(admin_scope()), needs_unit=not current_user.is_admin, obj=person, **given)
    form.show(_stored(person))
    return form


def _stored(person: Person) -> dict[str, Any]:
    return {one.name: getattr(person, one.name) for one in fields(PersonDetails)}


def _fields_by_refusal(form: PersonForm) -> dict[type[Refusal], Field]:
    return {services.EmailTaken: form.email, UnitEnded: form.unit_id}


def _in_words(warnings: list[DetailsWarning]) -> list[str]:
    return [str(WARNING_TEXTS[warning]) for warning in warnings]


def person_page(
    person: Person,
    *,
    form: PersonForm | None = None,
    warnings: list[DetailsWarning] | None = None,
    deactivation: DeactivationForm | None = None,
    head: HeadForm | None = None,
    agency: AgencyForm | None = None,
    error: str = "",
    status: int = 200,
) -> tuple[str, int]:
    """The page of a person, also for the views that grant roles."""
    granter_ids = {grant.granted_by for grant in person.grants if grant.granted_by}
    unit_ids = {grant.unit_id for grant in person.grants if grant.unit_id}
    unit_names = queries.unit_names(unit_ids)
    beyond = grants_beyond(person.grants, admin_scope(), today())
    may_change = policy.may_change(current_user, person, admin_scope())
    may_see_number = policy.may_see_whole_nip(current_user, person, admin_scope())
    page = render_template(
        "people/person.html",
        person=person,
        number=nip.formatted(person.nip) if person.nip and may_see_number else "",
        may_change=may_change,
        reasons=[] if may_change else reasons(beyond, unit_names),
        whom_to_ask=[] if may_change else queries.site_admins(),
        admin_scope=admin_scope(),
        form=form or _details_of(person, formdata=None),
        warnings=_in_words(warnings or []),
        deactivation=deactivation or DeactivationForm(formdata=None),
        head=head or HeadForm(queries.unit_choices(admin_scope()), formdata=None),
        agency=agency or AgencyForm(queries.agency_choices(), formdata=None),
        grants=sorted(person.grants, key=lambda grant: (grant.role, grant.id)),
        granters=queries.names_of(granter_ids),
        units=unit_names,
        path=queries.unit_path(person.unit),
        error=error,
        today=today(),
    )
    return page, status
