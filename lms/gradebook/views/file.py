"""A gradebook as XLSX, and back: first what would change, then the changes that are ticked."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.content.items.base import item_type_of
from lms.core import clock, isolated
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, ngettext, say_moment, say_number, to_site_time
from lms.courses.models import Course, CourseRevision
from lms.gradebook import queries, services
from lms.gradebook.book import Book
from lms.gradebook.forms import MAX_BYTES, MarksFileForm, MarksForm, tick, ticked
from lms.gradebook.queries import GradebookQuery
from lms.gradebook.services import NewMark
from lms.gradebook.sheet import (
    BASE,
    BASE_HEADINGS,
    PERSON,
    Key,
    NotThisBook,
    OtherCourse,
    SheetComparison,
    WorkState,
    base_rows,
    compare,
    headings,
)
from lms.gradebook.views.page import book_of, bp
from lms.learning.queries.teaching import cohorts_and_chosen, taught_course
from lms.lib.table_data import SheetData, Unreadable, UnreadableReason
from lms.lib.tables import Column, Sheet, write_xlsx
from lms.lib.tables_reading import read_tables
from lms.web.access import role
from lms.web.request_limits import row_number, takes_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READING_SECONDS, READING_MEGABYTES = 20, 512
AT_ONCE = 20
"""Marks per transaction, so that nobody waits long for the database."""
LISTED = 10
"""Refused marks told one by one."""

NOT_THIS_BOOK = lazy(
    "This is not a file that was downloaded from this page, or it was saved as CSV, which loses a hidden sheet. "
    "Nothing was changed. Download the marks, enter yours, and choose that file."
)
OTHER_COURSE = lazy("This file has the marks of another course. Nothing was changed.")
UNREADABLE = lazy(
    "This file could not be read as a spreadsheet. Nothing was changed. Save it as XLSX and choose it again."
)
TOO_LARGE = lazy("This file is larger than 5 MB. Nothing was changed.")
PROBLEMS = {
    "not-a-mark": lazy("is no mark from 0 to 100"),
    "no-work": lazy("nothing was handed in that could be marked"),
    "no-name": lazy("this work is graded without names: mark it in the grading queue"),
    "from-answers": lazy("the marks of a quiz come from its answers: mark an answer, or regrade the quiz"),
    "nobody": lazy("nobody with this code takes the course"),
    "twice": lazy("this person appears in the file twice: the first row counts"),
    "too-many": lazy("a file changes at most 500 marks: bring the others with a second file"),
}


@bp.get("/teach/courses/<slug>/gradebook.xlsx")
@role("instructor", "admin")
def file(slug: str) -> Any:
    course, revision = taught_course(slug, current_user) or abort(404)
    _runs, cohort_id = cohorts_and_chosen(course.id, request.args.get("cohort", type=row_number))
    query = GradebookQuery(course.id, cohort_id, request.args.get("q", "").strip())
    book, out, hidden = book_of(query, revision), BytesIO(), queries.hidden_keys(query)
    works = {key: work for key, work in queries.newest_work(query).items() if key not in hidden}
    write_xlsx(out, *_sheets(course, revision, book, works))
    out.seek(0)
    word = _("marks")  # pybabel does not look into f-strings
    name = f"{word}-{course.slug}-{to_site_time(clock.now()):%Y-%m-%d}.xlsx"
    return send_file(out, XLSX, as_attachment=True, download_name=name)


def _sheets(course: Course, revision: CourseRevision, book: Book, works: dict[Key, WorkState]) -> list[Sheet]:
    by_item = _headings(book)
    columns = [
        Column(PERSON, "text", 9),
        Column(_("Name"), "text", 34),
        Column(_("Unit"), "text", 34),
        *(Column(heading, "number", 14) for heading in by_item.values()),
        Column(_("Mark so far"), "number", 12),
    ]
    head = [
        _("Marks: %(course)s", course=revision.title),
        _("As of %(moment)s", moment=say_moment(clock.now())),
        _("Marks of assignments stand before the late penalty, which is taken off by itself."),
    ]
    base = Sheet(
        BASE,
        [Column(title, "text") for title in BASE_HEADINGS[:4]] + [Column(t, "number") for t in BASE_HEADINGS[4:]],
        [
            (slug, str(one), str(item), *rest)
            for slug, one, item, *rest in base_rows(course.slug, _assignments(book), works)
        ],
        is_hidden=True,
    )
    return [Sheet(_("Marks"), columns, _rows(book, works), head), base]


def _rows(book: Book, works: dict[Key, WorkState]) -> Iterator[list[object]]:
    assignments = _assignments(book)
    for row in sorted(book.rows, key=lambda one: (one.participant.sort_name.casefold(), one.participant.enrolment_id)):
        enrolment_id = row.participant.enrolment_id
        marks = [
            works[enrolment_id, item.item_id].score
            if item.item_id in assignments and (enrolment_id, item.item_id) in works
            else row.cell(item.item_id).score
            for item in book.items
        ]
        yield [str(enrolment_id), row.participant.name, row.participant.unit, *marks, row.score]


def _headings(book: Book) -> dict[int, str]:
    titles = headings([item.title for item in book.items])
    return {item.item_id: title for item, title in zip(book.items, titles, strict=True)}


def _assignments(book: Book) -> dict[int, str]:
    """The headings of what people mark, by item."""
    by_item = _headings(book)
    return {one.item_id: by_item[one.item_id] for one in book.items if item_type_of(one.type).is_marked_by_people}


@bp.route("/teach/courses/<slug>/gradebook/import", methods=["GET", "POST"])
@role("instructor", "admin")
@takes_files
def bring_back(slug: str) -> Any:
    """Read an uploaded file and show what it would change. Nothing is stored: the ticked boxes carry the changes."""
    course, revision = taught_course(slug, current_user) or abort(404)
    form = MarksFileForm()
    if not form.validate_on_submit():
        return _file_page(course, revision, form), 422 if form.is_submitted() else 200
    data = form.file.data.read(MAX_BYTES + 1)
    try:
        with reading():
            sheets = _tables(data)
            book = book_of(GradebookQuery(course.id), revision)
            compared = _compared(course, book, sheets)
    except Unreadable:
        form.file.errors = [TOO_LARGE if len(data) > MAX_BYTES else UNREADABLE]
    except OtherCourse:
        form.file.errors = [OTHER_COURSE]
    except NotThisBook:
        form.file.errors = [NOT_THIS_BOOK]
    else:
        return _look_page(course, revision, book, compared)
    return _file_page(course, revision, form), 422


def _tables(data: bytes) -> list[SheetData]:
    """:raises Unreadable: also if reading takes too long or too much memory."""
    if len(data) > MAX_BYTES:
        raise Unreadable(UnreadableReason.TOO_LARGE)
    try:
        return isolated.run(read_tables, data, seconds=READING_SECONDS, megabytes=READING_MEGABYTES)
    except (isolated.TookTooLong, isolated.BrokeDown) as error:
        raise Unreadable(UnreadableReason.BROKEN) from error


def _compared(course: Course, book: Book, sheets: list[SheetData]) -> SheetComparison:
    """:raises NotThisBook: or ``OtherCourse``."""
    scores = {
        (row.participant.enrolment_id, item.item_id): row.cell(item.item_id).score
        for row in book.rows
        for item in book.items
    }
    columns = {heading: item_id for item_id, heading in _headings(book).items()}
    query = GradebookQuery(course.id)
    works, hidden = queries.newest_work(query), queries.hidden_keys(query)
    return compare(sheets, course.slug, columns, _assignments(book), scores, works, hidden)


def _file_page(course: Course, revision: CourseRevision, form: MarksFileForm) -> str:
    return render_template("gradebook/import.html", course=course, revision=revision, form=form)


def _look_page(course: Course, revision: CourseRevision, book: Book, compared: SheetComparison) -> str:
    names = {row.participant.enrolment_id: row.participant.name for row in book.rows}
    ticks = [tick(NewMark(one.now.submission_id, one.now.markings, one.new)) for one in compared.changes]
    return render_template(
        "gradebook/look.html",
        course=course,
        revision=revision,
        compared=compared,
        changes=list(zip(compared.changes, ticks, strict=True)),
        names=names,
        problems=PROBLEMS,
        form=MarksForm(formdata=None),
    )


@bp.post("/teach/courses/<slug>/gradebook/marks")
@role("instructor", "admin")
def take(slug: str) -> Any:
    """Take the ticked changes, some in each transaction. Sent twice, they are taken once."""
    course, revision = taught_course(slug, current_user) or abort(404)
    course_id, form, marks = course.id, MarksForm(), ticked(request.form.getlist("mark"))
    if not form.validate():
        return render_template(
            "gradebook/reason.html", course=course, revision=revision, form=form, ticks=[tick(one) for one in marks]
        ), 422
    taken, refused = 0, list[services.RefusedMark]()
    for first in range(0, len(marks), AT_ONCE):
        done, not_done = services.take_marks(
            marks[first : first + AT_ONCE],
            course_id,
            actor=current_user,
            reason=form.reason.data.strip(),
            now=clock.now(),
        )
        db.session.commit()
        taken, refused = taken + done, refused + not_done
    if taken:
        flash(ngettext("%(num)s mark was taken over.", "%(num)s marks were taken over.", taken), "done")
    elif not marks:
        flash(_("Nothing was ticked, so nothing was changed."))
    for mark, name, refusal in refused[:LISTED]:
        flash(f"{name or _('Unknown work')}, {say_number(mark.score)}: {refusal.text}")
    if len(refused) > LISTED:
        flash(_("and %(n)s more", n=say_number(len(refused) - LISTED)))
    return redirect(url_for(".page", slug=slug), 303)
