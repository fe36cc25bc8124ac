"""Questions that stand alone; on the engine of the run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from factories import grant, item_of, make_course, make_enrolment, make_person, make_unit
from query_counting import counted
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import OperationalError

from lms.auth import queries as auth
from lms.core import db as database
from lms.core.db import db, reading
from lms.core.direct_query import DirectQuery
from lms.journal import queries as journal
from lms.learning import queries as learning
from lms.learning.models import Progress
from lms.people.models import Person, RoleGrant
from lms.quizzes import queries as quizzes

MOMENT = datetime(2026, 11, 24, 3, 4, 5, 678901, tzinfo=UTC)
NAMES = DirectQuery(
    select(Person.id, Person.name).where(Person.is_active == bindparam("is_active")).order_by(Person.id)
)


def test_what_comes_back_is_what_sqlalchemy_gives(session):
    unit = make_unit("Dinas Contoh")
    person = make_person(created_at=MOMENT, unit_id=unit.id)
    grant(person, "head", unit=unit, starts_on=date(2026, 1, 2))
    item = item_of(course := make_course(items=({"slug": "satu"},)), "satu")
    enrolment = make_enrolment(person, course)
    score = Decimal("66.67")
    values = {"enrolment_id": enrolment.id, "item_revision_id": item.id, "item_id": item.item_id}
    session.add(Progress(**values, state="failed", score=score, started_at=MOMENT, touched_at=MOMENT))
    session.commit()
    everything = DirectQuery(
        select(Person, RoleGrant.starts_on, RoleGrant.ends_on, RoleGrant.is_deputy, Progress.score, Progress.touched_at)
        .with_only_columns(
            Person.id,
            Person.unit_id,
            Person.is_active,
            Person.created_at,
            Person.language,
            RoleGrant.unit_id,
            RoleGrant.starts_on,
            RoleGrant.ends_on,
            RoleGrant.is_deputy,
            Progress.score,
            Progress.touched_at,
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Progress, Progress.enrolment_id == bindparam("enrolment_id"))
    )
    (row,) = everything.rows(enrolment_id=enrolment.id)
    assert tuple(row) == tuple(session.execute(everything.statement, {"enrolment_id": enrolment.id}).one())
    assert row[2:5] == (True, MOMENT, None)
    assert row[6:] == (date(2026, 1, 2), None, False, score, MOMENT)
    assert row.created_at.utcoffset() is not None


@pytest.mark.parametrize(
    ("lookup", "values"),
    [
        (auth._ACCOUNT, {"token_hash": ""}),
        (learning._ITEM_ACCESS, {"course_slug": "", "person_id": 0}),
        (journal._HEAD, {"device": "", "subject": ""}),
        (quizzes._STORED_ANSWER, {"attempt_id": 0, "question": ""}),
    ],
)
def test_the_lookups_there_are_name_each_value_they_need(session, lookup, values):
    assert lookup.rows(**values) == []
    session.commit()
    assert lookup.row(**values) is None, "nor within no transaction"


def test_what_the_statement_says_itself_needs_no_value(session):
    for name in ("Satu", "Dua"):
        make_person(name=name)
    first = DirectQuery(
        select(Person.name).where(Person.is_active == bindparam("is_active")).order_by(Person.id).limit(1)
    )
    assert [row.name for row in first.rows(is_active=True)] == ["Satu"]
    assert first.row(is_active=True).name == "Satu"
    assert first.row(is_active=False) is None


@pytest.mark.once
def test_a_lookup_is_one_question_and_begins_no_transaction(app):
    make_person(name="Satu")
    db.session.commit()
    db.session.remove()
    with counted() as asked:
        (row,) = NAMES.rows(is_active=True)
    assert row.name == "Satu"
    assert len(asked) == 1
    assert not db.session.registry.has()


@pytest.mark.once
def test_a_lookup_waits_for_nobody_who_writes(app, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 20)
    with db.engine.connect() as other:
        other.execute(text("DELETE FROM person"))
        assert NAMES.rows(is_active=True) == []


@pytest.mark.parametrize("only_reads", [True, False])
def test_within_a_transaction_a_lookup_sees_what_it_wrote(session, only_reads):
    make_person()
    with reading(only_reads):
        assert len(NAMES.rows(is_active=True)) == 1
    session.rollback()
    assert NAMES.rows(is_active=True) == []


@pytest.mark.once
def test_what_the_driver_refuses_is_told_as_everywhere(app):
    db.session.execute(text("ALTER TABLE person RENAME TO people"))
    db.session.commit()
    db.session.remove()
    with pytest.raises(OperationalError, match="no such table"):
        NAMES.rows(is_active=True)
