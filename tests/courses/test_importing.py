"""A folder goes in, is checked, rendered and published; the same bytes come out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from factories import NOON, make_enrolment, make_person
from flask.cli import ScriptInfo

from bench.write_holds import record_holds
from lms.cli import main
from lms.core import ledger, storage
from lms.core.db import db, reading
from lms.courses import cli, queries, services
from lms.courses.models import Course, CourseItem, CourseRevision, ItemRevision
from lms.courses.services import CourseHasProblems

COURSE = """\
---
title: Kursus kecil
summary: Untuk dicoba.
jp: 2
---
Deskripsi **kursus**.
"""
MODULE = """\
---
id: satu
title: Modul satu
jp: 2
minutes: 80
---
Lihat [kuis](02-kuis.md) dan ![Alur](media/alur.svg).

```question {#cek}
Mana yang benar?

- [x] Ini
    > Tepat.
- [ ] Itu
    > Bukan.
```
"""
QUIZ = """\
---
id: kuis
title: Kuis
type: quiz
pass: 60
attempts: 2
shuffle: [answers]
---
Jawablah.

## Dua tambah dua? {#dua points=2}

- [ ] Tiga
- [x] Empat

> Hitunglah lagi.
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="88"><title>Alur</title></svg>'


def folder(**changes):
    files = {
        "course.md": COURSE.encode(),
        "01-modul.md": MODULE.encode(),
        "02-kuis.md": QUIZ.encode(),
        "media/alur.svg": SVG,
    }
    return {**files, **changes}


def imported(files=None, **values):
    return services.import_course("kecil", files or folder(), actor_id=None, now=NOON, **values)


def test_a_folder_becomes_a_revision_with_its_html_and_questions(session):
    done = imported()
    module, quiz = session.query(ItemRevision).order_by(ItemRevision.position)
    assert (done.revision.title, done.revision.jp, done.revision.item_count) == ("Kursus kecil", 2, 2)
    assert "<strong>kursus</strong>" in done.revision.description_html
    assert 'href="/courses/kecil/kuis"' in module.body_html
    assert 'width="320" height="88"' in module.body_html
    assert 'loading="lazy"' in module.body_html
    assert "Periksa jawaban" in module.body_html
    question = quiz.content["questions"][0]
    assert question["id"] == "dua"
    assert [option["is_correct"] for option in question["options"]] == [False, True]
    assert (quiz.content["pass_mark"], quiz.content["attempts"], quiz.content["shuffle"]) == (60, 2, ["answers"])


def test_an_item_that_becomes_another_kind_needs_another_id(session):
    """Whoever has read the module would have done the quiz, and answers to a quiz would belong to a module."""
    imported()
    as_quiz = QUIZ.replace("id: kuis", "id: satu").replace("title: Kuis", "title: Kuis satu")
    with pytest.raises(CourseHasProblems) as refusal:
        imported(folder(**{"01-modul.md": as_quiz.encode(), "02-kuis.md": QUIZ.replace("dua", "tiga").encode()}))
    (problem,) = [one for one in refusal.value.problems if not one.is_warning]
    assert problem.path == "01-modul.md"
    assert "satu" in str(problem)
    assert session.query(CourseRevision).count() == 1


def test_an_id_that_is_added_is_none_that_an_item_of_another_kind_had(session):
    imported()
    files = folder(**{"03-satu.md": QUIZ.replace("id: kuis\n", "").replace("dua", "tiga").encode()})
    del files["01-modul.md"]
    imported(files)
    assert {item.key for item in session.query(CourseItem)} == {"satu", "kuis", "satu-2"}


def test_nothing_is_published_until_somebody_says_so(session, client):
    done = imported()
    assert queries.published("kecil") is None
    assert client.get("/courses/kecil").status_code == 404
    services.publish(done.revision, actor_id=None, now=NOON)
    assert client.get("/courses/kecil").status_code == 200


def test_the_same_folder_again_makes_no_new_revision(session):
    first, second = imported(), imported()
    assert second.revision.id == first.revision.id
    assert (first.is_new, second.is_new) == (True, False)


