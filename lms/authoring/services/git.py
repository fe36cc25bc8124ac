"""A branch of a git repository, read and extended with the ``git`` command.

Each call works in a temporary bare repository: there is no working tree, so nothing in the repository is executed,
filtered or linked to, and bytes stay as they are. Credentials are git's own affair (an SSH key, a credential helper).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from lms.content.folder.archive import MAX_BYTES, MAX_ENTRIES
from lms.content.folder.outline import is_safe
from lms.core.errors import Refusal
from lms.core.i18n import lazy

SECONDS = 120
PROTOCOLS = "file:https:ssh"
_ADDRESS = re.compile(r"(?:https://|ssh://|file:///|/)[^\s]+|[\w.-]+@[\w.-]+:[^\s:][^\s]*")
_HAS_PASSWORD = re.compile(r"\w+://[^/@]*:[^/@]*@")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}")
_FILE = "100644"


class GitFailed(Refusal):
    message = lazy("Git could not do this, and nothing was changed: %(said)s")


class NotARepository(Refusal):
    message = lazy("“%(url)s” is no address of a repository: use https://…, ssh://…, name@host:path or a path.")
    status = 422


class PasswordInAddress(Refusal):
    message = lazy("The address has a password in it. Leave it out; git takes it from a credential helper or SSH key.")
    status = 422


class NotABranch(Refusal):
    message = lazy("“%(branch)s” is no name of a branch.")
    status = 422


class UnusableRepository(Refusal):
    """The folder cannot be taken as a course."""

    message = lazy("“%(path)s” in the repository cannot be taken: %(why)s. Nothing was changed.")


class PushedMeanwhile(Refusal):
    message = lazy("The branch has commits that this site has not seen. Pull first; nothing was pushed.")


@dataclass(frozen=True)
class Remote:
    """``folder`` is the course's place in the repository; empty for its root."""

    url: str
    branch: str
    folder: str

    def check(self) -> None:
        """:raises Refusal: the address, the branch or the folder is not acceptable."""
        if _HAS_PASSWORD.match(self.url):
            raise PasswordInAddress
        if not _ADDRESS.fullmatch(self.url):
            raise NotARepository(url=self.url)
        if not _BRANCH.fullmatch(self.branch) or ".." in self.branch or self.branch.endswith((".lock", "/", ".")):
            raise NotABranch(branch=self.branch)
        if self.folder and not is_safe(self.folder):
            raise UnusableRepository(path=self.folder, why=lazy("it is not a relative path"))


@dataclass(frozen=True)
class Commit:
    """The last commit of a branch. ``id`` is empty, and there are no files, while the branch has none."""

    id: str
    files: Mapping[str, bytes]


def fetch(remote: Remote) -> Commit:
    """The course's files at the end of the branch, without hidden ones.

    :raises Refusal: git fails, or the files cannot be a course.
    """
    with _fetched(remote) as (git, head):
        return Commit(head, _contents(git, _entries(git, head, remote.folder))) if head else Commit("", {})


def push(remote: Remote, files: Mapping[str, bytes], *, onto: str, message: str, author: str) -> str:
    """Make one commit with exactly these files in the course's folder and push it. Other files stay as they are.

    :param onto: the commit that the branch must end with; empty for a branch without one.
    :param author: as git writes people, ``Name <address>``.
    :returns: the id of the commit; ``onto`` if there is nothing to change.
    :raises PushedMeanwhile: it ends with another one. Nothing was pushed.
    """
    with _fetched(remote) as (git, head):
        if head != onto:
            raise PushedMeanwhile
        entries = _entries(git, head, remote.folder) if head else {}
        changes = [*_written(git, files, entries), *(f"0 {'0' * 40}\t{path}" for path in entries if path not in files)]
        if not changes:
            return head
        prefix = f"{remote.folder}/" if remote.folder else ""
        listed = "\0".join(line.replace("\t", f"\t{prefix}", 1) for line in changes)
        git("read-tree", head or "--empty")
        git("update-index", "-z", "--index-info", stdin=listed.encode() + b"\0")
        tree = git("write-tree").decode().strip()
        name, _space, address = author.rpartition(" ")
        people = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address.strip("<>")}
        people |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in people.items()}
        parents = ("-p", head) if head else ()
        made = git("commit-tree", tree, *parents, "-F", "-", stdin=message.encode(), environ=people).decode().strip()
        git("push", "--quiet", "--", remote.url, f"{made}:refs/heads/{remote.branch}", rejected=PushedMeanwhile)
        return made


