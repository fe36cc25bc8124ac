"""The question bank of a course, what a question said before, and questions taken from other courses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import queries, services
from lms.authoring.bank import BankFilters, BankQuestion, facets_of, without_pictures
from lms.authoring.prose import compare_texts
from lms.authoring.questions.reading import read_questions
from lms.authoring.questions.rereading import UnwritableQuestion
from lms.authoring.services import DraftChanged, Source, copying
from lms.authoring.services import bank as banks
from lms.authoring.services.bank import CourseQuestions
from lms.authoring.services.checking import title_in, title_of_course, titles_being_written
from lms.authoring.services.copying import PickedQuestion
from lms.authoring.views.blueprint import bp, course_to_edit
from lms.content.folder.outline import lay_out
from lms.core import clock
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses.models import Course, CourseRevision
from lms.web.access import role
from lms.web.paging import Page

PER_PAGE = 30
MAX_WORDS_LENGTH = 200
MAX_COPIED = 100


@bp.get("/teach/courses/<slug>/questions")
@role("instructor", "admin")
def bank(slug: str) -> str:
    course, revision = course_to_edit(slug)
    found = banks.bank_of(services.source(course.id), revision.id if revision else None)
    filters = _filters()
    return render_template(
        "authoring/bank.html",
        course=course,
        revision=revision,
        title=_title(course, revision),
        bank=found,
        page=_page(filters.of(found.entries)),
        filters=filters,
        facets=facets_of(found.entries),
        origins=queries.origins(course.id),
        copied={one.from_question_id for one, _course, _revision in queries.copies(course.id)},
    )


@bp.post("/teach/courses/<slug>/questions/share")
@role("instructor", "admin")
def share_questions(slug: str) -> Any:
    course, _revision = course_to_edit(slug)
    do = request.form.get("do")
    if do not in ("share", "stop"):
        abort(400)
    is_shared = do == "share"
    banks.share(course, is_shared, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    if is_shared:
        flash(_("Instructors of other courses may now copy the published questions of this course."), "done")
    else:
        flash(_("The questions are no longer shared. Copies that others have made stay theirs."), "done")
    return redirect(url_for(".bank", slug=slug))


@bp.get("/teach/courses/<slug>/question-versions/<question_id>/<path:file>")
@role("instructor", "admin")
def question_versions(slug: str, question_id: str, file: str) -> str:
    course, revision = course_to_edit(slug)
    draft = services.source(course.id)
    there = banks.bank_of(draft, revision.id if revision else None)
    now = next((one for one in there.entries if (one.path, one.id) == (file, question_id)), None)
    slugs = {one.path: one.slug for one in lay_out([*draft.files, file]).items}
    older = banks.versions(course.id, slugs[file], question_id) if file in slugs else []
    if now is None and not older:
        abort(404)
    texts = [one.text for one in older]
    source = _source_of(draft, now) if now and now.state != "gone" else None
    return render_template(
        "authoring/question_versions.html",
        course=course,
        title=_title(course, revision),
        item=there.items.get(file, file),
        now=now,
        draft=source if source is not None and texts[:1] != [source] else None,
        draft_changes=compare_texts(texts[0], source) if source is not None and texts else [],
        versions=[
            (one, compare_texts(older[at + 1].text, one.text) if at + 1 < len(older) else [])
            for at, one in enumerate(older)
        ],
        origin=queries.origins(course.id).get(question_id),
        copies=_copies(course, question_id),
    )


def _copies(course: Course, question_id: str) -> tuple[list[tuple[str, str, str]], int]:
    """Title, slug and id of each copy in a course that this person edits; how many there are in others."""
    found = queries.copies(course.id, question_id)
    mine = [row for row in found if current_user.is_admin or row[1].id in current_user.taught_course_ids]
    return [(_title(other, revision), other.slug, one.question_id) for one, other, revision in mine], len(found) - len(
        mine
    )


def _source_of(draft: Source, entry: BankQuestion) -> str:
    found = read_questions(draft.files[entry.path].data)
    return found.text(found.questions[entry.number - 1]) if found else ""


@bp.route("/teach/courses/<slug>/take-questions/<path:quiz>", methods=["GET", "POST"])
@role("instructor", "admin")
def take_questions(slug: str, quiz: str) -> Any:
    """Choose a course, then its questions; POST copies those that are ticked into the quiz."""
    course, _revision = course_to_edit(slug)
    draft = services.source(course.id)
    file = draft.files.get(quiz)
    questions = read_questions(file.data) if file and file.is_text else None
    if file is None or questions is None or questions.type != "quiz":
        abort(404)
    offered = queries.courses_with_questions(current_user)
    chosen = next((row for row in offered if row[0].slug == request.values.get("from")), None)
    if chosen is None:
        return _choose_course(course, quiz, title_in(file.data) or quiz, offered)
    if request.method == "POST":
        return _copy(course, draft, quiz, chosen)
    return _choose_questions(course, draft, quiz, chosen)


def _choose_course(
    course: Course, quiz: str, quiz_title: str, offered: list[tuple[Course, CourseRevision | None]]
) -> str:
    """The list of courses. With words to search for, it has the number of questions in each course that match."""
    filters = BankFilters(words=request.args.get("words", "")[:MAX_WORDS_LENGTH])
    titles = titles_being_written([one.id for one, revision in offered if revision is None])
    rows = [(one, titles.get(one.id) or _title(one, revision), _is_own(one), revision) for one, revision in offered]
    if filters.words:
        counts = {one.id: len(filters.of(_offer(one, revision)[1].entries)) for one, revision in offered}
        rows = [row for row in rows if counts[row[0].id]]
    else:
        counts = {}
    return render_template(
        "authoring/take_from.html",
        course=course,
        quiz=quiz,
        quiz_title=quiz_title,
        rows=rows,
        counts=counts,
        words=filters.words,
    )


def _is_own(course: Course) -> bool:
    return current_user.is_admin or course.id in current_user.taught_course_ids


def _offer(course: Course, revision: CourseRevision | None) -> tuple[Source, CourseQuestions]:
    """The questions that can be copied, which are those of quizzes: of the draft in one's own course, else the
    published ones."""
    published_id = revision.id if revision else None
    source = services.source(course.id) if _is_own(course) else services.of_revision(published_id or 0)
    found = banks.bank_of(source, published_id)
    return source, replace(found, entries=tuple(one for one in found.entries if one.state != "gone" and one.form))


def _choose_questions(
    course: Course, draft: Source, quiz: str, chosen: tuple[Course, CourseRevision | None], message: str = ""
) -> str:
    theirs, revision = chosen
    source, found = _offer(theirs, revision)
    filters = _filters()
    page = _page(filters.of(found.entries))
    if not _is_own(theirs):
        rows = [replace(one, question=one.question and without_pictures(one.question)) for one in page.rows]
        page = replace(page, rows=rows)
    return render_template(
        "authoring/take_questions.html",
        course=course,
        quiz=quiz,
        quiz_title=title_in(draft.files[quiz].data) or quiz,
        theirs=theirs,
        title=_title(theirs, revision),
        bank=found,
        page=page,
        filters=filters,
        facets=facets_of(found.entries),
        state=draft.state,
        their_state=source.state,
        message=message,
        words={"right": _("Right"), "wrong": _("Wrong"), "accepted": _("Accepted answers:").rstrip(":")},
    )


def _copy(course: Course, draft: Source, quiz: str, chosen: tuple[Course, CourseRevision | None]) -> Any:
    theirs, revision = chosen
    slug, course_id, state = course.slug, course.id, request.form.get("state", "")
    with reading():
        source, found = _offer(theirs, revision)
        ready = services.with_texts(draft)
        from_course = theirs.id, _title(theirs, revision), None if source.is_draft or not revision else revision.number
        taken = set(queries.origins(course_id))
        db.session.rollback()
    wanted = set(request.form.getlist("take")[:MAX_COPIED])
    picked = [
        PickedQuestion(one.path, one.number, found.items[one.path])
        for one in found.entries
        if f"{one.path}#{one.number}" in wanted
    ]
    try:
        if (ready.state, source.state) != (state, request.form.get("their-state")):
            raise DraftChanged
        made = copying.copies_of(source, picked, ready, quiz, taken)
        copying.copy(ready, course_id, state, quiz, made, from_course, actor_id=current_user.id, now=clock.now())
    except (Refusal, UnwritableQuestion) as refusal:
        db.session.rollback()
        status = refusal.status if isinstance(refusal, Refusal) else 422
        course, _revision = course_to_edit(slug)
        page = _choose_questions(course, services.source(course_id), quiz, chosen, _why(refusal))
        return page, status
    db.session.commit()
    flash(
        ngettext(
            "%(num)s question was copied to the end of this quiz. Learners see it once the draft is published.",
            "%(num)s questions were copied to the end of this quiz. Learners see them once the draft is published.",
            len(made.ids),
        ),
        "done",
    )
    return redirect(url_for(".questions", slug=slug, file=quiz))


def _why(refusal: Refusal | UnwritableQuestion) -> str:
    if isinstance(refusal, Refusal):
        return refusal.text
    if not refusal.fields:
        return _(
            "The text of this quiz does not end cleanly (a code fence or a comment is open), so nothing was copied."
        )
    return _(
        "Nothing was copied. “%(title)s” would say something else in this quiz: copy it by hand in the source text, "
        "or leave it out.",
        title=refusal.fields[0],
    )


def _title(course: Course, revision: CourseRevision | None) -> str:
    return revision.title if revision else title_of_course(course)


def _filters() -> BankFilters:
    names = ("words", "form", "group", "tag", "objective", "difficulty", "item", "state")
    return BankFilters(**{name: request.args.get(name, "")[:MAX_WORDS_LENGTH] for name in names})


def _page(entries: list[BankQuestion]) -> Page:
    count = max(1, -(-len(entries) // PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), count)
    return Page(entries[(number - 1) * PER_PAGE : number * PER_PAGE], number, count, len(entries))
