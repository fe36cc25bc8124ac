"""A board as a file: the same query, row by row, below a heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app

from lms.core import clock, ledger_heads
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment, to_site_time
from lms.lib.tables import Column, Sheet
from lms.people import nip
from lms.people.services.statuses import STATUSES
from lms.reports import queries
from lms.reports.forms import SELF_PACED, WORDS
from lms.reports.queries.titles import titled
from lms.reports.views.viewer import BoardRequest, BoardViewer, admin_viewer, board_request, bp, head_viewer
from lms.web.access import role
from lms.web.table_files import table_response


@bp.get("/admin/board/<any(export, people):what>.<any(xlsx, csv):kind>", endpoint="board_file")
@role("admin", "agency-admin")
def admins_file(what: str, kind: str) -> Any:
    return _file(admin_viewer(), what, kind)


@bp.get("/team/<any(export, people):what>.<any(xlsx, csv):kind>", endpoint="team_file")
@role("head")
def heads_file(what: str, kind: str) -> Any:
    return _file(head_viewer(), what, kind)


def _file(viewer: BoardViewer, what: str, kind: str) -> Any:
    asked = board_request(viewer, what)
    sheet = names_sheet(viewer, asked) if what == "export" else people_sheet(viewer, asked)
    return table_response([sheet], kind, f"{sheet.title}-{asked.query.today:%Y-%m-%d}")


def names_sheet(viewer: BoardViewer, asked: BoardRequest) -> Sheet:
    return Sheet(
        _("Progress of participants"),
        _names_columns(),
        _names_rows(viewer, asked),
        _head(_("Progress of participants"), asked),
    )


def _who() -> list[Column]:
    return [Column(_("Name"), "text", 34), Column(_("NIP or address"), "text", 22), Column(_("Unit"), "text", 34)]


def _names_columns() -> list[Column]:
    return [
        *_who(),
        Column(_("Course"), "text", 40),
        Column(_("Cohort"), "text", 24),
        Column(_("State"), "text", 18),
        Column(_("Done"), "number", 9),
        Column(_("Of all items"), "number", 9),
        Column(_("Still needed"), "number", 9),
        Column(_("Last day"), "date", 14),
        Column(_("Last active"), "moment", 18),
    ]


def _names_rows(viewer: BoardViewer, asked: BoardRequest) -> Iterator[Sequence[object]]:
    for one in titled(queries.each(queries.names(asked.query), queries.BoardRow)):
        yield (
            one.full_name,
            _number(viewer, one.nip, one.email),
            one.unit,
            one.course,
            (one.cohort or SELF_PACED) if one.course else None,
            WORDS[one.state],
            one.done,
            one.total,
            one.still_needed,
            one.due_on,
            to_site_time(one.touched_at) if one.touched_at else None,
        )


def people_sheet(viewer: BoardViewer, asked: BoardRequest) -> Sheet:
    title = _("JP in %(year)s", year=asked.query.today.year)
    columns = [
        *_who(),
        Column(_("Employment"), "text", 18),
        Column(_("Courses taken"), "number", 12),
        Column(_("Completed"), "number", 12),
        Column("JP", "number", 9),
        Column(_("Target"), "number", 9),
        Column(_("At most"), "number", 9),
    ]
    return Sheet(title, columns, _people_rows(viewer, asked), _head(title, asked))


def _people_rows(viewer: BoardViewer, asked: BoardRequest) -> Iterator[Sequence[object]]:
    for one in queries.each(queries.people(asked.query), queries.Member):
        yield (
            one.full_name,
            _number(viewer, one.nip, one.email),
            one.unit,
            STATUSES.get(one.status, one.status),
            one.taken,
            one.finished,
            one.jp,
            asked.query.floors.get(one.status),
            asked.query.ceilings.get(one.status),
        )


def _number(viewer: BoardViewer, digits: str | None, address: str | None) -> str | None:
    """The whole number for admins. Heads see only its last digits, and no address."""
    if viewer.is_admin:
        return digits or address
    return nip.masked(digits) if digits else None


def _head(title: str, asked: BoardRequest) -> list[str]:
    return letterhead(title, " · ".join(asked.in_words))


def letterhead(title: str, narrowed: str) -> list[str]:
    """The lines above the table: title, site, filters, time, and the newest signed head of the ledger."""
    said = _("As of %(moment)s", moment=say_moment(clock.now()))
    head = ledger_heads.printed_head()
    evidence = [_("Activity log: %(head)s", head=head)] if head else []
    return [title, str(current_app.config["SITE_NAME"]), narrowed, said, *evidence]
