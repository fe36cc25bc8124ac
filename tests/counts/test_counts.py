"""Whatever changes, in whatever order and however far it is counted: counts are what a loop over all rows says."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from factories import (
    NOON,
    complete,
    make_admin,
    make_cohort,
    make_enrolment,
    make_graded_course,
    make_person,
    make_unit,
)
from sqlalchemy import delete, func, insert, select, text, update

from lms.core import schema, triggers
from lms.core.db import db
from lms.counts import jobs, queries, services
from lms.counts.models import ChangedPerson, CountedEnrolment, EnrolmentCount
from lms.enrolment import services as enrolling
from lms.enrolment.models import Enrolment
from lms.learning.models import Completion, EnrolmentState
from lms.learning.status import learner_status
from lms.people.models import Person
from lms.people.scopes import EVERYBODY
from lms.people.services import mergers, people
from lms.people.unit_tree import UnitTree
from lms.records import services as records
from lms.records.models import Record
from lms.reports.filters import BoardFilters, BoardQuery
from lms.reports.queries import counted, hours, years

ZONE, NEAR = "Asia/Jayapura", 7
QUERY = BoardQuery(BoardFilters(), EVERYBODY, UnitTree(()), NOON.date(), NEAR, ZONE, {})


class Office:
    """What offices and learners do, one thing at a time, to people and courses that chance picks."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.admin = make_admin()
        top = make_unit("Kota", kind="instansi")
        self.units = [make_unit(f"Dinas {number}", top) for number in range(5)]
        self.cohorts = [make_cohort(make_graded_course(f"kursus-{number}"), is_open=True) for number in range(3)]
        self.people = [make_person(unit_id=self._unit()) for _ in range(8)]

    def _unit(self) -> int | None:
        there = [unit.id for unit in self.units if not unit.ended_on]
        return self.chance.choice([*there, None])

    def _any(self, model, *where):
        found = db.session.scalars(select(model).where(*where).order_by(model.id)).all()
        return self.chance.choice(found) if found else None

    def comes(self) -> None:
        self.people.append(make_person(unit_id=self._unit(), status=self.chance.choice(["pns", "pppk"])))

    def moves(self) -> None:
        self.chance.choice(self.people).unit_id = self._unit()

    def gets_a_status(self) -> None:
        self.chance.choice(self.people).status = self.chance.choice(["pns", "pppk", "non-asn"])

    def leaves(self) -> None:
        people.deactivate(self.chance.choice(self.people), "Pensiun", actor_id=None, now=NOON)

    def comes_back(self) -> None:
        people.activate(self.chance.choice(self.people), actor_id=None, now=NOON)

    def many_are_imported(self) -> None:
        for_all = {"unit_id": self._unit(), "is_active": self.chance.random() < 0.8}
        some = [one.id for one in self.people if self.chance.random() < 0.3]
        db.session.execute(update(Person).where(Person.id.in_(some)).values(**for_all))
        db.session.expire_all()

    def units_merge(self) -> None:
        there = [unit for unit in self.units if not unit.ended_on]
        if len(there) > 2:
            mergers.merge_unit(*self.chance.sample(there, 2), actor_id=self.admin.id, now=NOON)

    def enrols(self) -> None:
        cohort, person = self.chance.choice(self.cohorts), self.chance.choice(self.people)
        there = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id)
        if db.session.scalar(there) is None:
            due = NOON.date() + timedelta(days=self.chance.randint(-9, 20))
            make_enrolment(person, cohort=cohort, course=cohort.course, due_on=self.chance.choice([due, None]))

    def withdraws(self) -> None:
        if one := self._any(Enrolment, Enrolment.withdrawn_at.is_(None)):
            enrolling.withdraw(one, actor_id=None, now=NOON)

    def returns(self) -> None:
        if one := self._any(Enrolment, Enrolment.withdrawn_at.is_not(None)):
            one.withdrawn_at = None

    def a_deadline_moves(self) -> None:
        cohort = self.chance.choice(self.cohorts)
        due = NOON.date() + timedelta(days=self.chance.randint(-9, 20))
        db.session.execute(update(Enrolment).where(Enrolment.cohort_id == cohort.id).values(due_on=due))
        db.session.expire_all()

    def learns(self) -> None:
        if one := self._any(Enrolment):
            state = self.chance.choice(["in-progress", "waiting", "failed", "finished"])
            row = db.session.get(EnrolmentState, one.id)
            if row is None:
                db.session.add(EnrolmentState(enrolment_id=one.id, state=state, done=1, needed=2, touched_at=NOON))
            else:
                row.state = state

    def completes(self) -> None:
        person, cohort = make_person(unit_id=self._unit()), self.chance.choice(self.cohorts)
        self.people.append(person)
        complete(person, cohort.course, cohort=cohort, now=NOON - timedelta(days=self.chance.choice([1, 400])))

    def gets_a_certificate(self) -> None:
        completed, issued = select(Completion.enrolment_id), select(Record.enrolment_id)
        may = Enrolment.id.in_(completed), Enrolment.id.not_in(issued), Enrolment.withdrawn_at.is_(None)
        if one := self._any(Enrolment, *may):
            records.issue_record(one, actor_id=None, now=NOON)

    def a_certificate_is_revoked(self) -> None:
        if one := self._any(Record, Record.revoked_at.is_(None)):
            records.revoke_record(one, "Salah ketik", actor_id=self.admin.id, now=NOON)

    def some_are_counted(self) -> None:
        services.count_changes()

    def all_is_added_up(self) -> None:
        kept = self.chance.choice(queries.KEPT)
        for count in kept.counts:
            services.add_up(kept, count)

    ACTS = (
        *(comes, moves, gets_a_status, leaves, comes_back, many_are_imported, units_merge, enrols, enrols, enrols),
        *(withdraws, returns, a_deadline_moves, learns, learns, learns, completes, completes),
        *(
            gets_a_certificate,
            gets_a_certificate,
            a_certificate_is_revoked,
            some_are_counted,
            some_are_counted,
            all_is_added_up,
        ),
    )


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_what_a_loop_over_all_rows_says(session, monkeypatch, seed):
    monkeypatch.setattr(services, "AT_ONCE", 3)  # so that some are counted and others are not
    office = Office(seed)
    for number in range(120):
        act = office.chance.choice(Office.ACTS)
        act(office)
        session.flush()
        if number % 4 == 0:
            session.expire_all()
            assert what_is_shown() == what_is_there(), (number, act.__name__)
    services.count_all()
    assert session.scalar(select(func.count()).select_from(ChangedPerson)) == 0
    assert session.scalar(select(func.count()).select_from(Record)) > 1
    assert what_is_shown() == what_is_there()
    assert queries.wrong_counts() == []


