"""The yearly report: JP by unit, employment status and kind of competence, and the results of courses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from lms.core import i18n
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, say_number, zone
from lms.lib.tables import Column, Sheet
from lms.people.scopes import Scope
from lms.people.services.statuses import STATUSES
from lms.records.years import JpTarget
from lms.reports import queries, services, yearly
from lms.reports.board import JpTotals
from lms.reports.filters import highest_floor
from lms.reports.queries import years as of_year
from lms.reports.views.files import letterhead
from lms.reports.views.viewer import admin_viewer, asked_year, bp, tree_and_scope, years_of
from lms.reports.yearly import CourseYear, KindYear, PersonYear, UnitYear
from lms.web.access import role
from lms.web.table_files import table_response

KINDS = {
    "teknis": lazy("technical"),
    "manajerial": lazy("managerial"),
    "sosial-kultural": lazy("socio-cultural"),
    "pemerintahan": lazy("government"),
    "": lazy("not named"),
}


@dataclass(frozen=True)
class Report:
    year: int
    years: list[int]
    units: list[UnitYear]
    statuses: dict[str, JpTotals]
    kinds: list[KindYear]
    courses: list[CourseYear]
    total: JpTotals
    targets: Mapping[str, JpTarget]
    """By the rules of the year."""
    is_over: bool

    @property
    def late_in_words(self) -> str:
        """What of the year's JP was issued after it; empty if nothing was."""
        if not self.total.late:
            return ""
        jp = say_number(self.total.late)
        return _("%(jp)s JP are late: their certificates were issued after %(year)s had ended.", jp=jp, year=self.year)

    @property
    def goal(self) -> int:
        """The line drawn in bars, or 0."""
        return highest_floor(self.targets)


@bp.get("/admin/reports", endpoint="yearly")
@role("admin", "agency-admin")
def report() -> Any:
    return render_template("reports/yearly.html", report=_report(), statuses=STATUSES, kinds=KINDS)


@bp.get("/admin/reports/<any(units, employment, kinds, courses):table>.<any(xlsx, csv):kind>", endpoint="yearly_file")
@role("admin", "agency-admin")
def file(table: str, kind: str) -> Any:
    """One table as CSV, or all four as XLSX with the requested one first."""
    found = _report()
    sheets = {
        "units": _units(found),
        "employment": _statuses(found),
        "kinds": _kinds(found),
        "courses": _courses(found),
    }
    first = sheets.pop(table)
    return table_response([first, *sheets.values()], kind, f"{first.title}-{found.year}")


@bp.get("/admin/reports/people.<any(xlsx, csv):kind>", endpoint="yearly_people")
@role("admin", "agency-admin")
def people(kind: str) -> Any:
    """Everybody by unit, as counted in the tables."""
    today = i18n.today()
    years = years_of(queries.courses())
    year = asked_year(years)
    tree, scope = tree_and_scope(admin_viewer(), year)
    _near, targets = services.board_settings(STATUSES, year)
    found = of_year.people_of_year(year, scope, zone(), is_over=year < today.year)
    title = _("JP of each person")
    columns = [
        Column(_("Unit"), "text", 44),
        Column(_("Name"), "text", 34),
        Column(_("NIP or address"), "text", 22),
        Column(_("Employment"), "text", 18),
        Column("JP", "number", 9),
        Column(_("Late JP"), "number", 9),
        Column(_("Target"), "text", 24),
        Column(_("Target reached"), "text", 14),
    ]
    rows = yearly.people_by_unit(tree, scope, found)
    lines = ((unit, *_of_person(one, targets.get(one.status))) for unit, one in rows)
    head = letterhead(title, _("year %(year)s", year=year))
    return table_response([Sheet(title, columns, lines, head)], kind, f"{title}-{year}")


def _of_person(one: PersonYear, target: JpTarget | None) -> tuple[object, ...]:
    status = STATUSES.get(one.status, one.status)
    return one.full_name, one.nip or one.email, status, one.jp, one.late, *_aim(target, one.jp)


