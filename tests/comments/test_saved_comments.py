"""Comments that a grader keeps: for a course or all, once each, so many and so long, nobody else's."""

from __future__ import annotations

import pytest
from factories import NOON, grant, make_course, make_person
from sqlalchemy.exc import IntegrityError

from lms.comments import queries, services
from lms.comments.filling import filled, without_name
from lms.comments.models import MAX_COMMENT_LENGTH, SavedComment
from lms.comments.services import GraderComments
from lms.core.db import db


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{nama}, gali lagi.", "Siti, gali lagi."),
        ("Bagus, {Nama}! {nama}?", "Bagus, Siti! Siti?"),
        ("{ nama } {name}", "Siti Siti"),
        ("{lain} {} nama", "{lain} {} nama"),
        (r"\1 {nama} \g<0>", r"\1 Siti \g<0>"),
    ],
)
def test_the_name_takes_its_place(text, expected):
    assert filled(text, "Siti") == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Siti Contoh, gali lagi.", "Siti Contoh", "{nama}, gali lagi."),
        ("Anita dan Ani", "Ani", "Anita dan {nama}"),
        ("Tanpa nama.", "Siti", "Tanpa nama."),
        ("Tanpa nama.", "", "Tanpa nama."),
        ("A. (B) baik", "A. (B)", "{nama} baik"),
    ],
)
def test_what_is_kept_names_nobody(text, name, expected):
    assert without_name(text, name) == expected


@pytest.fixture
def grader(session):
    return make_person()


def keep(grader, text="Baik.", course=None):
    return services.keep_comment(text, course and course.id, person_id=grader.id, now=NOON)


def test_one_for_a_course_comes_first_and_only_there(grader):
    here, elsewhere = make_course(), make_course()
    for text, course in (("Semua", None), ("Lain", elsewhere), ("Sini", here)):
        keep(grader, text, course)
    keep(make_person(), "Orang lain")
    assert [one.text for one in queries.for_course(grader.id, here.id)] == ["Sini", "Semua"]
    assert [one.text for one in queries.for_course(grader.id, make_course().id)] == ["Semua"]
    assert sorted(one.comment.text for one in queries.listed(grader.id)) == ["Lain", "Semua", "Sini"]


@pytest.mark.parametrize("is_in_course", [False, True])
def test_the_same_again_is_one(session, grader, is_in_course):
    course = make_course() if is_in_course else None
    first = keep(grader, "Baik.", course)
    assert keep(grader, " Baik.\r\n", course).id == first.id
    session.add(SavedComment(person_id=grader.id, course_id=course and course.id, text="Baik.", saved_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", services.NothingToKeep), (" \n", services.NothingToKeep), ("x" * 501, services.CommentTooLong)],
)
def test_what_is_no_comment_is_refused(grader, text, refusal):
    with pytest.raises(refusal):
        keep(grader, text)
    assert keep(grader, "x" * MAX_COMMENT_LENGTH)


def test_more_than_the_most_are_refused(grader, monkeypatch):
    monkeypatch.setattr(services, "MAX_COMMENTS", 2)
    first = keep(grader, "Satu")
    keep(grader, "Dua")
    with pytest.raises(services.TooManyComments) as refused:
        keep(grader, "Tiga")
    assert "2" in refused.value.text
    assert keep(grader, "Satu").id == first.id
    services.remove_comment(first)
    assert keep(grader, "Tiga")


def test_a_changed_comment_does_not_become_another(grader):
    first, second = keep(grader, "Satu"), keep(grader, "Dua")
    with pytest.raises(services.CommentIsThere):
        services.change_comment(second, "Satu", None)
    services.change_comment(second, "Satu", make_course().id)
    services.change_comment(first, "Satu", None)
    assert [(one.comment.text, one.course is None) for one in queries.listed(grader.id)] == [
        ("Satu", True),
        ("Satu", False),
    ]


def test_nobody_takes_the_comment_of_another(grader):
    foreign = keep(make_person(), "Rahasia")
    bank = GraderComments(grader.id, make_course().id, name="Siti")
    assert bank.texts == {}
    with pytest.raises(services.CommentGone):
        bank.text(foreign.id)


@pytest.fixture
def teacher(session):
    teacher = make_person()
    grant(teacher, "instructor", course=make_course("loket"))
    return teacher


def rows():
    return db.session.query(SavedComment).order_by(SavedComment.id).all()


def test_the_page_keeps_changes_and_deletes(client, teacher):
    client.sign_in(teacher)
    assert client.post_form("/teach/comments", text="Baik, {nama}.", course="").status_code == 303
    (row,) = rows()
    path = f"/teach/comments/{row.id}"
    assert "Baik, {nama}." in client.text("/teach/comments")
    course_id = sorted(teacher.taught_course_ids)[0]
    assert client.post_form(path, text="Cukup, {nama}.", course=str(course_id)).status_code == 303
    assert [(one.text, one.course_id) for one in rows()] == [("Cukup, {nama}.", course_id)]
    assert client.post_form(f"{path}/delete", page=path).status_code == 303
    assert rows() == []
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(("text", "course"), [("", ""), ("x" * 501, ""), ("Baik", "4711"), ("Baik", "x")])
def test_the_page_sends_back_what_it_cannot_keep(client, teacher, text, course):
    make_course("asing")
    page = client.sign_in(teacher).post_form("/teach/comments", text=text, course=course)
    assert page.status_code == 422
    assert text in page.get_data(as_text=True)
    assert rows() == []


def test_only_published_courses_are_offered(client, teacher):
    being_written = make_course("belum-terbit", is_current=False)
    grant(teacher, "instructor", course=being_written)
    assert "belum-terbit" not in client.sign_in(teacher).text("/teach/comments")
    services.keep_comment("Baik.", being_written.id, person_id=teacher.id, now=NOON)
    (row,) = rows()
    assert "belum-terbit" in client.text(f"/teach/comments/{row.id}")
