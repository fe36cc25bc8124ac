"""The draft of a course: saved, compared, discarded, published, restored."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from authoring_factories import edit, publish_draft
from concurrency import run_concurrently, run_twice
from factories import NOON, item_of, make_enrolment, make_person
from sqlalchemy import select

from lms.authoring import queries, services
from lms.authoring.changes import QuestionChange
from lms.authoring.models import CourseDraft, CourseDraftFile
from lms.authoring.services import DraftChanged, FileChanged, SourceTooLong, publishing
from lms.authoring.splice import editable_text
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses import services as importing
from lms.courses.models import CourseRevision
from lms.courses.services import CourseHasProblems
from lms.learning import services as learning
from lms.learning.models import Progress

DEMO = Path(__file__).parents[2] / "content" / "pelayanan-publik"
MODULE, QUIZ = "01-modul.md", "02-kuis.md"


def looked_at(course):
    return publishing.preview_publication(course.slug, services.source(course.id), course.revision)


def test_the_first_save_makes_the_draft_and_changes_one_line(course):
    before = services.source(course.id).files[MODULE].data
    person = make_person()
    edit(course, MODULE, "salah tik", "benar", actor_id=person.id)
    draft = services.source(course.id)
    assert draft.is_draft
    assert draft.files[MODULE].data == before.replace(b"salah tik", b"benar")
    assert (draft.files[MODULE].version, draft.files[MODULE].changed_by) == (1, person.id)
    assert draft.files["media/alur.svg"].key, "media stay in the storage"
    assert db.session.query(CourseDraft).count() == 1


def test_saving_an_untouched_text_makes_no_draft(course):
    edit(course, MODULE, "salah tik", "salah tik")
    assert not services.source(course.id).is_draft


def test_a_stale_save_is_refused_and_tells_what_is_there(course):
    base = services.source(course.id).files[MODULE].sha256
    edit(course, MODULE, "salah tik", "yang pertama")
    draft = services.source(course.id)
    with pytest.raises(FileChanged) as conflict:
        services.save(draft, course.id, MODULE, "teks kedua", base, actor_id=None, now=NOON)
    assert "yang pertama" in editable_text(conflict.value.file.data)
    assert "yang pertama" in editable_text(services.source(course.id).files[MODULE].data)


def test_a_text_that_is_too_long_is_refused(course):
    draft = services.with_texts(services.source(course.id))
    with pytest.raises(SourceTooLong):
        services.save(draft, course.id, MODULE, "a" * 300_000, draft.files[MODULE].sha256, actor_id=None, now=NOON)


def test_a_revision_that_came_in_before_the_first_save_is_not_passed_over(course):
    draft = services.with_texts(services.source(course.id))
    files = importing.source_files(course.revision)
    importing.import_course(course.slug, files | {MODULE: files[MODULE] + b"\nBaru.\n"}, actor_id=None, now=NOON)
    with pytest.raises(DraftChanged):
        services.save(draft, course.id, MODULE, "x", draft.files[MODULE].sha256, actor_id=None, now=NOON)


def test_publishing_keeps_progress_and_ends_the_draft(course):
    enrolment, person = make_enrolment(make_person(), course), make_person()
    learning.record_read(enrolment.id, item_of(course, "modul"), now=NOON)
    edit(course, MODULE, "salah tik", "benar")
    done = publish_draft(course, actor_id=person.id)
    assert (done.revision.number, done.revision.is_current, done.revision.created_by) == (2, True, person.id)
    assert "benar" in item_of(course, "modul").body_html
    assert not services.source(course.id).is_draft
    assert not db.session.query(CourseDraftFile).count()
    assert db.session.scalars(select(Progress.state)).all() == ["done"]
    said = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.verb == "publish course").order_by(LedgerEntry.id)
    ).all()[-1]
    assert said.actor_id == person.id


def test_what_changed_since_it_was_prepared_is_not_published(course):
    edit(course, MODULE, "salah tik", "benar")
    ready = publishing.prepare(course.slug, course.id, services.source(course.id))
    edit(course, MODULE, "benar", "lain lagi")
    with pytest.raises(DraftChanged):
        publishing.publish(ready, actor_id=None, now=NOON)
    assert db.session.query(CourseRevision).count() == 1


def test_the_look_names_what_changes(course):
    edit(course, MODULE, "salah tik", "benar")
    edit(course, QUIZ, "- [ ] Tiga\n- [x] Empat", "- [x] Tiga\n- [ ] Empat")
    edit(course, QUIZ, "pass: 60", "pass: 75")
    module, quiz = looked_at(course).changes.items
    assert (module.is_edited, module.changes_marks) == (True, False)
    assert quiz.questions == (QuestionChange(title="Dua tambah dua?", has_another_key=True),)
    assert quiz.pass_mark == (60, 75)


def test_the_look_names_changed_settings_and_nothing_that_stayed(course):
    edit(course, QUIZ, "pass: 60", "pass: 60\nattempts: 3")
    edit(course, MODULE, "salah tik", "benar")
    edit(course, "course.md", "jp: 2", "jp: 2\ncompletion:\n  items: required")
    found = looked_at(course).changes
    assert [one.settings for one in found.items] == [(), ("attempts",)]
    assert found.has_another_rule
    assert found.other_files == ("course.md",)


def test_the_demo_course_compared_with_itself_has_no_change(session):
    files = {p.relative_to(DEMO).as_posix(): p.read_bytes() for p in DEMO.rglob("*") if p.is_file()}
    revision = importing.import_course("pelayanan-publik", files, actor_id=None, now=NOON).revision
    importing.publish(revision, actor_id=None, now=NOON)
    course = revision.course
    db.session.refresh(course)
    assert not looked_at(course).changes
    for path in [path for path in files if path.endswith(".md") and "/0" in path]:
        edit(course, path, "id: ", "id:  ")
    changes = looked_at(course).changes.items
    assert len(changes) == course.revision.item_count
    assert not [one for one in changes if one.questions or one.settings or one.is_moved or one.weight or one.pass_mark]


def test_rewording_a_question_is_no_change_of_its_key(course):
    edit(course, QUIZ, "Dua tambah dua?", "Berapa dua tambah dua?")
    (quiz,) = looked_at(course).changes.items
    assert quiz.is_edited
    assert not quiz.questions


def test_other_points_and_a_switched_off_suggestion_are_told_apart_from_the_key(course):
    edit(course, QUIZ, "{#dua}", "{#dua points=2}")
    (quiz,) = looked_at(course).changes.items
    assert quiz.questions == (QuestionChange(title="Dua tambah dua?", points=(Fraction(1), Fraction(2))),)
    edit(course, QUIZ, "{#dua points=2}", "{#dua lint-off=longest-key}")
    (quiz,) = looked_at(course).changes.items
    assert quiz.questions == ()


def test_tags_objective_and_difficulty_are_no_part_of_the_key(course):
    edit(course, QUIZ, "{#dua}", '{#dua tags="hitung, dasar" objective="Menjumlahkan" difficulty=mudah}')
    (quiz,) = looked_at(course).changes.items
    assert quiz.is_edited
    assert quiz.questions == ()


def test_an_exchange_of_the_words_of_two_choices_is_one(course):
    edit(course, QUIZ, "- [ ] Tiga\n- [x] Empat", "- [ ] Empat\n- [x] Tiga")
    (quiz,) = looked_at(course).changes.items
    assert quiz.questions


def test_the_look_and_the_import_have_the_same_digest_with_added_ids(course):
    edit(course, MODULE, "id: satu\n", "")
    found = looked_at(course)
    assert found.with_ids == (MODULE,)
    prepared = importing.prepare_import(course.slug, services.source(course.id).data)
    assert prepared.digest == found.digest
    assert [(one.title, one.is_new) for one in found.changes.items] == [("Modul satu", True), ("Modul satu", False)]


def test_a_draft_with_faults_cannot_be_looked_at(course):
    edit(course, MODULE, "title: Modul satu", "titel: Modul satu")
    with pytest.raises(CourseHasProblems):
        looked_at(course)


def test_an_older_revision_becomes_the_draft_and_then_a_new_revision(course):
    first = course.revision.id
    old = services.source(course.id).data
    edit(course, MODULE, "salah tik", "benar")
    publish_draft(course)
    edit(course, MODULE, "benar", "belum terbit")
    older = services.with_texts(services.of_revision(first))
    services.restore(older, course.id, services.source(course.id).state, actor_id=None, now=NOON)
    assert services.source(course.id).data == old
    done = publish_draft(course)
    assert (done.revision.number, done.is_new) == (3, True)
    assert importing.source_files(done.revision) == old
    assert "salah tik" in item_of(course, "modul").body_html
    verbs = db.session.scalars(select(LedgerEntry.verb).where(LedgerEntry.verb == "discard draft")).all()
    assert verbs == ["discard draft"]


def test_two_first_saves_at_the_same_moment_make_one_draft_and_lose_nothing(app, course):
    draft = services.with_texts(services.source(course.id))
    base, course_id, ends = draft.files[MODULE].sha256, course.id, []

    def write(words):
        def deed():
            try:
                services.save(draft, course_id, MODULE, words, base, actor_id=None, now=NOON)
                ends.append("saved")
            except FileChanged:
                ends.append("told")

        return deed

    assert run_concurrently(app, write("satu"), write("dua")) == ["done", "done"]
    assert sorted(ends) == ["saved", "told"]
    assert db.session.query(CourseDraft).count() == 1


def test_publishing_twice_at_the_same_moment_makes_one_revision(app, course):
    edit(course, MODULE, "salah tik", "benar")
    ready = publishing.prepare(course.slug, course.id, services.source(course.id))
    ends = run_twice(app, lambda: publishing.publish(ready, actor_id=None, now=NOON))
    assert ends == ["DraftChanged", "done"]
    assert db.session.query(CourseRevision).count() == 2


def test_discarding_what_nobody_looked_at_is_refused(course):
    edit(course, MODULE, "salah tik", "benar")
    seen = services.source(course.id).state
    edit(course, MODULE, "benar", "lain")
    with pytest.raises(DraftChanged):
        services.discard(course.id, seen, actor_id=None, now=NOON)
    services.discard(course.id, services.source(course.id).state, actor_id=None, now=NOON)
    assert not services.source(course.id).is_draft


def test_only_those_who_teach_it_find_the_course(course, session):
    from factories import grant, make_admin

    teacher, other = make_person(), make_person()
    grant(teacher, "instructor", course=course)
    assert queries.course_to_edit(course.slug, teacher)
    assert queries.course_to_edit(course.slug, make_admin())
    assert queries.course_to_edit(course.slug, other) is None
    assert queries.revision(course.id, 1, other) is None
