"""The board and the team's page: tiles, unit × course, JP, names; and the people behind the JP."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from lms.accounts import nip
from lms.accounts import queries as accounts
from lms.accounts.services.statuses import STATUSES
from lms.core.i18n import gettext as _
from lms.enrolment import queries as enrolments
from lms.learning.vocabulary import SIGNS
from lms.reports import board as figures
from lms.reports import queries, states
from lms.reports.board import Board
from lms.reports.forms import SELF_PACED, WORDS
from lms.reports.views.desk import Asking, Desk, asking, bp, choice_in, office, team
from lms.web.access import role
from lms.web.paging import paged

FEW_PEOPLE = 40
"""So many are shown by name and course rather than by unit and course."""


@bp.route("/admin/board", methods=["GET", "POST"], endpoint="board")
@role("admin", "agency-admin")
def admins_board() -> Any:
    return _board(office())


@bp.route("/team", methods=["GET", "POST"], endpoint="team")
@role("head")
def heads_board() -> Any:
    return _board(team())


@bp.get("/admin/board/people", endpoint="board_people")
@role("admin", "agency-admin")
def admins_people() -> Any:
    return _people(office())


@bp.get("/team/people", endpoint="team_people")
@role("head")
def heads_people() -> Any:
    return _people(team())


def _board(desk: Desk) -> Any:
    if request.method == "POST":
        return _to_found(desk)
    asked = asking(desk)
    question, choice = asked.question, asked.choice
    lines = figures.groups(question, own=_("without the units below"), without=_("without a unit"))
    board = figures.board(question, queries.counts(question), queries.hours(question), lines)
    found = board.in_state(choice.state) if choice.state else board.found
    page = paged(queries.names(question), scalars=False, total=found)
    return render_template(
        "reports/board.html",
        desk=desk,
        asked=asked,
        choice=choice,
        board=board,
        columns=[(one, title) for one, title in asked.courses.items() if one in board.course_ids],
        matrix=_matrix(asked, board) if desk.name == "team" or choice.unit_id else None,
        page=page,
        names=[queries.Name(*row) for row in page.rows],
        may_propose=not desk.is_office and choice.is_about_people and _has_runs_to_propose_for(asked),
        year=question.today.year,
        words=WORDS,
        signs=SIGNS,
        self_paced=SELF_PACED,
    )


def _has_runs_to_propose_for(asked: Asking) -> bool:
    return bool(enrolments.runs_to_propose_for(asked.question.today))


def _matrix(asked: Asking, board: Board) -> tuple[list[queries.Member], dict[tuple[int, int], states.State]] | None:
    """The people by name with the state of each in each course, where they are few enough to be read so."""
    if not 0 < board.people <= FEW_PEOPLE:
        return None
    members = queries.members(asked.question)
    return members, queries.courses_by_person(asked.question, [one.person_id for one in members])


def _to_found(desk: Desk) -> Response:
    """The filters become the address; a whole NIP must not stand there, so it leads to its owner's names."""
    choice = choice_in(request.form)
    number = nip.normalise(choice.words)
    if len(number) != nip.LENGTH or not number.isdecimal():
        return redirect(desk.url("", choice))
    person = accounts.person_named(number)
    if person is None or not desk.scope.covers(person.unit_id):
        flash(_("Nobody here has the number you typed. Look at its digits."))
        return redirect(desk.url("", choice, words=""))
    return redirect(desk.url("", choice, words="", person_id=person.id))


def _people(desk: Desk) -> Any:
    asked = asking(desk, "people")
    page = paged(queries.people(asked.question), scalars=False)
    return render_template(
        "reports/people.html",
        desk=desk,
        asked=asked,
        choice=asked.choice,
        page=page,
        members=[queries.Member(*row) for row in page.rows],
        targets=asked.question.targets,
        statuses=STATUSES,
        year=asked.question.today.year,
    )
