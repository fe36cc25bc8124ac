"""A course with certificates, and its instructor."""

from __future__ import annotations

import pytest
from factories import grant, make_graded_course, make_person


@pytest.fixture
def course(app):
    return make_graded_course("terbit")


@pytest.fixture
def instructor(course):
    person = make_person(name="Pengajar")
    grant(person, "instructor", course=course)
    return person
