"""A course and a git repository: what either side changed arrives on the other, and nothing is overwritten."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from authoring_factories import FILES, edit, publish_draft
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring import cli, services
from lms.authoring.folder_changes import differences_since
from lms.authoring.models import CourseRepository
from lms.authoring.services import git
from lms.authoring.services.git import Remote
from lms.core.db import db
from lms.core.ledger import LedgerEntry

SOMEBODY = {f"GIT_{who}_{what}": "orang@contoh.test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


class Clone:
    """A working copy, as an author has one."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.git("clone", "--quiet", url, str(folder), within=folder.parent)
        self.git("checkout", "--quiet", "-B", "main")

    def git(self, *words: str, within: Path | None = None) -> str:
        environ = os.environ | SOMEBODY
        done = subprocess.run(["git", *words], cwd=within or self.folder, env=environ, capture_output=True, check=True)
        return done.stdout.decode()

    def push(self, files: dict[str, bytes | None]) -> None:
        for path, data in files.items():
            file = self.folder / path
            if data is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "Perubahan")
        self.git("push", "--quiet", "origin", "main")

    def pull(self, folder: str = "") -> dict[str, bytes]:
        self.git("pull", "--quiet", "origin", "main")
        here = self.folder / folder
        return {
            file.relative_to(here).as_posix(): file.read_bytes()
            for file in here.rglob("*")
            if file.is_file() and ".git" not in file.parts
        }


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", tmp_path / "kursus.git"], check=True)
    return str(tmp_path / "kursus.git")


@pytest.fixture
def clone(tmp_path, repository):
    return Clone(tmp_path / "salinan", repository)


@pytest.fixture
def run(app):
    def run(command, *words, code=0):
        db.session.commit()
        done = app.test_cli_runner().invoke(getattr(cli, command), words)
        db.session.expire_all()
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_a_course_goes_to_an_empty_repository_and_an_edit_comes_back(course, run, repository, clone):
    run("bind", "kecil", repository)
    assert run("push", "kecil").split("\n")[:4] == sorted(FILES)
    assert clone.pull() == FILES
    text = FILES["01-modul.md"].replace(b"salah tik", b"betul tik")
    clone.push({"01-modul.md": text, "README.txt": b"baru\n", "media/alur.svg": None})
    run("pull", "kecil")
    expected = {**FILES, "01-modul.md": text, "README.txt": b"baru\n"}
    del expected["media/alur.svg"]
    draft = services.source(course.id)
    assert (draft.is_draft, draft.data) == (True, expected)
    before = clone.git("ls-remote")
    run("pull", "kecil")
    run("push", "kecil")
    assert (services.source(course.id).data, clone.git("ls-remote")) == (expected, before)


def test_both_sides_edit_other_files_and_are_one_again(course, run, repository, clone):
    run("bind", "kecil", repository)
    run("push", "kecil")
    clone.pull()
    clone.push({"02-kuis.md": FILES["02-kuis.md"].replace(b"Jawablah", b"Jawab")})
    edit(course, "01-modul.md", "salah tik", "betul tik")
    run("push", "kecil", code=1)
    assert "02-kuis.md" in run("pull", "kecil")
    run("push", "kecil")
    assert clone.pull() == services.source(course.id).data
    publish_draft(course)
    edit(course, "02-kuis.md", "Dua tambah", "2 tambah")
    publish_draft(course)
    run("push", "kecil")
    clone.pull()
    assert clone.git("log", "-1", "--format=%s %an <%ae>").strip() == "Revisi 3 Belajar ASN <noreply@localhost>"


def test_what_both_changed_is_shown_and_nothing_is_taken_until_it_is_chosen(course, run, repository, clone):
    run("bind", "kecil", repository)
    run("push", "kecil")
    clone.pull()
    clone.push(
        {
            "01-modul.md": FILES["01-modul.md"].replace(b"salah tik", b"kesalahan"),
            "02-kuis.md": FILES["02-kuis.md"].replace(b"Jawablah", b"Jawab"),
        }
    )
    edit(course, "01-modul.md", "salah tik", "betul tik")
    before = services.source(course.id).data
    said = run("pull", "kecil", code=1)
    assert "-Kalimat dengan betul tik di tengah." in said
    assert "+Kalimat dengan kesalahan di tengah." in said
    assert services.source(course.id).data == before
    run("pull", "kecil", "--take", "02-kuis.md", code=1)
    assert services.source(course.id).data == before
    run("pull", "kecil", "--keep", "01-modul.md")
    after = services.source(course.id).data
    assert b"betul tik" in after["01-modul.md"]
    assert b"Jawab." in after["02-kuis.md"]
    run("push", "kecil")
    assert clone.pull() == after
    clone.push({"01-modul.md": FILES["01-modul.md"]})
    edit(course, "01-modul.md", "betul tik", "situs")
    run("pull", "kecil", "--take", "01-modul.md")
    assert services.source(course.id).data["01-modul.md"] == FILES["01-modul.md"]