def _aim(target: JpTarget | None, jp: int) -> tuple[str, str]:
    """The target in words, and whether it is reached: nothing for a ceiling, which nobody learns to reach."""
    if target is None or not target.jp:
        return "–", "–"
    if target.meaning == "ceiling":
        return _("at most %(jp)s JP count", jp=target.jp), "–"
    return _("at least %(jp)s JP", jp=target.jp), _("yes") if target.is_reached(jp) else _("not yet")


def _report() -> Report:
    viewer, today = admin_viewer(), i18n.today()
    courses = queries.courses()
    years = years_of(courses)
    year = asked_year(years)
    tree, scope = tree_and_scope(admin_viewer(), year)
    _near, targets = services.board_settings(STATUSES, year)
    hours = of_year.hours_of_year(year, scope, zone(), is_over=year < today.year)
    statuses = yearly.by_status(hours, targets)
    total = JpTotals()
    for one in statuses.values():
        total.include(one)
    return Report(
        year=year,
        years=years,
        units=yearly.by_unit(tree, scope, hours, targets, _("without a unit, or in one not known then")),
        statuses=statuses,
        kinds=of_year.jp_by_kind(year, scope, zone(), is_over=year < today.year),
        courses=_courses_of(year, viewer.scope, {one.id: one.title for one in courses}),
        total=total,
        targets=targets,
        is_over=year < today.year,
    )


def _courses_of(year: int, scope: Scope, titles: Mapping[int, str]) -> list[CourseYear]:
    asked = year, scope, zone()
    return yearly.by_course(titles, of_year.enrolled_in(*asked, titles), of_year.completed_of(*asked))


def _units(report: Report) -> Sheet:
    columns = [Column(_("Unit"), "text", 44), *_total_columns()]
    rows = ((f"{'   ' * one.depth}{one.name}", *_totals(one.jp_totals)) for one in report.units)
    return _sheet(report, _("JP by unit"), columns, rows)


def _statuses(report: Report) -> Sheet:
    columns = [Column(_("Employment"), "text", 24), Column(_("Target"), "number", 12), *_total_columns()]
    rows = (
        (str(STATUSES.get(one, one)), report.targets[one].jp if one in report.targets else 0, *_totals(jp_totals))
        for one, jp_totals in report.statuses.items()
    )
    return _sheet(report, _("JP by employment"), columns, rows)


def _kinds(report: Report) -> Sheet:
    columns = [
        Column(_("Kind of competence"), "text", 30),
        Column("JP", "number", 12),
        Column(_("Certificates"), "number", 12),
        Column(_("Late JP"), "number", 12),
    ]
    rows = ((str(KINDS.get(one.kind, one.kind)), one.jp, one.certificates, one.late) for one in report.kinds)
    return _sheet(report, _("JP by kind of competence"), columns, rows)


def _courses(report: Report) -> Sheet:
    columns = [
        Column(_("Course"), "text", 44),
        Column(_("Enrolled"), "number", 12),
        Column(_("Withdrawn"), "number", 12),
        Column(_("Finished"), "number", 12),
        Column(_("Mean mark"), "number", 12),
        Column(_("Days to finish (median)"), "number", 14),
    ]
    rows = (
        (one.title, one.enrolled, one.withdrawn, one.finished, one.mean_score, one.median_days)
        for one in report.courses
    )
    return _sheet(report, _("Courses"), columns, rows)


def _total_columns() -> list[Column]:
    return [
        Column(_("How many people"), "number", 12),
        Column("JP", "number", 12),
        Column(_("JP per person"), "number", 14),
        Column(_("With a target"), "number", 14),
        Column(_("Target reached"), "number", 14),
        Column(_("Not reached"), "number", 14),
        Column(_("Late JP"), "number", 12),
    ]


def _totals(one: JpTotals) -> tuple[object, ...]:
    return one.people, one.jp, round(one.mean, 1), one.with_target, one.reached, one.missed, one.late


def _sheet(report: Report, title: str, columns: list[Column], rows: Any) -> Sheet:
    said = [_("year %(year)s", year=report.year), report.late_in_words]
    return Sheet(title, columns, rows, letterhead(title, " · ".join(filter(None, said))))
