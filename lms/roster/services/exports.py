"""Exports people in the format of the import, and the empty template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select

from lms.core.db import db
from lms.core.i18n import LazyString, lazy
from lms.core.i18n import gettext as _
from lms.lib.tables import Column, Sheet
from lms.people import queries, ranks
from lms.people.models import Person
from lms.people.scopes import Scope
from lms.people.unit_names import SEPARATOR, UnitNames, UnitRef
from lms.roster.columns import COLUMNS, EXAMPLE_ROW, STATUSES, Field

BATCH_SIZE = 1_000
UNITS = lazy("Units")
EXPLAINED: dict[Field, LazyString] = {
    "nip": lazy("18 digits, entered as text. Somebody who is not ASN has none and needs an e-mail address instead."),
    "name": lazy("Required for new people. Without titles."),
    "title_before": lazy("Dr., Ir., H."),
    "title_after": lazy("S.Sos., M.Si."),
    "status": lazy("If empty, it is derived from the number."),
    "rank": lazy("III/b for PNS and CPNS, IX for PPPK."),
    "position": lazy("As in the decree."),
    "unit": lazy(
        "A name from the sheet “%(sheet)s”; where a name occurs twice, with the units above it and > between.",
        sheet=UNITS,
    ),
    "email": lazy("Not required; each address once."),
    "phone": lazy("Not required; 0812 3456 7890 or +62 812 3456 7890."),
}


def people_sheet(found: Select[Any], *, head: Sequence[str]) -> Sheet:
    """The people of a query, in its order, with the columns of the template. Rows are streamed."""
    return Sheet(_("People"), list(COLUMNS.values()), _rows(found), head)


def template(scope: Scope) -> list[Sheet]:
    """The sheet to fill in, the meaning of its columns, and the units."""
    columns = list(COLUMNS.values())
    meaning = [Column(_("Column"), "text", 24), Column(_("Meaning"), "text", 70), Column(_("Values"), "text", 70)]
    values = {"status": ", ".join(STATUSES.values()), "rank": ", ".join((*ranks.PNS_RANKS, *ranks.PPPK_RANKS))}
    lines = [(column.title, str(EXPLAINED[field]), values.get(field)) for field, column in COLUMNS.items()]
    names = _unit_names()
    paths = ((SEPARATOR.join(names.path(unit_id)),) for unit_id in names.by_id if scope.covers(unit_id))
    return [
        Sheet(_("People"), columns, [EXAMPLE_ROW]),
        Sheet(_("Meaning of the columns"), meaning, lines),
        Sheet(str(UNITS), [Column(COLUMNS["unit"].title, "text", 80)], paths),
    ]


def _rows(found: Select[Any]) -> Iterator[Sequence[object]]:
    names = _unit_names()
    columns = (
        Person.nip, Person.name, Person.title_before, Person.title_after, Person.status, Person.rank,
        Person.position, Person.unit_id, Person.email, Person.phone,
    )  # fmt: skip
    few_at_once = found.with_only_columns(*columns).execution_options(yield_per=BATCH_SIZE)
    for nip, name, before, after, status, rank, position, unit_id, email, phone in db.session.execute(few_at_once):
        unit = SEPARATOR.join(names.path(unit_id))
        yield nip, name, before, after, STATUSES.get(status, status), rank, position, unit, email, phone


def _unit_names() -> UnitNames:
    return UnitNames(
        UnitRef(unit.id, unit.parent_id, unit.name, unit.kind) for unit, _depth in queries.units_in_order()
    )
