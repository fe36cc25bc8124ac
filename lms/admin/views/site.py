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
from lms.admin.views.audit_texts import KINDS, Names, line, mentioned
from lms.admin.views.shared import bp
from lms.core import clock, ledger_heads
from lms.core import settings as site_settings
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.ledger import LedgerEntry
from lms.core.settings import Setting
from lms.ops.services.evidence import HEAD_FAULTS
from lms.people import nip, queries
from lms.web.access import role
from lms.web.paging import paged
from lms.web.request_limits import row_number
from lms.web.urls import same_page


@bp.route("/admin/settings", methods=["GET", "POST"])
@role("admin")
def settings() -> Any:
    form = settings_form({setting: site_settings.value(setting) for setting in site_settings.registered.values()})
    if form.validate_on_submit():
        now = clock.now()
        for setting in site_settings.registered.values():
            new = form.new_value(setting)
            if new is not None:
                site_settings.change(setting, new, actor_id=current_user.id, now=now)
        db.session.commit()
        flash(_("Saved."), "done")
        return redirect(url_for(".settings"))
    page = render_template("admin/settings.html", form=form, groups=_groups(form), environment=_environment())
    return page, 422 if form.is_submitted() else 200


def _groups(form: SettingsForm) -> list[tuple[str, list[dict[str, Any]]]]:
    """The fields by heading, in the order in which packages declare them."""
    rows = site_queries.changed_settings()
    names = queries.names_of(row.changed_by for row in rows.values() if row.changed_by)
    groups: dict[str, list[dict[str, Any]]] = {}
    for setting in site_settings.registered.values():
        row = rows.get(setting.name)
        default = _("Default: %(value)s", value=_default(setting))
        hints = [str(setting.hint)] if setting.hint else []
        groups.setdefault(str(setting.group), []).append(
            {
                "setting": setting,
                "field": form.field_of(setting),
                "shown": form.shown_of(setting),
                "hint": " ".join(hints if setting.is_long else [*hints, default]),
                "row": row,
                "by": names.get(row.changed_by or 0, _("the system")) if row else "",
            }
        )
    return list(groups.items())


def _default(setting: Setting) -> str:
    if setting.kind is bool:
        return str(_("yes") if setting.default else _("no"))
    return str(dict(setting.choices).get(setting.default) or setting_text.shown(setting.default) or _("empty"))


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
        return _search(AuditFilter(kinds))
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


def _search(form: AuditFilter) -> Response:
    """Replace a complete NIP by the id of its owner, because it must not appear in a URL."""
    if not form.validate():
        return redirect(url_for(".audit"))
    kind, name = form.kind.data or None, form.name.data or None
    number = nip.whole_number(name or "")
    if number is None:
        return redirect(url_for(".audit", kind=kind, name=name))
    person = queries.person_named(number)
    if person is None:
        flash(_("There is nobody with this number. Check the digits."))
        return redirect(url_for(".audit", kind=kind))
    return redirect(url_for(".audit", kind=kind, person=person.id))


def _one_person() -> Any:
    """The person of ``?person=``, or None."""
    if "person" not in request.args:
        return None
    return queries.person(request.args.get("person", 0, type=row_number)) or abort(404)


def _chain() -> dict[str, Any]:
    """The state of the ledger. It is only checked on request, because that reads all of it."""
    is_checked = bool(request.args.get("check"))
    fault = next(ledger_heads.faults(), None) if is_checked else None
    return {
        "state": site_queries.ledger_state(),
        "fault": fault,
        "why": HEAD_FAULTS[fault.kind] if fault else "",
        "is_whole": is_checked and fault is None,
    }
