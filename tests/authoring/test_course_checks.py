"""A large draft is checked by a job: once, with its progress, and its result is never shown for another draft."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from authoring_factories import FILES, edit
from concurrency import run_twice
from factories import NOON, grant, make_person
from pages import csrf_token
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.authoring import queries, services
from lms.authoring.jobs import check_courses
from lms.authoring.models import CourseCheck
from lms.authoring.services import course_checks, creating
from lms.content.rendering.course import render_texts
from lms.core import isolated
from lms.core.db import db, reading
from lms.courses import queries as courses
from lms.courses import services as importing
from lms.courses.models import Course, RenderedItem
from lms.courses.services import rendered_items

BASE = "/teach/courses/kecil"
PAGE = f"{BASE}/publish"
MODULE = "01-modul.md"
REFRESH = '<meta http-equiv="refresh"'


@pytest.fixture(autouse=True)
def small_limit(monkeypatch):
    """Every item is too much for a request, and rendered alone."""
    monkeypatch.setattr(course_checks, "LARGE", 10)
    monkeypatch.setattr(rendered_items, "AT_ONCE", 1)


@pytest.fixture
def author(course):
    person = make_person(name="Pengarang Satu")
    grant(person, "instructor", course=course)
    return person


@pytest.fixture
def rendered(monkeypatch):
    """The items that were rendered."""
    found = []
    run = isolated.run

    def noted(function, *given, **limits):
        if function is render_texts:
            found.extend(item.path for item in given[0])
        return run(function, *given, **limits)

    monkeypatch.setattr(isolated, "run", noted)
    return found


def edited(course: Course, old: str = "salah tik", new: str = "betul") -> None:
    edit(course, MODULE, old, new)
    db.session.commit()


def begun(course: Course) -> None:
    db.session.commit()
    draft = services.source(course.id)
    assert course_checks.is_large(course.id, course.slug, draft)
    db.session.rollback()
    course_checks.begin(course.id, draft, now=NOON)


def row(course: Course) -> CourseCheck | None:
    db.session.rollback()
    return queries.course_check(course.id)


def state(course: Course) -> course_checks.CheckState | None:
    db.session.rollback()
    return course_checks.state_of(course.id, services.source(course.id))


def test_a_draft_is_large_by_what_is_not_kept_of_it(course, monkeypatch):
    """The course was published, so that all of it is kept but what is edited."""
    assert not course_checks.is_large(course.id, course.slug, services.source(course.id))
    edited(course)
    draft = services.source(course.id)
    assert course_checks.is_large(course.id, course.slug, draft)
    monkeypatch.setattr(course_checks, "LARGE", len(draft.files[MODULE].content))
    assert not course_checks.is_large(course.id, course.slug, draft)


def test_ids_that_only_publishing_writes_do_not_make_it_large(session, monkeypatch):
    """What is kept of the items has them already."""
    files = {path: data.replace(b"id: satu\r\n", b"") for path, data in FILES.items()}
    course = creating.create_course("baru", files, actor_id=make_person().id, now=NOON)
    begun(course)
    check_courses()
    edit(course, "02-kuis.md", "Jawablah.", "Jawablah ini.")
    monkeypatch.setattr(course_checks, "LARGE", len(FILES["02-kuis.md"]) + 10)
    assert not course_checks.is_large(course.id, course.slug, services.source(course.id))


def test_a_revision_whose_rendered_items_are_gone_is_large_again(course):
    db.session.query(RenderedItem).delete()
    assert course_checks.is_large(course.id, course.slug, services.source(course.id))


def test_the_job_renders_only_what_was_edited_and_then_a_request_checks_it(course, rendered):
    edited(course)
    begun(course)
    assert state(course).result is None
    rendered.clear()
    assert check_courses() == 1
    assert rendered == [MODULE]
    assert state(course) == course_checks.CheckState(NOON, 2, 2, "checked")
    assert not course_checks.is_to_wait_for(course.id, course.slug, services.source(course.id))
    rendered.clear()
    importing.check_import(course.slug, services.source(course.id).data)
    assert rendered == []
    assert check_courses() == 0


def test_asked_for_twice_it_is_begun_once(course):
    edited(course)
    begun(course)
    check_courses()
    begun_again = services.source(course.id)
    db.session.rollback()
    course_checks.begin(course.id, begun_again, now=NOON + timedelta(minutes=1))
    assert (row(course).asked_at, row(course).result) == (NOON, "checked")


def test_asked_for_at_the_same_moment_it_is_one_row(app, course):
    edited(course)
    course_id, draft = course.id, services.source(course.id)
    assert run_twice(app, lambda: course_checks.begin(course_id, draft, now=NOON)) == ["done", "done"]
    assert db.session.scalars(select(CourseCheck.course_id)).all() == [course_id]


def test_an_edit_afterwards_has_no_result(course):
    edited(course)
    begun(course)
    check_courses()
    edited(course, "betul", "tepat")
    assert state(course) is None
    begun(course)
    assert (row(course).result, row(course).done, row(course).total) == (None, 0, 0)


def test_an_edit_meanwhile_ends_the_check_of_the_older_draft(course, monkeypatch):
    edited(course)
    begun(course)
    kept = rendered_items._keep

    def keep(found):
        kept(found)
        db.session.rollback()
        with reading(False):
            edited(course, "betul", "tepat")
            begun(course)
        monkeypatch.setattr(rendered_items, "_keep", kept)

    monkeypatch.setattr(rendered_items, "_keep", keep)
    check_courses()
    assert (state(course).result, state(course).done) == (None, 0)
    check_courses()
    assert state(course).result == "checked"


def test_an_edit_before_it_begins_takes_the_check_back(course, rendered):
    edited(course)
    begun(course)
    edited(course, "betul", "tepat")
    rendered.clear()
    check_courses()
    assert (row(course), rendered) == (None, [])


def test_faults_end_it_as_well(course):
    edited(course, "title: Modul satu", "titel: Modul satu")
    begun(course)
    check_courses()
    assert (state(course).result, state(course).unrendered) == ("checked", None)


def test_a_file_that_cannot_be_rendered_is_named_without_trying_again(client, author, course, rendered):
    edited(course, "salah tik", "\n" + "> " * 60 + "dalam")
    begun(course)
    check_courses()
    assert (state(course).result, state(course).unrendered) == ("unrendered", MODULE)
    rendered.clear()
    client.sign_in(author)
    page = client.text(PAGE)
    assert "Markdown terlalu dalam bertingkat" in page
    assert f"{MODULE}#line-1" in page
    assert REFRESH not in page
    assert rendered == []


def test_a_database_that_is_away_for_a_moment_is_no_failure(course, monkeypatch):
    edited(course)
    begun(course)

    def away(*_given, **_more):
        raise OperationalError("SELECT", {}, Exception("away"))

    with monkeypatch.context() as patch:
        patch.setattr(importing, "check_import", away)
        check_courses()
    assert state(course).result is None
    check_courses()
    assert state(course).result == "checked"


def failing(*_given, **_more):
    raise RuntimeError("a bug")


def test_after_a_bug_the_author_may_ask_again(course, monkeypatch):
    edited(course)
    begun(course)
    with monkeypatch.context() as patch:
        patch.setattr(importing, "check_import", failing)
        check_courses()
    assert state(course).result == "failed"
    assert check_courses() == 0
    course_checks.ask_again(course.id, services.source(course.id), now=NOON)
    db.session.commit()
    check_courses()
    assert state(course).result == "checked"
    course_checks.ask_again(course.id, services.source(course.id), now=NOON)
    db.session.commit()
    assert state(course).result == "checked"


def test_a_newer_renderer_checks_again(course, monkeypatch):
    edited(course)
    begun(course)
    check_courses()
    monkeypatch.setattr(course_checks, "renderer", lambda: "newer")
    assert state(course) is None


def test_a_course_that_is_deleted_takes_its_check_along(session):
    author = make_person()
    course = creating.create_course("baru", FILES, actor_id=author.id, now=NOON)
    begun(course)
    creating.delete_course(course.id, services.source(course.id).state, actor_id=author.id, now=NOON)
    db.session.commit()
    assert db.session.scalars(select(CourseCheck)).all() == []


class TestPages:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, author, course):
        edited(course)
        client.sign_in(author)

    def test_the_page_asks_for_the_check_shows_its_progress_and_then_the_result(self, client, course, monkeypatch):
        page = client.text(PAGE)
        assert REFRESH in page
        assert "Pemeriksaan segera dimulai" in page
        seen = []
        kept = rendered_items._keep

        def keep(found):
            kept(found)
            db.session.rollback()
            with reading(False):
                seen.append(client.text(PAGE))

        monkeypatch.setattr(rendered_items, "_keep", keep)
        check_courses()
        assert "1 dari 2 materi diperiksa" in seen[0]
        assert 'value="1" max="2"' in seen[0]
        page = client.text(PAGE)
        assert REFRESH not in page
        assert "Terbitkan revisi 2" in page

    def test_a_second_look_starts_nothing_anew(self, client, course, time):
        client.text(PAGE)
        asked = row(course).asked_at
        time.passes(seconds=3)
        client.text(PAGE)
        assert row(course).asked_at == asked

    def test_a_job_that_nobody_runs_is_told(self, client, time):
        client.text(PAGE)
        time.passes(minutes=3)
        page = client.text(PAGE)
        assert "belum dimulai" in page
        assert REFRESH in page

    def test_a_failure_says_what_to_do(self, client, course, monkeypatch):
        client.text(PAGE)
        with monkeypatch.context() as patch:
            patch.setattr(importing, "check_import", failing)
            check_courses()
        page = client.text(PAGE)
        assert "Periksa lagi" in page
        assert REFRESH not in page
        assert client.post_form(f"{PAGE}/check", page=PAGE).headers["Location"].endswith(PAGE)
        assert REFRESH in client.text(PAGE)
        check_courses()
        assert "Terbitkan revisi 2" in client.text(PAGE)

    def test_publishing_what_is_not_rendered_waits_for_the_check(self, client, course, rendered):
        client.text(PAGE)
        check_courses()
        page = client.text(PAGE)
        digest, number = re.search(
            r'name="digest" value="(\w+)"><input type="hidden" name="revision" value="(\d+)"', page
        ).groups()
        db.session.query(RenderedItem).delete()
        db.session.query(CourseCheck).delete()
        db.session.commit()
        rendered.clear()
        fields = {"csrf_token": csrf_token(page), "digest": digest, "revision": number, "when": "now"}
        answer = client.post(PAGE, data=fields)
        assert (answer.status_code, rendered) == (302, [])
        assert courses.published(course.slug)[1].number == 1
        assert "Belum ada yang diterbitkan" in client.text(PAGE)
        check_courses()
        answer = client.post(PAGE, data=fields)
        assert courses.published(course.slug)[1].number == 2
