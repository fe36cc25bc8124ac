"""``lms person``: the first admin, and what is quicker on the server than on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import with_appcontext

from lms.accounts import names, queries, ranks
from lms.accounts import nip as numbers
from lms.accounts.details import PersonDetails, doubts, status_told_by
from lms.accounts.models import Person, RoleName, Unit
from lms.accounts.services import codes, people, roles
from lms.accounts.services.doubts import DOUBTS
from lms.accounts.services.numbers import COMPLAINTS
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment

STATUSES = ("pns", "cpns", "pppk", "pppk-paruh-waktu", "non-asn")


@click.group()
def person() -> None:
    """Add people, let them in, and give them roles."""


commands = [person]


def login_options(command: Callable[..., None]) -> Callable[..., None]:
    """A person is told by number or address."""
    command = click.option("--email", help="E-mail address, for who has no number.")(command)
    return click.option("--nip", help="NIP or NI PPPK; spaces and dots do not matter.")(command)


@person.command()
@login_options
@click.option("--name", required=True, help="Full name without titles.")
@click.option("--status", type=click.Choice(STATUSES), help="Told by the number where it is left out.")
@click.option("--rank", default="", help="Golongan, such as III/b (PNS) or IX (PPPK).")
@click.option("--position", default="", help="Jabatan.")
@click.option("--unit", "unit_name", help="Name of the unit, as the unit tree has it.")
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
    """Add a person and print a one-time code for the first sign-in; nobody gets a password from here."""
    number = _number(nip)
    unit = _unit(unit_name) if unit_name else None
    details = PersonDetails(
        nip=number,
        email=_address(email),
        name=" ".join(name.split()),
        status=status or status_told_by(number),
        rank=_rank(rank),
        position=position,
        unit_id=unit.id if unit else None,
    )
    for doubt in doubts(details):
        click.echo(str(DOUBTS[doubt]), err=True)
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
@login_options
@with_appcontext
def code(nip: str | None, email: str | None) -> None:
    """Print a new one-time code; earlier codes of the person no longer work."""
    row, now = _person(nip, email), clock.now()
    with _refusals_as_errors():
        text = codes.issue_reset_code(row, None, now=now)
    db.session.commit()
    _print_code(text, now + codes.VALID_FOR)


@person.command()
@login_options
@click.option("--admin", "is_admin", is_flag=True, help="Manages the site.")
@click.option("--head", "unit_name", help="Heads the unit of this name.")
@with_appcontext
def grant(nip: str | None, email: str | None, is_admin: bool, unit_name: str | None) -> None:
    """Give a role: --admin, or --head UNIT."""
    _change_role(roles.grant_role, _person(nip, email), is_admin, unit_name)
    click.echo(_("The role was given."))


@person.command()
@login_options
@click.option("--admin", "is_admin", is_flag=True, help="Manages the site.")
@click.option("--head", "unit_name", help="Heads the unit of this name.")
@with_appcontext
def revoke(nip: str | None, email: str | None, is_admin: bool, unit_name: str | None) -> None:
    """Take a role back: --admin, or --head UNIT. The last active admin stays one."""
    _change_role(roles.revoke_role, _person(nip, email), is_admin, unit_name)
    click.echo(_("The role was taken back."))


def _change_role(change: Callable[..., object], row: Person, is_admin: bool, unit_name: str | None) -> None:
    if is_admin == (unit_name is not None):
        raise click.ClickException(_("Say which role: --admin, or --head with the name of a unit."))
    role: RoleName = "admin" if is_admin else "head"
    unit_id = _unit(unit_name).id if unit_name is not None else None
    with _refusals_as_errors():
        change(row, role, unit_id=unit_id, actor_id=None, now=clock.now())
    db.session.commit()


def _number(text: str | None) -> str | None:
    complaint = numbers.complaint(text) if text is not None else None
    if complaint is not None:
        raise click.ClickException(str(COMPLAINTS[complaint]))
    return numbers.normalise(text) if text else None


def _address(text: str | None) -> str | None:
    if text is not None and "@" not in text:
        raise click.ClickException(_("This is no e-mail address; it looks like nama@contoh.go.id."))
    return names.address(text) if text else None


def _rank(text: str) -> str:
    rank = ranks.normalise(text)
    if rank and rank not in (*ranks.PNS_RANKS, *ranks.PPPK_RANKS):
        raise click.ClickException(_("There is no rank “%(rank)s”: write it as III/b or IX.", rank=text))
    return rank


def _person(nip: str | None, email: str | None) -> Person:
    login = _number(nip) or _address(email)
    if login is None:
        raise click.ClickException(_("Say who: --nip or --email."))
    row = queries.person_named(login)
    if row is None:
        raise click.ClickException(_("There is nobody with this number or address."))
    return row


def _unit(name: str) -> Unit:
    found = [unit for unit, _depth in queries.units_in_order() if unit.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise click.ClickException(
            _("There is no unit “%(name)s”.", name=name)
            if not found
            else _("Several units are called “%(name)s”: choose the right one on the page of the person.", name=name)
        )
    return found[0]


def _print_code(text: str, expires_at: datetime) -> None:
    click.echo(_("One-time code in place of a password: %(code)s", code=text))
    click.echo(_("Good for one sign-in, until %(moment)s.", moment=say_moment(expires_at)))


@contextmanager
def _refusals_as_errors() -> Iterator[None]:
    """A refusal ends the command with its sentence and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
