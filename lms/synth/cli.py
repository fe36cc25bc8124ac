"""``lms synth``."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from lms.core import clock, schema
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.demo import cast


@click.command()
@click.option("--people", default=5000, show_default=True, type=click.IntRange(3, 50_000))
@click.option("--courses", "course_count", default=12, show_default=True, type=click.IntRange(1, 60))
@click.option("--years", default=1, show_default=True, type=click.IntRange(1, 5))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same agency.")
@with_appcontext
def synth(people: int, course_count: int, years: int, seed: int) -> None:
    """Make a whole agency of demo people with its history, for trying out at full size. Never beside real people."""
    from lms.synth.services import create_agency, nip_of  # memory that `lms serve` does not need

    schema.upgrade()
    try:
        progress = create_agency(people, course_count, years, seed=seed, now=clock.now())
        with click.progressbar(progress, length=people, label=_("People"), file=sys.stderr) as bar:
            for _done in bar:
                pass
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
    db.session.commit()
    click.echo(f"{nip_of(1)}  " + _("admin"))
    click.echo(f"{nip_of(2)}  " + _("instructor of all courses"))
    click.echo(_("Password of all: %(password)s", password=cast.PASSWORD))
