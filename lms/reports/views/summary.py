"""A unit's training on one page: for its leaders, to print or to send, and as a file by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import abort, current_app, render_template, request

from lms.core import i18n
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_date, say_number, zone
from lms.lib.tables import Column, Sheet
from lms.people.scopes import Scope
from lms.people.services.statuses import STATUSES
from lms.people.unit_tree import UnitTree
from lms.reports import board as figures
from lms.reports import quarters, queries, services, yearly
from lms.reports.board import Board, JpTotals
from lms.reports.filters import BoardFilters, highest_floor
from lms.reports.forms import WORDS
from lms.reports.quarters import Quarter
from lms.reports.queries import counted, hours
from lms.reports.queries import years as of_year
from lms.reports.states import StateFilter
from lms.reports.views.files import letterhead
from lms.reports.views.viewer import (
    BoardRequest,
    BoardViewer,
    admin_viewer,
    asked_year,
    board_request,
    bp,
    head_viewer,
    tree_and_scope,
    years_of,
)
from lms.reports.yearly import UnitYear
from lms.web.access import role
from lms.web.request_limits import row_number
from lms.web.table_files import table_response

MOST_NAMED = 3
"""Units in a heading."""


@dataclass(frozen=True)
class UnitSummary:
    """The figures of the yearly report for one unit and those below it, or for all that the viewer sees."""

    name: str
    unit_id: int | None
    year: int
    years: list[int]
    is_over: bool
    total: JpTotals
    quarters: list[Quarter]
    units: list[UnitYear]
    """In tree order, the unit itself first."""
    quarters_of: Mapping[int | None, list[Quarter]]
    goal: int

    @property
    def shown_units(self) -> list[UnitYear]:
        """What the page has room for: the units directly below. The file has all of them."""
        return [one for one in self.units if one.depth <= 1]

    def of_unit(self, unit: UnitYear) -> list[Quarter]:
        return self.quarters_of.get(unit.unit_id) or quarters.quarters(self.year, i18n.today())


@bp.get("/admin/board/summary", endpoint="board_summary")
@role("admin", "agency-admin")
def admins_summary() -> Any:
    return _page(admin_viewer())


@bp.get("/team/summary", endpoint="team_summary")
@role("head")
def heads_summary() -> Any:
    return _page(head_viewer())


@bp.get("/admin/board/summary.<any(xlsx, csv):kind>", endpoint="board_summary_file")
@role("admin", "agency-admin")
def admins_summary_file(kind: str) -> Any:
    return _file(admin_viewer(), kind)


@bp.get("/team/summary.<any(xlsx, csv):kind>", endpoint="team_summary_file")
@role("head")
def heads_summary_file(kind: str) -> Any:
    return _file(head_viewer(), kind)


def _page(viewer: BoardViewer) -> Any:
    summary = _summary(viewer)
    asked = board_request(viewer)
    filters = BoardFilters(unit_id=summary.unit_id)
    now = None if summary.is_over else _board_of(asked, filters)
    text = _text(summary, now)
    return render_template(
        "reports/summary.html",
        viewer=viewer,
        summary=summary,
        filters=filters,
        board=now,
        words=WORDS,
        text=text,
        whatsapp=f"https://wa.me/?text={quote(text, safe='')}",
    )


def _board_of(asked: BoardRequest, filters: BoardFilters) -> Board:
    """The figures of the board of today, whose states people can still change."""
    query = replace(asked.query, filters=filters)
    jp = hours.of_board(query)
    counts = counted.of_board(query)
    return figures.board(query, counts.states, counts.cells, jp.rows, jp.not_enrolled, [])


def _summary(viewer: BoardViewer) -> UnitSummary:
    """:raises NotFound: the unit that the address names is not, or was not then, one of the viewer's."""
    today = i18n.today()
    years = years_of(queries.courses())
    year = asked_year(years)
    tree, scope = tree_and_scope(viewer, year)
    unit_id = request.args.get("unit", type=row_number)
    if unit_id is not None:
        if unit_id not in tree.by_id or not scope.covers(unit_id):
            abort(404)
        scope = scope.within(tree.below({unit_id}))
    is_over = year < today.year
    _near, targets = services.board_settings(STATUSES, year)
    counted = of_year.hours_of_year(year, scope, zone(), is_over=is_over)
    earned = of_year.jp_by_quarter(year, scope, is_over=is_over)
    total = JpTotals()
    for one in yearly.by_status(counted, targets).values():
        total.include(one)
    return UnitSummary(
        name=_name(tree, scope, unit_id),
        unit_id=unit_id,
        year=year,
        years=years,
        is_over=is_over,
        total=total,
        quarters=quarters.of_all(year, today, earned, targets),
        units=yearly.by_unit(tree, scope, counted, targets, _("without a unit, or in one not known then")),
        quarters_of=quarters.by_unit(tree, scope, year, today, earned, targets),
        goal=highest_floor(targets),
    )


