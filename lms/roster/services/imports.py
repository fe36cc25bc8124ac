"""Imports of lists of people: a job reads and compares the list, an admin approves the plan, a job writes it.

    queue_import > (job) read_list, compare > approve > (job) write

Only the plan that was shown is written. If people or units have changed meanwhile and the plan would be different,
nothing is written and the new plan is shown.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from lms.core import isolated, ledger, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, to_site_time
from lms.lib.table_data import Unreadable, UnreadableReason
from lms.lib.tables import Column, Sheet, write_xlsx
from lms.people import queries
from lms.people.models import Person, RoleGrant
from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_names import UnitRef
from lms.roster.columns import COLUMNS, FIELDS, REASON
from lms.roster.list_file import FirstRowIsData, NoHeadings, NoRows, PeopleFile, read_people
from lms.roster.models import PeopleImport
from lms.roster.plan import Cause, ExistingData, ExistingPerson, Plan, plan
from lms.roster.services.import_messages import ListRefused, problem_text
from lms.roster.services.people_writing import PreparedPlan, lock_people, prepare, write_plan

FOLDER = "imports"
BUSY = ("queued", "checking", "approved", "applying")
"""States that a job still works on."""
MAX_FILE_SIZE = 20 * 1024 * 1024
READING_SECONDS = 90.0
READING_MEGABYTES = 1536
MAX_PROBLEMS = 1_000
MAX_ROWS = 10
"""Row numbers stored for one cause."""
MAX_NAMES = 300
MayChange = Callable[[Person, Person, Scope], bool]
"""``policy.may_change``; passed in, because services do not import policies."""


class NotThisPlan(Refusal):
    message = lazy("This list was compared again in the meantime. Nothing was imported; please check it again first.")


class IsDecided(Refusal):
    message = lazy("This import was already approved or discarded. Nothing was changed; see its page.")


class FileTooLarge(Refusal):
    message = lazy("The file is larger than 20 MB. Keep only the rows of people, or split the list.")
    status = 413


def store(data: bytes) -> None:
    """Store a file that ``queue_import`` takes. Slow: do not call it within a transaction that writes."""
    if 0 < len(data) <= MAX_FILE_SIZE:
        storage.save(data, FOLDER)


def queue_import(data: bytes, file_name: str, *, actor_id: int | None, now: datetime) -> PeopleImport:
    """Store a file and queue it for the job.

    :raises FileTooLarge: the file exceeds ``MAX_FILE_SIZE``.
    :raises ListRefused: the file is empty.
    """
    if len(data) > MAX_FILE_SIZE:
        raise FileTooLarge
    if not data:
        raise ListRefused(UnreadableReason.EMPTY)
    stored = storage.stored_file_for(data, FOLDER)
    if not storage.has(stored.key):  # a job may have deleted an old list with the same content since ``store``
        storage.save(data, FOLDER)
    row = PeopleImport(created_at=now, created_by=actor_id, file_name=file_name[:200], key=stored.key)
    row.sha256, row.state, row.report = stored.sha256, "queued", {}
    db.session.add(row)
    db.session.flush()
    ledger.record(actor_id, "hand in people list", target(row), now=now, sha256=stored.sha256)
    return row


def compare_again(row: PeopleImport, *, units_under_id: int | None, leaving_unit_id: int | None) -> None:
    """Queue the list again with other choices.

    :raises IsDecided: it was approved, written or withdrawn.
    """
    _locked(row)
    _refuse_decided(row)
    row.units_under_id, row.leaving_unit_id = units_under_id, leaving_unit_id
    _queue_again(row)


def identify(row: PeopleImport, digest: str, same: Collection[int]) -> None:
    """Store who the possible duplicates of the plan that was shown are, and queue the list again.

    Those in the rows ``same`` are the people who are registered, the others are new. Whom a row may belong to was
    stored with the plan.

    :raises IsDecided: the list was approved, written or withdrawn.
    :raises NotThisPlan: there is another plan now, or none.
    """
    _locked(row)
    _refuse_decided(row)
    if row.state != "checked" or row.digest != digest:
        raise NotThisPlan
    asked = row.report["duplicates"]
    said = {str(duplicate["row"]): duplicate["person_id"] if duplicate["row"] in same else 0 for duplicate in asked}
    row.identities = row.identities | said
    _queue_again(row)


def ask_again(row: PeopleImport) -> None:
    """Forget what was said of who is who, and queue the list again.

    :raises IsDecided: it was approved, written or withdrawn.
    """
    _locked(row)
    _refuse_decided(row)
    row.identities = {}
    _queue_again(row)


def approve(row: PeopleImport, digest: str, *, actor_id: int | None, now: datetime) -> None:
    """Approve the plan that was shown, identified by its ``digest``.

    :raises IsDecided: it was approved or withdrawn already.
    :raises NotThisPlan: there is another plan now, or none.
    """
    _locked(row)
    if row.state in ("approved", "applying", "done", "withdrawn"):
        raise IsDecided
    if row.state != "checked" or row.digest != digest:
        raise NotThisPlan
    row.state = "approved"
    ledger.record(actor_id, "approve people list", target(row), now=now, **row.report["counts"])
    db.session.flush()


def withdraw(row: PeopleImport) -> None:
    """Discard the list.

    :raises IsDecided: it was approved, written or withdrawn.
    """
    _locked(row)
    _refuse_decided(row)
    row.state = "withdrawn"
    db.session.flush()


def read_list(data: bytes) -> PeopleFile:
    """Read a file in a separate process. Slow: do not call it within a transaction that writes.

    :raises ListRefused: the file cannot be read.
    """
    try:
        return isolated.run(read_people, data, seconds=READING_SECONDS, megabytes=READING_MEGABYTES)
    except Unreadable as error:
        raise ListRefused(error.why, error.line) from error
    except FirstRowIsData as error:
        raise ListRefused("first-row-is-data") from error
    except NoHeadings as error:
        raise ListRefused("no-headings") from error
    except NoRows as error:
        raise ListRefused("no-rows") from error
    except isolated.TookTooLong as error:
        raise ListRefused("too-slow") from error
    except isolated.BrokeDown as error:
        raise ListRefused(UnreadableReason.TOO_LARGE) from error


def existing_data(row: PeopleImport, file: PeopleFile, may_change: MayChange, *, now: datetime) -> ExistingData:
    """The current data that a list is compared with. If other sheets were not read, nobody is deactivated.

    :raises ListRefused: the uploader is no longer an admin.
    """
    scope, creator = EVERYBODY, None
    if row.created_by is not None:
        creator = db.session.get_one(Person, row.created_by)
        creator.today = to_site_time(now).date()
        found = queries.admin_scope(creator) if creator.is_active else None
        if found is None:
            raise ListRefused("no-right")
        scope = found
    units, ended = queries.units_in_order(), queries.ended_units()
    under = row.units_under_id if row.units_under_id and scope.covers(row.units_under_id) else None
    left_unit = None if file.other_sheets else row.leaving_unit_id
    leaving = queries.unit_and_below({left_unit}) if left_unit else set()
    return ExistingData(
        people=list(_everybody(creator, scope, may_change)),
        units=[UnitRef(unit.id, unit.parent_id, unit.name, unit.kind) for unit, _depth in units],
        scope=scope,
        importer_id=creator.id if creator else None,
        units_under=under,
        leaving=frozenset(leaving),
        ended=[UnitRef(unit.id, unit.parent_id, unit.own_name, unit.kind) for unit, _successor in ended],
        successors={unit.id: successor for unit, successor in ended},
        identities={int(number): person_id for number, person_id in row.identities.items()},
    )


def _everybody(creator: Person | None, scope: Scope, may_change: MayChange) -> Iterator[ExistingPerson]:
    """All people as plain values, in two queries: one for the people, one for those with roles."""
    columns = [
        getattr(Person, name)
        for name in ExistingPerson.__dataclass_fields__
        if name not in ("is_protected", "is_admin")
    ]
    with_roles = db.session.scalars(select(Person).where(Person.id.in_(select(RoleGrant.person_id)))).all()
    protected = {one.id for one in with_roles if creator is not None and not may_change(creator, one, scope)}
    admins = {one.id for one in with_roles if any(grant.role == "admin" for grant in one.grants)}
    for person in db.session.execute(select(*columns)):
        yield ExistingPerson(**person._mapping, is_protected=person.id in protected, is_admin=person.id in admins)


def store_refused(file: PeopleFile, found: Plan) -> str | None:
    """The storage key of the file of refused rows, None if no row was refused. Call it before ``show_plan``, within no
    transaction that writes.
    """
    refused = refused_rows(file, found)
    return storage.save(refused, FOLDER).key if refused else None


def show_plan(
    row: PeopleImport, file: PeopleFile, found: Plan, *, refused_key: str | None, is_new: bool = True
) -> None:
    """Store the plan's report for the page. ``is_new`` False: the plan has changed since it was shown."""
    causes = found.causes()
    shown = sorted((c for c in found.changes if c.kind != "unchanged"), key=lambda c: c.kind == "create")
    row.report = {
        "counts": found.counts(),
        "problems": [_stored(cause) for cause in causes[:MAX_PROBLEMS]],
        "problem_count": len(causes),
        "changes": [[c.row, c.kind, c.details.name, list(c.changed)] for c in shown[:MAX_NAMES]],
        "duplicates": [asdict(one) for one in found.duplicates[:MAX_NAMES]],
        "leaving": found.leaving[:MAX_NAMES],
        "has_blocked_leaving": found.has_blocked_leaving,
        "new_units": list(found.unit_paths.values())[:MAX_NAMES],
        "sheet": file.sheet,
        "headings": file.headings,
        "unread": list(file.unread[:50]),
        "examples": file.examples,
        "uncomputed": list(file.uncomputed),
        "other_sheets": list(file.other_sheets),
        "has_changed": not is_new,
    }
    row.total = row.done = len(file.rows)
    row.digest, row.state = found.digest(), "checked"
    row.refused_key = refused_key
    db.session.flush()


