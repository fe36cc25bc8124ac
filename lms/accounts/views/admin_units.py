"""The unit tree, and one unit with what may be done to it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.accounts import queries
from lms.accounts.forms.admin import UNIT_KINDS, MoveForm, UnitForm
from lms.accounts.models import Unit
from lms.accounts.services import units as services
from lms.accounts.views.shared import bp
from lms.accounts.views.unit_choices import unit_choices
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.web.access import role


@bp.route("/admin/units", methods=["GET", "POST"])
@role("admin")
def units() -> Any:
    form = UnitForm(is_top=True)
    if form.validate_on_submit() and (unit := _created(form, None)) is not None:
        return redirect(url_for(".unit", unit_id=unit.id))
    branches = queries.units_in_order()
    page = render_template(
        "accounts/admin/units.html",
        branches=branches,
        counts=_counts(branches),
        heads=queries.heads_by_unit(),
        kinds=UNIT_KINDS,
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/units/<int:unit_id>", methods=["GET", "POST"])
@role("admin")
def unit(unit_id: int) -> Any:
    unit = _unit(unit_id)
    form = UnitForm(is_top=unit.parent_id is None, obj=unit)
    if form.validate_on_submit() and _renamed(unit, form):
        flash(_("Saved."), "done")
        return redirect(url_for(".unit", unit_id=unit.id))
    return _page(unit, form=form, status=422 if form.is_submitted() else 200)


@bp.post("/admin/units/<int:unit_id>/parts")
@role("admin")
def add_unit(unit_id: int) -> Any:
    """Add a unit below this one."""
    unit = _unit(unit_id)
    form = UnitForm(is_top=False, prefix="part-")
    if form.validate_on_submit() and (part := _created(form, unit)) is not None:
        flash(_("“%(name)s” was added.", name=part.name), "done")
        return redirect(url_for(".unit", unit_id=unit.id))
    return _page(unit, part=form, status=422)


@bp.post("/admin/units/<int:unit_id>/place")
@role("admin")
def move_unit(unit_id: int) -> Any:
    unit = _unit(unit_id)
    form = MoveForm(unit_choices())
    if form.validate_on_submit() and _moved(unit, form):
        flash(_("The unit was moved, with everything below it."), "done")
        return redirect(url_for(".unit", unit_id=unit.id))
    return _page(unit, move=form, status=422)


@bp.post("/admin/units/<int:unit_id>/removal")
@role("admin")
def remove_unit(unit_id: int) -> Any:
    unit = queries.unit(unit_id)
    if unit is None:  # pressed twice
        return redirect(url_for(".units"))
    parent_id, name = unit.parent_id, unit.name
    try:
        services.remove_unit(unit, actor_id=current_user.id, now=clock.now())
    except services.UnitNotEmpty as refusal:
        return _page(unit, trouble=refusal.text, status=refusal.status)
    db.session.commit()
    flash(_("“%(name)s” was removed.", name=name), "done")
    return redirect(url_for(".unit", unit_id=parent_id) if parent_id else url_for(".units"))


def _unit(unit_id: int) -> Unit:
    return queries.unit(unit_id) or abort(404)


def _created(form: UnitForm, parent: Unit | None) -> Unit | None:
    try:
        unit = services.create_unit(form.name.data, form.kind.data, parent, actor_id=current_user.id, now=clock.now())
    except services.UnitNameTaken as refusal:
        form.name.errors = [refusal.text]
        return None
    db.session.commit()
    return unit


def _renamed(unit: Unit, form: UnitForm) -> bool:
    try:
        services.rename_unit(unit, form.name.data, form.kind.data, actor_id=current_user.id, now=clock.now())
    except services.UnitNameTaken as refusal:
        form.name.errors = [refusal.text]
        return False
    db.session.commit()
    return True


def _moved(unit: Unit, form: MoveForm) -> bool:
    parent = queries.unit(form.parent_id.data) or abort(404)
    try:
        services.move_unit(unit, parent, actor_id=current_user.id, now=clock.now())
    except Refusal as refusal:
        form.parent_id.errors = [refusal.text]
        return False
    db.session.commit()
    return True


def _page(
    unit: Unit,
    *,
    form: UnitForm | None = None,
    part: UnitForm | None = None,
    move: MoveForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> tuple[str, int]:
    branches = queries.units_in_order()
    is_top = unit.parent_id is None
    within = queries.unit_and_below({unit.id})
    page = render_template(
        "accounts/admin/unit.html",
        unit=unit,
        path=queries.unit_path(unit)[:-1],
        parts=[row for row, _depth in branches if row.parent_id == unit.id],
        counts=_counts(branches),
        heads=queries.heads_by_unit(),
        kinds=UNIT_KINDS,
        form=form or UnitForm(is_top=is_top, formdata=None, obj=unit),
        part=part or UnitForm(is_top=False, formdata=None, prefix="part-"),
        move=None if is_top else move or MoveForm(unit_choices(without=within), formdata=None),
        trouble=trouble,
    )
    return page, status


def _counts(branches: list[queries.Branch]) -> dict[int, tuple[int, int]]:
    """Per unit: its own active people, and those with all units below it."""
    own = queries.people_by_unit()
    whole = {unit.id: own.get(unit.id, 0) for unit, _depth in branches}
    for unit, _depth in reversed(branches):
        if unit.parent_id is not None:
            whole[unit.parent_id] += whole[unit.id]
    return {unit_id: (own.get(unit_id, 0), total) for unit_id, total in whole.items()}
