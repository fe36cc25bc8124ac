"""What is counted of each person, the counts, and who changed since (``docs/decisions/0009``).

The triggers write ``person_change`` and nothing else; ``services`` alone writes the other tables, from what it reads in
the tables that are counted. All of it can be made again, so nothing points here, and backups leave it out.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Id, Model
from lms.core.triggers import GROUPS, Trigger, TriggerGroup


class ChangedPerson(Model):
    """Something that is counted has changed about a person, in the same transaction. Deleted once it is counted.

    A row for each change, even of the same person: nobody waits for somebody else's.
    """

    __tablename__ = "person_change"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(index=True)


class CountedEnrolment(Model):
    """An enrolment as it was counted. Only enrolments of active people are."""

    __tablename__ = "counted_enrolment"

    enrolment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[int]
    """0: no unit."""
    course_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    """That of the enrolment's state, ``not-started`` or ``withdrawn``."""
    due_on: Mapped[date | None]
    """Of those who can still do something; null for the others."""


class CountedHours(Model):
    """A person's JP of a year as they were counted. Years without JP have no row."""

    __tablename__ = "counted_hours"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool]
    jp: Mapped[int]


class CountedRecord(Model):
    """A record as it was counted. Revoked records are not."""

    __tablename__ = "counted_record"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(index=True)
    year: Mapped[int]
    revision_id: Mapped[int]
    """The revision of the course that was completed."""
    jp: Mapped[int]
    """0 if they do not count, because the course was completed before (``records.repeats``)."""


class EnrolmentCount(Model):
    """How many enrolments. Rows with the same values are added up; ``number`` may be below 0."""

    __tablename__ = "enrolment_count"

    id: Mapped[Id]
    unit_id: Mapped[int]
    course_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]


class DeadlineCount(Model):
    """The same enrolments by their deadlines."""

    __tablename__ = "deadline_count"

    id: Mapped[Id]
    state: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None]
    number: Mapped[int]


class HoursCount(Model):
    """How many people have so many JP of a year."""

    __tablename__ = "hours_count"

    id: Mapped[Id]
    year: Mapped[int]
    unit_id: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool]
    jp: Mapped[int]
    number: Mapped[int]


class RecordCount(Model):
    """How many records of a year with so many JP."""

    __tablename__ = "record_count"

    id: Mapped[Id]
    year: Mapped[int]
    revision_id: Mapped[int]
    jp: Mapped[int]
    number: Mapped[int]


TABLES = (
    ChangedPerson,
    CountedEnrolment,
    CountedHours,
    CountedRecord,
    EnrolmentCount,
    DeadlineCount,
    HoursCount,
    RecordCount,
)

_MARK = "INSERT INTO person_change (person_id)"
_OF_STATE = "INSERT INTO person_change (person_id) SELECT person_id FROM enrolment WHERE id ="
_WHO_REPEATED = "SELECT person_id FROM record WHERE {}.name = 'jp_of_repeats' GROUP BY person_id, course_id"
_REPEATED = f"INSERT INTO person_change (person_id) {_WHO_REPEATED} HAVING COUNT(*) > 1"
"""Whose JP another value of ``records.queries.repeats.JP_OF_REPEATS`` may change."""
_ENROLMENT = ("person_id", "course_id", "due_on", "withdrawn_at")
_RECORD = ("person_id", "enrolment_id", "completed_on", "revoked_at", "jp")
MARKS = TriggerGroup(
    "person_change",
    (
        Trigger("mark_person", "person", "UPDATE", f"{_MARK} VALUES (NEW.id)", ("unit_id", "status", "is_active")),
        Trigger("mark_enrolled", "enrolment", "INSERT", f"{_MARK} VALUES (NEW.person_id)"),
        Trigger("mark_enrolment", "enrolment", "UPDATE", f"{_MARK} VALUES (NEW.person_id)", _ENROLMENT),
        Trigger("mark_unenrolled", "enrolment", "DELETE", f"{_MARK} VALUES (OLD.person_id)"),
        Trigger("mark_begun", "enrolment_state", "INSERT", f"{_OF_STATE} NEW.enrolment_id"),
        Trigger("mark_state", "enrolment_state", "UPDATE", f"{_OF_STATE} NEW.enrolment_id", ("state",)),
        Trigger("mark_unbegun", "enrolment_state", "DELETE", f"{_OF_STATE} OLD.enrolment_id"),
        Trigger("mark_issued", "record", "INSERT", f"{_MARK} VALUES (NEW.person_id)"),
        Trigger("mark_record", "record", "UPDATE", f"{_MARK} VALUES (NEW.person_id)", _RECORD),
        Trigger("mark_ruled", "rule_value_from", "INSERT", _REPEATED.format("NEW")),
        Trigger("mark_rule", "rule_value_from", "UPDATE", _REPEATED.format("NEW")),
        Trigger("mark_unruled", "rule_value_from", "DELETE", _REPEATED.format("OLD")),
        Trigger("mark_unissued", "record", "DELETE", f"{_MARK} VALUES (OLD.person_id)"),
    ),
    catch_up="INSERT INTO person_change (person_id) SELECT id FROM person",
)
GROUPS.append(MARKS)
