"""Questions of other programs into a quiz of the draft, and questions of the draft out as GIFT and Moodle XML."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.authoring import services
from lms.authoring.bank_look import PER_PAGE, BankPage, Row, is_quiz, quiz_file
from lms.authoring.forms.question_banks import QuestionBankForm
from lms.authoring.services import FileChanged, Source, SourceFile, question_banks, uploads
from lms.authoring.services.checking import CheckedDraft, check_draft
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.authoring.views.media import size_in_words
from lms.content.exchange.bank import UnreadableBank
from lms.content.exchange.gift_writing import write_gift
from lms.content.exchange.moodle_xml_writing import write_moodle_xml
from lms.content.exchange.table import COLUMNS, EXAMPLE_ROWS
from lms.content.questions.base import Question
from lms.core import clock
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_message
from lms.courses.models import Course
from lms.lib.tables import Sheet, write_xlsx
from lms.web.access import role
from lms.web.headers import set_disposition
from lms.web.paging import Page
from lms.web.request_limits import takes_files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_LISTED = 200
"""Questions that are not imported, named on the page."""
Quizzes = list[tuple[str, Sequence[Question]]]


@bp.route("/teach/courses/<slug>/import-questions/<path:quiz>", methods=["GET", "POST"])
@role("instructor", "admin")
@takes_files
def import_questions(slug: str, quiz: str) -> Any:
    course, _revision = course_to_edit(slug)
    draft = services.source(course.id)
    file = draft.files.get(quiz) or abort(404)
    if not file.is_text or not is_quiz(quiz, file.data):
        abort(404)
    token = request.values.get("upload", "")
    if not token:
        return _upload(course, file) if request.method == "POST" else _first_page(course, file, QuestionBankForm())
    data = uploads.held_one(token, current_user.id, _purpose(course.id, quiz))
    if data is None:
        flash(_("This file is no longer kept here. Nothing was imported by this page; choose the file again."))
        return redirect(url_for(".import_questions", slug=slug, quiz=quiz), 303)
    try:
        if request.method == "POST":
            return _import(course, draft, file, token, data)
        return _look_page(course, file, token, data)
    except UnreadableBank as error:  # the server was too busy to read it a second time
        db.session.rollback()
        form = QuestionBankForm(formdata=None)
        form.file.errors = [_why(error)]
        return _first_page(course_to_edit(slug)[0], file, form), 422


def _upload(course: Course, quiz: SourceFile) -> Any:
    form = QuestionBankForm()
    address = url_for(".import_questions", slug=course.slug, quiz=quiz.path)
    course_id, person_id = course.id, current_user.id
    if not form.validate():
        return _first_page(course, quiz, form), 422
    upload = form.file.data
    data = upload.read(question_banks.MAX_BYTES + 1) if upload else (form.text.data or "").encode()
    at = form.file if upload else form.text
    with reading():
        try:
            if len(data) > question_banks.MAX_BYTES:
                raise question_banks.BankTooLarge
            question_banks.preview_bank(data, quiz, 1)
            db.session.rollback()  # nobody waits while the file is stored
            token = uploads.hold_one(data, person_id, _purpose(course_id, quiz.path))
        except UnreadableBank as error:
            at.errors = [_why(error)]
        except Refusal as refusal:
            at.errors = [refusal.text]
        else:
            return redirect(f"{address}?upload={token}", 303)
    return _first_page(course_to_edit(course.slug)[0], quiz, form), 422


def _purpose(course_id: int, path: str) -> str:
    return f"questions for {path} of course {course_id}"


def _why(error: UnreadableBank) -> str:
    words = {"what": say_message(error.what), "fix": say_message(error.fix), "line": error.line}
    if error.line:
        return _("Nothing was imported. Line %(line)s: %(what)s; %(fix)s.", **words)
    return _("Nothing was imported: %(what)s; %(fix)s.", **words)


def _first_page(course: Course, quiz: SourceFile, form: QuestionBankForm) -> str:
    return render_template("authoring/import_questions.html", course=course, file=quiz, form=form)


def _look_page(course: Course, quiz: SourceFile, token: str, data: bytes, message: str = "") -> str:
    page = question_banks.preview_bank(data, quiz, request.args.get("page", 1, type=int))
    count = max(1, -(-len(page.rows) // PER_PAGE))
    return render_template(
        "authoring/import_questions_look.html",
        course=course,
        file=quiz,
        token=token,
        bank=page,
        shown=page.shown,
        page=Page(page.shown, page.first // PER_PAGE + 1, count, len(page.rows)),
        words={
            "right": _("Right"),
            "wrong": _("Wrong"),
            "accepted": _("Accepted answers:").rstrip(":"),
            "true": _("True"),
            "false": _("False"),
        },
        most_listed=MAX_LISTED,
        size_in_words=size_in_words,
        message=message,
    )


def _import(course: Course, draft: Source, quiz: SourceFile, token: str, data: bytes) -> Any:
    """Only into the quiz as it was when the questions were looked at, so that a second click adds nothing."""
    if request.form.get("base") != quiz.sha256:
        message = _(
            "The quiz has changed since you looked. Nothing was imported by this press; questions that it has by now"
            " are no longer ticked."
        )
        return _look_page(course, quiz, token, data, message), 409
    slug, course_id = course.slug, course.id
    with reading():
        found = question_banks.preview_bank(data, quiz, 1)
        ready = services.with_texts(draft)
        db.session.rollback()
    wanted = _wanted(found)
    if not wanted:
        message = _("Nothing is ticked, so nothing was imported. Tick the questions that you want.")
        return _look_page(course_to_edit(slug)[0], quiz, token, data, message), 422
    questions = [row.taken for row in wanted]
    try:
        with reading():
            pictures = question_banks.accepted(questions)
            db.session.rollback()
        question_banks.append(
            ready, course_id, ready.files[quiz.path], questions, pictures, actor_id=current_user.id, now=clock.now()
        )
    except (FileChanged, Refusal) as refusal:
        db.session.rollback()
        message = refusal.text if isinstance(refusal, Refusal) else services.DraftChanged().text
        now = services.source(course_id).files.get(quiz.path) or abort(404)
        status = refusal.status if isinstance(refusal, Refusal) else 409
        return _look_page(course_to_edit(slug)[0], now, token, data, message), status
    db.session.commit()
    flash(
        ngettext(
            "%(num)s question is in the draft. Learners see it once it is published.",
            "%(num)s questions are in the draft. Learners see them once they are published.",
            len(wanted),
        ),
        "done",
    )
    if len(wanted) < len(found.rows) or found.left_out:
        return redirect(url_for(".import_questions", slug=slug, quiz=quiz.path, upload=token), 303)
    return redirect(url_for(".edit", slug=slug, file=quiz.path), 303)


def _wanted(found: BankPage) -> list[Row]:
    """The numbers of the ticked questions; before the form was sent, of those that are ticked at first."""
    if "all" in request.form:
        return [row for row in found.rows if row.is_ticked]
    numbers = set(request.form.getlist("take"))
    return [row for row in found.rows if str(row.number) in numbers]


@bp.get("/teach/question-template.xlsx")
@role("instructor", "admin")
def question_template() -> Response:
    out = io.BytesIO()
    write_xlsx(out, Sheet(_("Questions"), COLUMNS, EXAMPLE_ROWS))
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name="templat-soal.xlsx", etag=False)


@bp.get("/teach/courses/<slug>/questions.gift")
@role("instructor", "admin")
def export_gift(slug: str) -> Response:
    return _export(slug, write_gift, "gift.txt", "text/plain")


@bp.get("/teach/courses/<slug>/questions.xml")
@role("instructor", "admin")
def export_moodle_xml(slug: str) -> Response:
    return _export(slug, write_moodle_xml, "xml", "application/xml")


def _export(slug: str, write: Callable[[Quizzes], tuple[str, int]], ending: str, media_type: str) -> Response:
    """The questions of the draft, of all quizzes or of the one named by ``?file=``."""
    course, _revision = course_to_edit(slug)
    path = request.args.get("file", "")
    draft = services.source(course.id)
    quizzes: Quizzes
    if path:
        quiz = draft.files.get(path) or abort(404)
        item = quiz_file(path, quiz.data).item if quiz.is_text else abort(404)
        quizzes = [("", item.questions if item else ())]
    else:
        quizzes = _quizzes(check_draft(course.slug, draft.texts))
    text, _left_out = write(quizzes)
    name = f"{course.slug}-{path.rpartition('/')[2].removesuffix('.md')}" if path else course.slug
    answer = Response(text, content_type=f"{media_type}; charset=utf-8")
    set_disposition(answer, "attachment", f"{name}.{ending}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _quizzes(checked: CheckedDraft) -> Quizzes:
    items = (one.item for one in checked.folder.item_files if one.item)
    return [(item.title, item.questions) for item in items if item.questions]