@pytest.mark.parametrize("what", ["text", "facts", "content"])
def test_the_same_files_that_say_more_now_make_a_new_revision(session, what):
    """An older release rendered them otherwise, or did not know a field yet."""
    first = imported().revision
    row = session.query(ItemRevision).filter_by(revision_id=first.id).order_by(ItemRevision.position).first()
    if what == "text":
        row.body_html += "<p></p>"
    elif what == "facts":
        first.prerequisites = ["lain"]
    else:
        row.weight = 7
    session.flush()
    second = imported()
    assert (second.is_new, second.revision.number) == (True, 2)
    assert not imported().is_new


def test_rows_of_an_older_release_that_say_the_same_make_no_new_revision(session):
    first = imported().revision
    first.renderer = 0
    session.flush()
    assert imported().revision.id == first.id


def test_a_change_makes_a_new_revision_and_leaves_the_old_one_as_it_was(session):
    first = imported().revision
    services.publish(first, actor_id=None, now=NOON)
    before = session.query(ItemRevision).filter_by(revision_id=first.id, slug="modul").one().body_html
    second = imported(folder(**{"01-modul.md": MODULE.replace("Lihat", "Bacalah").encode()})).revision
    services.publish(second, actor_id=None, now=NOON)
    assert (second.number, second.is_current, first.is_current) == (2, True, False)
    assert session.query(ItemRevision).filter_by(revision_id=first.id, slug="modul").one().body_html == before


def test_an_item_keeps_its_identity_over_revisions_by_its_id(session):
    imported()
    files = folder()
    files["01-pendahuluan.md"] = files.pop("01-modul.md").replace(b"Modul satu", b"Pendahuluan")
    imported(files)
    assert session.query(CourseItem).count() == 2


def test_what_disappears_is_named(session):
    services.publish(imported().revision, actor_id=None, now=NOON)
    files = folder(**{"course.md": COURSE.encode()})
    files["01-modul.md"] = files["01-modul.md"].replace(b"[kuis](02-kuis.md)", b"kuis")
    del files["02-kuis.md"]
    assert queries.disappearing_items(imported(files).revision) == ["Kuis"]


def test_all_faults_come_at_once_and_nothing_is_half_imported(session):
    bad = folder(**{"02-kuis.md": b"---\ntitle: Kuis\ntype: kwiz\n---\n", "course.md": b"---\nsumary: x\n---\n"})
    with pytest.raises(CourseHasProblems) as error:
        imported(bad)
    assert {problem.path for problem in error.value.problems} >= {"course.md", "02-kuis.md"}
    assert session.query(Course).count() == session.query(CourseRevision).count() == 0


def test_missing_ids_are_written_and_said(session):
    done = imported(folder(**{"02-kuis.md": QUIZ.replace("id: kuis\n", "").replace("#dua ", "").encode()}))
    assert done.with_ids == ("02-kuis.md",)
    kept = services.source_files(done.revision)["02-kuis.md"].decode()
    assert "id: " in kept


def test_the_bytes_that_came_in_come_out(session):
    crlf = QUIZ.replace("\n", "\r\n").encode() + b"   \r\n"
    files = folder(**{"02-kuis.md": crlf})
    assert services.source_files(imported(files).revision) == files


def test_publishing_is_in_the_ledger(session):
    services.publish(imported().revision, actor_id=None, now=NOON)
    verbs = [entry.verb for entry in session.query(ledger.LedgerEntry).order_by(ledger.LedgerEntry.id)]
    assert verbs == ["import course", "publish course"]


def test_a_heavy_module_is_warned_about(session):
    import random

    rng = random.Random(4)
    words = " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(2500))
    done = imported(folder(**{"01-modul.md": MODULE.encode() + f"\n\n{words}\n".encode()}))
    assert any("bytes on the wire" in str(problem) for problem in done.warnings)


