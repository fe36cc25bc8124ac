"""Who looks at a board, an admin or a head, and what the address asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from lms.core import i18n
from lms.core.i18n import gettext as _
from lms.core.i18n import zone
from lms.people import queries as persons
from lms.people.scopes import Scope
from lms.people.services.statuses import STATUSES
from lms.people.unit_tree import UnitTree
from lms.reports import queries, services
from lms.reports.filters import MAX_PICKED, RUNNING, BoardFilters, BoardQuery
from lms.reports.forms import SELF_PACED, FilterForm, unit_choices
from lms.reports.queries import years as of_year
from lms.reports.states import FILTERS
from lms.web.request_limits import row_number

bp = Blueprint("reports", __name__)
_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})")


@dataclass(frozen=True)
class BoardViewer:
    """``name`` is the endpoint of the board itself. Admins may also enrol and extend, and see whole NIPs in files."""

    name: str
    scope: Scope
    is_admin: bool
    _paths: dict[str, str] = field(default_factory=dict, compare=False)
    """By page, as they were asked for."""

    def url(self, page: str, filters: BoardFilters, **changes: Any) -> str:
        """The URL of a page (``""`` is the board itself) with these filters, after ``changes``."""
        address = urlencode(_filters_for(page, replace(filters, **changes)).address())
        path = self._paths.get(page)
        if path is None:
            path = self._paths[page] = url_for(f"reports.{self.name}_{page}" if page else f"reports.{self.name}")
        return f"{path}?{address}" if address else path

    def urls(self, page: str, filters: BoardFilters, **changes: Any) -> Callable[..., str]:
        """Return a function for addresses that differ by numbers only, so that what they share is built once.

        The numbers are ``unit``, ``only``, ``course`` and ``cohort``; None and False stand for no filter.
        """
        changes = {"unit_id": None, "is_unit_only": False, "course_id": None, "cohort_id": None} | changes
        common = self.url(page, filters, **changes)
        common += "&" if "?" in common else "?"

        def url(**numbers: int | None) -> str:
            given = [f"{name}={int(one)}" for name, one in numbers.items() if one is not None and one is not False]
            return common + "&".join(given)

        return url

    def file_url(self, kind: str, what: str, filters: BoardFilters) -> str:
        path = url_for(f"reports.{self.name}_file", kind=kind, what=what)
        address = urlencode(_filters_for(what, filters).address())
        return f"{path}?{address}" if address else path


def _filters_for(page: str, filters: BoardFilters) -> BoardFilters:
    return filters.of_people() if page == "people" else filters


def admin_viewer() -> BoardViewer:
    """A site admin sees everybody, an agency admin the own agency."""
    scope = persons.admin_scope(current_user)
    if scope is None:
        abort(404)
    return BoardViewer("board", scope, is_admin=True)


def head_viewer() -> BoardViewer:
    """A head or deputy sees the own units and those below, whatever the address says."""
    return BoardViewer("team", persons.team_scope(current_user), is_admin=False)


def years_of(courses: list[queries.CourseName]) -> list[int]:
    """The years that can be reported, this one first."""
    this_year = i18n.today().year
    return list(range(this_year, queries.first_year(courses, this_year) - 1, -1))


def asked_year(years: list[int]) -> int:
    asked = request.args.get("year", type=int)
    return asked if asked in years else years[0]


def tree_and_scope(viewer: BoardViewer, year: int) -> tuple[UnitTree, Scope]:
    """For a past year, an agency's admin and a head see the units that were below theirs then."""
    tree = persons.tree_now() if year == i18n.today().year else of_year.tree_at_the_end_of(year)
    if viewer.scope.unit_ids is None:
        return tree, viewer.scope
    own = current_user.administered_unit_ids if viewer.is_admin else current_user.headed_unit_ids
    return tree, Scope(tree.below(own))


@dataclass(frozen=True)
class BoardRequest:
    """The query, the form that shows it, and the titles of courses by id."""

    query: BoardQuery
    form: FilterForm
    courses: dict[int, str]

    @property
    def filters(self) -> BoardFilters:
        return self.query.filters

    @property
    def in_words(self) -> list[str]:
        """The filters in words. The unit always comes first."""
        form, filters = self.form, self.filters
        said = [_label(form.unit) or _("no unit of yours")]
        if filters.is_unit_only:
            said[0] += " (" + _("without the units below") + ")"
        asked = {form.course: filters.course_id, form.cohort: filters.cohort_id, form.state: filters.state}
        asked |= {form.period: filters.period, form.status: filters.status}
        said += [(field.data and _label(field)) or _("not known here") for field, value in asked.items() if value]
        if filters.words:
            said.append(f"“{filters.words}”")
        if filters.person_id is not None:
            said.append(self._name(filters.person_id))
        return said

    def _name(self, person_id: int) -> str:
        """The name of a person in the viewer's scope. Other names are not revealed."""
        person = persons.person(person_id)
        is_theirs = person is not None and self.query.scope.covers(person.unit_id)
        return person.full_name if person is not None and is_theirs else _("nobody of yours")


def _label(field: Any) -> str:
    chosen = "" if field.data is None else str(field.data)
    return next((str(label).strip() for value, label in field.choices if str(value) == chosen), "")


def board_request(viewer: BoardViewer, page: str = "") -> BoardRequest:
    """Read the address. Unknown values are ignored or find nobody."""
    today = i18n.today()
    tree, found = persons.tree_now(), queries.courses()
    courses = {one.id: one.title for one in found}
    filters = _filters_for(page, filters_in(request.args))
    form = _form(
        viewer,
        tree,
        courses,
        filters,
        filters.address(),
        range(today.year, queries.first_year(found, today.year) - 1, -1),
    )
    near_days, targets = services.board_settings(STATUSES, today.year)
    query = BoardQuery(filters, viewer.scope, tree, today, near_days, zone(), targets, sees_numbers=viewer.is_admin)
    return BoardRequest(query, form, courses)


def _form(
    viewer: BoardViewer, tree: Any, courses: dict[int, str], filters: BoardFilters, values: Any, years: Iterable[int]
) -> FilterForm:
    units = unit_choices(
        ((node.id, node.name, depth) for node, depth in tree.in_order(viewer.scope)),
        with_nobody=viewer.scope.unit_ids is None,
    )
    cohorts = queries.cohorts(filters.course_id) if filters.course_id else []
    form = FilterForm(
        units,
        list(courses.items()),
        [(cohort_id, name or SELF_PACED) for cohort_id, name in cohorts],
        years,
        formdata=MultiDict(values),
        meta={"csrf": False},
    )
    if not filters.cohort_id or filters.cohort_id not in dict(cohorts):
        form.cohort.data = None
    return form


def filters_in(values: Any) -> BoardFilters:
    """Read the filters of an address. Unreadable values are ignored."""
    course_id = values.get("course", type=row_number)
    state, period, status = (values.get(name, "") for name in ("state", "period", "status"))
    span, goal = _SPAN.fullmatch(values.get("jp", "")), values.get("goal", "")
    return BoardFilters(
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
        picked=frozenset(values.getlist("one", type=row_number)[:MAX_PICKED]),
    )
