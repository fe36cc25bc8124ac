"""Printed slips with one-time codes, for people who have never signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import make_response, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from lms.auth import queries as auth_queries
from lms.auth.queries import LiveCode
from lms.auth.services import codes
from lms.core import clock
from lms.core.db import db, reading
from lms.core.site import absolute_url
from lms.people import nip, policy, queries
from lms.people.models import Person
from lms.people.services import roles
from lms.roster.forms import SlipsForm
from lms.roster.views.blueprint import admin_scope, bp
from lms.web.access import recent_proof, role
from lms.web.fields import options
from lms.web.request_limits import row_number

MAX_SLIPS = 500
"""Per printed page of slips."""


@dataclass(frozen=True)
class SlipCandidates:
    """The people for whom slips can be printed, by the filters of the page."""

    unit_id: int | None
    who: str
    """``new`` (never signed in, no code), ``code`` (have a code) or ``all``."""
    live: Mapping[int, LiveCode]
    """The valid code by person."""
    listed: Sequence[Person]
    waiting: int
    """How many the filter ``who`` leaves out."""
    protected: int
    """How many the current user may not change."""

    def without_code_since(self, moment: datetime) -> set[int]:
        """The ids of the listed people, without those who got a code from ``moment`` on."""
        return {
            person.id
            for person in self.listed
            if person.id not in self.live or self.live[person.id].created_at < moment
        }


@bp.route("/admin/people/slips", methods=["GET", "POST"])
@role("admin", "agency-admin")
@recent_proof
def slips() -> Any:
    """Choose people, then show the page to print. That page is shown once and stored nowhere.

    People who have a code come last and are not ticked, unless only they are listed: printing again continues
    through a long list and does not invalidate slips. People who got a code since the page was rendered (a colleague
    printed, or the form was submitted twice) are skipped. People whom the current user may not change are not listed.
    """
    units, now = queries.unit_filters(admin_scope()), clock.now()
    candidates = _candidates(units, now)
    form = SlipsForm([(person.id, person.full_name) for person in candidates.listed])
    gone = form.leave_only(candidates.without_code_since(form.opened_at(now)))
    if form.validate_on_submit():
        return _print(candidates, form, gone)
    people = {person.id: person for person in candidates.listed[:MAX_SLIPS]}
    form.people.choices = options((person.id, person.full_name) for person in people.values())
    if not form.is_submitted():
        form.people.data = [key for key in people if candidates.who == "code" or key not in candidates.live]
    form.opened.data = now.isoformat()
    page = render_template(
        "roster/slips.html",
        form=form,
        units=units,
        unit_id=candidates.unit_id,
        who=candidates.who,
        people=people,
        left_out=len(candidates.listed) - len(people),
        waiting=candidates.waiting,
        protected=candidates.protected,
        gone=gone,
        live={key: candidates.live[key].expires_at for key in people if key in candidates.live},
        masked=nip.masked,
    )
    return page, 422 if form.is_submitted() else 200


def _candidates(units: Sequence[tuple[int, str]], now: datetime) -> SlipCandidates:
    unit_id = request.args.get("unit", type=row_number)
    unit_id = unit_id if unit_id in dict(units) else None
    who = request.args.get("who", "new")
    live = auth_queries.people_with_codes(now)
    active = _active_people(unit_id, never_in=who not in ("all", "code")) if unit_id is not None else []
    found = [person for person in active if policy.may_change(current_user, person, admin_scope())]
    found.sort(key=lambda person: live[person.id].expires_at if person.id in live else now)
    listed = [person for person in found if who == "all" or (person.id in live) == (who == "code")]
    return SlipCandidates(unit_id, who, live, listed, len(found) - len(listed), len(active) - len(found))


def _print(candidates: SlipCandidates, form: SlipsForm, gone: int) -> Any:
    picked = set(form.people.data)
    chosen = [person for person in candidates.listed if person.id in picked][:MAX_SLIPS]
    roles.lock(chosen)
    allowed = [person for person in chosen if policy.may_change(current_user, person, admin_scope())]
    return _printed(allowed, form.layout.data, gone, url_for(".slips", unit=candidates.unit_id, who=candidates.who))


def _active_people(unit_id: int, *, never_in: bool) -> list[Person]:
    """Active people of a unit and those below it; with ``never_in``, only people who never had a password."""
    people = db.session.scalars(queries.people_in(queries.chosen_unit_ids(unit_id)).where(Person.is_active)).all()
    return [person for person in people if not (never_in and person.password_hash)]


def _printed(people: list[Person], layout: str, gone: int, next_url: str) -> Any:
    now = clock.now()
    texts = codes.issue_codes(people, current_user.id, now=now)
    rows = [_slip(person, texts[person.id]) for person in people]
    db.session.commit()
    with reading():  # so that nobody waits for the page
        page = _slips_page(rows, layout, gone, now + codes.SLIPS_VALID_FOR, next_url)
    answer = make_response(page)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _slip(person: Person, code: str) -> dict[str, str]:
    login = nip.formatted(person.nip) if person.nip else person.email or ""
    unit = person.unit.name if person.unit else ""
    return {"name": person.full_name, "unit": unit, "login": login, "code": code}


def _slips_page(rows: list[dict[str, str]], layout: str, gone: int, expires_at: datetime, next_url: str) -> str:
    address = absolute_url(url_for("auth.use_code"))
    import segno  # memory that most web processes do not need

    picture = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return render_template(
        "roster/slips_printed.html",
        rows=rows,
        layout=layout,
        gone=gone,
        expires_at=expires_at,
        address=address,
        next_url=next_url,
        qr=Markup(picture),  # noqa: S704  (made here from the site's own address)
    )
