"""``lms``: the command line of an installed server."""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import sys
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from config import Config, WrongSettings
from lms import create_app, demo
from lms.accounts import cli as accounts
from lms.core import jobs, ledger, schema
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.courses import cli as courses
from lms.quizzes.jobs import submit_overdue_attempts

JOBS: jobs.Jobs = {"submit overdue attempts": submit_overdue_attempts, "seal the ledger": ledger.seal}

SECONDS_TO_STOP = 10
"""How long what runs may take to finish. What is cut off then loses nothing that was acknowledged."""


def _app() -> Flask:
    try:
        return create_app(Config.from_env())
    except WrongSettings as error:
        raise click.ClickException("\n".join(error.problems)) from error
    except OSError as error:
        raise click.ClickException(
            f"LMS_INSTANCE or LMS_STORAGE_URL names a folder that cannot be used: {error}"
        ) from error


class Commands(click.Group):
    """A database that cannot be used is told in a line, whichever command met it."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OperationalError as error:
            why = str(error.orig).splitlines()[0]
            raise click.ClickException(
                _("The database cannot be used: %(why)s. If it is new, run: lms init", why=why)
            ) from error


@click.group(cls=Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """The learning platform: set up, serve, look after."""
    context.obj = context.obj or ScriptInfo(create_app=_app)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


@main.command()
@with_appcontext
def init() -> None:
    """Make the database's tables, or bring them up to date. Creates no person."""
    upgrade()
    click.echo(_("The database is ready. Make the first admin with: lms person create --admin --nip … --name …"))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes; as many as cores.")
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site, with its worker for periodic jobs."""
    _refuse_to_serve(Config.from_env().problems_for_production() + _schema_problems() + _port_problems(host, port))
    if demo.is_present():
        click.echo(_("Warning: demo people with a known password are active."), err=True)
    db.session.remove()
    db.engine.dispose()
    worker = multiprocessing.Process(target=_work, args=(os.getpid(),))
    worker.start()
    try:
        _serve(host, port, workers)
    finally:
        worker.terminate()
        worker.join(SECONDS_TO_STOP)
        worker.kill()


def _serve(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=32,
        backpressure=64,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,  # one told to stop before it has learned to listen would never
        log_access=False,
    ).serve()


def _work(parent: int) -> None:
    logging.basicConfig(level=logging.INFO)
    jobs.run_for_ever(create_app(Config.from_env()), JOBS, parent=parent)


def _schema_problems() -> list[str]:
    missing = schema.missing_migrations()
    return [_("The database lacks %(count)s migrations. Run: lms init", count=len(missing))] if missing else []


def _port_problems(host: str, port: int) -> list[str]:
    """Told before anything starts: the workers would fail at it one after the other."""
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
    """Periodic work."""


@jobs_group.command("run")
@click.option("--once", is_flag=True, help="Do each job once and stop.")
def run_jobs(once: bool) -> None:
    """Do the periodic jobs until stopped."""
    app = _app()
    if once:
        jobs.run_once(app, JOBS)
    else:
        jobs.run_for_ever(app, JOBS)


@main.group("ledger")
def ledger_group() -> None:
    """The chained record of who did what."""


@ledger_group.command()
@with_appcontext
def verify() -> None:
    """Check every seal of the ledger; exit code 1 where one does not fit."""
    broken = ledger.first_broken()
    if broken is not None:
        raise click.ClickException(_("The ledger is broken at entry %(id)s.", id=broken))
    click.echo(_("The ledger is whole."))


@main.command("demo")
@with_appcontext
def make_demo() -> None:
    """Make the demo people and course for trying out. Never on a server for real people."""
    upgrade()
    for line in demo.create(zone=current_app.config["TIMEZONE"]):
        click.echo(line)


for command in (*accounts.commands, *courses.commands):
    main.add_command(command)
