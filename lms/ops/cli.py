"""``lms backup``, ``lms restore``, ``lms doctor``."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Config
from lms.core import clock, ledger_heads, schema
from lms.core.db import db, reading
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_moment
from lms.core.storage import StorageUnavailable
from lms.lib.digits import whole_number
from lms.ops import encryption, queries
from lms.ops.archive import About, Damaged, Manifest
from lms.ops.services import checks, evidence, making, noting, restoring
from lms.records import queries as records
from lms.records.numbering import HIGHEST
from lms.records.services import numbers


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--passphrase", "is_asked", is_flag=True, help="Ask for a passphrase and encrypt with it.")
@click.option("--passphrase-file", type=click.File(), help="Encrypt with the passphrase in this file's first line.")
@with_appcontext
def backup(file: Path, is_asked: bool, passphrase_file: IO[str] | None) -> None:
    """Write the whole site into FILE while it is in use: rows, files, settings. The file is read back to verify it."""
    passphrase = _passphrase(is_asked, passphrase_file, is_new=True)
    with queries.snapshot() as connection:
        rows = queries.row_count(connection)
    config: Config = current_app.config["LMS"]
    with _errors_reported(), _progress(rows, _("Backup")) as advance:
        now = clock.now()
        made = making.make_backup(file.absolute(), config.to_keep(), passphrase=passphrase, now=now, advance=advance)
    noting.finish_backup(noting.begin_backup(file, now=now), made, now=clock.now())
    db.session.commit()
    click.echo(_summary(made.manifest))
    click.echo(_("Read back in full: %(path)s, %(size)s bytes.", path=file, size=made.size))
    click.echo(f"SHA-256 {made.sha256}")
    if passphrase is None:
        click.echo(_("It contains all personal data and the site's secret, unencrypted: keep it as safe as a key."))
    if made.manifest.damaged:
        raise click.ClickException(
            ngettext(
                "The storage could not return %(num)s file intact; the backup contains everything else.",
                "The storage could not return %(num)s files intact; the backup contains everything else.",
                len(made.manifest.damaged),
            )
        )


class LastNumber(click.ParamType[tuple[int, int]]):
    """``2026=31``: a year and its last running number."""

    name = "YEAR=NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(20\d\d)=(\d{1,6})", value)
        if found is None:
            self.fail(_("Write the year and the running number, such as 2026=31."), param, context)
        return int(found[1]), int(found[2])


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--passphrase-file", type=click.File(), help="The passphrase is this file's first line.")
@click.option("--replace", is_flag=True, help="Overwrite what is there; asks for the site's name.")
@click.option(
    "--yes-replace", metavar="SITE_NAME", help="Overwrite without being asked; the site's name is the confirmation."
)
@click.option(
    "--last-number",
    "last_numbers",
    type=LastNumber(),
    multiple=True,
    help="The last certificate number that was printed in a year, such as 2026=31. Asked for on a terminal.",
)
@with_appcontext
def restore(
    file: Path,
    passphrase_file: IO[str] | None,
    replace: bool,
    yes_replace: str | None,
    last_numbers: Sequence[tuple[int, int]],
) -> None:
    """Restore the backup FILE into this server's database and storage, which must be empty.

    Everybody is signed out, and codes that were not used are void.
    """
    with db.engine.connect():  # before the backup is read, which takes longer
        pass
    with _errors_reported(), file.open("rb") as source:
        is_secret = encryption.is_encrypted(source)
        passphrase = _passphrase(is_secret, passphrase_file, is_new=False) if is_secret else None
        click.echo(_("Checking the backup …"))
        about, manifest = making.check_backup(source, passphrase)
        click.echo(_("Made %(moment)s of “%(site)s”.", moment=_moment(about.made_at), site=about.site_name))
        click.echo(_summary(manifest))
        _check_may_restore(about, replace or yes_replace is not None, yes_replace)
        settings, voided = _restore(source, passphrase, about, manifest)
    _report_settings(settings)
    _report_outdated(about, voided)
    _settle_numbers(voided, dict(last_numbers))


SYMBOLS = {"ok": "✓", "warning": "!", "problem": "✗"}


@click.command()
@with_appcontext
def doctor() -> None:
    """Check settings, database, storage, jobs, backups and more; exit code 1 if something must be fixed."""
    with reading():
        found = list(checks.examine(current_app.config["LMS"], clock.now()))
    for finding in found:
        click.echo(f"{SYMBOLS[finding.state]} {finding.name}: {finding.text}")
        if finding.remedy:
            click.echo(f"  → {finding.remedy}")
    if any(finding.state == "problem" for finding in found):
        raise SystemExit(1)


def _restore(
    source: IO[bytes], passphrase: str | None, about: About, manifest: Manifest
) -> tuple[dict[str, str], restoring.VoidedNumbers]:
    db.session.remove()
    with restoring.complete_or_nothing(current_app.config["LMS"]):
        restoring.remove_tables()
        schema.upgrade(about.revision)
        count = sum(manifest.rows.values()) + manifest.files
        with _progress(count, _("Restoring")) as advance, making.opened_backup(source, passphrase) as stream:
            settings, keys = restoring.fill(stream, advance=advance)
        schema.upgrade()
        restoring.remove_other_files(keys)
        with _progress(manifest.files, _("Verifying")) as advance:
            restoring.verify(manifest, advance=advance)
        voided = restoring.void_what_is_outdated(datetime.fromisoformat(about.made_at), now=clock.now())
        db.session.commit()
    restoring.restore_ledger_keys(settings)
    ledger_heads.set_aside_anchors(now=clock.now())
    fault = next(ledger_heads.faults(), None)
    if fault is not None:
        raise click.ClickException(f"ledger:{fault.entry_id}: {evidence.REASONS[fault.kind]}")
    click.echo(_("Restored and verified: rows counted, files read back, the ledger is whole."))
    return settings, voided


def _report_outdated(about: About, voided: restoring.VoidedNumbers) -> None:
    """What was voided, and what is older than it was and must be looked after by people."""
    signed_out = ngettext("%(num)s sign-in was ended,", "%(num)s sign-ins were ended,", voided.sign_ins)
    void = ngettext("%(num)s unused one-time code is void.", "%(num)s unused one-time codes are void.", voided.codes)
    click.echo(f"{signed_out} {void}")
    click.echo(_("What happened after %(moment)s is not known here. Check:", moment=_moment(about.made_at)))
    for text in (
        _("passwords, roles and deactivated accounts are those of that time: withdraw again what was withdrawn since;"),
        _("certificates revoked since then count as valid again: revoke them again under Manage → Certificates;"),
        _("certificates issued since then are not here, and the check page does not know them: issue them again."),
    ):
        click.echo(f"- {text}")


def _settle_numbers(voided: restoring.VoidedNumbers, told: dict[int, int]) -> None:
    """Move on the numbers of each year after the last that was printed, as told by option or on a terminal."""
    last = {row.year: row.last for row in records.uncertain_sequences()}
    for year in sorted({*voided.years, *told}):
        number = told.get(year)
        if number is None and _may_ask():
            number = _ask_last_number(year, last[year])
        if number is not None:
            counts = numbers.confirm_last_number(year, number, actor_id=None, now=clock.now())
            db.session.commit()
            click.echo(_("The next certificate of %(year)s gets the number %(next)s.", year=year, next=counts + 1))
    if records.uncertain_sequences():
        click.echo(
            _(
                "The last printed certificate number is not known. No certificate is issued until an admin enters it"
                " under Manage → Certificates."
            )
        )


def _may_ask() -> bool:
    return sys.stdin.isatty()


def _ask_last_number(year: int, last: int) -> int | None:
    """None if it was left empty."""
    question = _(
        "Last certificate number printed in %(year)s, such as 31 (in the backup: %(last)s; empty: answer later)",
        year=year,
        last=last,
    )
    while True:
        said = click.prompt(question, default="", show_default=False)
        if not said:
            return None
        if (number := whole_number(said, most=HIGHEST)) is not None:
            return number
        click.echo(_("A whole number from %(least)s to %(most)s.", least=0, most=HIGHEST))


@contextmanager
def _progress(length: int, label: str) -> Iterator[Callable[[int], object]]:
    """A progress bar on a terminal, otherwise a line for each tenth. Yields what is called with the number done."""
    if sys.stdout.isatty():
        with click.progressbar(length=length, label=label) as bar:
            yield bar.update
        return
    done = told = 0

    def advance(count: int) -> None:
        nonlocal done, told
        done += count
        if (tenths := 10 * done // max(length, 1)) > told:
            told = tenths
            click.echo(f"{label}: {10 * tenths} %")

    yield advance


def _check_may_restore(about: About, may_replace: bool, name: str | None) -> None:
    if not schema.is_known(about.revision):
        raise click.ClickException(
            _("The backup was made by a newer version. Update this one first. Nothing was changed.")
        )
    there = restoring.what_is_there()
    if not there:
        return
    if restoring.is_in_use(clock.now()):
        raise click.ClickException(
            _(
                "A server was running here within the last two minutes. Stop it, wait, and try again."
                " Nothing was changed."
            )
        )
    told = ", ".join(there[:5]) + (" …" if len(there) > 5 else "")
    if not may_replace:
        raise restoring.TargetNotEmpty(what=told)
    site = current_app.config["SITE_NAME"]
    if name is None:
        click.echo(_("The target is not empty: it has %(what)s. All of it will be deleted.", what=told))
        name = click.prompt(_("Type the site's name (%(site)s) to overwrite it", site=site))
    if name != site:
        raise click.ClickException(_("That is not the site's name. Nothing was changed."))


def _report_settings(settings: dict[str, str]) -> None:
    """Compare with this server's settings. The secret is written to a file, never printed."""
    config: Config = current_app.config["LMS"]
    if settings.get("LMS_SECRET_KEY", config.secret_key) != config.secret_key:
        config.instance.mkdir(parents=True, exist_ok=True)
        path = config.instance / "secret-key-of-the-backup"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(settings["LMS_SECRET_KEY"] + "\n")
        click.echo(
            _(
                "LMS_SECRET_KEY is not the backup's, which is now in %(path)s. Set it, or all must sign in again"
                " and one-time codes are void.",
                path=path,
            )
        )
    for name in ("LMS_BASE_URL", "LMS_SITE_NAME", "LMS_TIMEZONE", "LMS_LANGUAGE"):
        if settings.get(name, "") != config.to_keep()[name]:
            click.echo(_("%(name)s was %(value)s in the backup.", name=name, value=settings.get(name, "")))


