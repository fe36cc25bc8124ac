"""Pages of the unit tree and of one unit. An agency admin only sees the units of the agency."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import today
from lms.people import policy, queries
from lms.people.forms.admin import MergeForm, MoveForm, UnitForm
from lms.people.forms.roles import UnitHeadForm
from lms.people.models import Unit
from lms.people.services import units as services
from lms.people.services.statuses import UNIT_KINDS
from lms.people.terms import overlapping, term_state
from lms.people.views.fetching import admin_scope, unit_in_scope, unit_to_change
from lms.people.views.shared import bp
from lms.web.access import require, role
from lms.web.fields import saving


@bp.route("/admin/units", methods=["GET", "POST"])
@role("admin", "agency-admin")
def units() -> Any:
    require(request.method == "GET" or current_user.is_admin)
    form = UnitForm(is_top=True)
    if form.validate_on_submit():
        with saving(form.name):
            return redirect(url_for(".unit", unit_id=_create(form, None).id))
    branches = queries.units_in_order(admin_scope())
    page = render_template(
        "people/units.html",
        branches=branches,
        counts=_counts(branches),
        heads=queries.heads_by_unit(today()),
        kinds=UNIT_KINDS,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/units/<int:unit_id>", methods=["GET", "POST"])
@role("admin", "agency-admin")
def unit(unit_id: int) -> Any:
    unit = (unit_to_change if request.method == "POST" else unit_in_scope)(unit_id)
    form = _form_of(unit)
    if form.validate_on_submit():
        with saving(form.name):
            services.lock_unit(unit)
            entered = {"name": form.name.data, "kind": form.kind.data}
            if not form.is_outdated({"name": unit.name, "kind": unit.kind}, entered):
                services.rename_unit(unit, **entered, actor_id=current_user.id, now=clock.now())
                flash(_("Saved."), "done")
                return redirect(url_for(".unit", unit_id=unit_id))
    return unit_page(unit, form=form, status=422 if form.is_submitted() else 200)


@bp.post("/admin/units/<int:unit_id>/parts")
@role("admin", "agency-admin")
def add_unit(unit_id: int) -> Any:
    """Add a unit below this one."""
    unit = unit_in_scope(unit_id)
    form = UnitForm(is_top=False, prefix="part-")
    if form.validate_on_submit():
        with saving(form.name):
            part = _create(form, unit)
            flash(_("“%(name)s” was added.", name=part.name), "done")
            return redirect(url_for(".unit", unit_id=unit_id))
    return unit_page(unit, below=form, status=422)


@bp.post("/admin/units/<int:unit_id>/place")
@role("admin", "agency-admin")
def move_unit(unit_id: int) -> Any:
    unit = unit_to_change(unit_id)
    form = MoveForm(queries.unit_choices(admin_scope()))
    if form.validate_on_submit():
        parent = queries.unit(form.parent_id.data) or abort(404)
        with saving(form.parent_id):
            services.move_unit(unit, parent, actor_id=current_user.id, now=clock.now())
            flash(_("The unit was moved, together with the units below it."), "done")
            return redirect(url_for(".unit", unit_id=unit_id))
    return unit_page(unit, move=form, status=422)


@bp.post("/admin/units/<int:unit_id>/removal")
@role("admin", "agency-admin")
def remove_unit(unit_id: int) -> Any:
    if queries.unit(unit_id) is None:  # submitted twice
        return redirect(url_for(".units"))
    unit = unit_to_change(unit_id)
    parent_id, name = unit.parent_id, unit.name
    try:
        services.remove_unit(unit, actor_id=current_user.id, now=clock.now())
    except services.UnitNotEmpty as refusal:
        return unit_page(unit, error=refusal.text, status=refusal.status)
    db.session.commit()
    flash(_("“%(name)s” was removed.", name=name), "done")
    return redirect(url_for(".unit", unit_id=parent_id) if parent_id else url_for(".units"))


def _form_of(unit: Unit, **given: Any) -> UnitForm:
    form = UnitForm(is_top=unit.parent_id is None, obj=unit, **given)
    form.show({"name": unit.name, "kind": unit.kind})
    return form


def _create(form: UnitForm, parent: Unit | None) -> Unit:
    return services.create_unit(form.name.data, form.kind.data, parent, actor_id=current_user.id, now=clock.now())


def unit_page(
    unit: Unit,
    *,
    form: UnitForm | None = None,
    below: UnitForm | None = None,
    move: MoveForm | None = None,
    head: UnitHeadForm | None = None,
    error: str = "",
    status: int = 200,
) -> tuple[str, int]:
    """The page of a unit, also for the view that makes somebody its head."""
    branches = queries.units_in_order(admin_scope())
    grants = [grant for grant in queries.grants_at(unit.id) if grant.role == "head"]
    heads = [grant for grant in grants if not grant.is_deputy and term_state(grant, today()) != "past"]
    others = queries.unit_choices(admin_scope(), without=queries.unit_and_below({unit.id}))
    page = render_template(
        "people/unit.html",
        unit=unit,
        title=_title(unit),
        path=queries.unit_path(unit)[:-1],
        parts=[row for row, _depth in branches if row.parent_id == unit.id],
        counts=_counts(branches),
        grants=[(term_state(grant, today()), grant) for grant in grants],
        overlapping_heads=overlapping(heads),
        kinds=UNIT_KINDS,
        versions=queries.versions_of(unit.id),
        taken_over=queries.merged_into(unit.id),
        may_change=policy.may_change_unit(current_user, unit, admin_scope()),
        form=form or _form_of(unit, formdata=None),
        below=below or UnitForm(is_top=False, formdata=None, prefix="part-", kind=_usual_kind_below(unit)),
        move=None if unit.parent_id is None else move or MoveForm(others, formdata=None),
        merge=MergeForm(_merge_choices(unit, others), formdata=None),
        head=head or UnitHeadForm(formdata=None),
        admin_scope=admin_scope(),
        today=today(),
        error=error,
    )
    return page, status


def _title(unit: Unit) -> str:
    """The name, and for a merged unit the target if the viewer may see it."""
    if unit.ended_on is None:
        return unit.name
    if unit.merged_into is None or not admin_scope().covers(unit.merged_into_id):
        return str(_("%(unit)s (merged)", unit=unit.own_name))
    return str(_("%(unit)s (merged into %(target)s)", unit=unit.own_name, target=unit.merged_into.own_name))


def _usual_kind_below(unit: Unit) -> str:
    """The most likely kind of a new unit below this one."""
    return "opd" if unit.kind == "instansi" else "bidang"


def _merge_choices(unit: Unit, others: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """An agency can only be merged into another agency."""
    tops = dict(queries.agency_choices())
    return [(key, name) for key, name in others if key in tops] if unit.kind == "instansi" else others


def _counts(branches: list[queries.Branch]) -> dict[int, tuple[int, int]]:
    """Active people per unit: directly in it, and including all units below."""
    own = queries.people_by_unit()
    whole = {unit.id: own.get(unit.id, 0) for unit, _depth in branches}
    for unit, _depth in reversed(branches):
        if unit.parent_id in whole:
            whole[unit.parent_id] += whole[unit.id]
    return {unit_id: (own.get(unit_id, 0), total) for unit_id, total in whole.items()}
