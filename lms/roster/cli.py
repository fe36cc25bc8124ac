"""Commands ``lms person`` (one person) and ``lms people`` (lists)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from lms.auth.services import codes, second_factors
from lms.core import clock, ledger
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment
from lms.lib.tables import write_csv, write_xlsx
from lms.people import names, policy, queries, ranks
from lms.people import nip as numbers
from lms.people.details import PersonDetails, find_warnings, likely_status
from lms.people.models import Person, Unit
from lms.people.rights import RoleName
from lms.people.scopes import EVERYBODY
from lms.people.services import people, roles
from lms.people.services.detail_warnings import WARNING_TEXTS
from lms.people.services.numbers import nip_problem_text
from lms.people.services.statuses import STATUSES
from lms.people.unit_names import UnitNames, UnitRef
from lms.roster.columns import COLUMNS
from lms.roster.list_file import PeopleFile
from lms.roster.models import PeopleImport
from lms.roster.plan import Plan, plan
from lms.roster.services import exports, imports
from lms.roster.services.import_messages import only_one_sheet, problem_text
from lms.roster.services.imports import PlanAtMoment
from lms.roster.services.people_writing import prepare


@click.group()
def person() -> None:
    """Add people, print one-time codes, grant and revoke roles."""


@click.group()
def people_group() -> None:
    """Import and export lists of people."""


people_group.name = "people"
commands = [person, people_group]


def _login_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options that identify a person."""
    command = click.option("--email", help="E-mail address, for people without a number.")(command)
    return click.option("--nip", help="NIP or NI PPPK; spaces and dots do not matter.")(command)


@person.command()
@_login_options
@click.option("--name", required=True, help="Full name without titles.")
@click.option("--status", type=click.Choice(tuple(STATUSES)), help="Derived from the number if left out.")
@click.option("--rank", default="", help="Golongan, such as III/b (PNS) or IX (PPPK).")
@click.option("--position", default="", help="Jabatan.")
@click.option("--unit", "unit_name", help="Name of the unit, as in the unit tree.")
@click.option("--admin", is_flag=True, help="May manage the site.")
@with_appcontext
def create(
    nip: str | None,
    email: str | None,
    name: str,
    status: str | None,
    rank: str,
    position: str,
    unit_name: str | None,
    admin: bool,
) -> None:
    """Add a person and print a one-time code for the first sign-in."""
    number = _number(nip)
    unit = _unit(unit_name) if unit_name else None
    details = PersonDetails(
        nip=number,
        email=_address(email),
        name=" ".join(name.split()),
        status=status or likely_status(number),
        rank=_rank(rank),
        position=position,
        unit_id=unit.id if unit else None,
    )
    for warning in find_warnings(details):
        click.echo(str(WARNING_TEXTS[warning]), err=True)
    for duplicate in queries.duplicates_of(details.name, number, EVERYBODY) if number else []:
        click.echo(_("%(name)s is registered with another number, or with none.", name=duplicate.full_name), err=True)
    now = clock.now()
    with _refusals_as_errors():
        row = people.create_person(details, actor_id=None, now=now)
        if admin:
            roles.grant_role(row, "admin", actor_id=None, now=now)
        text = codes.issue_reset_code(row, None, now=now)
    db.session.commit()
    click.echo(_("%(name)s can now sign in.", name=row.name))
    _print_code(text, now + codes.VALID_FOR)


@person.command()
@_login_options
@with_appcontext
def code(nip: str | None, email: str | None) -> None:
    """Print a new one-time code; earlier codes stop working."""
    row, now = _person(nip, email), clock.now()
    with _refusals_as_errors():
        text = codes.issue_reset_code(row, None, now=now)
    db.session.commit()
    _print_code(text, now + codes.VALID_FOR)


@person.command("remove-factor")
@_login_options
@with_appcontext
def remove_factor(nip: str | None, email: str | None) -> None:
    """Remove a lost second factor, app and passkeys: the password alone signs in until a new one is set up."""
    if not second_factors.remove(_person(nip, email), actor_id=None, now=clock.now()):
        raise click.ClickException(_("The second step is not set up for this account."))
    db.session.commit()
    click.echo(_("The second step was removed."))


