"""``lms``: the command line of an installed server."""

from __future__ import annotations

import importlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NoReturn

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from config import Config, WrongSettings
from lms.app import create_app
from lms.authoring import cli as authoring
from lms.authoring.jobs import check_courses, delete_old_uploads, publish_scheduled
from lms.core import clock, database_errors, i18n, jobs, ledger, ledger_file, ledger_heads, memory, scheduler, schema
from lms.core.db import db, reading_snapshot
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.core.jobs import Job
from lms.core.supervisor import Child, supervise
from lms.counts.jobs import check_counts, count_changes
from lms.courses import cli as courses
from lms.courses.jobs import delete_old_rendered
from lms.demo.cli import demo
from lms.enrolment.jobs import admit_registered, fill_places, renew_deadlines, renew_searched
from lms.learning.jobs import renew_results
from lms.notices.jobs import notify_deadlines, notify_new_events, send_mails
from lms.ops import cli as ops
from lms.ops.jobs import back_up_daily, check_evidence_daily
from lms.ops.queries import demo_count, has_admin
from lms.ops.services import evidence, restoring
from lms.quizzes.jobs import regrade_attempts, submit_overdue_attempts
from lms.records import cli as records
from lms.records.jobs import issue_certificates
from lms.roster import cli as roster
from lms.roster.jobs import delete_old_lists, process_people_lists
from lms.synth.cli import synth
from lms.web import metrics
from lms.web.requests import configure_logging
from lms.web.serving import web_processes

JOBS = (
    Job("submit overdue attempts", submit_overdue_attempts),
    Job("chain and sign the ledger", ledger_heads.chain_and_sign),
    Job("notify new events", notify_new_events),
    Job("notify deadlines", notify_deadlines, every_seconds=900),
    Job("send mails", send_mails, every_seconds=30),
    Job("back up daily", back_up_daily, every_seconds=300),
    Job("check the evidence daily", check_evidence_daily, every_seconds=300),
    Job("process lists of people", process_people_lists, every_seconds=1),
    Job("delete old lists of people", delete_old_lists, every_seconds=6 * 3600),
    Job("delete old uploads", delete_old_uploads, every_seconds=6 * 3600),
    Job("publish scheduled drafts", publish_scheduled, every_seconds=15),
    Job("check large courses", check_courses, every_seconds=1),
    Job("delete old rendered items", delete_old_rendered, every_seconds=6 * 3600),
    Job("admit registered people", admit_registered),
    Job("fill places", fill_places),
    Job("renew deadlines", renew_deadlines),
    Job("renew search texts", renew_searched, every_seconds=3600),
    Job("renew results", renew_results, every_seconds=15),
    Job("count changes", count_changes, every_seconds=15),
    Job("check counts", check_counts, every_seconds=3600),
    Job("issue certificates", issue_certificates, every_seconds=1),
    Job("regrade attempts", regrade_attempts, every_seconds=1),
)


def _app() -> Flask:
    with _settings_errors_reported():
        config = Config.from_env()
        _refuse_the_wrong_user(config.instance)
        return create_app(config)


def _refuse_the_wrong_user(instance: Path) -> None:
    """Stop root where another user owns the instance folder: the server could not open the files that root creates."""
    if os.geteuid() or not instance.exists() or not (owner := instance.stat().st_uid):
        return
    try:
        name = instance.owner()
    except KeyError:
        name = f"#{owner}"
    raise click.ClickException(
        _(
            "%(folder)s belongs to the user %(name)s, and the server could not open what root makes there. "
            "Run this as that user, such as with: sudo -u '%(name)s' …",
            folder=str(instance),
            name=name,
        )
    )


@contextmanager
def _settings_errors_reported() -> Iterator[None]:
    """Report wrong settings as messages, not as tracebacks."""
    try:
        yield
    except WrongSettings as error:
        raise click.ClickException("\n".join(map(i18n.say_message, error.problems))) from error
    except OSError as error:
        why = f"{error.filename or ''} ({error.strerror or type(error).__name__})"
        raise click.ClickException(
            _("LMS_INSTANCE or LMS_STORAGE_URL names a folder that cannot be used: %(why)s", why=why.strip())
        ) from error


class Commands(click.Group):
    """Reports an unusable database in one line, for any command."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DBAPIError as error:
            if not database_errors.is_unusable(error):
                raise
            message = database_errors.explain(error, Config.from_env().database_url)
            raise click.ClickException(message) from error


@click.group(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Set up, run and maintain the learning platform."""
    os.umask(0o077)  # database, files and exports hold personal data
    context.obj = context.obj or ScriptInfo(create_app=_app)
    configure_logging()


