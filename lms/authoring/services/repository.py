"""A course that is bound to a git repository: the site's editor and the repository are one history.

What was exchanged last is remembered by the hash of each file, so that what changed on either side since is known
whatever happens to the repository's history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms.authoring.folder_changes import ReturnedFile, differences_since
from lms.authoring.models import CourseRepository
from lms.authoring.services import Source, SourceFile, git, source, stored_file, with_texts
from lms.authoring.services.bringing_back import bring_back
from lms.authoring.services.git import Commit, Remote
from lms.core import ledger
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy
from lms.courses.models import Course


class NotBound(Refusal):
    message = lazy("“%(slug)s” is not bound to a repository. Bind it first: lms course bind %(slug)s ADDRESS")


class ChangedOnBothSides(Refusal):
    """``differences`` says which files. Nothing was taken."""

    message = lazy("These files were changed in the repository and on the site. Nothing was taken; choose for each.")

    def __init__(self, differences: Collection[ReturnedFile]) -> None:
        super().__init__()
        self.differences = differences


class NothingChosen(Refusal):
    message = lazy("“%(path)s” was not changed on both sides, so there is nothing to choose. Nothing was taken.")


@dataclass(frozen=True)
class PullResult:
    commit: str
    taken: tuple[str, ...]
    kept: tuple[str, ...]
    """The paths of files that differ on the site, which a push would send."""


def bind(course: Course, remote: Remote, *, now: datetime) -> None:
    """Bind the course to a branch of a repository. The next pull fetches what is there.

    :raises Refusal: the address, branch or folder is not one.
    """
    remote.check()
    row = db.session.get(CourseRepository, course.id) or CourseRepository(course_id=course.id)
    row.url, row.branch, row.folder = remote.url, remote.branch, remote.folder
    row.commit, row.hashes, row.exchanged_at = "", None, None
    db.session.add(row)
    ledger.record(None, "bind repository", f"course:{course.id}", now=now, url=remote.url, branch=remote.branch)
    db.session.flush()


def unbind(course: Course, *, now: datetime) -> None:
    """:raises NotBound: it is not."""
    row = bound(course)
    ledger.record(None, "unbind repository", f"course:{course.id}", now=now, url=row.url, branch=row.branch)
    db.session.delete(row)
    db.session.flush()


def bound(course: Course) -> CourseRepository:
    """:raises NotBound: it is not."""
    row = db.session.get(CourseRepository, course.id)
    if row is None:
        raise NotBound(slug=course.slug)
    return row


def fetch(row: CourseRepository) -> tuple[Commit, Source, dict[str, SourceFile]]:
    """What the repository and the site have now. Stores the files of the repository; call it before the transaction."""
    found = git.fetch(_remote(row))
    return (
        found,
        with_texts(source(row.course_id)),
        {path: stored_file(path, data) for path, data in found.files.items()},
    )


def pull(
    row: CourseRepository,
    fetched: tuple[Commit, Source, Mapping[str, SourceFile]],
    choices: Mapping[str, bool],
    *,
    now: datetime,
) -> PullResult:
    """Take into the draft what the repository has changed since the last exchange. What the site has changed stays.

    :param choices: for files that both have changed: True for the repository's. All such files need one.
    :raises ChangedOnBothSides: some have none. Nothing was taken.
    :raises NothingChosen: a path is none of them. Nothing was taken.
    :raises DraftChanged: somebody has edited meanwhile. Nothing was taken.
    """
    found, ours, theirs = fetched
    hashes = {path: file.sha256 for path, file in theirs.items()}
    differences = differences_since(row.hashes, ours.hashes, hashes)
    both = [one for one in differences if one.takes is None]
    for path in choices:
        if path not in {one.path for one in both}:
            raise NothingChosen(path=path)
    undecided = [one for one in both if one.path not in choices]
    if undecided:
        raise ChangedOnBothSides(undecided)
    taken = [one.path for one in differences if choices.get(one.path, one.takes)]
    files = {path: theirs.get(path) for path in taken}
    bring_back(ours, row.course_id, ours.state, files, actor_id=None, now=now, commit=found.id)
    _remember(row, found.id, hashes, now)
    return PullResult(found.id, tuple(taken), tuple(one.path for one in differences if one.path not in taken))


def push(row: CourseRepository, *, message: str, author: str, now: datetime) -> tuple[str, ...]:
    """Push what the site's editor shows, published or not, as one commit. Returns the paths that differ.

    :raises Refusal: the branch has commits that have not been pulled, or git fails. Nothing was pushed.
    """
    ours = source(row.course_id)
    before = row.hashes or {}
    changed = [path for path in sorted({*before, *ours.hashes}) if before.get(path) != ours.hashes.get(path)]
    if not changed:
        return ()
    commit = git.push(_remote(row), ours.data, onto=row.commit, message=message, author=author)
    _remember(row, commit, ours.hashes, now)
    ledger.record(None, "push course", f"course:{row.course_id}", now=now, commit=commit, files=len(changed))
    db.session.flush()
    return tuple(changed)


def _remote(row: CourseRepository) -> Remote:
    return Remote(row.url, row.branch, row.folder)


def _remember(row: CourseRepository, commit: str, hashes: Mapping[str, str], now: datetime) -> None:
    row.commit, row.hashes, row.exchanged_at = commit, dict(hashes), now
    db.session.flush()
