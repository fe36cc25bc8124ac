"""How often the most used pages ask the database: a page that grows must not ask more."""

from __future__ import annotations

import pytest
from factories import grant, make_course, make_enrolment, make_person, make_unit
from query_counting import counted

ITEMS = tuple({"slug": f"modul-{number}"} for number in range(1, 13))


@pytest.fixture
def learner(client, session):
    person = make_person()
    for number in range(3):
        make_enrolment(person, make_course(f"kursus-{number}", ITEMS))
    client.sign_in(person)
    client.get("/courses/kursus-0/modul-1")  # contents of a revision never change and are kept in memory
    client.get("/")
    return person


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/courses/kursus-0/modul-1", 2),
        ("/courses/kursus-0", 7),
        ("/", 9),
        ("/courses", 15),
        ("/records", 6),
    ],
)
def test_a_learners_page_asks_few_questions(client, learner, path, most):
    with counted() as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= most, "\n".join(statements)


def test_the_teams_page_asks_as_often_for_many_as_for_few(app, session):
    unit = make_unit()
    grant(head := make_person(), "head", unit=unit)
    numbers = []
    for more in (1, 20):
        for _ in range(more):
            make_enrolment(make_person(unit_id=unit.id), make_course())
        client = app.test_client().sign_in(head)
        client.get("/team")
        with counted() as statements:
            client.get("/team")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], "\n".join(statements)


def test_the_participants_page_asks_as_often_for_many_as_for_few(app, session):
    course = make_course("banyak", ITEMS)
    grant(teacher := make_person(), "instructor", course=course)
    numbers = []
    for more in (1, 20):
        for _ in range(more):
            make_enrolment(make_person(unit_id=make_unit().id), course)
        client = app.test_client().sign_in(teacher)
        client.get("/teach/courses/banyak")
        with counted() as statements:
            client.get("/teach/courses/banyak")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], statements
