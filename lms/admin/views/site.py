"""The site's settings and the activity log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from lms.admin import queries as site_queries
from lms.admin import setting_text
from lms.admin.forms import AuditFilter, SettingsForm, settings_form
from lms.admin.views.audit_texts import KINDS, OWNED, VERBS, Names, line, mentioned
from lms.admin.views.shared import bp
from lms.assignments.queries import anonymity
from lms.core import clock, ledger_heads
from lms.core import settings as site_settings
from lms.core.db import db
from lms.core.i18n import at_site_time, today
from lms.core.i18n import gettext as _
from lms.core.ledger import LedgerEntry
from lms.core.settings import Setting, SettingValue, YearlyValue
from lms.learning.services import renewal
from lms.ops.queries import evidence_state
from lms.ops.services.evidence import REASONS
from lms.people import nip, queries
from lms.web.access import recent_proof, role
from lms.web.paging import Page, paginate, paginate_or_near
from lms.web.request_limits import row_number
from lms.web.urls import same_page


@dataclass(frozen=True)
class SettingEntry:
    """A setting on the page. ``row`` is the value that holds, None while it is the default; ``by`` who set it."""

    setting: Setting
    field: Field
    shown: Field
    hint: str
    row: SettingValue | YearlyValue | None
    by: str
    years: str
    """For a yearly setting, since when the value holds and what comes after it."""


@bp.route("/admin/settings", methods=["GET", "POST"])
@role("admin")
@recent_proof
def settings() -> Any:
    """The settings; of yearly ones the values that hold in ``?year=``, and changes hold from that year on."""
    registered = [one for one in site_settings.registered.values() if not one.has_own_page]
    year = _year_of_settings()
    values = site_settings.values(registered, year)
    form = settings_form({setting: values[setting.name] for setting in registered})
    if form.validate_on_submit() and not form.saved_by_others(values, _in_words):
        now = clock.now()
        for setting in registered:
            new = form.new_value(setting)
            if new is not None:
                from_year = year if setting.is_yearly else None
                site_settings.change(setting, new, actor_id=current_user.id, now=now, year=from_year)
        db.session.commit()
        flash(_("Saved."), "done")
        return redirect(url_for(".settings", year=year if year != today().year else None))
    page = render_template(
        "admin/settings.html",
        form=form,
        groups=_groups(form, year),
        left_to_renew=renewal.left_to_renew(),
        environment=_environment(),
        year=year,
        years=_years_of_settings(),
        this_year=today().year,
    )
    return page, 422 if form.is_submitted() else 200


def _years_of_settings() -> range:
    """Last year, whose report may not be made yet, this year, and the next, for which a rule may be known already."""
    return range(today().year - 1, today().year + 2)


def _year_of_settings() -> int:
    asked = request.args.get("year", type=int)
    if "year" in request.args and asked not in _years_of_settings():
        abort(404)
    return asked or today().year


def _groups(form: SettingsForm, year: int) -> list[tuple[str, list[SettingEntry]]]:
    """The fields by heading, in the order in which packages declare them."""
    changed, yearly = site_queries.changed_settings(), site_queries.yearly_values()
    row_of: dict[str, SettingValue | YearlyValue | None] = {}
    for name, setting in site_settings.registered.items():
        past = [row for row in yearly.get(name, []) if row.year <= year]
        row_of[name] = (past[-1] if past else None) if setting.is_yearly else changed.get(name)
    names = queries.names_of(row.changed_by for row in row_of.values() if row and row.changed_by)
    groups: dict[str, list[SettingEntry]] = {}
    for name, setting in site_settings.registered.items():
        if setting.has_own_page:
            continue
        row = row_of[name]
        default = _("Default: %(value)s", value=_in_words(setting, setting.default))
        hints = [str(setting.hint)] if setting.hint else []
        entry = SettingEntry(
            setting=setting,
            field=form.field_of(setting),
            shown=form.shown_of(setting),
            hint=" ".join(hints if setting.is_long else [*hints, default]),
            row=row,
            by=names.get(row.changed_by or 0, _("the system")) if row else "",
            years=_years_in_words(setting, yearly.get(name, []), year) if setting.is_yearly else "",
        )
        groups.setdefault(str(setting.group), []).append(entry)
    return list(groups.items())


def _years_in_words(setting: Setting, rows: Sequence[YearlyValue], year: int) -> str:
    past, later = [row for row in rows if row.year <= year], [row for row in rows if row.year > year]
    said = []
    if past and past[-1].year:
        before = _in_words(setting, past[-2].value if len(past) > 1 else setting.default)
        said.append(_("Holds since %(year)s; before: %(value)s.", year=past[-1].year, value=before))
    else:
        until = _("Holds for all years until %(year)s.", year=later[0].year - 1) if later else ""
        said.append(until or _("Holds for all years."))
    if later:
        said.append(_("From %(year)s on: %(value)s.", year=later[0].year, value=_in_words(setting, later[0].value)))
    return " ".join(said)


def _in_words(setting: Setting, value: Any) -> str:
    if setting.kind is bool:
        return str(_("yes") if value else _("no"))
    return str(dict(setting.choices).get(value) or setting_text.shown(value) or _("empty"))


def _environment() -> list[tuple[str, str, str]]:
    config = current_app.config
    return [
        ("LMS_SITE_NAME", _("Name of the site"), config["SITE_NAME"]),
        ("LMS_BASE_URL", _("Address"), config["BASE_URL"]),
        ("LMS_TIMEZONE", _("Time zone"), config["TIMEZONE"]),
        ("LMS_LANGUAGE", _("Language"), config["LANGUAGE"]),
    ]


@bp.route("/admin/audit", methods=["GET", "POST"])
@role("admin")
def audit() -> Any:
    kinds = [(kind, str(label)) for kind, label in KINDS.items()]
    verbs = sorted(((verb, str(label)) for verb, label in VERBS.items()), key=lambda one: one[1])
    if request.method == "POST":
        return _search(AuditFilter(kinds, verbs))
    form = AuditFilter(kinds, verbs, formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return _unreadable(form)
    one = _one_person()

    def page_of(name: str) -> Page:
        ids = site_queries.entry_ids(
            kind=form.kind.data or "",
            verb=form.verb.data or "",
            name=name,
            person_id=one.id if one else None,
            since=at_site_time(form.since.data, time.min) if form.since.data else None,
            before=at_site_time(form.until.data + timedelta(days=1), time.min) if form.until.data else None,
        )
        return paginate(site_queries.ledger_entries(), per_page=50, by=ids, is_searched=bool(name))

    page, meant = paginate_or_near(
        form.name.data or "", page_of, lambda: queries.words_meant(form.name.data, queries.people_found(""))
    )
    hidden = anonymity.hidden_submissions(mentioned(page.rows, "submission"))
    names = _names(page.rows, hidden)
    return render_template(
        "admin/audit.html",
        form=form,
        page=page,
        meant=meant,
        lines=[line(entry, names, hidden) for entry in page.rows],
        chain=_chain(),
        evidence=evidence_state(clock.now()),
        reasons=REASONS,
        check_url=same_page(check=1),
        one=one,
        is_narrowed=bool(one or form.name.data or any(form.asked.values())),
    )


def _unreadable(form: AuditFilter) -> Response:
    if form.since.errors or form.until.errors:
        flash(_("The date cannot be read, so everything is shown. Write it as 2026-12-31."))
    return redirect(url_for(".audit"))


def _names(entries: Sequence[LedgerEntry], hidden: Collection[int]) -> Names:
    """Work and certificates are named by their person and by their item or course, but for ``hidden`` submissions."""
    owned = {kind: site_queries.whose(kind, mentioned(entries, kind)) for kind in OWNED}
    owned["submission"] = {key: value for key, value in owned["submission"].items() if key not in hidden}
    of_courses = {of for kind in ("enrolment", "record") for _person_id, of in owned[kind].values()}
    of_items = {of for kind in ("attempt", "submission") for _person_id, of in owned[kind].values()}
    named = site_queries.scope_names(mentioned(entries, "course") | of_courses, mentioned(entries, "cohort"))
    course = {key: name for (kind, key), name in named.items() if kind == "course"}
    item = site_queries.item_titles(mentioned(entries, "item") | of_items)
    owners = {person_id for rows in owned.values() for person_id, _of in rows.values() if person_id}
    person = queries.names_of(mentioned(entries, "person") | owners)
    about = {"enrolment": course, "record": course, "attempt": item, "submission": item}
    return {
        "person": person,
        "unit": queries.unit_names(),
        "course": course,
        "cohort": {key: name for (kind, key), name in named.items() if kind == "cohort"},
        "item": item,
        **{
            kind: {
                key: f"{person.get(person_id or 0, '–')}, {about[kind].get(of, '–')}"
                for key, (person_id, of) in rows.items()
            }
            for kind, rows in owned.items()
        },
    }


def _search(form: AuditFilter) -> Response:
    """Replace a complete NIP by the id of its owner, because it must not appear in a URL."""
    if not form.validate():
        return _unreadable(form)
    name = form.name.data or None
    number = nip.whole_number(name or "")
    if number is None:
        return redirect(url_for(".audit", name=name, **form.asked))
    person = queries.person_named(number)
    if person is None:
        flash(_("There is nobody with this number. Check the digits."))
        return redirect(url_for(".audit", **form.asked))
    return redirect(url_for(".audit", **form.asked, person=person.id))


def _one_person() -> Any:
    """The person of ``?person=``, or None."""
    if not request.args.get("person"):
        return None
    return queries.person(request.args.get("person", 0, type=row_number)) or abort(404)


def _chain() -> dict[str, Any]:
    """The state of the ledger. It is only checked on request, because that reads all of it."""
    is_checked = bool(request.args.get("check"))
    fault = next(ledger_heads.faults(), None) if is_checked else None
    return {
        "state": site_queries.ledger_state(),
        "fault": fault,
        "why": REASONS[fault.kind] if fault else "",
        "is_whole": is_checked and fault is None,
    }
