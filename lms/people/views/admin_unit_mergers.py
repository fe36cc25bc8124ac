"""Merging units: a preview, then the merger."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import today
from lms.people import queries
from lms.people.forms.admin import MergeForm
from lms.people.models import Unit
from lms.people.services.mergers import merge_unit as merge
from lms.people.services.units import UnitEnded, UnitUnderItself
from lms.people.terms import term_state
from lms.people.views.admin_units import unit_page
from lms.people.views.fetching import unit_in_scope, unit_to_change
from lms.people.views.shared import bp
from lms.web.access import role
from lms.web.request_limits import row_number


@bp.route("/admin/units/<int:unit_id>/merger", methods=["GET", "POST"])
@role("admin", "agency-admin")
def merge_unit(unit_id: int) -> Any:
    """``into`` is the id of the target. The viewer must be allowed to change the unit and to see the target."""
    unit = unit_to_change(unit_id)
    into = request.values.get("into", type=row_number)
    if into is None:
        return redirect(url_for(".unit", unit_id=unit.id))
    target = unit_in_scope(into)
    if request.method == "POST":
        return _merged(unit, target)
    if unit.ended_on or target.ended_on:
        return unit_page(unit, error=UnitEnded().text, status=409)
    if target.id in queries.unit_and_below({unit.id}):
        return unit_page(unit, error=UnitUnderItself().text, status=409)
    return _preview(unit, target)


def _merged(unit: Unit, target: Unit) -> Any:
    form = MergeForm([(target.id, target.name)])
    if not form.validate():
        abort(400)
    target_id, name = target.id, unit.name
    try:
        merge(unit, target, actor_id=current_user.id, now=clock.now())
    except Refusal as refusal:
        return unit_page(unit, error=refusal.text, status=refusal.status)
    db.session.commit()
    flash(_("“%(name)s” was merged into this unit, with its people and the units below it.", name=name), "done")
    return redirect(url_for(".unit", unit_id=target_id))


def _preview(unit: Unit, target: Unit) -> str:
    tree = queries.tree_now()
    found = tree.merger(unit.id, target.id)
    ending = [one for one, _other in found.joined]
    grants = [grant for unit_id in ending for grant in queries.grants_at(unit_id)]
    people = queries.count_in(ending)
    return render_template(
        "people/merger.html",
        unit=unit,
        target=target,
        form=MergeForm([(target.id, target.name)], formdata=None, data={"into": target.id}),
        people=people,
        people_below=queries.count_in(queries.unit_and_below({unit.id})) - people,
        joined=[(tree.by_id[one], tree.by_id[other]) for one, other in found.joined[1:]],
        moved=[(tree.by_id[part], tree.by_id[parent]) for part, parent in found.moved],
        grants=[grant for grant in grants if term_state(grant, today()) != "past"],
    )
