"""How many files one must know to follow a request. The numbers go down; a walk that grows is to be shortened.

``pytest tests/test_walks.py -s`` prints the files.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from factories import complete, grant, make_admin, make_course, make_enrolment, make_person, make_unit
from issuing import issue_looked_at, looked_at
from pages import csrf_token
from people_files import nip, row, xlsx
from quiz_factories import quiz_context
from walks import files_of

from lms.core import isolated
from lms.core.db import db
from lms.people.models import Person
from lms.roster.jobs import process_people_lists
from lms.roster.models import PeopleImport

pytestmark = pytest.mark.once


MOST = {"one answer": 36, "one certificate": 60, "one imported person": 51, "one module page": 32}
"""Files that each may take. Before the redesign it was 28, 43, 44 and 24.

Each has four more since work is bounded (``web/overload.py``), requests compute one after the other
(``lib/compute_lock.py``) and sign-ins have limits (``auth/session_limits.py``, ``lib/moments.py``), and what is saved
another (``core/shared_sync.py``). What is read of courses has one more, the cache of rows that never change
(``core/row_cache.py``).

A form that leads on to another page takes one more, which asks who sends it (``web/held_forms.py``), and one that sends
numbers another, which reads them (``lib/digits.py``): each form did so in a way of its own before. What the pages
of an attempt show is a module that the replies to its script use too (``quizzes/views/attempt_values.py``).

Of a certificate, one is for the head of the ledger, which is printed, and one for batches: a single one is a batch of
one, so that there is one way to issue; three are for what is looked at before (``waiting.py``, ``preview.py`` and
``readiness.py`` of ``records/services``). Of an imported person, three are for units: what columns make a path, which
unit is meant, and of which kind it is; two are for names as they are compared (``lib/folding.py``, also in a
certificate) and searched (``core/search_text.py``), and one asks who is registered with another number
(``people/same_person.py``)."""


def walk(name: str, act: Callable[[], object]) -> None:
    """``act`` was done before by somebody else, as on a server that is in use."""
    files = files_of(act)
    print(f"\n{name}: {len(files)} files", *files, sep="\n  ")
    assert len(files) <= MOST[name]


def test_one_answer(client):
    context = quiz_context()
    client.sign_in(db.session.get_one(Person, context.person_id))
    first = client.post_form(f"/courses/{context.course_slug}/kuis").location
    attempt = first.rpartition("/")[0]
    client.post_form(first, picked="a", go="next")
    token = csrf_token(client.get(f"{attempt}/2").get_data(as_text=True))
    data = {"csrf_token": token, "picked": ["a", "b"], "go": "next"}
    walk("one answer", lambda: client.post(f"{attempt}/2", data=data))


def test_one_certificate(client):
    teacher = make_person()
    done = complete()
    other = complete(course=done.cohort.course)
    grant(teacher, "instructor", course=done.cohort.course)
    client.sign_in(teacher)
    path = f"/teach/courses/{done.cohort.course.slug}/completions"
    issue_looked_at(client, path, enrolment=other.id)
    data = looked_at(client, path, enrolment=done.id)
    walk("one certificate", lambda: client.post(path, data=data))


def test_one_imported_person(client, monkeypatch):
    monkeypatch.setattr(isolated, "run", lambda call, *args, **_limits: call(*args))
    make_unit("Dinas Kesehatan")
    client.sign_in(make_admin())
    path = "/admin/people/import"
    token = csrf_token(client.get(path).get_data(as_text=True))

    def run_job() -> None:
        db.session.commit()
        process_people_lists()

    def bring_in(number: int) -> None:
        """Hand the list in, have it compared, have it written."""
        file = io.BytesIO(xlsx([row(number, unit="Dinas Kesehatan")])), "pegawai.xlsx"
        shown = client.post(path, data={"csrf_token": token, "file": file}).location
        run_job()
        digest = db.session.query(PeopleImport).order_by(PeopleImport.id.desc()).first().digest
        client.post(shown, data={"csrf_token": token, "do": "write", "digest": digest})
        run_job()

    bring_in(1)
    walk("one imported person", lambda: bring_in(2))
    assert db.session.query(Person).filter_by(nip=nip(2)).one()


def test_one_module_page(client):
    course = make_course(items=({"slug": "satu"}, {"slug": "dua"}))
    classmate, learner = make_person(), make_person()
    for person, page in ((classmate, "satu"), (classmate, "dua"), (learner, "satu")):
        if page == "satu":
            make_enrolment(person, course)
        client.sign_in(person).get(f"/courses/{course.slug}/{page}")
    walk("one module page", lambda: client.get(f"/courses/{course.slug}/dua"))