def _name(tree: UnitTree, scope: Scope, unit_id: int | None) -> str:
    if unit_id is not None:
        return tree.by_id[unit_id].name
    tops = tree.tops(scope)
    if len(tops) > MOST_NAMED:
        return _("all units")
    return ", ".join(node.name for node in tops) or _("no unit of yours")


def _text(summary: UnitSummary, now: Board | None) -> str:
    """A message without anybody's name."""
    total = summary.total
    day = say_date(i18n.today())
    lines = [
        _("Training %(year)s: %(unit)s", year=summary.year, unit=summary.name),
        _("As of %(moment)s", moment=day),
        "",
        "– " + _jp_line(summary),
    ]
    if total.with_target:
        lines.append("– " + _target_line(total))
    of_quarters = [f"{one.numeral}: {say_number(one.jp)} JP" for one in summary.quarters if one.has_begun]
    lines.append("– " + _("By quarter: %(jp)s.", jp="; ".join(of_quarters)))
    if now is not None:
        counted: tuple[StateFilter, ...] = ("finished", "unfinished", "overdue")
        said = [f"{WORDS[state]} {say_number(now.in_state(state))}" for state in counted]
        lines.append("– " + _("Enrolments in courses: %(states)s.", states=", ".join(said)))
        lines.append("– " + _people_without_course(now.tiles["not-enrolled"]))
    return "\n".join([*lines, "", str(current_app.config["SITE_NAME"])])


def _people_without_course(count: int) -> str:
    return ngettext(
        "%(n)s person is not enrolled in any course.",
        "%(n)s people are not enrolled in any course.",
        count,
        n=say_number(count),
    )


def _jp_line(summary: UnitSummary) -> str:
    total = summary.total
    return ngettext(
        "%(people)s person has %(jp)s JP in %(year)s, %(mean)s per person.",
        "%(people)s people have %(jp)s JP in %(year)s, %(mean)s per person.",
        total.people,
        people=say_number(total.people),
        jp=say_number(total.jp),
        year=summary.year,
        mean=say_number(round(total.mean, 1), 1),
    )


def _target_line(total: JpTotals) -> str:
    return _(
        "Of %(aimed)s people with a target to reach, %(reached)s have reached it.",
        aimed=say_number(total.with_target),
        reached=say_number(total.reached),
    )


def _file(viewer: BoardViewer, kind: str) -> Any:
    summary = _summary(viewer)
    title = _("JP by quarter")
    columns = [
        Column(_("Unit"), "text", 44),
        Column(_("How many people"), "number", 12),
        *(Column(_("JP in quarter %(numeral)s", numeral=one.numeral), "number", 14) for one in summary.quarters),
        Column("JP", "number", 12),
        Column(_("With a target"), "number", 14),
        *(
            Column(_("Target reached by the end of %(numeral)s", numeral=one.numeral), "number", 18)
            for one in summary.quarters
        ),
        Column(_("Late JP"), "number", 12),
    ]
    head = letterhead(title, f"{summary.name} · " + _("year %(year)s", year=summary.year))
    rows = (_row(one, summary.of_unit(one)) for one in summary.units)
    return table_response([Sheet(title, columns, rows, head)], kind, f"{title}-{summary.year}")


def _row(unit: UnitYear, of_unit: list[Quarter]) -> tuple[object, ...]:
    """A quarter that has not begun is an empty cell."""
    totals = unit.jp_totals
    return (
        f"{'   ' * unit.depth}{unit.name}",
        totals.people,
        *(one.jp if one.has_begun else None for one in of_unit),
        totals.jp,
        totals.with_target,
        *(one.reached if one.has_begun else None for one in of_unit),
        totals.late,
    )
