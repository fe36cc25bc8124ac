"""Somebody who takes the course of this repository, and what they begin."""

from __future__ import annotations

from pathlib import Path

from factories import NOON, make_person

from lms.courses import services as courses
from lms.enrolment import services as enrolment
from lms.people.models import Person

CONTENT = Path(__file__).parents[1] / "content"


def enrol_and_sign_in(client, *slugs: str) -> Person:
    """A new person, enrolled in these courses of ``content/``."""
    person = make_person()
    for slug in slugs or ("pelayanan-publik",):
        folder = CONTENT / slug
        files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        revision = courses.import_course(slug, files, actor_id=None, now=NOON).revision
        courses.publish(revision, actor_id=None, now=NOON)
        enrolment.set_open(revision.course, True, actor_id=None, now=NOON)
        enrolment.enrol_openly(person, revision.course, now=NOON)
    client.sign_in(person)
    return person


def begin_quiz(client, path: str) -> str:
    """The address of the first question."""
    answer = client.post_form(path)
    assert answer.status_code == 302, path
    return answer.location
