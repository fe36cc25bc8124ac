"""From whose desk a board is looked at: an admin's or a head's. Reads the question from the address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from lms.accounts import queries as accounts
from lms.accounts.scopes import Scope
from lms.accounts.services.statuses import STATUSES
from lms.core import clock
from lms.core.i18n import gettext as _
from lms.core.i18n import to_site_time, zone
from lms.reports import queries, services
from lms.reports.forms import SELF_PACED, FilterForm, unit_choices
from lms.reports.question import MOST_PICKED, RUNNING, Choice, Question
from lms.reports.states import FILTERS
from lms.web.request_limits import row_number

bp = Blueprint("reports", __name__)
_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})")


@dataclass(frozen=True)
class Desk:
    """``is_office``: an admin's, who may also enrol and extend, and reads whole numbers in files."""

    name: str
    scope: Scope
    is_office: bool

    def url(self, page: str, choice: Choice, **changes: Any) -> str:
        """A page of this desk (``""`` is the board itself) under another choice."""
        address = urlencode(_asked_by(page, replace(choice, **changes)).address())
        path = url_for(f"reports.{self.name}_{page}" if page else f"reports.{self.name}")
        return f"{path}?{address}" if address else path

    def file_url(self, kind: str, what: str, choice: Choice) -> str:
        path = url_for(f"reports.{self.name}_file", kind=kind, what=what)
        address = urlencode(_asked_by(what, choice).address())
        return f"{path}?{address}" if address else path


def _asked_by(page: str, choice: Choice) -> Choice:
    return choice.of_people() if page == "people" else choice


def office() -> Desk:
    """The admin's: of everybody, or of the own instansi."""
    scope = accounts.office_scope(current_user)
    if scope is None:
        abort(404)
    return Desk("board", scope, is_office=True)


def team() -> Desk:
    """A head's or deputy's: of the own units and those below, whatever the address says."""
    return Desk("team", accounts.team_scope(current_user), is_office=False)


@dataclass(frozen=True)
class Asking:
    """The question, with the form that shows it and the names it is told with."""

    question: Question
    form: FilterForm
    courses: dict[int, str]

    @property
    def choice(self) -> Choice:
        return self.question.choice

    @property
    def in_words(self) -> list[str]:
        """The filters as a reader says them; the first is always the unit."""
        form, choice = self.form, self.choice
        said = [_label(form.unit) or _("no unit of yours")]
        if choice.is_unit_only:
            said[0] += " (" + _("without the units below") + ")"
        asked = {form.course: choice.course_id, form.cohort: choice.cohort_id, form.state: choice.state}
        asked |= {form.period: choice.period, form.status: choice.status}
        said += [(field.data and _label(field)) or _("not known here") for field, value in asked.items() if value]
        if choice.words:
            said.append(f"“{choice.words}”")
        if choice.person_id is not None:
            said.append(self._name(choice.person_id))
        return said

    def _name(self, person_id: int) -> str:
        """Of somebody the asker looks after; nobody else's name is told."""
        person = accounts.person(person_id)
        is_theirs = person is not None and self.question.scope.covers(person.unit_id)
        return person.full_name if person is not None and is_theirs else _("nobody of yours")


def _label(field: Any) -> str:
    chosen = "" if field.data is None else str(field.data)
    return next((str(label).strip() for value, label in field.choices if str(value) == chosen), "")


def asking(desk: Desk, page: str = "") -> Asking:
    """What the address asks at this desk; what names nothing there does not narrow, or finds nobody."""
    today = to_site_time(clock.now()).date()
    tree, courses = queries.tree(), dict(queries.courses())
    choice = _asked_by(page, choice_in(request.args))
    form = _form(desk, tree, courses, choice, choice.address(), today.year)
    near_days, targets = services.decided(STATUSES)
    question = Question(choice, desk.scope, tree, today, near_days, zone(), targets, sees_numbers=desk.is_office)
    return Asking(question, form, courses)


def _form(desk: Desk, tree: Any, courses: dict[int, str], choice: Choice, values: Any, year: int) -> FilterForm:
    units = unit_choices(
        ((node.id, node.name, depth) for node, depth in tree.in_order(desk.scope)),
        with_nobody=desk.scope.unit_ids is None,
    )
    cohorts = queries.cohorts(choice.course_id) if choice.course_id else []
    first = queries.first_enrolment()
    years = range(year, (to_site_time(first).year if first else year) - 1, -1)
    form = FilterForm(
        units,
        list(courses.items()),
        [(cohort_id, name or SELF_PACED) for cohort_id, name in cohorts],
        years,
        formdata=MultiDict(values),
        meta={"csrf": False},
    )
    if not choice.cohort_id or choice.cohort_id not in dict(cohorts):
        form.cohort.data = None
    return form


def choice_in(values: Any) -> Choice:
    """The filters of an address; what cannot be read is as if it were not there."""
    course_id = values.get("course", type=row_number)
    state, period, status = (values.get(name, "") for name in ("state", "period", "status"))
    span, goal = _SPAN.fullmatch(values.get("jp", "")), values.get("goal", "")
    return Choice(
        unit_id=values.get("unit", type=row_number),
        is_unit_only=values.get("only") == "1",
        course_id=course_id,
        cohort_id=values.get("cohort", type=row_number) if course_id else None,
        state=state if state in FILTERS else None,
        period=period if period == RUNNING or re.fullmatch(r"20\d\d", period) else "",
        status=status if status in STATUSES else "",
        words=values.get("q", "").strip()[:160],
        person_id=values.get("person", type=row_number),
        goal=goal if goal in {"missed", "reached"} else "",
        jp=(int(span[1]), int(span[2])) if span else None,
        picked=frozenset(values.getlist("one", type=row_number)[:MOST_PICKED]),
    )
