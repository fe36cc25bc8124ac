"""The public check page of a certificate, for people and for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.core import clock, ledger_heads, site
from lms.core.i18n import to_site_time
from lms.people import nip
from lms.people import queries as persons
from lms.records import codes, queries, statement
from lms.records.certificate import tidy, unit_and_agency
from lms.records.forms import CertificateCodeForm
from lms.records.models import Record
from lms.records.queries import repeats
from lms.web.access import public
from lms.web.rate_limits import limiter

bp = Blueprint("records", __name__)
_limited = limiter.shared_limit("60/minute", scope="verify")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"in_groups": codes.in_groups}


@bp.get("/verify")
@public
@_limited
def verify() -> Any:
    if "code" not in request.args:
        return render_template("records/verify.html", form=CertificateCodeForm(formdata=None))
    form = CertificateCodeForm(formdata=request.args)
    if form.validate():
        return redirect(url_for(".verified", code=codes.normalise(form.code.data)))
    return render_template("records/verify.html", form=form), 422


@bp.get("/verify/<code>")
@bp.get("/VERIFY/<code>", alias=True)  # of QR codes
@public
@_limited
def verified(code: str) -> Any:
    """Malformed and unknown codes look alike. The page shows nothing that is not on the paper."""
    record = queries.record_with(code)
    printed = statement.read(codes.normalise(code), site.site_key()) if record is None else None
    if printed is not None:
        return _statement(printed)
    if record is None:
        form = CertificateCodeForm(formdata=None, code=codes.in_groups(codes.normalise(code)))
        return _not_stored(render_template("records/verify.html", form=form, is_unknown=True), 404)
    if queries.disagreements([record]):
        return _not_stored(render_template("records/unconfirmed.html", code=record.code), 409)
    facts = tidy(record.snapshot)
    page = render_template(
        "records/verified.html",
        record=record,
        facts=facts,
        begins_on=date.fromisoformat(facts["begins_on"]),
        ends_on=date.fromisoformat(facts["ends_on"]),
        masked_nip=_masked(facts["nip"]),
        now=clock.now(),
        replaced_by=queries.replacement_of(record),
    )
    return _not_stored(page, 200)


def _statement(printed: statement.Statement) -> Response:
    """The records that a printed statement must list, and what became of them since."""
    person = persons.person(printed.person_id) or abort(404)
    records = queries.records_at(person.id, printed.at)
    if changed := queries.disagreements(records):
        code = next(record.code for record in records if record.id in changed)
        return _not_stored(render_template("records/unconfirmed.html", code=code), 409)
    day, rules = to_site_time(printed.at).date(), repeats.rules()
    unit, agency = unit_and_agency(persons.unit_path_on(person.id, day))
    page = render_template(
        "records/statement.html",
        person=person,
        masked_nip=_masked(person.nip or ""),
        unit=unit,
        agency=agency,
        at=printed.at,
        code=printed.code(site.site_key()),
        years=statement.by_year(records, printed.at, rules),
        ruled_at=rules.changed_at if rules.changed_at and rules.changed_at > printed.at else None,
        now=clock.now(),
    )
    return _not_stored(page, 200)


@bp.get("/verify/<code>.json")
@public
@_limited
def verified_json(code: str) -> Any:
    """The same facts for programs.

    ``status`` is ``valid``, ``revoked``, or alone: ``unknown`` (404), ``statement`` (404) for the code of a printed
    list of training, which only the page shows, or ``unconfirmed`` (409) if the stored record
    differs from what the ledger says was issued. The others: ``number``, ``code``,
    ``name``, ``nip_masked``, ``course``, ``cohort``, ``organiser``, ``begins_on``, ``ends_on``, ``jp``,
    ``issued_on``, ``revoked_on`` (null while valid),
    ``replaced_by`` (the number of the certificate issued in its place, or null). Days are ISO 8601 on the site's
    clock; what the certificate does not state is an empty string.
    """
    record = queries.record_with(code)
    if record is None:
        is_statement = statement.read(codes.normalise(code), site.site_key()) is not None
        return _not_stored({"status": "statement" if is_statement else "unknown"}, 404)
    if queries.disagreements([record]):
        return _not_stored({"status": "unconfirmed"}, 409)
    return _not_stored(_public_facts(record), 200)


@bp.get("/verify/keys.json")
@public
@_limited
def public_keys() -> Any:
    """The keys that signed the heads of the ledger, so that others can check them."""
    return _not_stored({"keys": ledger_heads.public_keys()}, 200)


def _public_facts(record: Record) -> dict[str, Any]:
    facts, replacement = tidy(record.snapshot), queries.replacement_of(record)
    names = ("number", "code", "name", "course", "cohort", "organiser", "begins_on", "ends_on", "issued_on")
    return {name: facts[name] for name in names} | {
        "status": "revoked" if record.revoked_at else "valid",
        "nip_masked": _masked(facts["nip"]),
        "jp": record.jp,
        "replaced_by": replacement.number if replacement else None,
        "revoked_on": to_site_time(record.revoked_at).date().isoformat() if record.revoked_at else None,
    }


def _masked(number: str) -> str:
    return nip.masked(number) if len(number) == nip.LENGTH else ""


def _not_stored(body: Any, status: int) -> Response:
    """Let nobody cache or index a page, so that no copy says "valid" after a revocation."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
