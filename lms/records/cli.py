"""``lms verify``: a certificate, or an exported ledger."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.core import ledger_file, ledger_heads, site
from lms.core.db import reading_snapshot
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_moment
from lms.records import codes, queries, snapshot, statement
from lms.records.models import Record
from lms.records.services.emblem import print_pdf

_CODE_IN_PDF = re.compile(rb"/verify/([0-9A-Za-z]+)")


@click.command()
@click.argument("what", metavar="CODE|FILE")
@click.option("--number", default="", help="Of an exported ledger: what it says about the certificate of this number.")
@with_appcontext
def verify(what: str, number: str) -> None:
    """Check a certificate by its CODE or its PDF, or the FILE of an exported ledger. Exit code 1 if it is not valid, or
    not the very file that this site prints."""
    path = Path(what)
    data = b""
    if path.is_file():
        with path.open("rb") as file:
            data = file.read(5)
    if data.startswith(b"%PDF"):
        _verify_pdf(path)
    elif data:
        _verify_ledger(path, number)
    else:
        with reading_snapshot():
            _verify_code(what)


def _verify_code(code: str) -> Record:
    record = queries.record_with(code)
    if record is None and statement.read(codes.normalise(code), site.site_key()):
        address = site.absolute_url(f"/verify/{codes.normalise(code)}")
        raise click.ClickException(
            _("A printed record of training has this code. Compare it with %(address)s", address=address)
        )
    if record is None:
        raise click.ClickException(_("No certificate has this code, and there is no such file: %(text)s", text=code))
    facts = record.snapshot
    for label, value in (
        (_("Number"), record.number),
        (_("Name"), facts["name"]),
        (_("Course"), facts["course"]),
        ("JP", record.jp),
        (_("Issued on"), facts["issued_on"]),
    ):
        click.echo(f"{label}: {value}")
    if queries.disagreements([record]):
        raise click.ClickException(_("The stored certificate differs from the ledger. It is not confirmed."))
    if record.revoked_at is not None:
        raise click.ClickException(_("Revoked on %(moment)s.", moment=say_moment(record.revoked_at)))
    click.echo(_("✓ Valid, and as the ledger says it was issued."))
    return record


def _verify_pdf(path: Path) -> None:
    data = path.read_bytes()
    found = _CODE_IN_PDF.search(data)
    if found is None:
        raise click.ClickException(_("This PDF names no certificate of this kind."))
    with reading_snapshot():
        record = _verify_code(found[1].decode())
        facts = snapshot.from_json(record.snapshot)
    if print_pdf(facts) == data:
        click.echo(_("✓ The file is byte for byte what this site prints."))
    else:
        click.echo(
            _(
                "! The file is not byte for byte what this site prints today: it was changed, or printed by another "
                "version. Compare what it says with the lines above."
            )
        )
        click.get_current_context().exit(1)


def _verify_ledger(path: Path, number: str) -> None:
    try:
        with path.open(encoding="utf-8") as file:
            found = ledger_file.read(file, number)
    except (ledger_file.NotALedger, UnicodeDecodeError) as error:
        raise click.ClickException(_("This file is neither a certificate nor an exported ledger.")) from error
    exported = say_moment(datetime.fromisoformat(found.exported_at))
    click.echo(_("Ledger of “%(site)s”, exported %(moment)s.", site=found.site, moment=exported))
    count = ngettext("%(num)s entry", "%(num)s entries", found.entries)
    click.echo(_("%(entries)s, signed up to entry %(n)s.", entries=count, n=found.signed_until))
    if found.signed_at:
        click.echo(_("Signed %(moment)s.", moment=say_moment(datetime.fromisoformat(found.signed_at))))
    own = ledger_heads.keys().public()
    for key in found.keys.values():
        known = _("a key of this site") if key.id in own else _("compare it with the published keys of the site")
        click.echo(_("Key %(id)s: %(known)s", id=key.id, known=known))
    for one in found.mentions:
        click.echo(f"{say_moment(one.at)}: {one.verb}, {one.target}")
    if number and not found.mentions:
        click.echo(_("No entry names this number."))
    if found.faults:
        raise click.ClickException(_("It was altered, at entry %(n)s or before.", n=found.faults[0]))
    if not found.is_sound:
        raise click.ClickException(_("It is not signed by the keys in it."))
    if found.unsigned_mentions:
        raise click.ClickException(
            _(
                "Entry %(n)s about this number is not signed, so anybody could have added it. The site signs within "
                "some minutes: ask for a newer export.",
                n=found.unsigned_mentions[0].entry_id,
            )
        )
    click.echo(_("✓ The ledger is whole, and signed by the keys in it."))


commands = [verify]