def _stored(cause: Cause) -> dict[str, Any]:
    return asdict(cause.problem) | {"rows": cause.rows[:MAX_ROWS], "row_count": len(cause.rows)}


def refused_rows(file: PeopleFile, found: Plan) -> bytes | None:
    """An XLSX file of the refused rows: the template's columns and the reasons. None if no row was refused."""
    if not found.refused:
        return None
    why: dict[int, list[str]] = {}
    for problem in found.problems:
        if not problem.is_doubt:
            why.setdefault(problem.row, []).append(f"{COLUMNS[problem.field].title}: {problem_text(asdict(problem))}")
    rows = (
        [*(row.cells.get(field) for field in FIELDS), " ".join(why.get(row.number, []))]
        for row in file.rows
        if row.number in found.refused
    )
    out = io.BytesIO()
    write_xlsx(out, Sheet(_("Rejected rows"), [*COLUMNS.values(), Column(REASON, "text", 80)], rows))
    return out.getvalue()


@dataclass(frozen=True)
class PlanAtMoment:
    """A plan, and whether people or units have changed since."""

    prepared: PreparedPlan
    digest: str
    mark: ledger.Mark


def plan_now(row: PeopleImport, file: PeopleFile, may_change: MayChange, *, now: datetime) -> PlanAtMoment:
    """Plan the list by the present data. Slow: do not call it within a transaction that writes.

    :raises ListRefused: the uploader is no longer an admin.
    """
    mark = ledger.mark("person", "unit")
    found = plan(file.rows, existing_data(row, file, may_change, now=now))
    return PlanAtMoment(prepare(found), found.digest(), mark)


