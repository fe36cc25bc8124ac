"""Import and export of people."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.core import clock, scheduler, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment
from lms.lib.tables import Sheet, write_csv, write_xlsx
from lms.people import nip, queries
from lms.people.models import Person
from lms.roster import queries as roster_queries
from lms.roster.columns import COLUMNS
from lms.roster.forms import ApprovalForm, ChoicesForm, PeopleListForm
from lms.roster.models import PeopleImport
from lms.roster.parsed_row import RowFault
from lms.roster.services import exports, imports
from lms.roster.services.import_messages import file_text, only_one_sheet, problem_text, rows_text
from lms.roster.views.blueprint import admin_scope, bp
from lms.web.access import role
from lms.web.fields import saving
from lms.web.paging import paginate, paginate_rows
from lms.web.request_limits import takes_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/admin/people/import", methods=["GET", "POST"])
@role("admin", "agency-admin")
@takes_files
def people_import() -> Any:
    form = PeopleListForm()
    if form.validate_on_submit():
        data = form.file.data.read(imports.MAX_FILE_SIZE + 1)
        db.session.rollback()  # nobody waits while the file is stored
        imports.store(data)
        with saving(form.file):
            row = imports.queue_import(data, form.file.data.filename, actor_id=current_user.id, now=clock.now())
        if not form.errors:
            scheduler.wake()
            return redirect(url_for(".people_list", import_id=row.id), 303)
    page = paginate(roster_queries.imports_seen_by(current_user), scalars=True)
    names = queries.names_of(row.created_by for row in page.rows if row.created_by)
    shown = render_template("roster/import.html", form=form, page=page, names=names, columns=COLUMNS)
    return shown, 422 if form.is_submitted() else 200


@bp.route("/admin/people/import/<int:import_id>", methods=["GET", "POST"])
@role("admin", "agency-admin")
def people_list(import_id: int) -> Any:
    row = _import_or_404(import_id)
    if request.method == "GET":
        return _list_page(row)
    try:
        _do(row, request.form.get("do", ""))
    except Refusal as refusal:
        db.session.rollback()
        return _list_page(_import_or_404(import_id), error=refusal.text, status=refusal.status)
    db.session.commit()
    scheduler.wake()
    return redirect(url_for(".people_list", import_id=import_id), 303)


def _do(row: PeopleImport, action: str) -> None:
    choices = ChoicesForm(queries.unit_choices(admin_scope()))
    if action == "write" and ApprovalForm().validate():
        imports.approve(row, ApprovalForm().digest.data, actor_id=current_user.id, now=clock.now())
    elif action == "withdraw":
        imports.withdraw(row)
        flash(_("The import was discarded. Nothing was imported."))
    elif action == "identify" and ApprovalForm().validate():
        same = set(request.form.getlist("same", type=int))
        imports.identify(row, ApprovalForm().digest.data, same)
    elif action == "ask-again":
        imports.ask_again(row)
    elif action == "compare" and choices.validate():
        imports.compare_again(row, units_under_id=choices.units_under.data, leaving_unit_id=choices.leaving.data)


@bp.get("/admin/people/import/<int:import_id>/refused.xlsx")
@role("admin", "agency-admin")
def refused_people(import_id: int) -> Any:
    """The refused rows with their reasons, to be fixed and uploaded again."""
    key = _import_or_404(import_id).refused_key or abort(404)
    try:
        data = storage.read(key)
    except storage.FileMissing:
        abort(404)
    return _sent(BytesIO(data), f"ditolak-{import_id}.xlsx", XLSX)


@bp.get("/admin/people/template.xlsx")
@role("admin", "agency-admin")
def people_template() -> Any:
    out = BytesIO()
    write_xlsx(out, *exports.template(admin_scope()))
    return _sent(out, "templat-pegawai.xlsx", XLSX)


@bp.get("/admin/people/export.xlsx")
@role("admin", "agency-admin")
def people_xlsx() -> Any:
    out = BytesIO()
    write_xlsx(out, _export())
    return _sent(out, "pegawai.xlsx", XLSX)


@bp.get("/admin/people/export.csv")
@role("admin", "agency-admin")
def people_csv() -> Any:
    out = BytesIO()
    write_csv(out, _export())
    return _sent(out, "pegawai.csv", "text/csv")


def _export() -> Sheet:
    """The people of the list page with the same filters."""
    scope, words = admin_scope(), request.args.get("q", "")
    unit_id, state = request.args.get("unit", type=int), request.args.get("state", "active")
    units = dict(queries.unit_filters(scope))
    if (unit_id is not None and unit_id not in units) or state not in {"active", "inactive", "all", "demo"}:
        abort(404)
    head = [_("People"), current_app.config["SITE_NAME"], say_moment(clock.now())]
    head += [f"{_('Unit')}: {units[unit_id].strip()}"] if unit_id is not None else []
    head += [f"{_('Search')}: {words}"] if words else []
    return exports.people_sheet(queries.filtered_people(words, unit_id, state, scope), head=head)


def _import_or_404(import_id: int) -> PeopleImport:
    """404 if the list is somebody else's; site admins see all lists."""
    row = db.session.get(PeopleImport, import_id)
    is_seen = row is not None and (current_user.is_admin or row.created_by == current_user.id)
    return row if row is not None and is_seen else abort(404)


def _list_page(row: PeopleImport, *, error: str = "", status: int = 200) -> tuple[str, int]:
    report = row.report
    asked = row.state == "checked" and report.get("duplicates")
    problems = [one for one in report.get("problems", []) if not (asked and one["code"] == RowFault.DUPLICATE.value)]
    page = paginate_rows(problems)
    why = file_text(report["code"], report["line"]) if row.state == "refused" else ""
    shown = render_template(
        "roster/people_list.html",
        row=row,
        report=report,
        is_busy=row.state in imports.BUSY,
        page=page,
        formatted=nip.formatted,
        problem_text=problem_text,
        rows_text=rows_text,
        only_one_sheet=only_one_sheet,
        columns=COLUMNS,
        why=why,
        creator=db.session.get(Person, row.created_by) if row.created_by else None,
        leaving=queries.names_of(report.get("leaving", [])),
        registered=queries.people_by_id(one["person_id"] for one in report.get("duplicates", ())),
        units=dict(queries.unit_choices(admin_scope())),
        choices=ChoicesForm(
            queries.unit_choices(admin_scope()),
            formdata=None,
            units_under=row.units_under_id,
            leaving=row.leaving_unit_id,
        ),
        approval=ApprovalForm(formdata=None, digest=row.digest),
        error=error,
    )
    return shown, status


def _sent(data: BytesIO, name: str, kind: str) -> Response:
    """Sends the file uncached, since it contains unmasked numbers."""
    data.seek(0)
    answer = send_file(data, mimetype=kind, as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
