"""The site's settings and the activity log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.admin import queries as site_queries
from lms.admin import setting_text
from lms.admin.forms import AuditFilter, SettingsForm, settings_form
from lms.admin.views.audit_words import KINDS, Names, line, mentioned
from lms.admin.views.shared import bp
from lms.core import clock, ledger
from lms.core import settings as site_settings
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.ledger import LedgerEntry
from lms.core.settings import Setting
from lms.people import nip, queries
from lms.web.access import role
from lms.web.paging import paged
from lms.web.request_limits import row_number
from lms.web.urls import same_page


@bp.route("/admin/settings", methods=["GET", "POST"])
@role("admin")
def settings() -> Any:
    form = settings_form({rule: site_settings.value(rule) for rule in site_settings.registered.values()})
    if form.validate_on_submit():
        now = clock.now()
        for rule in site_settings.registered.values():
            new = form.new_value(rule)
            if new is not None:
                site_settings.change(rule, new, actor_id=current_user.id, now=now)
        db.session.commit()
        flash(_("Saved."), "done")
        return redirect(url_for(".settings"))
    page = render_template("admin/settings.html", form=form, groups=_groups(form), environment=_environment())
    return page, 422 if form.is_submitted() else 200


def _groups(form: SettingsForm) -> list[tuple[str, list[dict[str, Any]]]]:
    """The fields under their headings, as the packages declared them, lowest package first."""
    rows = site_queries.changed_rules()
    names = queries.names_of(row.changed_by for row in rows.values() if row.changed_by)
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in site_settings.registered.values():
        row = rows.get(rule.name)
        default = _("Default: %(value)s", value=_default(rule))
        hints = [str(rule.hint)] if rule.hint else []
        groups.setdefault(str(rule.group), []).append(
            {
                "rule": rule,
                "field": form.field_of(rule),
                "shown": form.shown_of(rule),
                "hint": " ".join(hints if rule.is_long else [*hints, default]),
                "row": row,
                "by": names.get(row.changed_by or 0, _("the system")) if row else "",
            }
        )
    return list(groups.items())


def _default(rule: Setting) -> str:
    if rule.kind is bool:
        return str(_("yes") if rule.default else _("no"))
    return str(dict(rule.choices).get(rule.default) or setting_text.shown(rule.default) or _("empty"))


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
    if request.method == "POST":
        return _to_entries(AuditFilter(kinds))
    form = AuditFilter(kinds, formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return redirect(url_for(".audit"))
    one = _one_person()
    entries = site_queries.ledger_entries(
        kind=form.kind.data or "", name=form.name.data or "", person_id=one.id if one else None
    )
    page = paged(entries, per_page=50)
    names = _names(page.rows)
    return render_template(
        "admin/audit.html",
        form=form,
        page=page,
        lines=[line(entry, names) for entry in page.rows],
        chain=_chain(),
        check_url=same_page(check=1),
        one=one,
    )


def _names(entries: Sequence[LedgerEntry]) -> Names:
    named = site_queries.scope_names(mentioned(entries, "course"), mentioned(entries, "cohort"))
    return {
        "person": queries.names_of(mentioned(entries, "person")),
        "unit": queries.unit_names(),
        "course": {key: name for (kind, key), name in named.items() if kind == "course"},
        "cohort": {key: name for (kind, key), name in named.items() if kind == "cohort"},
    }


def _to_entries(form: AuditFilter) -> Response:
    """A complete NIP is replaced by its owner's id, because it must not appear in an address."""
    if not form.validate():
        return redirect(url_for(".audit"))
    kind, name = form.kind.data or None, form.name.data or None
    number = nip.whole_number(name or "")
    if number is None:
        return redirect(url_for(".audit", kind=kind, name=name))
    person = queries.person_named(number)
    if person is None:
        flash(_("Nobody here has the number you typed. Look at its digits."))
        return redirect(url_for(".audit", kind=kind))
    return redirect(url_for(".audit", kind=kind, person=person.id))


def _one_person() -> Any:
    """The person whose entries are asked for by ``?person=``, or None."""
    if "person" not in request.args:
        return None
    return queries.person(request.args.get("person", 0, type=row_number)) or abort(404)


def _chain() -> dict[str, Any]:
    """How the ledger stands. Checking it reads all of it, so that is done only when asked for."""
    broken = ledger.first_broken() if request.args.get("check") else None
    return {
        "state": site_queries.ledger_state(),
        "broken": broken,
        "is_whole": bool(request.args.get("check")) and broken is None,
    }