def test_a_folder_of_a_larger_repository_leaves_the_rest_alone(course, run, repository, clone):
    clone.push({"LICENSE": b"bebas\n", "kursus/kecil/course.md": FILES["course.md"], "kursus/kecil/.gitignore": b"x\n"})
    run("bind", "kecil", repository, "--folder", "kursus/kecil")
    run("push", "kecil", code=1)
    run("pull", "kecil")
    run("push", "kecil")
    found = clone.pull()
    assert found.pop("LICENSE") == b"bebas\n"
    assert found.pop("kursus/kecil/.gitignore") == b"x\n"
    assert found == {f"kursus/kecil/{path}": data for path, data in FILES.items()}


def test_the_first_exchange_with_a_filled_repository_asks_about_what_differs(course, run, repository, clone):
    clone.push({**FILES, "course.md": FILES["course.md"].replace(b"dicoba", b"diuji")})
    run("bind", "kecil", repository)
    run("push", "kecil", code=1)
    assert "course.md" in run("pull", "kecil", code=1)
    run("pull", "kecil", "--take", "course.md")
    assert b"diuji" in services.source(course.id).data["course.md"]


def test_links_are_refused_by_name(course, run, repository, clone):
    (clone.folder / "rahasia.md").symlink_to("/etc/passwd")
    clone.push({})
    run("bind", "kecil", repository)
    assert "rahasia.md" in run("pull", "kecil", code=1)
    assert not services.source(course.id).is_draft


@pytest.mark.parametrize(
    "remote",
    [
        Remote("https://orang:rahasia@contoh.test/a.git", "main", ""),
        Remote("--upload-pack=touch /tmp/x", "main", ""),
        Remote("ext::sh -c true", "main", ""),
        Remote("http://contoh.test/a.git", "main", ""),
        Remote("/srv/a.git", "--force", ""),
        Remote("/srv/a.git", "a..b", ""),
        Remote("/srv/a.git", "main", "../lain"),
    ],
)
def test_what_git_should_not_be_given_is_refused(course, run, remote):
    run("bind", "--branch", remote.branch, "--folder", remote.folder, "--", "kecil", remote.url, code=1)
    assert db.session.get(CourseRepository, course.id) is None


@pytest.mark.parametrize("url", ["git@contoh.test:a/b.git", "https://contoh.test/a.git", "ssh://git@contoh.test/a"])
def test_usual_addresses_are_taken(course, run, url):
    run("bind", "kecil", url)
    assert db.session.get(CourseRepository, course.id).url == url
    run("bind", "kecil", "--remove")
    assert db.session.get(CourseRepository, course.id) is None
    verbs = {row.verb for row in db.session.query(LedgerEntry)}
    assert {"bind repository", "unbind repository"} <= verbs


def test_without_a_repository_or_without_git_it_says_what_to_do(course, run, tmp_path, monkeypatch):
    assert "lms course bind" in run("pull", "kecil", code=1)
    run("bind", "kecil", str(tmp_path / "tidak-ada"))
    assert "tidak-ada" in run("pull", "kecil", code=1)
    monkeypatch.setenv("PATH", "")
    assert "git" in run("pull", "kecil", code=1)


def test_a_branch_that_moves_on_while_pushing_keeps_its_commit(course, run, repository, clone, monkeypatch):
    run("bind", "kecil", repository)
    run("push", "kecil")
    clone.pull()
    edit(course, "01-modul.md", "salah tik", "betul tik")
    write = git._written

    def meanwhile(*given):
        clone.push({"02-kuis.md": b"punya orang lain\n"})
        return write(*given)

    monkeypatch.setattr(git, "_written", meanwhile)
    run("push", "kecil", code=1)
    assert clone.pull()["02-kuis.md"] == b"punya orang lain\n"


HASHES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"))


@given(HASHES, HASHES, HASHES)
def test_what_only_one_side_changed_is_never_asked(base, ours, theirs):
    found = {one.path: one.takes for one in differences_since(base, ours, theirs)}
    for path in "abcd":
        was, here, there = base.get(path), ours.get(path), theirs.get(path)
        expected = None if was not in (here, there) else there != was
        assert found.get(path, "same") == ("same" if here == there else expected)


@given(HASHES, HASHES)
def test_without_a_base_only_what_both_have_otherwise_is_asked(ours, theirs):
    found = {one.path: one.takes for one in differences_since(None, ours, theirs)}
    asked = {path for path, takes in found.items() if takes is None}
    assert asked == {path for path in ours.keys() & theirs.keys() if ours[path] != theirs[path]}
    assert {path for path, takes in found.items() if takes} == theirs.keys() - ours.keys()
