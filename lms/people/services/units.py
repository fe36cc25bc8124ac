"""Changes of the unit tree: instansi > OPD > bidang or UPT."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.people import queries
from lms.people.models import Unit, UnitKind, UnitVersion
from lms.people.services.unit_history import note_units
from lms.people.unit_names import same


class UnitNameTaken(Refusal):
    message = lazy("There is already a unit of this name in the same place.")


class UnitUnderItself(Refusal):
    message = lazy("A unit cannot be moved under itself or under one of its own parts.")


class UnitMisplaced(Refusal):
    message = lazy("An agency stands at the top; every other unit belongs to a unit above it.")


class UnitNotEmpty(Refusal):
    message = lazy(
        "This unit has people, parts, a head, or a history. Merge it into another unit: nothing of it is lost then."
    )


class UnitEnded(Refusal):
    message = lazy("This unit has been merged into another one and is history. Choose the unit that took over.")


def create_unit(name: str, kind: UnitKind, parent: Unit | None = None, *, actor_id: int | None, now: datetime) -> Unit:
    """Add a unit under ``parent``; without one, an agency at the top.

    :raises UnitNameTaken: its place has a unit of this name.
    :raises UnitMisplaced: an agency below the top, or something else at the top.
    :raises UnitEnded: the place is history.
    """
    _refuse_misplaced(kind, parent)
    if parent is not None:
        keep_open([parent.id])
    _refuse_taken(name, parent.id if parent else None)
    unit = Unit(name=name, kind=kind, parent_id=parent.id if parent else None)
    with _unless_taken():
        db.session.add(unit)
    note_units([unit.id], now=now)
    facts = {"name": name, "kind": kind, "parent": parent.name if parent else None}
    ledger.record(actor_id, "create unit", _target(unit), now=now, **facts)
    db.session.flush()
    return unit


def rename_unit(unit: Unit, name: str, kind: UnitKind, *, actor_id: int | None, now: datetime) -> None:
    """Give a unit another name or kind; its people and its place stay.

    :raises UnitNameTaken: its place has another unit of this name.
    :raises UnitMisplaced: an agency below the top, or something else at the top.
    :raises UnitEnded: it is history.
    """
    db.session.refresh(unit, with_for_update=True)
    if unit.ended_on is not None:
        raise UnitEnded
    if (unit.name, unit.kind) == (name, kind):
        return
    _refuse_misplaced(kind, unit.parent)
    _refuse_taken(name, unit.parent_id, unit)
    before = {"name": unit.name, "kind": unit.kind}
    with _unless_taken():
        unit.name, unit.kind = name, kind
    note_units([unit.id], now=now)
    after = {"name": name, "kind": kind}
    ledger.record(actor_id, "rename unit", _target(unit), now=now, before=before, after=after)
    db.session.flush()


def move_unit(unit: Unit, parent: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Put a unit with all that is below it under another one.

    :raises UnitUnderItself: the new place lies inside the unit.
    :raises UnitMisplaced: an agency stays at the top.
    :raises UnitNameTaken: the new place has a unit of this name.
    :raises UnitEnded: one of the two is history.
    """
    lock_tree()
    if unit.ended_on or parent.ended_on:
        raise UnitEnded
    if unit.parent_id == parent.id:
        return
    _refuse_misplaced(unit.kind, parent)
    if parent.id in queries.unit_and_below({unit.id}):
        raise UnitUnderItself
    _refuse_taken(unit.name, parent.id, unit)
    before = unit.parent.name if unit.parent else None
    with _unless_taken():
        unit.parent_id = parent.id
    note_units([unit.id], now=now)
    ledger.record(actor_id, "move unit", _target(unit), now=now, before=before, after=parent.name)
    db.session.flush()


def remove_unit(unit: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Remove an empty unit from the tree.

    :raises UnitNotEmpty: something still belongs to it.
    :raises UnitEnded: it is history, which stays.
    """
    if unit.ended_on is not None:
        raise UnitEnded
    target, name = _target(unit), unit.name
    try:
        with db.session.begin_nested():  # the foreign keys know best what still belongs to it
            db.session.execute(delete(UnitVersion).where(UnitVersion.unit_id == unit.id))
            db.session.delete(unit)
    except IntegrityError as error:
        raise UnitNotEmpty from error
    ledger.record(actor_id, "remove unit", target, now=now, name=name)
    db.session.flush()


def lock_tree() -> None:
    """Block other moves and mergers until the end of the transaction: two at once, each valid alone, could close
    a circle. What was read of the units before is read again."""
    every = select(Unit).order_by(Unit.id).with_for_update().execution_options(populate_existing=True)
    db.session.scalars(every).all()


def keep_open(unit_ids: Collection[int]) -> None:
    """Make sure that these units exist until the end of the transaction: somebody or something is put in them.

    Called before rows of people are locked, as mergers do.

    :raises UnitEnded: one of them is history.
    """
    held = select(Unit.ended_on).where(Unit.id.in_(unit_ids)).order_by(Unit.id)
    if any(db.session.scalars(held.with_for_update(read=True, key_share=True))):
        raise UnitEnded


def _refuse_misplaced(kind: str, parent: Unit | None) -> None:
    if (kind == "instansi") != (parent is None):
        raise UnitMisplaced


def _refuse_taken(name: str, parent_id: int | None, unit: Unit | None = None) -> None:
    """Names that differ in capitals only are one to people, and to the lists they hand in."""
    others = select(Unit.name).where(Unit.parent_id.is_(None) if parent_id is None else Unit.parent_id == parent_id)
    if unit is not None:
        others = others.where(Unit.id != unit.id)
    if same(name) in map(same, db.session.scalars(others)):
        raise UnitNameTaken


@contextmanager
def _unless_taken() -> Iterator[None]:
    """What is changed inside is flushed; a second unit of a name in one place is refused."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        raise UnitNameTaken from error


def _target(unit: Unit) -> str:
    return f"unit:{unit.id}"
