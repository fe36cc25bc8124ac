"""What a year still needs, by unit, beside the places of cohorts: the training office plans with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request

from lms.core import i18n
from lms.core.i18n import gettext as _
from lms.core.i18n import zone
from lms.enrolment import queries as enrolments
from lms.enrolment.queries import CohortSummary
from lms.lib.tables import Column, Sheet
from lms.people.services.statuses import STATUSES
from lms.reports import need, services
from lms.reports.filters import BoardFilters, highest_floor
from lms.reports.need import PeopleWithJp, UnitNeed
from lms.reports.queries import hours, under_way
from lms.reports.views.files import letterhead
from lms.reports.views.viewer import admin_viewer, board_request, bp
from lms.web.access import role
from lms.web.table_files import table_response


@dataclass(frozen=True)
class Offer:
    """A cohort that people can still come into, and the JP of its course."""

    summary: CohortSummary
    jp: int

    @property
    def jp_left(self) -> int | None:
        """None without a limit."""
        return None if self.summary.left is None else self.summary.left * self.jp


@dataclass(frozen=True)
class Need:
    year: int
    years: tuple[int, int]
    """This one and the next."""
    units: list[UnitNeed]
    total: UnitNeed
    offers: list[Offer]
    goal: int

    @property
    def is_ahead(self) -> bool:
        return self.year > self.years[0]

    @property
    def jp_of_places(self) -> int:
        """Of the places left in cohorts with a limit."""
        return sum(one.jp_left or 0 for one in self.offers)

    @property
    def places(self) -> int:
        return sum(one.summary.left or 0 for one in self.offers)

    @property
    def unlimited(self) -> list[Offer]:
        return [one for one in self.offers if one.summary.left is None]


@bp.get("/admin/need", endpoint="need")
@role("admin", "agency-admin")
def page() -> Any:
    return render_template("reports/need.html", need=_need())


@bp.get("/admin/need.<any(xlsx, csv):kind>", endpoint="need_file")
@role("admin", "agency-admin")
def file(kind: str) -> Any:
    found = _need()
    title = _("JP needed by unit")
    columns = [
        Column(_("Unit"), "text", 44),
        Column(_("With a target"), "number", 14),
        Column(_("Not reached"), "number", 14),
        Column(_("JP needed"), "number", 14),
    ]
    if not found.is_ahead:
        columns.append(Column(_("JP of courses being taken"), "number", 18))
    rows = (_row(one, is_ahead=found.is_ahead) for one in found.units)
    head = letterhead(title, _("year %(year)s", year=found.year))
    return table_response([Sheet(title, columns, rows, head)], kind, f"{title}-{found.year}")


def _row(one: UnitNeed, *, is_ahead: bool) -> tuple[object, ...]:
    needed = (f"{'   ' * one.depth}{one.name}", one.with_target, one.short, one.jp)
    return needed if is_ahead else (*needed, one.under_way)


def _need() -> Need:
    viewer, today = admin_viewer(), i18n.today()
    years = today.year, today.year + 1
    year = request.args.get("year", type=int)
    year = year if year in years else today.year
    is_ahead = year > today.year
    query = replace(board_request(viewer).query, filters=BoardFilters())
    _near, targets = services.board_settings(STATUSES, year)
    people = [
        PeopleWithJp(one.unit_id, one.status, 0 if is_ahead else one.jp, one.number)
        for one in hours.of_board(query).rows
    ]
    going_on = {} if is_ahead else under_way.jp_under_way(viewer.scope, today, zone())
    units = need.by_unit(query.tree, viewer.scope, people, going_on, targets, _("without a unit"))
    return Need(year, years, units, need.in_all(units), _offers(year, today), highest_floor(targets))


def _offers(year: int, today: date) -> list[Offer]:
    """Cohorts that begin in the year, or have begun and are not over; those without dates are there in each year."""
    summaries: Sequence[CohortSummary] = [
        one for one in enrolments.cohorts_open_to_list(today) if _is_of(one.cohort.starts_on, year, today)
    ]
    jp = under_way.jp_of_courses({one.cohort.course_id for one in summaries})
    return [Offer(one, jp[one.cohort.course_id]) for one in summaries if one.cohort.course_id in jp]


def _is_of(starts_on: date | None, year: int, today: date) -> bool:
    if starts_on is None:
        return True
    has_begun = year == today.year and starts_on <= today
    return has_begun or starts_on.year == year
