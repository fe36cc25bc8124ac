"""The questions of a quiz (or of a module, to check oneself) as a list, and each in a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import services
from lms.authoring.forms import questions as forms
from lms.authoring.forms.question_errors import by_field, faults_of, wrong_fields
from lms.authoring.prose import compare_texts
from lms.authoring.questions import editing, moving
from lms.authoring.questions.reading import QuestionFile, SourceQuestion, read_questions
from lms.authoring.questions.rereading import UnwritableQuestion
from lms.authoring.questions.values import (
    CONVERTIBLE_KINDS,
    FORM_KINDS,
    SHAPES,
    FormKind,
    QuestionValues,
    canonical,
    cleaned,
    converted,
)
from lms.authoring.rubric_grid import grid_of
from lms.authoring.services import FileChanged, Source, SourceFile
from lms.authoring.services import questions as finding
from lms.authoring.services.checking import CheckedDraft, NoPreview, check_draft
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.authoring.views.fault_places import places
from lms.content.items.quiz import Quiz
from lms.content.markdown.problems import Problem
from lms.content.questions.base import DIFFICULTIES
from lms.core import clock
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.courses.models import Course
from lms.lib.digits import whole_number
from lms.quizzes.disclosure import TO_TEACHERS
from lms.web.access import role


class _QuestionFileContext(NamedTuple):
    """A file with questions in the draft of a course."""

    course: Course
    draft: Source
    file: SourceFile
    questions: QuestionFile
    published_id: int | None

    @property
    def arguments(self) -> dict[str, Any]:
        return {"slug": self.course.slug, "file": self.file.path}


@bp.route("/teach/courses/<slug>/questions/<path:file>", methods=["GET", "POST"])
@role("instructor", "admin")
def questions(slug: str, file: str) -> Any:
    context = _context(slug, file)
    if request.method == "POST" and "do" in request.form:
        return _rearranged(context)
    return _list(context)


@bp.route("/teach/courses/<slug>/question/<int:number>/<path:file>", methods=["GET", "POST"])
@role("instructor", "admin")
def question(slug: str, number: int, file: str) -> Any:
    context = _context(slug, file)
    if request.method == "POST" and "was" in request.form:
        return _sent(context, number)
    found = context.questions.questions
    if not 0 < number <= len(found):
        abort(404)
    return _page(context, found[number - 1])


@bp.route("/teach/courses/<slug>/new-question/<kind>/<path:file>", methods=["GET", "POST"])
@role("instructor", "admin")
def new_question(slug: str, kind: str, file: str) -> Any:
    context = _context(slug, file)
    if kind not in FORM_KINDS or context.questions.type != "quiz":
        abort(404)
    if request.method != "POST" or "stem" not in request.form:
        blank = forms.with_empty_rows(QuestionValues(kind=kind), 2 if SHAPES[kind] == "lines" else 4)
        return _page(context, None, blank)
    sent, found = forms.with_known_rows(forms.question_from(request.form, kind), 0), context.questions.questions
    if refused := _refused(context, None, sent):
        return refused
    if request.form.get("was-count") != str(len(found)) and _says_what_is_sent(context, len(found)):
        return _to_saved(context, len(found))
    try:
        done = moving.add_question(context.questions, sent)
    except UnwritableQuestion as why:
        return _page(context, None, sent, _not_writable(why)), 422
    if message := _save(context, lambda _old: done):
        return _page(context, None, sent, {"": message}), 409
    number = len(context.questions.questions) + 1
    if _is_sound(context, done, number):
        flash(_("The question is at the end of the list. Learners see it once the draft is published."), "done")
    return _to_saved(context, number)


def _context(slug: str, path: str) -> _QuestionFileContext:
    course, revision = course_to_edit(slug)
    draft = services.source(course.id)
    file = draft.files.get(path)
    found = read_questions(file.data) if file and file.is_text else None
    if file is None or found is None or not (found.type == "quiz" or found.questions):
        abort(404)
    return _QuestionFileContext(course, draft, file, found, revision.id if revision else None)


def _sent(context: _QuestionFileContext, number: int) -> Any:
    found = finding.same_question(context.questions, request.form["was"], number - 1)
    if found is None:
        return _to_saved(context, number) if _says_what_is_sent(context, number) else _conflict(context, number)
    if found.values is None:
        return _page(context, found)
    kind = found.values.kind
    rows = len(found.values.options or found.values.answers or found.values.pairs)
    sent = forms.with_known_rows(forms.question_from(request.form, kind, found.values.rubric), rows)
    if refused := _refused(context, found, sent):
        return refused
    try:
        done = editing.edit_question(context.questions, found.number, sent)
    except UnwritableQuestion as why:
        return _page(context, found, sent, _not_writable(why)), 422
    if message := _save(context, lambda _old: done):
        return _page(context, found, sent, {"": message}), 409
    if _is_sound(context, done, found.number + 1):
        flash(_("Saved in the draft. Learners see it once it is published."), "done")
    return _to_saved(context, found.number + 1)


def _says_what_is_sent(context: _QuestionFileContext, number: int) -> bool:
    """True if the draft has the question as it was sent, because of the first of two clicks."""
    found = context.questions.questions
    values = found[number - 1].values if 0 < number <= len(found) else None
    if values is None or request.form.get("do", "save") != "save":
        return False
    was = request.form.get("was-kind")
    kind: FormKind = next((one for one in FORM_KINDS if one == was), "single")
    return canonical(forms.question_from(request.form, kind, values.rubric)) == canonical(values)


def _is_sound(context: _QuestionFileContext, data: bytes, number: int) -> bool:
    """True if this question of the changed file can be published. Otherwise its page says why not."""
    changed = read_questions(data)
    assert changed is not None  # it was written from one
    texts, path = context.draft.texts, context.file.path
    problems = check_draft(context.course.slug, texts | {path: data}).problems_of(path)
    return all(one.is_warning for one in _within(changed.questions[number - 1], problems))


def _within(found: SourceQuestion, problems: list[Problem]) -> list[Problem]:
    return [one for one in problems if found.has_line(one.line)]


def _to_saved(context: _QuestionFileContext, number: int) -> Any:
    """Redirect to the question. The address says what was saved, so that the device deletes its copy
    (``question.js``)."""
    entry = request.form.get("entry", "")
    named = f"saved-{entry}" if re.fullmatch("[a-z0-9]{1,20}", entry) else None
    return redirect(url_for(".question", number=number, _anchor=named, **context.arguments))


def _refused(context: _QuestionFileContext, found: SourceQuestion | None, sent: QuestionValues) -> Any:
    """The form again, where it is not complete or was not to be saved yet; nothing is lost."""
    do = request.form.get("do", "save")
    if do == "more":
        return _page(context, found, forms.with_empty_rows(sent, 3))
    old_rubric = found.values.rubric if found and found.values else ""
    if with_grid := forms.rubric_pressed(sent, do, old_rubric):
        return _page(context, found, with_grid)
    if do == "more-hints":
        return _page(context, found, forms.with_empty_hint(sent))
    if kind := next((one for one in CONVERTIBLE_KINDS if do == f"kind-{one}"), None):
        return _page(context, found, forms.with_empty_rows(converted(cleaned(sent), kind)))
    if do.startswith("up-") and do[3:].isdecimal() and len(do) < 7:
        return _page(context, found, forms.row_moved_up(sent, int(do[3:])))
    errors = forms.errors_of(sent, found.values if found else None)
    return (_page(context, found, sent, errors), 422) if errors else None


def _not_writable(why: UnwritableQuestion) -> dict[str, str]:
    text = _(
        "Markdown would read this text as something else, such as a new question or code without an end. "
        "Change the text, or write it in the source text."
    )
    return dict.fromkeys(why.fields or ("",), text)


def _save(context: _QuestionFileContext, change: Callable[[bytes], bytes]) -> str:
    """Why nothing was saved, or an empty text."""
    now, course_id, path, base = clock.now(), context.course.id, context.file.path, context.file.sha256
    with reading():
        ready = services.with_texts(context.draft)
        db.session.rollback()
    try:
        services.put(ready, course_id, path, change, base, actor_id=current_user.id, now=now)
    except FileChanged:
        db.session.rollback()
        return _("Somebody else has saved this file at the same moment. Press “Save” again.")
    except Refusal as refusal:
        db.session.rollback()
        return refusal.text
    db.session.commit()
    return ""


def _rearranged(context: _QuestionFileContext) -> Any:
    """Move, copy, take out or put back a question of the list as it was shown."""
    do, back = request.form["do"], redirect(url_for(".questions", **context.arguments))
    file = context.questions
    if request.form.get("base") != context.file.sha256 or file.type != "quiz":
        flash(_("Somebody else has changed these questions in the meantime. Nothing was done; please look again."))
        return back
    name, _dash, rest = do.partition("-")
    number = whole_number(rest, most=99_999) or 0
    try:
        done = _rearrange(context, name, number - 1)
    except UnwritableQuestion:
        flash(_("Another question would change by this. Nothing was done: use the source text instead."))
        return back
    if done is None:
        return back
    if message := _save(context, lambda _old: done[0]):
        flash(message)
    else:
        flash(done[1], "done")
    return back


def _rearrange(context: _QuestionFileContext, name: str, at: int) -> tuple[bytes, str] | None:
    file = context.questions
    if name == "back":
        older, gone = finding.removed_questions(context.published_id, context.file.path, file)
        if not 0 <= at < len(gone):
            return None
        number = finding.place_of(older, gone[at], file)
        return moving.put_back(file, number, older, gone[at]), _("The question is back in the draft.")
    if not 0 <= at < len(file.questions):
        return None
    if name == "up" and at:
        return moving.moved_up(file, at), _("Question %(old)s is now question %(new)s.", old=at + 1, new=at)
    if name == "down" and at + 1 < len(file.questions):
        return moving.moved_up(file, at + 1), _("Question %(old)s is now question %(new)s.", old=at + 1, new=at + 2)
    if name == "copy":
        return moving.duplicate_question(file, at), _("The copy is question %(number)s.", number=at + 2)
    if name == "delete":
        return moving.remove_question(file, at), _("The question was taken out of the draft.")
    return None


def _conflict(context: _QuestionFileContext, number: int) -> Any:
    """Somebody else has changed this very question: both versions, and the form with one's own."""
    found = context.questions.questions
    theirs = next((one for one in found if one.id and one.id == request.form.get("id")), None)
    if theirs is None and 0 < number <= len(found) and not found[number - 1].id:
        theirs = found[number - 1]
    was = request.form.get("was-kind")
    kind: FormKind = next((one for one in FORM_KINDS if one == was), "single")
    if theirs is None or theirs.values is None or theirs.values.shape != SHAPES[kind]:
        flash(_("This question is no longer in the draft, or no longer has a form. Nothing was saved."))
        return redirect(url_for(".questions", **context.arguments))
    rows = len(theirs.values.options or theirs.values.answers or theirs.values.pairs)
    sent = forms.with_known_rows(forms.question_from(request.form, kind, theirs.values.rubric), rows)
    try:
        changed = read_questions(editing.edit_question(context.questions, theirs.number, sent))
    except UnwritableQuestion:
        changed = None
    mine = changed.text(changed.questions[theirs.number]) if changed else ""
    return _page(context, theirs, sent, conflict=(context.questions.text(theirs), mine)), 412


