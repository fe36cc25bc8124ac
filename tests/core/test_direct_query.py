"""Questions that stand alone; on the engine of the run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from factories import grant, item_of, make_course, make_enrolment, make_person, make_unit
from query_counting import counted
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from lms.auth import queries as auth
from lms.core import db as database
from lms.core.db import db, reading
from lms.core.direct_query import DirectQuery, DirectWrite, sharing_connection
from lms.core.settings import SettingValue
from lms.journal import queries as journal
from lms.learning import queries as learning
from lms.learning.models import Grade, Progress
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
        (journal._ENTRY, {"event_id": 0}),
        (quizzes._ANSWERS, {"attempt_id": 0}),
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


@pytest.fixture
def taken(app):
    """How often a connection was taken from the pool."""
    taken: list[object] = []

    def note(*values: object) -> None:
        taken.append(values)

    event.listen(db.engine, "checkout", note)
    yield taken
    event.remove(db.engine, "checkout", note)


@pytest.mark.once
@pytest.mark.parametrize(("is_shared", "count"), [(True, 1), (False, 2)])
def test_lookups_of_a_request_that_reads_share_a_connection_and_give_it_back(app, taken, is_shared, count):
    make_person(name="Satu")
    db.session.commit()
    db.session.remove()
    taken.clear()
    with sharing_connection(is_shared):
        assert [row.name for row in NAMES.rows(is_active=True)] == ["Satu"]
        with db.engine.connect() as other:  # what is committed in between is read
            other.execute(update(Person).values(is_active=False))
            other.commit()
        taken.pop()
        assert NAMES.rows(is_active=True) == []
    assert len(taken) == count
    assert db.engine.pool.checkedout() == 0


@pytest.mark.once
def test_a_request_has_one_connection_also_when_its_session_begins(app, taken):
    db.session.remove()
    with sharing_connection():
        NAMES.rows(is_active=True)
        make_person()
        assert len(NAMES.rows(is_active=True)) == 1
        assert db.engine.pool.checkedout() == 1
        db.session.rollback()
        assert NAMES.rows(is_active=True) == []
    db.session.remove()
    assert db.engine.pool.checkedout() == 0


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


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_of_values_is_asked_for_as_it_is(session, count):
    ids = [make_person().id for _ in range(4)][:count]
    session.commit()
    found = DirectQuery(select(Person.id).where(Person.id.in_(bindparam("ids", expanding=True)), Person.id > 0))
    assert {row.id for row in found.rows(ids=ids)} == set(ids)


class Named(NamedTuple):
    id: int
    name: str


@pytest.mark.parametrize("has_begun", [True, False])
def test_rows_come_as_the_kind_that_the_query_names(session, has_begun):
    person = make_person(name="Satu")
    session.commit()
    if has_begun:
        session.connection()
    found = DirectQuery(select(Person.id, Person.name).where(Person.id == bindparam("person_id")), Named)
    row = found.row(person_id=person.id)
    assert type(row) is Named
    assert row == Named(person.id, "Satu")


@pytest.mark.parametrize("kind", [Named, tuple])
@pytest.mark.parametrize("has_begun", [True, False])
def test_rows_one_by_one_are_the_same_rows(session, has_begun, kind):
    for name in ("Satu", "Dua", "Tiga"):
        make_person(name=name)
    session.commit()
    if has_begun:
        session.connection()
    found = DirectQuery(select(Person.id, Person.name).where(Person.id > bindparam("above")).order_by(Person.id), kind)
    one_by_one = list(found.each(above=0))
    assert one_by_one == found.rows(above=0)
    assert [type(row) for row in one_by_one] == [kind] * 3


def grades(session):
    return session.execute(select(Grade.source, Grade.score, Grade.graded_at).order_by(Grade.source)).all()


@pytest.fixture
def grade(session):
    """The values of a grade."""
    item = item_of(course := make_course(items=({"slug": "satu"},)), "satu")
    ids = {"enrolment_id": make_enrolment(make_person(), course).id, "item_id": item.item_id}
    session.commit()
    return ids | {
        "item_revision_id": item.id,
        "source": "attempt:1",
        "number": 1,
        "score": Decimal("66.67"),
        "reason": "",
        "graded_at": MOMENT,
    }


GRADE: Any = Grade.__table__
GRADE_COLUMNS = ("enrolment_id", "item_id", "item_revision_id", "source", "number", "score", "reason", "graded_at")
INSERT = DirectWrite(insert(GRADE).values({name: bindparam(name) for name in GRADE_COLUMNS}))
UPDATE = DirectWrite(update(GRADE).where(GRADE.c.source == bindparam("of")).values(score=bindparam("score")))


def test_what_is_written_is_what_sqlalchemy_writes(session, grade):
    INSERT.run(**grade)
    session.connection().execute(insert(GRADE), grade | {"source": "attempt:2"})
    assert grades(session) == [(f"attempt:{n}", Decimal("66.67"), MOMENT) for n in (1, 2)]
    UPDATE.run(of="attempt:1", score=Decimal(70))
    UPDATE.run(of="attempt:3", score=Decimal(80))
    assert [score for _source, score, _at in grades(session)] == [70, Decimal("66.67")]
    UPDATE.for_each([{"of": f"attempt:{n}", "score": Decimal(n)} for n in (1, 2)])
    UPDATE.for_each([])
    assert [score for _source, score, _at in grades(session)] == [1, 2]


def test_what_is_written_is_of_the_transaction(session, grade):
    INSERT.run(**grade)
    session.rollback()
    assert grades(session) == []
    INSERT.run(**grade)
    session.commit()
    session.remove()
    assert len(grades(session)) == 1


def test_inserting_tells_whether_the_row_was_there(session):
    columns = ("name", "value", "changed_at")
    there = DirectWrite.insert_if_missing(SettingValue, ("name",), columns)
    values = {"name": "jp_target", "value": {"of": ["json"]}, "changed_at": MOMENT}
    assert tuple(there.row(**values)) == ("jp_target",)
    assert there.row(**values) is None
    session.commit()
    assert session.get_one(SettingValue, "jp_target").value == {"of": ["json"]}


def test_what_a_constraint_refuses_is_told_as_everywhere(session, grade):
    INSERT.run(**grade)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        INSERT.run(**grade)
    session.rollback()
    assert grades(session) == []