def _passphrase(is_asked: bool, file: IO[str] | None, *, is_new: bool) -> str | None:
    if file is not None:
        words = file.readline().rstrip("\n")
        if not words:
            raise click.ClickException(_("The passphrase file is empty."))
        return words
    if not is_asked:
        return None
    return str(click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=is_new))


def _moment(text: str) -> str:
    return say_moment(datetime.fromisoformat(text))


def _summary(manifest: Manifest) -> str:
    text = _("%(rows)s rows in %(tables)s tables, %(files)s files with %(bytes)s bytes.")
    rows = sum(manifest.rows.values())
    return str(text) % {
        "rows": rows,
        "tables": len(manifest.rows),
        "files": manifest.files,
        "bytes": manifest.file_bytes,
    }


@contextmanager
def _errors_reported() -> Iterator[None]:
    """Expected errors end the command with a message and exit code 1."""
    try:
        yield
    except Refusal as error:
        raise click.ClickException(error.text) from error
    except Damaged as error:
        raise click.ClickException(_("The backup is damaged: %(why)s.", why=error)) from error
    except encryption.WrongPassphrase as error:
        raise click.ClickException(_("The passphrase does not open this backup.")) from error
    except OSError as error:
        why = error.strerror or error
        raise click.ClickException(_("It could not be written or read: %(why)s.", why=why)) from error
    except StorageUnavailable as error:
        raise click.ClickException(_("The storage does not answer or cannot store files now.")) from error


commands = [backup, restore, doctor]