def what_is_shown() -> tuple[object, ...]:
    board = counted.of_board(QUERY)
    cells = {(one.unit_id, one.course_id): (one.enrolled, one.finished) for one in board.cells}
    states = {state: number for state, number in board.states.items() if number}
    gone_too = {year: _merged(hours.of_year(year, [])) for year in (2025, 2026)}
    kinds = {year: [(one.jp, one.certificates) for one in _kinds(year)] for year in (2025, 2026)}
    return cells, states, _merged(hours.of_board(QUERY).rows), gone_too, kinds


def _kinds(year):
    return years.jp_by_kind(year, EVERYBODY, ZONE, is_over=False)


def _merged(rows) -> Counter:
    """Active people and those who are gone are counted apart."""
    found = Counter()
    for one in rows:
        found[one.unit_id, one.status, one.jp] += one.number
    return found


def what_is_there() -> tuple[object, ...]:
    cells, states = {}, Counter()
    rows = select(Enrolment, Person, EnrolmentState.state).join(Person, Person.id == Enrolment.person_id)
    for one, person, state in db.session.execute(
        rows.outerjoin(EnrolmentState, EnrolmentState.enrolment_id == Enrolment.id)
    ):
        if person.is_active:
            is_gone = one.withdrawn_at is not None
            word = learner_status(state, is_withdrawn=is_gone, due_on=one.due_on, today=QUERY.today, near_days=NEAR)
            states[word] += 1
            enrolled, finished = cells.get((person.unit_id, one.course_id), (0, 0))
            cells[person.unit_id, one.course_id] = enrolled + (word != "withdrawn"), finished + (word == "finished")
    return cells, dict(states), _hours(2026, False), {year: _hours(year, True) for year in (2025, 2026)}, _by_kind()