def _role_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options that name a role; exactly one must be given."""
    command = click.option("--head", "head_of", metavar="UNIT", help="Heads the unit of this name.")(command)
    command = click.option("--agency-admin", "admin_of", metavar="UNIT", help="Manages this agency.")(command)
    return click.option("--admin", "is_admin", is_flag=True, help="Manages the site.")(command)


@person.command()
@_login_options
@_role_options
@click.option("--deputy", "is_deputy", is_flag=True, help="Acting head (Plt., Plh.).")
@click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="First day, as 2026-12-31.")
@click.option("--until", "ends_on", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@with_appcontext
def grant(
    nip: str | None, email: str | None, is_deputy: bool, starts_on: datetime | None, ends_on: datetime | None, **of: Any
) -> None:
    """Grant a role: --admin, --agency-admin UNIT or --head UNIT.

    Granting a role again replaces its dates. If the new term begins later, the present one ends the day before.
    """
    row, (role, unit_id) = _person(nip, email), _role(**of)
    if (is_deputy and role != "head") or (role == "admin" and (starts_on or ends_on)):
        raise click.ClickException(_("Only a head can be a deputy, and a site admin has no dates."))
    if starts_on and ends_on and ends_on < starts_on:
        raise click.ClickException(_("The last day is before the first day."))
    first, last = (day.date() if day else None for day in (starts_on, ends_on))
    with _refusals_as_errors():
        roles.grant_role(
            row,
            role,
            unit_id=unit_id,
            is_deputy=is_deputy,
            starts_on=first,
            ends_on=last,
            actor_id=None,
            now=clock.now(),
        )
    db.session.commit()
    click.echo(_("The role was granted."))


@person.command()
@_login_options
@_role_options
@with_appcontext
def revoke(nip: str | None, email: str | None, **of: Any) -> None:
    """Revoke a role: --admin, --agency-admin UNIT or --head UNIT. The last active admin cannot be revoked."""
    row, (role, unit_id) = _person(nip, email), _role(**of)
    with _refusals_as_errors():
        roles.revoke_role(row, role, unit_id=unit_id, actor_id=None, now=clock.now())
    db.session.commit()
    click.echo(_("The role was revoked."))


@people_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the changes without writing them.")
@click.option("--skip-refused", is_flag=True, help="Import the other rows even if some are refused.")
@click.option(
    "--refused", type=click.Path(path_type=Path), help="Write the refused rows with their reasons here (XLSX)."
)
@click.option("--create-units-under", "under", metavar="UNIT", help="Create missing units below this one.")
@click.option(
    "--deactivate-missing", "leaving", metavar="UNIT", help="Deactivate people of this unit who are not in the list."
)
@click.option(
    "--same", multiple=True, type=int, metavar="ROW", help="The person in this row is the one registered otherwise."
)
@click.option(
    "--new", multiple=True, type=int, metavar="ROW", help="The person in this row is new, not the one registered."
)
@with_appcontext
def import_people(
    file: Path,
    dry_run: bool,
    skip_refused: bool,
    refused: Path | None,
    under: str | None,
    leaving: str | None,
    same: tuple[int, ...],
    new: tuple[int, ...],
) -> None:
    """Import a list of people (XLSX, XLS, ODS, CSV), all or nothing.

    Who may be registered with another number is rejected, until --same or --new says who it is.

    Exits with 0 only if no row was refused, or with --skip-refused.
    """
    data = file.read_bytes()
    choices: dict[str, Any] = {
        "units_under_id": _unit(under).id if under else None,
        "leaving_unit_id": _unit(leaving).id if leaving else None,
        "identities": {},
    }
    db.session.rollback()
    with _refusals_as_errors():
        listed = imports.read_list(data)
        planned = _compared(listed, PeopleImport(**choices))
        if same or new:
            choices["identities"] = _identities(planned.prepared.plan, same, new)
            planned = _compared(listed, PeopleImport(**choices))
    found = planned.prepared.plan
    _print_plan(found)
    if listed.other_sheets:
        click.echo(only_one_sheet(listed.sheet, listed.other_sheets), err=True)
    bytes_refused = imports.refused_rows(listed, found)
    if refused is not None and bytes_refused is not None:
        refused.write_bytes(bytes_refused)
    is_stopped = bool(found.refused) and not skip_refused
    if not dry_run and not is_stopped:
        with _refusals_as_errors():
            _write(data, file.name, listed, planned, choices)
    if is_stopped:
        raise click.ClickException(
            _("Rows were rejected, so nothing was imported. Use --skip-refused to import the others.")
        )


@people_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_people(file: Path) -> None:
    """Write all active people to an XLSX or CSV file, depending on the file name."""
    write = write_csv if file.suffix.lower() == ".csv" else write_xlsx
    with file.open("wb") as out:
        write(out, exports.people_sheet(queries.people_found("", is_active=True), head=()))


@people_group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def write_template(file: Path) -> None:
    """Write the empty import template (XLSX)."""
    with file.open("wb") as out:
        write_xlsx(out, *exports.template(EVERYBODY))


def _identities(found: Plan, same: Collection[int], new: Collection[int]) -> dict[str, int]:
    asked = {one.row: one.person_id for one in found.duplicates}
    for row in (*same, *new):
        if row not in asked or (row in same and row in new):
            raise click.ClickException(_("Whether the person in row %(n)s is registered is not in question.", n=row))
    return {str(row): asked[row] if row in same else 0 for row in (*same, *new)}


def _compared(listed: PeopleFile, choices: PeopleImport) -> PlanAtMoment:
    with reading():
        mark = ledger.mark("person", "unit")
        existing = imports.existing_data(choices, listed, policy.may_change, now=clock.now())
        db.session.rollback()
    with click.progressbar(length=len(listed.rows), label=_("Rows compared"), file=sys.stderr) as bar:
        found = plan(listed.rows, existing, lambda done: bar.update(done - bar.pos))
        bar.update(len(listed.rows) - bar.pos)
    return PlanAtMoment(prepare(found), found.digest(), mark)


def _print_plan(found: Plan) -> None:
    counts = found.counts()
    words = {
        "create": _("new"),
        "update": _("changed"),
        "move": _("moved to another unit"),
        "activate": _("reactivated"),
        "deactivate": _("deactivated"),
        "unchanged": _("unchanged"),
        "units": _("units created"),
        "refused": _("rejected rows"),
    }
    click.echo(", ".join(f"{word}: {counts[kind]}" for kind, word in words.items()))
    for cause in found.causes():
        problem = cause.problem
        kind = _("please check") if problem.is_doubt else _("rejected")
        rows = _("row %(n)s", n=", ".join(map(str, cause.rows)))
        where = f"{rows}, {COLUMNS[problem.field].title}"
        click.echo(f"{where}: {problem.value or '–'}: {kind}: {problem_text(asdict(problem))}", err=True)
    if rows := ", ".join(str(one.row) for one in found.duplicates):
        click.echo(_("Say of row %(rows)s with --same or --new who it is.", rows=rows), err=True)
    if found.has_blocked_leaving:
        click.echo(_("Nobody is deactivated while there are rejected rows."), err=True)


def _write(data: bytes, name: str, listed: PeopleFile, planned: PlanAtMoment, choices: dict[str, Any]) -> None:
    found = planned.prepared.plan
    imports.store(data)
    refused_key = imports.store_refused(listed, found)
    row = imports.queue_import(data, name, actor_id=None, now=clock.now())
    for name, value in choices.items():
        setattr(row, name, value)
    imports.show_plan(row, listed, found, refused_key=refused_key)
    if imports.write(row, listed, policy.may_change, planned=planned, now=clock.now()) is not None:
        db.session.rollback()
        raise click.ClickException(
            _("People or units have changed in the meantime. Nothing was imported; please try again.")
        )
    db.session.commit()
    click.echo(_("Imported."))


def _role(is_admin: bool, admin_of: str | None, head_of: str | None) -> tuple[RoleName, int | None]:
    if [is_admin, admin_of is not None, head_of is not None].count(True) != 1:
        raise click.ClickException(
            _("Choose one role: --admin, --agency-admin with the name of an agency, or --head with the name of a unit.")
        )
    if admin_of is not None:
        return "agency-admin", _unit(admin_of).id
    return ("head", _unit(head_of).id) if head_of is not None else ("admin", None)


def _number(text: str | None) -> str | None:
    problem = numbers.problem_of(text) if text is not None else None
    if text is not None and problem is not None:
        raise click.ClickException(nip_problem_text(problem, text))
    return numbers.normalise(text) if text else None


def _address(text: str | None) -> str | None:
    if text is not None and "@" not in text:
        raise click.ClickException(_("Not a valid e-mail address. It should look like nama@contoh.go.id."))
    return names.address(text) if text else None


def _rank(text: str) -> str:
    rank = ranks.normalise(text)
    if rank and rank not in (*ranks.PNS_RANKS, *ranks.PPPK_RANKS):
        raise click.ClickException(_("Unknown rank “%(rank)s”. Use the form III/b or IX.", rank=text))
    return rank


def _person(nip: str | None, email: str | None) -> Person:
    login = _number(nip) or _address(email)
    if login is None:
        raise click.ClickException(_("Use --nip or --email."))
    row = queries.person_named(login)
    if row is None:
        raise click.ClickException(_("Nobody has this number or address."))
    return row


def _unit(name: str) -> Unit:
    """The unit of this name or path."""
    units = {unit.id: unit for unit, _depth in queries.units_in_order()}
    names = UnitNames(UnitRef(unit.id, unit.parent_id, unit.name, unit.kind) for unit in units.values())
    found = [units[one.id] for one in names.find(name)]
    if len(found) != 1:
        raise click.ClickException(
            _("There is no unit “%(name)s”.", name=name)
            if not found
            else _(
                "There are several units with the name “%(name)s”. Write the units above it as well, with > between.",
                name=name,
            )
        )
    return found[0]


def _print_code(text: str, expires_at: datetime) -> None:
    click.echo(_("One-time code: %(code)s", code=text))
    click.echo(_("Valid for one sign-in, until %(moment)s.", moment=say_moment(expires_at)))


@contextmanager
def _refusals_as_errors() -> Iterator[None]:
    """Turn a refusal into an error message and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
