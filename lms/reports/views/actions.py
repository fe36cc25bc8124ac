"""Actions on the people of a board: remind, thank, extend, enrol.

The address of each page holds the board's filters and the ticked rows. The query runs again, within the viewer's scope,
when the button is pressed: people who have left the scope or the state in the meantime are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.authoring.services.checking import title_of_summary
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.core.site import absolute_url
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolling
from lms.learning.status import TAGS
from lms.notices.notifications import JpSoFar
from lms.notices.services import reminders
from lms.records.years import JpTarget
from lms.reports import queries, states
from lms.reports.filters import BoardFilters
from lms.reports.forms import SELF_PACED, WORDS, BoardExtendForm, EnrolForm
from lms.reports.queries import BoardRow, Member
from lms.reports.queries.titles import titled
from lms.reports.views.viewer import BoardRequest, BoardViewer, admin_viewer, board_request, bp, head_viewer
from lms.web.access import role
from lms.web.fields import Form, saving
from lms.web.paging import paginate_rows

ON_ONE_PAGE = 50


@bp.route("/admin/board/remind", methods=["GET", "POST"], endpoint="board_remind")
@role("admin", "agency-admin")
def admins_reminder() -> Any:
    return _remind(admin_viewer())


@bp.route("/team/remind", methods=["GET", "POST"], endpoint="team_remind")
@role("head")
def heads_reminder() -> Any:
    return _remind(head_viewer())


@bp.route("/admin/board/thank", methods=["GET", "POST"], endpoint="board_thank")
@role("admin", "agency-admin")
def admins_thanks() -> Any:
    return _thank(admin_viewer())


@bp.route("/team/thank", methods=["GET", "POST"], endpoint="team_thank")
@role("head")
def heads_thanks() -> Any:
    return _thank(head_viewer())


@bp.route("/admin/board/encourage", methods=["GET", "POST"], endpoint="board_encourage")
@role("admin", "agency-admin")
def admins_encouragement() -> Any:
    return _encourage(admin_viewer())


@bp.route("/team/encourage", methods=["GET", "POST"], endpoint="team_encourage")
@role("head")
def heads_encouragement() -> Any:
    return _encourage(head_viewer())


@bp.route("/admin/board/extend", methods=["GET", "POST"], endpoint="board_extend")
@role("admin", "agency-admin")
def extend() -> Any:
    """Extend the deadline, to one day and for one reason for all of them."""
    viewer = admin_viewer()
    asked, form = board_request(viewer), BoardExtendForm()
    if not _is_picked(asked):
        return _nobody(viewer, asked)
    rows = _names(asked)
    open_ = [one for one in rows if one.state in states.UNFINISHED]
    if form.validate_on_submit() and open_:
        found = queries.enrolments(asked.query)
        named = {one.enrolment_id for one in open_}
        with saving(form.until):
            count = enrolling.extend(
                [one for one in found if one.id in named],
                form.until.data,
                form.reason.data,
                actor_id=current_user.id,
                now=clock.now(),
            )
            if count:
                told = ngettext(
                    "%(n)s deadline was extended. The participant sees the reason in the course.",
                    "%(n)s deadlines were extended. The participants see the reason in the course.",
                    count,
                    n=count,
                )
                flash(told, "done")
                return _back(viewer, asked)
            form.until.errors = [
                _("That is no extension: choose a day after the current deadline. Nothing was changed.")
            ]
    page = render_template(
        "reports/extend.html",
        **_shown(viewer, asked, rows),
        form=form,
        needless=len(rows) - len(open_),
        open_count=len({one.person_id for one in open_}),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/admin/board/enrol", methods=["GET", "POST"], endpoint="board_enrol")
@role("admin", "agency-admin")
def enrol() -> Any:
    """Enrol people who are not enrolled yet in a cohort."""
    viewer = admin_viewer()
    asked = board_request(viewer)
    if not _is_picked(asked) or not asked.filters.is_about_people:
        return _nobody(viewer, asked)
    rows = _names(asked)
    cohorts = enrolments.cohorts_open_to_list(asked.query.today, asked.filters.course_id)
    open_ = {one.cohort.id: one.cohort for one in cohorts}
    form = EnrolForm([(one.cohort.id, _cohort_name(one)) for one in cohorts])
    if form.validate_on_submit() and rows:
        people = queries.people_not_enrolled(asked.query)
        with saving(form.cohort):
            outcome = enrolling.enrol_people(people, open_[form.cohort.data], actor_id=current_user.id, now=clock.now())
            for text, category in enrolling.outcome_messages(outcome):
                flash(text, category)
            return _back(viewer, asked)
    page = render_template("reports/enrol.html", **_shown(viewer, asked, rows), form=form, has_cohorts=bool(open_))
    return page, 422 if form.is_submitted() else 200


def _remind(viewer: BoardViewer) -> Any:
    asked, form = board_request(viewer), Form()
    if not _is_picked(asked) or asked.filters.is_about_people:
        return _nobody(viewer, asked)
    rows = [one for one in _names(asked) if one.person_id != current_user.id]
    late = [one for one in rows if one.state in states.REMINDABLE]
    if form.validate_on_submit():
        ids = [one.enrolment_id for one in late if one.enrolment_id]
        count = reminders.remind(ids, actor_id=current_user.id, now=clock.now())
        db.session.commit()
        _tell_reminded(count, len(_by_person(late)))
        return redirect(request.full_path)
    people = _by_person(late)
    reminded = reminders.reminded_today([one.enrolment_id for one in late if one.enrolment_id], now=clock.now())
    left = _by_person([one for one in late if one.enrolment_id not in reminded])
    page = paginate_rows(people, ON_ONE_PAGE)
    return render_template(
        "reports/remind.html",
        **_shown(viewer, asked, rows),
        late_count=len(people),
        left_count=len(left),
        reminded=reminded,
        needless=len({one.person_id for one in rows} - {one.person_id for one in late}),
        page=page,
        entries=_entries(page.rows),
        group_text=_group_text(late),
    )


def _thank(viewer: BoardViewer) -> Any:
    asked, form = board_request(viewer), Form()
    if not _is_picked(asked) or asked.filters.is_about_people:
        return _nobody(viewer, asked)
    rows = [one for one in _names(asked) if one.state == "finished" and one.person_id != current_user.id]
    if form.validate_on_submit():
        ids = [one.enrolment_id for one in rows if one.enrolment_id]
        count = reminders.thank(ids, actor_id=current_user.id, name=current_user.full_name, now=clock.now())
        db.session.commit()
        if count:
            flash(ngettext("%(n)s person was thanked.", "%(n)s people were thanked.", count, n=count), "done")
        else:
            flash(_("They were thanked already. Nothing was sent again."))
        return _back(viewer, asked)
    people = len({one.person_id for one in rows})
    return render_template("reports/thank.html", **_shown(viewer, asked, rows), people_count=people)


def _encourage(viewer: BoardViewer) -> Any:
    """Invite people to learn who lack JP of this year, whether or not they take a course."""
    asked, form, now = board_request(viewer), Form(), clock.now()
    if not _is_picked(asked):
        return _nobody(viewer, asked)
    year, targets = asked.query.today.year, asked.query.targets
    rows = _members(asked)
    lacking = [one for one in rows if one.person_id != current_user.id and _lacks_jp(one, targets)]
    so_far = {one.person_id: JpSoFar(year, one.jp, asked.query.floors.get(one.status, 0)) for one in lacking}
    if form.validate_on_submit():
        count = reminders.encourage(so_far, actor_id=current_user.id, name=current_user.full_name, now=now)
        db.session.commit()
        _tell_encouraged(count, len(lacking))
        return redirect(request.full_path)
    page = paginate_rows(lacking, ON_ONE_PAGE)
    phones = queries.phones([one.person_id for one in page.rows])
    url = absolute_url(url_for("home.home"))
    return render_template(
        "reports/encourage.html",
        **_shown(viewer, asked, []),
        lacking=lacking,
        needless=len(rows) - len(lacking),
        so_far=so_far,
        told=reminders.encouraged_this_week(now=now) & set(so_far),
        page=page,
        entries=[
            reminders.encouragement_message(one.full_name, phones.get(one.person_id), so_far[one.person_id], url)
            for one in page.rows
        ],
        group_text=reminders.encouragement_group_text(year, url),
    )


def _members(asked: BoardRequest) -> list[Member]:
    """The ticked people, or all that the filters find, with their JP of the year."""
    filters = asked.filters
    people = queries.each(queries.people(replace(asked.query, filters=filters.of_people())), Member)
    if filters.is_about_people:
        ids = set(db.session.scalars(queries.ids_of_names(asked.query)))
        return [one for one in people if one.person_id in ids]
    return [one for one in people if not filters.picked or one.person_id in filters.picked]


def _lacks_jp(one: Member, targets: Mapping[str, JpTarget]) -> bool:
    target = targets.get(one.status)
    return target is None or target.takes_more(one.jp)


def _tell_encouraged(count: int, asked_for: int) -> None:
    if count:
        told = ngettext(
            "%(n)s person was invited, in the inbox and by e-mail if an address is known.",
            "%(n)s people were invited, in the inbox and by e-mail if an address is known.",
            count,
            n=count,
        )
        flash(told, "done")
    elif asked_for:
        flash(_("They were already invited this week. Nothing was sent again; once a week is enough."))


def _tell_reminded(count: int, asked_for: int) -> None:
    if count:
        flash(
            ngettext(
                "%(n)s person was reminded, in the inbox and by e-mail if an address is known.",
                "%(n)s people were reminded, in the inbox and by e-mail if an address is known.",
                count,
                n=count,
            ),
            "done",
        )
    elif asked_for:
        flash(
            ngettext(
                "%(n)s person was already reminded today. Once a day is enough.",
                "%(n)s people were already reminded today. Once a day is enough.",
                asked_for,
                n=asked_for,
            )
        )


def _by_person(rows: Sequence[BoardRow]) -> list[list[BoardRow]]:
    """The rows grouped by person: someone who is late in three courses gets one message."""
    found: dict[int, list[BoardRow]] = {}
    for one in rows:
        found.setdefault(one.person_id, []).append(one)
    return list(found.values())


def _entries(people: Sequence[Sequence[BoardRow]]) -> list[Any]:
    phones = queries.phones([rows[0].person_id for rows in people])
    return [_entry(rows, phones.get(rows[0].person_id)) for rows in people]


def _entry(rows: Sequence[BoardRow], phone: str | None) -> Any:
    """A message with all courses of a person, each with its deadline, and a link."""
    slug = rows[0].slug if len(rows) == 1 else None
    courses = [(one.course or "", one.due_on) for one in rows]
    return reminders.whatsapp_message(rows[0].full_name, phone, courses, _course_url(slug), now=clock.now())


def _group_text(rows: Sequence[BoardRow]) -> str:
    """One message for a WhatsApp group, course by course."""
    courses = dict.fromkeys((one.course or "", one.slug) for one in rows)
    return "\n\n".join(reminders.group_text(course, _course_url(slug)) for course, slug in courses)


def _course_url(slug: str | None) -> str:
    """The absolute URL of a course, or of the home page, which lists all courses."""
    path = url_for("learning.course", slug=slug) if slug else url_for("home.home")
    return absolute_url(path)


def _is_picked(asked: BoardRequest) -> bool:
    """True if rows were ticked, or all rows were asked for."""
    return bool(asked.filters.picked) or request.args.get("all") == "1"


def _names(asked: BoardRequest) -> list[BoardRow]:
    return list(titled(queries.each(queries.names(asked.query), BoardRow)))


def _nobody(viewer: BoardViewer, asked: BoardRequest) -> Response:
    flash(_("Nothing was done yet: tick the names first, or choose all that the filter finds."))
    return _back(viewer, asked)


def _back(viewer: BoardViewer, asked: BoardRequest) -> Response:
    if asked.filters.goal or asked.filters.jp:  # of the page of people only
        return redirect(viewer.url("people", asked.filters))
    return redirect(viewer.url("", asked.filters) + "#names")


def _cohort_name(summary: Any) -> str:
    name = f"{title_of_summary(summary)} · {summary.cohort.name or SELF_PACED}"
    return (
        name
        if summary.left is None
        else f"{name} ({ngettext('%(n)s place left', '%(n)s places left', summary.left, n=summary.left)})"
    )


def _shown(viewer: BoardViewer, asked: BoardRequest, rows: Sequence[BoardRow]) -> dict[str, Any]:
    return {
        "viewer": viewer,
        "asked": asked,
        "filters": asked.filters,
        "plain": BoardFilters(),
        "rows": rows,
        "words": WORDS,
        "tags": TAGS,
    }
