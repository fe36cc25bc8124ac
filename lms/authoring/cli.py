"""``lms course bind``, ``pull`` and ``push``: a course and a git repository."""

from __future__ import annotations

import difflib
import sys
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.authoring import queries
from lms.authoring.services import repository, source
from lms.authoring.services.git import Remote
from lms.authoring.services.repository import ChangedOnBothSides
from lms.core import clock
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.courses import queries as courses
from lms.courses.models import Course


@click.command()
@click.argument("slug")
@click.argument("url", required=False)
@click.option("--branch", default="main", show_default=True)
@click.option("--folder", default="", help="The course's folder in the repository; its root by default.")
@click.option("--remove", is_flag=True, help="Exchange nothing any more. Files stay on both sides.")
@with_appcontext
def bind(slug: str, url: str | None, branch: str, folder: str, remove: bool) -> None:
    """Bind a course to a branch of a git repository, for “pull” and “push”."""
    course = _course(slug)
    if remove == bool(url):
        raise click.UsageError(_("Give either an address or --remove."))
    try:
        if url:
            repository.bind(course, Remote(url, branch, folder.strip("/")), now=clock.now())
        else:
            repository.unbind(course, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
    db.session.commit()
    click.echo(
        _("%(slug)s is bound to %(url)s, branch %(branch)s.", slug=slug, url=url, branch=branch)
        if url
        else _("%(slug)s is not bound to a repository any more.", slug=slug)
    )


@click.command()
@click.argument("slug")
@click.option("--take", multiple=True, metavar="PATH", help="Changed on both sides: take the repository's file.")
@click.option("--keep", multiple=True, metavar="PATH", help="Changed on both sides: keep the site's file.")
@with_appcontext
def pull(slug: str, take: tuple[str, ...], keep: tuple[str, ...]) -> None:
    """Take what changed in the repository into the draft. Learners see it once it is published on the site."""
    course = _course(slug)
    if twice := {*take} & {*keep}:
        raise click.UsageError(_("“%(path)s” cannot be both taken and kept.", path=min(twice)))
    try:
        row = repository.bound(course)
        fetched = repository.fetch(row)
        db.session.rollback()
        choices = dict.fromkeys(take, True) | dict.fromkeys(keep, False)
        done = repository.pull(repository.bound(course), fetched, choices, now=clock.now())
    except ChangedOnBothSides as refusal:
        _commit, ours, theirs = fetched
        for one in refusal.differences:
            click.echo(f"\n{one.path}")
            there = theirs[one.path].data.decode(errors="replace") if one.path in theirs else ""
            click.echo("\n".join(_diff(ours.text(one.path), there)))
        click.echo("\n" + refusal.text, err=True)
        click.echo(_("For each: --take PATH (the repository's) or --keep PATH (the site's)."), err=True)
        sys.exit(1)
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
    db.session.commit()
    for path in done.taken:
        click.echo(path)
    click.echo(
        ngettext("%(num)s file taken into the draft.", "%(num)s files taken into the draft.", len(done.taken))
        if done.taken
        else _("Nothing new in the repository.")
    )
    if done.kept:
        text = ngettext("%(num)s file is other on the site.", "%(num)s files are other on the site.", len(done.kept))
        click.echo(f"{text} " + _("“lms course push %(slug)s” sends what the site has.", slug=slug))


@click.command()
@click.argument("slug")
@click.option("--message", help="What the commit says; by default the revision that it follows.")
@with_appcontext
def push(slug: str, message: str | None) -> None:
    """Push what the site's editor shows, published or not, as one commit."""
    course = _course(slug)
    try:
        row = repository.bound(course)
        said = message or _message(course)
        changed = repository.push(row, message=said, author=_author(), now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.text) from refusal
    db.session.commit()
    for path in changed:
        click.echo(path)
    click.echo(
        ngettext("%(num)s file pushed.", "%(num)s files pushed.", len(changed))
        if changed
        else _("Nothing new on the site.")
    )


def _course(slug: str) -> Course:
    found = courses.course(slug)
    if found is None:
        raise click.ClickException(_("There is no course “%(slug)s”.", slug=slug))
    return found


def _author() -> str:
    """The author of a commit: the site, so that nobody's name leaves it."""
    settings = current_app.config["LMS"]
    return f"{settings.site_name} <noreply@{urlsplit(settings.base_url).hostname}>"


def _message(course: Course) -> str:
    found = source(course.id)
    if found.revision_id is None:
        return _("Draft")
    number = queries.number_of(found.revision_id)
    return (
        _("Draft after revision %(number)s", number=number)
        if found.is_draft
        else _("Revision %(number)s", number=number)
    )


def _diff(ours: str, theirs: str) -> list[str]:
    here, there = ours.splitlines(), theirs.splitlines()
    return list(difflib.unified_diff(here, there, _("on the site"), _("in the repository"), lineterm="", n=1))


course_commands = [bind, pull, push]
