"""For admins: find, revoke and replace certificates."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.people import nip
from lms.people import queries as persons
from lms.records import queries, services
from lms.records.forms import RevokeForm, SearchForm
from lms.records.views.verifying import bp
from lms.web.access import role
from lms.web.fields import Form
from lms.web.paging import paged
from lms.web.request_limits import row_number


@bp.route("/admin/certificates", methods=["GET", "POST"])
@role("admin")
def certificates() -> Any:
    form = SearchForm()
    if form.validate_on_submit():
        return _to_found(form.q.data)
    person_id = request.args.get("person", type=row_number)
    form.q.data = request.args.get("q", "")[:160]
    return render_template(
        "records/certificates.html",
        form=form,
        page=paged(queries.records_found(form.q.data, person_id), scalars=False),
        person=persons.person(person_id) if person_id else None,
        masked=nip.masked,
    )


def _to_found(words: str) -> Response:
    """A NIP leads to its owner's certificates by id: it must not be in an address. Other words become ``q``."""
    number = nip.whole_number(words)
    if number is None:
        return redirect(url_for(".certificates", q=words or None))
    person = persons.person_named(number)
    if person is None:
        flash(_("There is nobody with this number. Check the digits."))
        return redirect(url_for(".certificates"))
    return redirect(url_for(".certificates", person=person.id))


@bp.route("/admin/certificates/<int:record_id>/revoke", methods=["GET", "POST"])
@role("admin")
def revoke(record_id: int) -> Any:
    record = queries.record(record_id) or abort(404)
    form = RevokeForm()
    if form.validate_on_submit():
        services.revoke_record(record, form.reason.data, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("The certificate %(number)s is revoked. The check page says so from now on.", number=record.number))
        return redirect(url_for(".certificates", person=record.person_id))
    givers = persons.names_of(filter(None, [record.issued_by, record.revoked_by]))
    page = render_template(
        "records/revoke.html", record=record, form=form, names=givers, by=queries.replacement_of(record)
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/certificates/<int:record_id>/replace", methods=["GET", "POST"])
@role("admin")
def replace(record_id: int) -> Any:
    """Show what would be printed on a new certificate, and issue it."""
    record = queries.record(record_id) or abort(404)
    form = Form()
    if form.validate_on_submit():
        issued = services.replace_record(record, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("The certificate %(number)s was issued.", number=issued.number), "done")
        return redirect(url_for(".certificates", person=record.person_id))
    if record.revoked_at is None or queries.replacement_of(record):
        return redirect(url_for(".revoke", record_id=record_id))
    person = persons.person(record.person_id)
    path = persons.unit_path(person.unit) if person else None
    return render_template("records/replace.html", record=record, form=form, person=person, path=path or [])
