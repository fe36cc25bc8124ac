"""The one writer of counts. Whoever changes what is counted writes nothing: a trigger marks the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, text

from lms.core.db import Base, acquire_write_lock, db
from lms.counts.models import MARKS, ChangedPerson, EnrolmentCount
from lms.counts.queries import KEPT, Kept, names_of
from lms.people.models import Person

AT_ONCE = 250
"""People whose changes are counted in one transaction."""


def count_changes() -> int:
    """Count the next people who have changed; returns how many. 0: all are counted."""
    _one_at_a_time()
    first = select(ChangedPerson.person_id).order_by(ChangedPerson.id).limit(AT_ONCE)
    people = set(db.session.scalars(first))
    if not people:
        return 0
    # The marks are read before what they mark: what changes meanwhile has a mark of its own, which stays.
    marks = db.session.scalars(select(ChangedPerson.id).where(ChangedPerson.person_id.in_(people))).all()
    for kept in KEPT:
        _count_again(kept, people)
    table: Any = ChangedPerson.__table__
    db.session.connection().execute(
        delete(table).where(table.c.id == bindparam("mark")), [{"mark": one} for one in marks]
    )
    return len(people)


def count_all() -> None:
    """``count_changes`` until there are none, in the caller's transaction."""
    while count_changes():
        pass


def mark_everybody() -> None:
    db.session.execute(text(MARKS.catch_up))


def add_up(kept: Kept, count: type[Base]) -> None:
    """Count the rows of ``kept.fact`` anew: one row instead of many with the same values."""
    _one_at_a_time()
    names, fact = names_of(count), kept.fact.__table__.c
    columns = [fact[name] for name in names]
    db.session.execute(delete(count))
    rows = select(*columns, func.count()).group_by(*columns)
    db.session.execute(insert(count).from_select([*names, "number"], rows))


def _one_at_a_time() -> None:
    acquire_write_lock()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"LOCK TABLE {EnrolmentCount.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def _count_again(kept: Kept, people: Collection[int]) -> None:
    """Replace what was counted of ``people``, and note by how much each count changes with it."""
    before = [_counted(kept, count, people) for count in kept.counts]
    fact: Any = kept.fact.__table__
    db.session.execute(delete(fact).where(fact.c.person_id.in_(people)))
    live = kept.live().where(Person.id.in_(people)).subquery().c
    rows = select(*(live[name] for name in kept.names))
    db.session.execute(insert(fact).from_select(kept.names, rows))
    for count, old in zip(kept.counts, before, strict=True):
        change = _counted(kept, count, people)
        change.subtract(old)
        more = [dict(zip(names_of(count), key, strict=True), number=number) for key, number in change.items() if number]
        if more:
            db.session.execute(insert(count), more)


def _counted(kept: Kept, count: type[Base], people: Collection[int]) -> Counter[tuple[Any, ...]]:
    fact = kept.fact.__table__.c
    columns = [fact[name] for name in names_of(count)]
    found = select(*columns, func.count()).where(fact.person_id.in_(people)).group_by(*columns)
    return Counter({tuple(row[:-1]): row[-1] for row in db.session.execute(found)})