def _list(context: _QuestionFileContext) -> str:
    checked = check_draft(context.course.slug, context.draft.texts)
    problems = checked.problems_of(context.file.path)
    rows = [(one, _within(one, problems)) for one in context.questions.questions]
    _older, gone = finding.removed_questions(context.published_id, context.file.path, context.questions)
    return render_template(
        "authoring/questions.html",
        course=context.course,
        file=context.file,
        title=checked.title_of(context.file.path),
        rows=rows,
        gone=gone if context.questions.type == "quiz" else [],
        is_quiz=context.questions.type == "quiz",
        place=places(context.course.slug, context.draft),
        other_problems=[p for p in problems if not any(one.has_line(p.line) for one, _found in rows)],
    )


def _quiz(checked: CheckedDraft, context: _QuestionFileContext) -> Quiz | None:
    """The quiz of this file; None if the file is another item or cannot be read."""
    item = checked.item(context.file.path)
    return item if isinstance(item, Quiz) else None


def _page(
    context: _QuestionFileContext,
    found: SourceQuestion | None,
    sent: QuestionValues | None = None,
    errors: dict[str, str] | None = None,
    conflict: tuple[str, str] | None = None,
) -> str:
    """``found`` is None for a new question; ``sent`` is what could not be saved."""
    checked = check_draft(context.course.slug, context.draft.texts)
    values = sent or (found.values if found else None)
    if values and not sent:
        values = forms.with_empty_rows(values)
    shown, is_refused = _shown(context, checked, found) if found and not sent else (None, False)
    return render_template(
        "authoring/question.html",
        course=context.course,
        file=context.file,
        title=checked.title_of(context.file.path),
        found=found,
        count=len(context.questions.questions),
        values=values,
        grid=grid_of(values.rubric) if values else None,
        difficulties=DIFFICULTIES,
        kinds=CONVERTIBLE_KINDS,
        is_unsaved=sent is not None,
        was=finding.digest(context.questions, found) if found else "",
        source=context.questions.text(found) if found else "",
        lines=context.questions.lines,
        shown=shown,
        is_refused=is_refused,
        disclosure=TO_TEACHERS,
        conflict=conflict,
        changes=compare_texts(*conflict) if conflict else [],
        **_quiz_values(context, _quiz(checked, context), values),
        **_errors_and_faults(context, checked, found, values, sent, errors or {}),
    )


