"""Changes of the unit tree."""

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
from lms.people.services.unit_history import record_units
from lms.people.unit_names import comparable


class UnitNameTaken(Refusal):
    message = lazy("There is already a unit with this name at this place in the tree.")


class UnitUnderItself(Refusal):
    message = lazy("A unit cannot be moved under itself or under a unit below it.")


class UnitMisplaced(Refusal):
    message = lazy("An agency has to be at the top of the tree; every other unit has to be below another unit.")


class UnitNotEmpty(Refusal):
    message = lazy(
        "This unit has people, units below it, a head or a history. "
        "Merge it into another unit instead, so that nothing is lost."
    )


class UnitEnded(Refusal):
    message = lazy("This unit was merged into another one and no longer exists. Choose the unit that took over.")


def create_unit(name: str, kind: UnitKind, parent: Unit | None = None, *, actor_id: int | None, now: datetime) -> Unit:
    """Add a unit under ``parent``; without one, an agency at the top.

    :raises UnitNameTaken: the parent has a unit with this name.
    :raises UnitMisplaced: an agency below the top, or something else at the top.
    :raises UnitEnded: the parent no longer exists.
    """
    _refuse_misplaced(kind, parent)
    if parent is not None:
        lock_existing_units([parent.id])
    _refuse_taken(name, parent.id if parent else None)
    unit = Unit(name=name, kind=kind, parent_id=parent.id if parent else None)
    with _unless_taken():
        db.session.add(unit)
    record_units([unit.id], now=now)
    facts = {"name": name, "kind": kind, "parent": parent.name if parent else None}
    ledger.record(actor_id, "create unit", _target(unit), now=now, **facts)
    db.session.flush()
    return unit


def lock_unit(unit: Unit) -> None:
    """Lock the unit until the transaction ends, and reload it.

    :raises UnitEnded: it no longer exists.
    """
    db.session.refresh(unit, with_for_update=True)
    if unit.ended_on is not None:
        raise UnitEnded


def rename_unit(unit: Unit, name: str, kind: UnitKind, *, actor_id: int | None, now: datetime) -> None:
    """Change the name and kind of a unit.

    :raises UnitNameTaken: the parent has another unit with this name.
    :raises UnitMisplaced: an agency below the top, or something else at the top.
    :raises UnitEnded: it no longer exists.
    """
    lock_unit(unit)
    if (unit.name, unit.kind) == (name, kind):
        return
    _refuse_misplaced(kind, unit.parent)
    _refuse_taken(name, unit.parent_id, unit)
    before = {"name": unit.name, "kind": unit.kind}
    with _unless_taken():
        unit.name, unit.kind = name, kind
    record_units([unit.id], now=now)
    after = {"name": name, "kind": kind}
    ledger.record(actor_id, "rename unit", _target(unit), now=now, before=before, after=after)
    db.session.flush()


def move_unit(unit: Unit, parent: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Move a unit, with the units below it, under another one.

    :raises UnitUnderItself: the new parent is the unit or lies below it.
    :raises UnitMisplaced: the unit is an agency.
    :raises UnitNameTaken: the new parent has a unit with this name.
    :raises UnitEnded: one of the two no longer exists.
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
    record_units([unit.id], now=now)
    ledger.record(actor_id, "move unit", _target(unit), now=now, before=before, after=parent.name)
    db.session.flush()


def remove_unit(unit: Unit, *, actor_id: int | None, now: datetime) -> None:
    """Remove an empty unit from the tree.

    :raises UnitNotEmpty: something still belongs to it.
    :raises UnitEnded: it was merged; history is kept.
    """
    if unit.ended_on is not None:
        raise UnitEnded
    target, name = _target(unit), unit.name
    try:
        with db.session.begin_nested():  # the foreign keys tell what still belongs to it
            db.session.execute(delete(UnitVersion).where(UnitVersion.unit_id == unit.id))
            db.session.delete(unit)
    except IntegrityError as error:
        raise UnitNotEmpty from error
    ledger.record(actor_id, "remove unit", target, now=now, name=name)
    db.session.flush()


def lock_tree() -> None:
    """Block other moves and mergers until the end of the transaction, and refresh all units.

    Two moves at the same time, each valid alone, could create a cycle.
    """
    every = select(Unit).order_by(Unit.id).with_for_update().execution_options(populate_existing=True)
    db.session.scalars(every).all()


def lock_existing_units(unit_ids: Collection[int]) -> None:
    """Make sure that these units exist until the end of the transaction.

    Call this before locking rows of people: mergers lock in the same order.

    :raises UnitEnded: one of them no longer exists.
    """
    held = select(Unit.ended_on).where(Unit.id.in_(unit_ids)).order_by(Unit.id)
    if any(db.session.scalars(held.with_for_update(read=True, key_share=True))):
        raise UnitEnded


def _refuse_misplaced(kind: str, parent: Unit | None) -> None:
    if (kind == "instansi") != (parent is None):
        raise UnitMisplaced


def _refuse_taken(name: str, parent_id: int | None, unit: Unit | None = None) -> None:
    """Names that are equal once folded are the same to people, and in imported lists."""
    others = select(Unit.name).where(Unit.parent_id.is_(None) if parent_id is None else Unit.parent_id == parent_id)
    if unit is not None:
        others = others.where(Unit.id != unit.id)
    if comparable(name) in map(comparable, db.session.scalars(others)):
        raise UnitNameTaken


@contextmanager
def _unless_taken() -> Iterator[None]:
    """Flush the changes made inside. If another request has just taken the name, refuse them."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        raise UnitNameTaken from error


def _target(unit: Unit) -> str:
    return f"unit:{unit.id}"
