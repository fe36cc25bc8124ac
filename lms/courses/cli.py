"""``lms course``: check, complete, import and export course folders."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from lms.content.folder.archive import BadArchive, unpack
from lms.content.folder.ids import add_ids
from lms.content.markdown.problems import Problem
from lms.core import clock, scheduler, settings
from lms.core.db import db, reading
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, say_message
from lms.courses import queries, services
from lms.courses.services import JP_MINUTES, CourseHasProblems
from lms.courses.services.rendered_items import LARGE, Progress, no_progress

_LINE_BEGINS_ANEW = "\r\x1b[K"
_COVER = b"---\ntitle: Kursus\nsummary: Ringkasan\n---\n"


@click.group()
def course() -> None:
    """Courses: folders of Markdown."""


@course.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@with_appcontext
def check(paths: tuple[Path, ...]) -> None:
    """List every problem of the course folders, or of single files, and how to fix it."""
    failed = False
    sources = [_to_check(path) for path in paths]
    jp_minutes = _jp_minutes()
    for path, (root, slug, files, only) in zip(paths, sources, strict=True):
        try:
            with _progress(files) as progress:
                problems = list(services.check(slug, files, jp_minutes=jp_minutes, progress=progress).warnings)
        except CourseHasProblems as error:
            problems = error.problems
        problems = [one for one in problems if only in (None, one.path)]
        failed = failed or not all(one.is_warning for one in problems)
        _show(root, problems)
        if not problems:
            click.echo(_("%(folder)s: no problems", folder=path))
    sys.exit(1 if failed else 0)


@contextmanager
def _progress(files: Mapping[str, bytes]) -> Iterator[Progress]:
    """Show the progress of a large course on a line of the terminal, and erase it before problems are listed."""
    is_large = sum(len(data) for path, data in files.items() if path.endswith(".md")) > LARGE
    if not is_large or not _is_terminal():
        yield no_progress
        return
    try:
        yield _show_progress
    finally:
        click.echo(_LINE_BEGINS_ANEW, nl=False, err=True)


def _show_progress(done: int, total: int) -> None:
    text = _("%(done)s of %(total)s items checked", done=done, total=total)
    click.echo(f"{_LINE_BEGINS_ANEW}{text}", nl=False, err=True)


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _to_check(path: Path) -> tuple[Path, str, dict[str, bytes], str | None]:
    """The course's folder, its slug and its files; and the file that was named, where it is one of a course.

    A file outside of any course is checked as the only item of one.
    """
    if path.suffix.lower() != ".md" or not path.is_file():
        return path, *_read_source(path), None
    root = next((one for one in path.resolve().parents if (one / "course.md").is_file()), None)
    if root is not None:
        return root, *_read_source(root), path.resolve().relative_to(root).as_posix()
    files = {"course.md": _COVER, path.name: path.read_bytes()}
    return path.parent, "kursus", files, path.name


def _jp_minutes() -> int:
    """The site's minutes of a JP, or the default: a folder can be checked where there is no database."""
    try:
        return int(settings.value(JP_MINUTES))
    except DBAPIError:
        db.session.rollback()
        return int(JP_MINUTES.default)


@course.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def ids(paths: tuple[Path, ...]) -> None:
    """Add the missing ids of items and questions to the files."""
    for path in paths:
        _slug, files = _read_source(path)
        changed = add_ids(files)
        for name, data in changed.items():
            (path / name).write_bytes(data)
            click.echo(_("%(file)s: ids added", file=f"{path}/{name}"))
        if not changed:
            click.echo(_("%(folder)s: nothing to add", folder=path))


@course.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--publish", is_flag=True, help="Publish the course for learners at once.")
@click.option("--slug", help="The course's address; by default the name of the folder.")
@with_appcontext
def import_(path: Path, publish: bool, slug: str | None) -> None:
    """Import a course folder or a ZIP of one; whole or not at all."""
    name, files = _read_source(path)
    try:
        with reading(), _progress(files) as progress:
            prepared = services.prepare_import(slug or name, files, progress=progress)
            db.session.rollback()
        done = services.add_revision(prepared, actor_id=None, now=clock.now())
    except CourseHasProblems as error:
        _show(path, error.problems)
        click.echo(error.text, err=True)
        sys.exit(1)
    except services.ImportedMeanwhile as refusal:
        raise click.ClickException(refusal.text) from refusal
    gone = queries.disappearing_items(done.revision)
    if publish:
        services.publish(done.revision, actor_id=None, now=clock.now())
    db.session.commit()
    scheduler.wake()
    _show(path, list(done.warnings))
    for file in done.with_ids:
        click.echo(_("%(file)s: ids added in the imported copy; “lms course ids” adds them to the folder", file=file))
    for title in gone:
        click.echo(_("No longer in the course: %(title)s (what people did there is kept)", title=title))
    revision = done.revision
    text = (
        _("%(title)s: revision %(number)s imported", title=revision.title, number=revision.number)
        if done.is_new
        else _("%(title)s: nothing new since revision %(number)s", title=revision.title, number=revision.number)
    )
    click.echo(text + (", " + _("published") if revision.is_current else ""))


@course.command()
@click.argument("slug")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--format", "kind", type=click.Choice(["folder", "zip"]), default="folder", show_default=True)
@with_appcontext
def export(slug: str, target: Path, kind: str) -> None:
    """Export the newest revision, byte for byte as it was imported."""
    found = queries.course(slug)
    revision = queries.latest_revision(found.id) if found else None
    if revision is None:
        raise click.ClickException(_("There is no course “%(slug)s”.", slug=slug))
    if target.exists() and (kind == "zip" or any(target.iterdir())):
        raise click.ClickException(_("%(target)s exists already; nothing was written.", target=target))
    files = services.source_files(revision)
    if kind == "zip":
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(f"{slug}/{name}", data)
    else:
        for name, data in files.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(data)
    click.echo(
        ngettext(
            "%(count)s file written to %(target)s",
            "%(count)s files written to %(target)s",
            len(files),
            count=len(files),
            target=target,
        )
    )


def _read_source(path: Path) -> tuple[str, dict[str, bytes]]:
    """The slug and the files of a folder or ZIP, without hidden files."""
    if path.is_dir():
        names = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
        return path.resolve().name, {file.relative_to(path).as_posix(): file.read_bytes() for file in names}
    return _read_zip(path)


def _read_zip(path: Path) -> tuple[str, dict[str, bytes]]:
    try:
        found = unpack(path.read_bytes())
    except BadArchive as refusal:
        text = f"{path}: {say_message(refusal.what)}; {say_message(refusal.fix)}"
        raise click.ClickException(text) from refusal
    return found.name or path.stem, dict(found.files)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _show(folder: Path, problems: list[Problem]) -> None:
    for problem in problems:
        position = f"{folder / problem.path}:{problem.line}:{problem.column}"
        kind = _("warning: ") if problem.is_warning else ""
        words = f"{say_message(problem.what)}; {say_message(problem.fix)}"
        rule = f" [{problem.rule}]" if problem.rule else ""
        click.echo(f"{position}: {kind}{words}{rule}", err=not problem.is_warning)


commands = [course]