def test_the_course_of_the_repository_has_neither_fault_nor_warning(session):
    root = Path(__file__).parents[2] / "content" / "pelayanan-publik"
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    done = services.import_course("pelayanan-publik", files, actor_id=None, now=NOON)
    assert done.warnings == ()
    assert done.with_ids == ()
    assert done.revision.jp == 12
    questions = [
        question
        for item in session.query(ItemRevision).filter_by(type="quiz")
        for question in item.content["questions"]
    ]
    assert len(questions) >= 70
    assert all(option["feedback"] for question in questions for option in question.get("options", ()))


# -- the command line ---------------------------------------------------------------------------------------------


@pytest.fixture
def run(app):
    def invoke(*words):
        db.session.commit()
        return CliRunner().invoke(main, [str(word) for word in words], obj=ScriptInfo(create_app=lambda: app))

    return invoke


def write(path, files):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_check_names_file_line_and_column_and_fails(run, tmp_path):
    source = write(tmp_path / "kecil", folder(**{"02-kuis.md": QUIZ.replace("pass: 60", "pas: 60").encode()}))
    done = run("course", "check", source)
    assert done.exit_code == 1
    assert f"{source}/02-kuis.md:5:1:" in done.output
    assert "pass" in done.output


def test_check_of_a_good_course_says_so_and_succeeds(run, tmp_path):
    source = write(tmp_path / "kecil", folder())
    done = run("course", "check", source)
    assert (done.exit_code, done.output) == (0, f"{source}: tidak ada yang perlu diperbaiki\n")


@pytest.mark.parametrize("words", [["check"], ["import", "--publish"]])
@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("is_large", [True, False])
def test_a_terminal_shows_how_far_a_large_course_is(run, tmp_path, monkeypatch, words, is_terminal, is_large):
    monkeypatch.setattr(cli, "_is_terminal", lambda: is_terminal)
    if is_large:
        monkeypatch.setattr(cli, "LARGE", 10)
    files = folder()
    total = sum(name.endswith(".md") for name in files) - 1
    done = run("course", *words, write(tmp_path / "kecil", files))
    assert done.exit_code == 0
    line = f"\r{total} dari {total} materi diperiksa\r"  # without the colours and the like of a terminal
    assert (line in done.stderr) is (is_terminal and is_large)
    assert "materi diperiksa" not in done.stdout


def test_check_of_one_file_is_about_that_file(run, tmp_path):
    files = folder(**{"02-kuis.md": QUIZ.replace("pass: 60", "pas: 60").encode()})
    source = write(tmp_path / "kecil", files)
    done = run("course", "check", source / "02-kuis.md")
    assert done.exit_code == 1
    assert done.output.count("02-kuis.md:") == 1
    other = next(name for name in files if name.endswith(".md") and name not in ("02-kuis.md", "course.md"))
    assert run("course", "check", source / other).exit_code == 0


def test_check_of_a_file_outside_of_any_course(run, tmp_path):
    write(tmp_path, {"01-a.md": b"---\ntitle: A\n---\n::: tip\n"})
    done = run("course", "check", tmp_path / "01-a.md")
    assert done.exit_code == 0
    assert "01-a.md:4:1:" in done.output
    assert "[shown-markup]" in done.output


def test_the_file_that_cannot_be_rendered_is_named():
    with pytest.raises(CourseHasProblems) as refused:
        services.check("kecil", folder(**{"03-dalam.md": b"---\ntitle: A\n---\n" + b"> " * 60 + b"a\n"}), jp_minutes=45)
    assert [one.path for one in refused.value.problems if not one.is_warning] == ["03-dalam.md"]


def test_ids_completes_the_files_in_place(run, tmp_path):
    source = write(tmp_path / "kecil", folder(**{"02-kuis.md": QUIZ.replace("id: kuis\n", "").encode()}))
    assert run("course", "ids", source).exit_code == 0
    assert b"id: kuis" in (source / "02-kuis.md").read_bytes()
    before = (source / "02-kuis.md").read_bytes()
    run("course", "ids", source)
    assert (source / "02-kuis.md").read_bytes() == before


