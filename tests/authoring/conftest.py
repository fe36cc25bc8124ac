"""A small published course, and an instructor of it who is signed in."""

from __future__ import annotations

import pytest
from authoring_factories import make_imported_course
from factories import grant, make_person


@pytest.fixture
def course(session):
    return make_imported_course()


@pytest.fixture
def teacher(client, course):
    person = make_person(name="Pengajar Satu")
    grant(person, "instructor", course=course)
    client.sign_in(person)
    return person