def _hours(year: int, with_gone: bool) -> Counter:
    valid = [one for one in db.session.scalars(select(Record)) if one.revoked_at is None]
    found = Counter()
    for person in db.session.scalars(select(Person)):
        jp = sum(one.jp for one in valid if one.person_id == person.id and one.completed_on.year == year)
        if person.is_active or (with_gone and jp):
            found[person.unit_id, person.status, jp] += 1
    return found


def _by_kind() -> dict[int, list[tuple[int, int]]]:
    found = {}
    for year in (2025, 2026):
        valid = [
            one
            for one in db.session.scalars(select(Record))
            if one.revoked_at is None and one.completed_on.year == year
        ]
        found[year] = [(sum(one.jp for one in valid), len(valid))] if valid else []
    return found


@pytest.fixture
def enrolment(session) -> Enrolment:
    made = make_enrolment(make_person(unit_id=make_unit().id))
    services.count_all()
    session.commit()
    return made


def test_what_changes_while_others_are_counted_is_counted_later(app, enrolment):
    """The change is committed after what it changes was read."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    services.mark_everybody()
    db.session.commit()
    with db.engine.connect() as other:
        other.execute(update(Enrolment).where(Enrolment.id == enrolment.id).values(withdrawn_at=NOON))
        services.count_all()
        db.session.commit()
        other.commit()
    assert counted.of_board(QUERY).states == {"withdrawn": 1}
    services.count_all()
    assert counted.of_board(QUERY).states == {"withdrawn": 1}
    assert queries.wrong_counts() == []


def test_the_job_counts_what_has_changed_and_leaves_no_mark(app, enrolment):
    db.session.execute(delete(Enrolment))
    db.session.commit()
    jobs.count_changes()
    assert db.session.scalar(select(func.count()).select_from(ChangedPerson)) == 0
    assert counted.of_board(QUERY).cells == []


def test_a_wrong_count_is_found_and_made_again(app, enrolment):
    db.session.execute(update(EnrolmentCount).values(state="failed"))
    db.session.commit()
    assert queries.wrong_counts() == ["enrolment_count"]
    db.session.rollback()
    jobs.check_counts()
    assert queries.wrong_counts() == []


def test_so_is_what_was_counted(app, enrolment):
    db.session.execute(update(CountedEnrolment).values(state="failed"))
    db.session.commit()
    jobs.check_counts()
    assert queries.wrong_counts() == []
    assert counted.of_board(QUERY).states == {"not-started": 1}


def test_many_rows_of_a_count_become_one(app, enrolment):
    row = {"unit_id": 1, "course_id": 1, "state": "failed"}
    db.session.execute(insert(EnrolmentCount), [row | {"number": number} for number in (5, -5)])
    db.session.commit()
    jobs.check_counts()
    assert db.session.scalar(select(func.count()).select_from(EnrolmentCount)) == 1


def test_what_was_missed_without_triggers_is_caught_up(app, enrolment):
    """As when a migration has rebuilt a table on SQLite, or somebody has removed one by hand."""
    on = " ON enrolment" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER mark_enrolment{on}"))
    db.session.execute(update(Enrolment).values(withdrawn_at=NOON))
    db.session.commit()
    assert triggers.missing(db.session.connection()) == ["mark_enrolment"]
    assert queries.wrong_counts() == ["enrolment_count", "deadline_count"]
    db.session.rollback()
    schema.upgrade()
    assert triggers.missing(db.session.connection()) == []
    assert queries.wrong_counts() == []


def test_a_table_that_triggers_name_can_be_rebuilt(app, enrolment):
    """What SQLite does for nearly every change of a column; other tables' triggers read ``enrolment``."""
    if db.engine.dialect.name == "postgresql":
        pytest.skip("which changes a table in place")
    with db.engine.connect() as connection:
        with triggers.kept_while_tables_change(connection):
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("record_batch_entry", recreate="always") as table:
                table.alter_column("refusal", nullable=True)
            with operations.batch_alter_table("record", recreate="always") as table:
                table.alter_column("number", nullable=False)
        assert triggers.missing(connection) == []
        connection.rollback()
    db.session.execute(update(Enrolment).values(due_on=date(2026, 1, 1)))
    assert counted.of_board(QUERY).states == {"overdue": 1}