def test_import_publish_and_export_give_the_same_folder(run, tmp_path):
    source = write(tmp_path / "kecil", folder())
    assert run("course", "import", source, "--publish").exit_code == 0
    assert run("course", "export", "kecil", tmp_path / "out").exit_code == 0
    out = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()
    }
    assert out == folder()


def test_a_zip_is_a_folder_too(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "anything.zip", "w") as archive:
        for name, data in folder().items():
            archive.writestr(f"kecil/{name}", data)
    assert run("course", "import", tmp_path / "anything.zip", "--publish").exit_code == 0
    assert run("course", "export", "kecil", tmp_path / "out.zip", "--format", "zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert {name.removeprefix("kecil/"): archive.read(name) for name in archive.namelist()} == folder()


def test_a_faulty_import_fails_and_says_so(run, session, tmp_path):
    done = run("course", "import", write(tmp_path / "kecil", folder(**{"course.md": b"no front matter"})), "--publish")
    assert done.exit_code == 1
    assert session.query(Course).count() == 0


def test_export_never_overwrites(run, tmp_path):
    run("course", "import", write(tmp_path / "kecil", folder()))
    done = run("course", "export", "kecil", tmp_path / "kecil")
    assert done.exit_code == 1


# -- pages --------------------------------------------------------------------------------------------------------


def test_media_are_for_who_takes_the_course_and_kept_by_browsers(session, client):
    done = imported()
    services.publish(done.revision, actor_id=None, now=NOON)
    sha = next(file.sha256 for file in done.revision.files if file.path == "media/alur.svg")
    path = f"/media/{sha[:20]}/alur.svg"
    assert client.get(path).status_code == 302
    assert client.sign_in(make_person()).get(path).status_code == 404
    make_enrolment(person := make_person(), done.revision.course)
    answer = client.sign_in(person).get(path)
    assert answer.data == SVG
    assert answer.content_type == "image/svg+xml"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/media/{sha[:20]}/course.md").status_code == 404
    assert client.get(f"/media/{sha[:19]}/alur.svg").status_code == 404


def test_the_catalogue_finds_by_any_word_of_title_or_contents(session, client):
    services.publish(imported().revision, actor_id=None, now=NOON)
    for words, found in [("", True), ("kecil KURSUS", True), ("modul", True), ("keuangan", False), ("100%", False)]:
        page = client.get("/courses", query_string={"q": words}).get_data(as_text=True)
        assert ("Untuk dicoba." in page) is found, words


def test_titles_are_stored_composed_and_found_by_what_people_type(session, client):
    course = COURSE.replace("Kursus kecil", "E-office, Re\u0301sume\u0301 Jum\u2019at").encode()
    revision = imported(folder(**{"course.md": course})).revision
    assert not imported(folder(**{"course.md": course})).is_new
    services.publish(revision, actor_id=None, now=NOON)
    session.expire_all()
    assert revision.title == "E-office, Résumé Jum’at"
    for words in (
        "e-office",
        "E\u2011OFFICE",
        "resume",
        "Re\u0301sume\u0301",
        "jumat",
        "JUM'AT",
        "offise",
        "resumé jumta",
    ):
        assert "Untuk dicoba." in client.get("/courses", query_string={"q": words}).text, words


def test_the_source_of_a_revision_is_not_served(session, client):
    done = imported()
    services.publish(done.revision, actor_id=None, now=NOON)
    make_enrolment(person := make_person(), done.revision.course)
    sha = next(file.sha256 for file in done.revision.files if file.path == "02-kuis.md")
    assert client.sign_in(person).get(f"/media/{sha[:20]}/02-kuis.md").status_code == 404


# -- caches -------------------------------------------------------------------------------------------------------


def test_a_rolled_back_import_lends_its_items_to_no_other(session):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a sequence of PostgreSQL gives no id twice")
    first = services.import_course("satu", folder(), actor_id=None, now=NOON).revision
    before = first.id, queries.contents(first.id).items[0].title
    assert before[1] == "Modul satu"
    for entry in queries.contents(first.id).items:
        queries.item_content(entry.item_revision_id)
    session.rollback()
    other = folder(**{"01-modul.md": MODULE.replace("Modul satu", "Modul lain").encode()})
    second = services.import_course("dua", other, actor_id=None, now=NOON).revision
    session.commit()
    assert second.id == before[0], "the database gave another id: this test shows nothing"
    assert queries.contents(second.id).items[0].title == "Modul lain"
    assert queries.item_content(queries.contents(second.id).items[0].item_revision_id).title == "Modul lain"


def test_what_a_transaction_makes_is_read_once_in_it(session):
    first = services.import_course("satu", folder(), actor_id=None, now=NOON).revision
    assert queries.contents(first.id) is queries.contents(first.id)
    session.commit()
    assert queries.contents(first.id) is queries.contents(first.id)


def test_what_a_savepoint_takes_back_is_not_remembered(session):
    with session.begin_nested() as savepoint:
        first = services.import_course("satu", folder(), actor_id=None, now=NOON).revision
        before = first.id, queries.contents(first.id).items[0].title
        savepoint.rollback()
    other = folder(**{"01-modul.md": MODULE.replace("Modul satu", "Modul lain").encode()})
    second = services.import_course("dua", other, actor_id=None, now=NOON).revision
    assert db.engine.dialect.name != "sqlite" or second.id == before[0]
    assert (before[1], queries.contents(second.id).items[0].title) == ("Modul satu", "Modul lain")


def longer_folder() -> dict[str, bytes]:
    return folder(**{"01-modul.md": f"{MODULE}\nSatu kalimat lagi.\n".encode()})


def stored_keys(monkeypatch) -> list[str]:
    """The keys of the files that are stored from now on."""
    save, keys = storage.save, []

    def noting(data, folder):
        file = save(data, folder)
        keys.append(file.key)
        return file

    monkeypatch.setattr(storage, "save", noting)
    return keys


def test_files_are_stored_before_any_row_is_written_and_unchanged_ones_not_again(session, monkeypatch):
    for data in (*folder().values(), *longer_folder().values()):
        storage.delete(storage.stored_file_for(data, "courses").key)
    keys = stored_keys(monkeypatch)
    session.commit()
    with record_holds(db.engine) as holds:
        with reading():
            prepared = services.prepare_import("kecil", folder())
            session.rollback()
        assert len(keys) == len(folder())
        assert [hold.statements for hold in holds] == [1]  # what was rendered is kept, by itself
        services.publish(services.add_revision(prepared, actor_id=None, now=NOON).revision, actor_id=None, now=NOON)
        session.commit()
    assert len(holds) == 2
    keys.clear()
    changed = longer_folder()
    revision = imported(changed).revision
    assert revision.number == 2
    assert keys == [storage.stored_file_for(changed["01-modul.md"], "courses").key]
    assert services.source_files(revision) == changed


def test_an_import_that_dies_before_its_rows_leaves_the_course_as_it_was(session):
    services.publish(imported().revision, actor_id=None, now=NOON)
    session.commit()
    changed = longer_folder()
    prepared = services.prepare_import("kecil", changed)
    services.publish(services.add_revision(prepared, actor_id=None, now=NOON).revision, actor_id=None, now=NOON)
    session.rollback()  # what is left of a process that is killed
    assert [(one.number, one.is_current) for one in session.query(CourseRevision)] == [(1, True)]
    again = imported(changed).revision
    assert again.number == 2
    assert services.source_files(again) == changed


def test_of_two_imports_at_once_the_second_is_refused(session):
    changed = longer_folder()
    one, other = services.prepare_import("kecil", folder()), services.prepare_import("kecil", changed)
    services.add_revision(one, actor_id=None, now=NOON)
    with pytest.raises(services.ImportedMeanwhile):
        services.add_revision(other, actor_id=None, now=NOON)


def test_a_file_that_is_gone_from_the_storage_is_stored_again(session):
    revision = imported().revision
    key = revision.files[0].key
    storage.delete(key)
    changed = longer_folder()
    assert services.source_files(imported(changed).revision) == changed
