"""``lms demo``."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from lms.core import clock, schema
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.demo import cast
from lms.enrolment import queries as enrolments
from lms.people import queries as persons


@click.command()
@with_appcontext
def demo() -> None:
    """Make the demo people and courses for trying out. Never on a server for real people."""
    from lms.demo.services import create_demo  # memory that `lms serve` does not need

    schema.upgrade()
    create_demo(now=clock.now(), progress=_tell)
    db.session.commit()
    for line in logins():
        click.echo(line)


def _tell(course: str) -> None:
    click.echo(_("Publishing %(course)s …", course=course), err=True)


def logins() -> list[str]:
    """Who may sign in, and how: a line for each account or group of accounts."""
    return [
        f"{cast.ADMIN}  " + _("admin"),
        f"{cast.INSTRUCTOR}  " + _("instructor of all courses"),
        f"{cast.HEAD}  " + _("head of %(unit)s", unit=cast.HEALTH),
        f"{cast.LEARNERS[0]} … {cast.LEARNERS[-1][-2:]}  " + _("learners"),
        f"{cast.PPPK}  " + _("a learner with PPPK status"),
        *_assistants(),
        _("Password of all: %(password)s", password=cast.PASSWORD),
    ]


def _assistants() -> Iterator[str]:
    """Missing where the history was not told."""
    if persons.person_named(cast.DEPUTY):
        yield f"{cast.DEPUTY}  " + _("Deputy head of %(name)s (Plt. or Plh.)", name=cast.HEALTH)
    if persons.person_named(cast.AGENCY_ADMIN):
        yield f"{cast.AGENCY_ADMIN}  " + _("Admin of %(name)s", name=cast.AGENCY)
    if committee := persons.person_named(cast.COMMITTEE):
        for cohort_id in sorted(committee.committee_cohort_ids):
            if cohort := enrolments.cohort(cohort_id):
                yield f"{cast.COMMITTEE}  " + _("Committee of %(name)s", name=cohort.name)
