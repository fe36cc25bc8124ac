"""What the privacy page says and what the copy holds, against the tables of the database."""

from __future__ import annotations

import importlib
import re

import pytest
from factories import make_person
from full_world import make_full_world
from query_counting import counted
from sqlalchemy import Integer

from lms.app import PACKAGES
from lms.core.db import Base
from lms.privacy import queries

for package in PACKAGES:  # as the application does, so that all tables are known
    importlib.import_module(f"lms.{package}.views")

TABLES = {table.name: table for table in Base.metadata.sorted_tables}
NOT_ABOUT_PEOPLE = {
    "course_file": "a file of a course, by its revision",
    "section": "a part of a course, by its revision",
    "item_revision": "a part of a course, by its revision",
    "cohort": "a cohort has no person",
}
DECLARED = {name: area for area in queries.AREAS for name in area.tables}
LEFT_OUT = {name: reason for area in queries.AREAS for name, reason in area.not_copied.items()}


def targets(table) -> set[str]:
    return {key.column.table.name for column in table.columns for key in column.foreign_keys}


def names_a_person(table) -> bool:
    """By a key, or by a number without one: who did something."""
    by = [one for one in table.columns if isinstance(one.type, Integer) and re.search(r"_by$|^actor_id$", one.name)]
    return table.name == "person" or "person" in targets(table) or bool(by)


def personal_tables() -> set[str]:
    """Tables that name a person, and what hangs on a table that belongs to one."""
    found = {table.name for table in TABLES.values() if names_a_person(table)}
    owned = {name for name in found if name == "person" or "person_id" in TABLES[name].columns}
    while more := {name for name, table in TABLES.items() if targets(table) & owned} - owned:
        owned |= more
    return found | owned


def test_every_table_about_people_is_on_the_privacy_page():
    assert personal_tables() - set(DECLARED) == set()
    assert set(DECLARED) <= set(TABLES)
    assert {"answer", "event", "marking", "work_file", "grade", "sign_in", "ledger_entry"} <= personal_tables()


def test_no_table_is_on_the_page_twice():
    assert len(DECLARED) == sum(len(area.tables) for area in queries.AREAS)
    assert len({area.name for area in queries.AREAS}) == len(queries.AREAS)


def test_what_is_left_out_exists_and_has_a_reason():
    known = set(TABLES) | {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    assert set(LEFT_OUT) <= known
    assert all(LEFT_OUT.values())


@pytest.fixture
def selected(app, session) -> set[str]:
    """``table.column`` of everything that the copy of a person reads."""
    world = make_full_world()
    person_id, found = world.learner.id, set()
    session.commit()
    with app.test_request_context(), counted() as statements:
        for area in queries.AREAS:
            area.copied(person_id)
            list(area.files(person_id))
        session.rollback()
    for statement in statements:
        found |= set(re.findall(r"\b(\w+\.\w+)", re.split(r"\sFROM ", statement.replace('"', ""))[0]))
    return found


def is_reference(column) -> bool:
    return column.primary_key or bool(column.foreign_keys)


def test_every_column_about_people_is_in_the_copy_or_left_out_with_a_reason(selected):
    missing = [
        f"{name}.{column.name}"
        for name in sorted(DECLARED)
        if name not in LEFT_OUT
        for column in TABLES[name].columns
        if not is_reference(column) and not {f"{name}.{column.name}"} & (selected | set(LEFT_OUT))
    ]
    assert missing == []


def test_no_secret_is_read_for_the_copy(selected):
    words = ("hash", "secret", "token", "password_")
    assert [name for name in selected if any(word in name.partition(".")[2] for word in words)] == []


def test_a_person_without_anything_has_an_empty_copy(app, session):
    person = make_person()
    session.flush()
    with app.test_request_context():
        found = {area.name: area.copied(person.id) for area in queries.AREAS}
    quizzes = (
        "attempts",
        "answers",
        "answer_files",
        "quiz_limits",
        "attempt_requests",
        "marked_again",
        "answers_marked",
    )
    assert found["quizzes"] == {name: [] for name in quizzes}
    assert found["account"]["account"][0]["nip"] == person.nip
