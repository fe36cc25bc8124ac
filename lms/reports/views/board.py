"""The board and the team page: tiles, unit × course, JP, names; and the people behind the JP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lms.core.i18n import gettext as _
from lms.enrolment import queries as enrolments
from lms.learning.status import TAGS
from lms.people import nip
from lms.people import queries as persons
from lms.people.services.statuses import STATUSES
from lms.reports import board as figures
from lms.reports import queries, states
from lms.reports.board import Board
from lms.reports.forms import SELF_PACED, WORDS
from lms.reports.queries import counted, hours
from lms.reports.queries.titles import titled
from lms.reports.views.viewer import BoardRequest, BoardViewer, admin_viewer, board_request, bp, filters_in, head_viewer
from lms.web.access import role
from lms.web.paging import paginate

FEW_PEOPLE = 40
"""Up to so many people are shown by name and course, more by unit and course."""


@bp.route("/admin/board", methods=["GET", "POST"], endpoint="board")
@role("admin", "agency-admin")
def admins_board() -> Any:
    return _board(admin_viewer())


@bp.route("/team", methods=["GET", "POST"], endpoint="team")
@role("head")
def heads_board() -> Any:
    return _board(head_viewer())


@bp.get("/admin/board/people", endpoint="board_people")
@role("admin", "agency-admin")
def admins_people() -> Any:
    return _people(admin_viewer())


@bp.get("/team/people", endpoint="team_people")
@role("head")
def heads_people() -> Any:
    return _people(head_viewer())


def _board(viewer: BoardViewer) -> Any:
    if request.method == "POST":
        return _to_found(viewer)
    asked, slip = _as_meant(board_request(viewer))
    query, filters = asked.query, asked.filters
    lines = figures.groups(query, own=_("without the units below"), without=_("without a unit"))
    jp, counts = hours.of_board(query), counted.of_board(query)
    board = figures.board(query, counts.states, counts.cells, jp.rows, jp.not_enrolled, lines)
    found = board.in_state(filters.state) if filters.state else board.found
    page = paginate(queries.names(query), scalars=False, total=found, by=queries.ids_of_names(query))
    return render_template(
        "reports/board.html",
        viewer=viewer,
        asked=asked,
        filters=filters,
        board=board,
        columns=[(one, title) for one, title in asked.courses.items() if one in board.course_ids],
        matrix=_matrix(asked, board) if viewer.name == "team" or filters.unit_id else None,
        page=page,
        slip=slip,
        names=list(titled(queries.BoardRow(*row) for row in page.rows)),
        may_propose=not viewer.is_admin and filters.is_about_people and _has_runs_to_propose_for(asked),
        year=query.today.year,
        words=WORDS,
        tags=TAGS,
        self_paced=SELF_PACED,
    )


def _as_meant(asked: BoardRequest) -> tuple[BoardRequest, str]:
    """The request and an empty text; if its words find nobody, with those that were probably meant, and its words."""
    meant = queries.words_meant(asked.query)
    if not meant:
        return asked, ""
    return replace(asked, query=replace(asked.query, filters=replace(asked.filters, words=meant))), asked.filters.words


def _has_runs_to_propose_for(asked: BoardRequest) -> bool:
    return bool(enrolments.cohorts_taking_proposals(asked.query.today))


def _matrix(
    asked: BoardRequest, board: Board
) -> tuple[list[queries.Member], dict[tuple[int, int], states.State]] | None:
    """The people with the state of each in each course; None if they are too many for a table."""
    if not 0 < board.people <= FEW_PEOPLE:
        return None
    members = queries.members(asked.query)
    return members, queries.courses_by_person(asked.query, [one.person_id for one in members])


def _to_found(viewer: BoardViewer) -> Response:
    """Redirect to the address with these filters. A NIP must not be in an address, so it becomes a person's id."""
    filters = filters_in(request.form)
    number = nip.whole_number(filters.words)
    if number is None:
        return redirect(viewer.url("", filters))
    person = persons.person_named(number)
    if person is None or not viewer.scope.covers(person.unit_id):
        flash(_("There is nobody with this number. Check the digits."))
        return redirect(viewer.url("", filters, words=""))
    return redirect(viewer.url("", filters, words="", person_id=person.id))


def _people(viewer: BoardViewer) -> Any:
    asked, slip = _as_meant(board_request(viewer, "people"))
    total, ids = queries.number_of_people(asked.query), queries.ids_of_people(asked.query)
    page = paginate(queries.people(asked.query), scalars=False, total=total, by=ids)
    return render_template(
        "reports/people.html",
        viewer=viewer,
        asked=asked,
        filters=asked.filters,
        page=page,
        slip=slip,
        members=[queries.Member(*row) for row in page.rows],
        targets=asked.query.targets,
        statuses=STATUSES,
        year=asked.query.today.year,
    )