@main.command()
@with_appcontext
def init() -> None:
    """Create the database's tables, or run the missing migrations. Creates no person."""
    schema.upgrade()
    click.echo(_("The database is ready."))
    if not has_admin():
        click.echo(_("Make the first admin with: lms person create --admin --nip … --name …"))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    show_default=True,
    help="Number of web processes; by default one per core.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site and run its periodic jobs."""
    with metrics.shared_between_processes():
        with _settings_errors_reported():
            config = Config.from_env()
            _refuse_to_serve([i18n.say_message(one) for one in config.problems_for_production()])
            _refuse_the_wrong_user(config.instance)
            memory.give_back_early()
            app = importlib.import_module("wsgi").app
        with app.app_context():
            _refuse_to_serve(_restore_problems(app) or _schema_problems() + _port_problems(host, port))
            if demo_count():
                click.echo(_("Warning: demo people with a known password are active."), err=True)
            click.echo(_("The site answers at http://%(host)s:%(port)s. Stop it with Ctrl+C.", host=host, port=port))
        _prepare_to_fork(app)
        _supervise_with_jobs(app, *web_processes("wsgi:app", host, port, workers))


def _supervise_with_jobs(app: Flask, *others: Child) -> NoReturn:
    with scheduler.wake_pipe(app) as pipe:
        pipe.write()  # the first round starts at once
        sys.exit(supervise([scheduler.worker(app, JOBS, pipe), *others]))


def _prepare_to_fork(app: Flask) -> None:
    """Load what the child processes need, so that they share its memory, and close all connections.

    A connection to SQLite that two processes share loses what they commit.
    """
    with suppress(SQLAlchemyError):  # the database may be away just now
        jobs.forget_all_but(app, JOBS)
    configure_mappers()
    with app.app_context():
        i18n.read_languages()
        db.session.remove()
        db.engine.dispose()
    memory.freeze()


def serve_wsgi(target: str, host: str, port: int, workers: int) -> NoReturn:
    """Serve ``target`` (``module:name``) as the site is served, without jobs: ``make bench`` measures its limit so."""
    memory.give_back_early()
    children = web_processes(target, host, port, workers)
    importlib.import_module(target.partition(":")[0])
    memory.freeze()
    sys.exit(supervise(children))


def _restore_problems(app: Flask) -> list[str]:
    if not restoring.unfinished(app.config["LMS"]):
        return []
    return [_("A restore was interrupted, so the data is not complete. Run it again: lms restore FILE --replace")]


def _schema_problems() -> list[str]:
    missing = schema.missing_migrations()
    if not missing:
        return []
    return [
        ngettext(
            "The database lacks %(num)s migration. Run: lms init",
            "The database lacks %(num)s migrations. Run: lms init",
            len(missing),
        )
    ]


def _port_problems(host: str, port: int) -> list[str]:
    """Checked before anything starts, since otherwise each worker would fail."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        return [_("Cannot listen at %(host)s:%(port)s: %(why)s", host=host, port=port, why=error.strerror)]
    return []


def _refuse_to_serve(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)


@main.group("jobs")
def jobs_group() -> None:
    """Periodic jobs."""


@jobs_group.command("run")
@click.option("--once", is_flag=True, help="Run each job once and stop.")
def run_jobs(once: bool) -> None:
    """Run the periodic jobs until stopped."""
    app = _app()
    with app.app_context():
        _refuse_to_serve(_restore_problems(app) or _schema_problems())
    if once:
        jobs.run_once(app, JOBS)
        return
    memory.give_back_early()
    _prepare_to_fork(app)
    _supervise_with_jobs(app)


@main.group("ledger")
def ledger_group() -> None:
    """The log of who did what, protected by a chain of hashes."""


@ledger_group.command()
@click.option(
    "--printed", multiple=True, metavar="HEAD", help="A head from a certificate, report or mail, such as 1234:9f3a…"
)
@with_appcontext
def verify(printed: tuple[str, ...]) -> None:
    """Check the ledger, its signed heads, and every row that a record rests on; exit code 1 if anything disagrees."""
    unknown = sorted(ledger_heads.unknown_heads({head.strip() for head in printed}))
    for head in unknown:
        click.echo(f"✗ {head}: {evidence.REASONS['printed']}")
    count = len(unknown)
    with reading_snapshot():
        for found in evidence.examine():
            count += 1
            click.echo(f"✗ {found.what}: {found.why}")
    if count:
        raise click.ClickException(ngettext("%(num)s disagreement.", "%(num)s disagreements.", count))
    click.echo(_("The ledger is whole, and all records, grades, completions and answers agree with it."))


@ledger_group.command()
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
@with_appcontext
def export(file: IO[str]) -> None:
    """Write all chained entries, signed heads and public keys into FILE, to be checked elsewhere: lms verify FILE."""
    exported_at = clock.now().isoformat()
    with reading_snapshot():
        file.writelines(
            ledger_file.lines(
                current_app.config["SITE_NAME"],
                exported_at,
                ledger_heads.keys().public().values(),
                ledger_heads.heads(),
                map(ledger.columns, ledger.chained_entries()),
            )
        )


@ledger_group.command("rotate-key")
@with_appcontext
def rotate_key() -> None:
    """Sign with a new key from now on. The public key of the old one stays, its private key is deleted."""
    click.echo(_("The ledger is signed with the key %(id)s from now on.", id=ledger_heads.keys().rotate()))


for command in authoring.course_commands:
    courses.course.add_command(command)
for command in (*roster.commands, *courses.commands, *records.commands, *ops.commands, demo, synth):
    main.add_command(command)