def _quiz_values(context: _QuestionFileContext, quiz: Quiz | None, values: QuestionValues | None) -> dict[str, bool]:
    """What the form offers because of the quiz that the question is in."""
    return {
        "is_quiz": context.questions.type == "quiz",
        "has_pair": bool(values and values.pair) or bool(quiz and quiz.purpose),
        "hides_hints": quiz is not None and not (quiz.has_tries or quiz.shows_hints),
    }


def _errors_and_faults(
    context: _QuestionFileContext,
    checked: CheckedDraft,
    found: SourceQuestion | None,
    values: QuestionValues | None,
    sent: QuestionValues | None,
    errors: dict[str, str],
) -> dict[str, Any]:
    """What keeps the sent form from being saved; of a question in the draft what the check says of it."""
    problems = checked.problems_of(context.file.path)
    at_fields = by_field(found, values, _within(found, problems)) if found else {}
    faults = faults_of(at_fields) if values and not sent else None
    return {
        "message": errors.get(""),
        "errors": faults.errors if faults else wrong_fields(errors),
        "faults": faults,
        "problems": at_fields,
    }


def _shown(context: _QuestionFileContext, checked: CheckedDraft, found: SourceQuestion) -> tuple[Any, bool]:
    """The question as learners see it, and whether it takes too long to render."""
    try:
        return finding.preview_question(
            context.course.slug, context.draft, checked, context.file.path, found.head_line
        ), False
    except NoPreview:
        return None, True
