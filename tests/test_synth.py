"""``lms synth``: the same seed makes the same agency, it keeps the site's own rules, and it harms nobody real."""

from __future__ import annotations

import pytest
from factories import NOON, make_person
from sqlalchemy import func, select

from lms.core import ledger
from lms.core.db import db
from lms.enrolment.models import Enrolment
from lms.journal import events
from lms.journal import queries as journal
from lms.learning import queries as learning
from lms.learning import services as learning_services
from lms.learning.models import Completion, Grade, Progress
from lms.people.models import Person
from lms.quizzes.models import Answer, Attempt
from lms.records.models import Record
from lms.synth.services import HasRealPeople, IsThereAlready, create_agency

pytestmark = pytest.mark.slow

TABLES = (Person, Enrolment, Progress, Attempt, Answer, Grade, Completion, Record)


def make(seed: int = 1) -> None:
    assert list(create_agency(60, 3, 1, seed=seed, now=NOON)) == list(range(1, 61))
    db.session.commit()


def told() -> dict[str, list[tuple]]:
    """All rows, without what is random or of the moment of making."""
    left_out = {"password_hash"}
    return {
        table.__tablename__: [
            tuple(row)
            for row in db.session.execute(
                select(*(column for column in table.__table__.c if column.name not in left_out)).order_by(
                    table.__table__.c.id
                )
            )
        ]
        for table in TABLES
    }


@pytest.fixture(scope="module")
def first_look() -> dict[str, list[tuple]]:
    """What an earlier test of this module has seen."""
    return {}


@pytest.mark.parametrize("turn", [1, 2])
def test_the_same_seed_makes_the_same_agency(session, first_look, turn):
    make()
    found = told()
    assert all(found.values()), {name: len(rows) for name, rows in found.items()}
    assert first_look.setdefault("agency", found) == found


def test_what_it_makes_keeps_the_rules_of_the_site(session):
    make(seed=2)
    assert ledger.first_broken() is None
    assert db.session.scalar(select(func.count()).select_from(Person).where(~Person.is_demo)) == 0
    for attempt in db.session.scalars(select(Attempt).limit(5)):
        assert events.first_broken(journal.entries(f"attempt:{attempt.id}")) is None
    completed = db.session.scalars(select(Completion).limit(3)).all()
    assert completed
    for one in completed:
        learning_services.evaluate(one.enrolment_id, one.revision_id, now=NOON)
        again = learning.completion_of(one.enrolment_id)
        assert again is not None
        assert again.completed_at == one.completed_at
        assert learning.item_progress([one.enrolment_id])[one.enrolment_id]
    numbers = sorted(
        int(number.split("/")[1]) for number in db.session.scalars(select(Record.number)) if "2026" in number
    )
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_touches_nothing_where_real_people_are(session):
    make_person()
    with pytest.raises(HasRealPeople):
        make()


def test_it_is_made_once(session):
    make()
    with pytest.raises(IsThereAlready):
        make()


def test_a_row_made_afterwards_gets_a_number_of_its_own(session):
    make()
    assert make_person().id > 60
