"""For admins: find, revoke and replace certificates."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time
from lms.people import nip, ranks
from lms.people import queries as persons
from lms.quizzes.queries import regrades
from lms.records import queries, services
from lms.records.forms import EmblemForm, LastNumberForm, ReplaceForm, RevokeForm, SearchForm
from lms.records.models import Record
from lms.records.services import emblem as emblems
from lms.records.services import numbers as numbering
from lms.records.services import preview, readiness
from lms.records.services.settings import certificate_settings
from lms.records.views.verifying import bp
from lms.web.access import recent_proof, role
from lms.web.fields import saving
from lms.web.paging import Page, paginate, paginate_or_near
from lms.web.request_limits import row_number


@bp.route("/admin/certificates", methods=["GET", "POST"])
@role("admin")
def certificates() -> Any:
    form = SearchForm()
    if form.validate_on_submit():
        return _to_found(form.q.data)
    person_id = request.args.get("person", type=row_number)
    form.q.data = request.args.get("q", "")[:160]
    page, meant = paginate_or_near(
        form.q.data,
        lambda words: _page_of(words, person_id),
        lambda: persons.words_meant(form.q.data, persons.people_found("")),
    )
    return render_template(
        "records/certificates.html",
        form=form,
        page=page,
        meant=meant,
        person=persons.person(person_id) if person_id else None,
        masked=nip.masked,
        uncertain=queries.uncertain_sequences(),
        late_for=_is_late,
    )


def _page_of(words: str, person_id: int | None) -> Page:
    found = queries.ids_found(words, person_id)
    return paginate(queries.records_found(), scalars=False, by=found, is_searched=bool(words))


def _is_late(record: Record) -> bool:
    """Issued after the year for which its JP count; a replacement is not, since its JP had been counted."""
    return record.replaces_id is None and to_site_time(record.issued_at).year > record.completed_on.year


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


@bp.route("/admin/certificates/numbers", methods=["GET", "POST"])
@role("admin")
@recent_proof
def numbers() -> Any:
    """Ask after a restore which number was printed last, one year at a time from the oldest."""
    uncertain = queries.uncertain_sequences()
    first = uncertain[0] if uncertain else None
    form = LastNumberForm(year=first.year if first else "")
    if first and form.validate_on_submit() and form.year.data == str(first.year):
        last = numbering.confirm_last_number(first.year, form.last.data, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        flash(
            _("Saved. The next certificate of %(year)s gets the number %(next)s.", year=first.year, next=last + 1),
            "done",
        )
        return redirect(url_for(".numbers" if len(uncertain) > 1 else ".certificates"))
    page = render_template("records/numbers.html", form=form, sequence=first)
    return page, 422 if form.errors else 200


@bp.route("/admin/certificates/emblem", methods=["GET", "POST"])
@role("admin")
@recent_proof
def emblem() -> Any:
    """The picture that is printed on certificates from now on: look at it, change it, remove it."""
    form = EmblemForm()
    if form.validate_on_submit():
        with saving(form.file):
            if form.do.data == "remove":
                emblems.remove_emblem(actor_id=current_user.id, now=clock.now())
            else:
                with form.file.data.stream as sent:
                    data = sent.read(emblems.MAX_BYTES + 1)
                emblems.change_emblem(data, actor_id=current_user.id, now=clock.now())
            flash(_("Saved."), "done")
            return redirect(url_for(".emblem"))
    present = emblems.picture(certificate_settings().emblem)
    page = render_template("records/emblem.html", form=form, picture=b64encode(present).decode())
    return page, 422 if form.errors else 200


@bp.route("/admin/certificates/<int:record_id>/revoke", methods=["GET", "POST"])
@role("admin")
@recent_proof
def revoke(record_id: int) -> Any:
    """``regrade`` in the address names a regrade of a quiz, whose reason is filled in."""
    record = queries.record(record_id) or abort(404)
    form = RevokeForm(reason=_reason_of_regrade(request.args.get("regrade", type=row_number)))
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


def _reason_of_regrade(regrade_id: int | None) -> str | None:
    found = regrades.regrade_by_id(regrade_id) if regrade_id else None
    return str(_("A quiz was marked again: %(reason)s", reason=found.reason))[:500] if found else None


@bp.route("/admin/certificates/<int:record_id>/replace", methods=["GET", "POST"])
@role("admin")
@recent_proof
def replace(record_id: int) -> Any:
    """Show what would be printed on a new certificate, and issue it if it still is that."""
    record = queries.record(record_id) or abort(404)
    form, now = ReplaceForm(), clock.now()
    seen = preview.mark_of_all(preview.marks_of([record.enrolment_id]), to_site_time(now).date())
    is_sent = form.validate_on_submit()
    is_open = record.revoked_at is not None and queries.replacement_of(record) is None
    if is_sent and (form.seen.data == seen or not is_open):
        issued = services.replace_record(record, actor_id=current_user.id, now=now)
        db.session.commit()
        flash(_("The certificate %(number)s was issued.", number=issued.number), "done")
        return redirect(url_for(".certificates", person=record.person_id))
    if not is_open:
        return redirect(url_for(".revoke", record_id=record_id))
    form.seen.data = seen
    person = persons.person(record.person_id)
    assert person is not None
    settings = certificate_settings()
    page = render_template(
        "records/replace.html",
        record=record,
        form=form,
        person=person,
        path=persons.unit_path(person.unit),
        missing=readiness.missing_settings(settings),
        has_rank=person.status in ranks.STATUSES,
        settings=settings,
        has_changed=is_sent,
    )
    return page, 409 if is_sent else 200