class _Git:
    """Runs git in a bare repository."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._environ = dict(os.environ) | {
            "GIT_DIR": folder,
            "GIT_INDEX_FILE": str(Path(folder) / "index-of-course"),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": PROTOCOLS,
            "LC_ALL": "C",
        }

    def __call__(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environ: dict[str, str] | None = None,
        rejected: type[Refusal] | None = None,
    ) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - a list, no shell; addresses are checked by Remote.check
                ("git", *arguments),  # noqa: S607 - the git of this machine
                input=stdin,
                env=self._environ | (environ or {}),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitFailed(said=lazy("the command git is not installed here")) from error
        except subprocess.TimeoutExpired as error:
            raise GitFailed(said=lazy("no answer within %(seconds)s seconds", seconds=SECONDS)) from error
        if done.returncode:
            stderr = done.stderr.decode(errors="replace").strip()
            if rejected and "[rejected]" in stderr:
                raise rejected
            fatal = (line for line in stderr.splitlines() if line.startswith("fatal:"))
            raise GitFailed(said=next(fatal, stderr[-300:]))
        return done.stdout


@contextmanager
def _fetched(remote: Remote) -> Iterator[tuple[_Git, str]]:
    """Git in a repository with the last commit of the branch, and its id; empty if there is none."""
    remote.check()
    with tempfile.TemporaryDirectory(prefix="lms-git-") as folder:
        git = _Git(folder)
        git("init", "--quiet", "--bare", folder)
        name = f"refs/heads/{remote.branch}"
        if not git("ls-remote", "--", remote.url, name).strip():
            yield git, ""
            return
        git("fetch", "--quiet", "--depth", "1", "--no-tags", "--", remote.url, name)
        yield git, git("rev-parse", "FETCH_HEAD").decode().strip()


@dataclass(frozen=True)
class _Entry:
    mode: str
    id: str
    size: int


def _entries(git: _Git, head: str, folder: str) -> dict[str, _Entry]:
    """The files of the course's folder by path; none if it is not there."""
    if folder and not git("ls-tree", "-d", head, "--", folder):
        return {}
    found = {}
    listed = git("ls-tree", "-r", "-z", "-l", f"{head}:{folder}").decode(errors="surrogateescape")
    for line in listed.split("\0")[:-1]:
        facts, path = line.split("\t", 1)
        if any(part.startswith(".") for part in path.split("/")):
            continue
        mode, kind, blob, size = facts.split()
        if kind != "blob" or mode == "120000":
            raise UnusableRepository(path=path, why=lazy("it is a link and not a file"))
        if not is_safe(path):
            raise UnusableRepository(path=ascii(path), why=lazy("its name is not safe"))
        found[path] = _Entry(mode, blob, int(size))
    if len(found) > MAX_ENTRIES or sum(one.size for one in found.values()) > MAX_BYTES:
        raise UnusableRepository(path=folder or "/", why=lazy("it has too many files, or too large ones"))
    return found


def _contents(git: _Git, entries: Mapping[str, _Entry]) -> dict[str, bytes]:
    stream = git("cat-file", "--batch", stdin="".join(f"{one.id}\n" for one in entries.values()).encode())
    found, at = {}, 0
    for path, one in entries.items():
        at = stream.index(b"\n", at) + 1
        found[path] = stream[at : at + one.size]
        at += one.size + 1
    return found


def _written(git: _Git, files: Mapping[str, bytes], entries: Mapping[str, _Entry]) -> Iterator[str]:
    """Store the files that are new or differ from the commit; returns their lines for git's index."""
    for path, data in files.items():
        blob = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        known = entries.get(path)
        if known is None or known.id != blob:
            git("hash-object", "-w", "--stdin", "--no-filters", stdin=data)
            yield f"{known.mode if known else _FILE} {blob}\t{path}"