def write(
    row: PeopleImport, file: PeopleFile, may_change: MayChange, *, planned: PlanAtMoment | None = None, now: datetime
) -> Plan | None:
    """Write the plan that was shown. If there is another plan by now, nothing is written and that one is returned.

    With ``planned``, the plan is made again only if people or units have changed since.

    :raises ListRefused: the uploader is no longer an admin.
    """
    lock_people()
    if planned is None or planned.mark.is_past():
        planned = plan_now(row, file, may_change, now=now)
    found = planned.prepared.plan
    if planned.digest != row.digest:
        return found
    source = f"import:{row.id}"
    actor_id = row.created_by
    write_plan(planned.prepared, source=source, reason=_("missing from the uploaded list"), actor_id=actor_id, now=now)
    row.state, row.applied_at = "done", now
    ledger.record(actor_id, "import people", target(row), now=now, **found.counts())
    db.session.flush()
    return None


def refuse(row: PeopleImport, refusal: ListRefused) -> None:
    """Store why the file cannot be read."""
    row.state, row.report = "refused", {"code": refusal.code, "line": refusal.line}
    db.session.flush()


def target(row: PeopleImport) -> str:
    return f"import:{row.id}"


def waiting() -> Select[Any]:
    """Lists that a job must read or write, including interrupted ones, but not those of the command line."""
    found = select(PeopleImport.id).where(PeopleImport.state.in_(BUSY), PeopleImport.created_by.is_not(None))
    return found.order_by(PeopleImport.id)


def _queue_again(row: PeopleImport) -> None:
    row.state, row.done, row.total = "queued", 0, 0
    db.session.flush()


def _refuse_decided(row: PeopleImport) -> None:
    if row.state not in ("queued", "checked"):
        raise IsDecided


def _locked(row: PeopleImport) -> None:
    db.session.refresh(row, with_for_update=True)
