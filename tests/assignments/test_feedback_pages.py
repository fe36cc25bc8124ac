"""Files and recordings on the grading page and on the learner's, and reading what was handed in."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
import typst
from assignment_factories import M4A, PDF, PNG, make_assignment_world, make_submission
from factories import NOON, make_admin, make_person
from pages import csrf_token
from picture_files import make_photo
from PIL import Image
from word_documents import make_docx

from lms.assignments.models import FeedbackFile, Marking, Submission
from lms.assignments.services import releasing
from lms.core import isolated, storage
from lms.core.db import db
from lms.core.uploads import Upload

BEST = {"level_0": "0", "level_1": "0", "seen": "0"}
KEPT = re.compile(r'name="((?:return-)?kept)" value="([^"]+)"')
LARGE = {"most": 3, "size": 1_000_000, "types": ["pdf", "docx", "png", "jpg", "txt", "xlsx"]}


def send(client, path: str, page: str | None = None, **fields):
    token = csrf_token(client.get(page or path).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token} | fields, headers={"Sec-Fetch-Site": "same-origin"})


def file(name: str = "koreksi.pdf", data: bytes = PDF):
    return io.BytesIO(data), name


def graded(client, world, submission, **fields) -> FeedbackFile:
    client.sign_in(world.instructor)
    answer = send(client, f"/teach/grading/{submission.id}", **BEST, files=file(), **fields)
    assert answer.status_code == 303
    return db.session.query(FeedbackFile).order_by(FeedbackFile.id).first()


def test_the_learner_gets_what_the_grader_gives_and_hears_it(client):
    world = make_assignment_world()
    submission = make_submission(world)
    given = graded(client, world, submission, recording=file("umpan-balik-lisan.m4a", M4A))
    page = client.sign_in(world.learner).text(world.path)
    assert f'href="/feedback-files/{given.id}"' in page
    assert f'<audio controls preload="none" src="/feedback-files/{given.id + 1}"' in page
    answer = client.get(f"/feedback-files/{given.id}")
    assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=koreksi.pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    part = client.get(f"/feedback-files/{given.id + 1}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.get_data(), part.content_type) == (206, b"ftyp", "audio/mp4")


def test_a_form_with_a_fault_keeps_the_files(client):
    world = make_assignment_world()
    path = f"/teach/grading/{make_submission(world).id}"
    client.sign_in(world.instructor)
    answer = send(client, path, level_0="0", seen="0", files=[file(), file("program.pdf", b"MZ")])
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "program.pdf" in page
    ((name, token),) = KEPT.findall(page)
    assert not db.session.query(Marking).count()
    assert send(client, path, **BEST, **{name: token}).status_code == 303
    assert [one.name for one in db.session.query(FeedbackFile)] == ["koreksi.pdf"]


def test_what_is_unticked_in_a_correction_is_gone_for_the_learner(client):
    world = make_assignment_world()
    submission = make_submission(world)
    wrong = graded(client, world, submission)
    page = client.text(f"/teach/grading/{submission.id}")
    assert len(KEPT.findall(page)) == 1
    answer = send(client, f"/teach/grading/{submission.id}", **BEST | {"seen": "1", "reason": "Berkas keliru"})
    assert answer.status_code == 303
    assert client.get(f"/feedback-files/{wrong.id}").status_code == 200
    client.sign_in(world.learner)
    assert "/feedback-files/" not in client.text(world.path)
    assert client.get(f"/feedback-files/{wrong.id}").status_code == 404


def test_a_token_of_another_work_is_refused_in_words(client):
    world = make_assignment_world()
    first = make_submission(world)
    other = make_submission(world, context=world.another_learner())
    graded(client, world, first)
    token = KEPT.findall(client.text(f"/teach/grading/{first.id}"))[0][1]
    answer = send(client, f"/teach/grading/{other.id}", **BEST, kept=token)
    assert answer.status_code == 422
    assert not other.is_graded


def test_files_go_back_with_work_that_is_returned(client):
    world = make_assignment_world()
    submission = make_submission(world)
    page, path = f"/teach/grading/{submission.id}", f"/teach/grading/{submission.id}/return"
    client.sign_in(world.instructor)
    fields = {"return-until": "2030-01-01", "return-files": file()}
    answer = send(client, path, page, **fields)
    assert answer.status_code == 422, "without a note"
    ((name, token),) = KEPT.findall(answer.get_data(as_text=True))
    fields = {"return-until": "2030-01-01", "return-note": "Lengkapi.", name: token}
    assert send(client, path, page, **fields).status_code == 303
    given = db.session.query(FeedbackFile).one()
    client.sign_in(world.learner)
    assert f'href="/feedback-files/{given.id}"' in client.text(world.path)
    assert client.get(f"/feedback-files/{given.id}").get_data() == PDF


def test_nobody_else_gets_them_and_the_learner_not_before_being_told(client):
    world = make_assignment_world(marks="together")
    submission = make_submission(world)
    given = graded(client, world, submission)
    path = f"/feedback-files/{given.id}"
    classmate = db.session.get(Submission, make_submission(world, context=world.another_learner()).id).person_id
    statuses = {
        "grader": client.get(path).status_code,
        "admin": client.sign_in(make_admin()).get(path).status_code,
        "learner": client.sign_in(world.learner).get(path).status_code,
    }
    assert "/feedback-files/" not in client.text(world.path)
    releasing.release_marks([submission.id], actor_id=world.instructor.id, now=NOON)
    statuses["told"] = client.get(path).status_code
    for person in (db.session.get(type(world.learner), classmate), make_person(), make_assignment_world().instructor):
        assert client.sign_in(person).get(path).status_code == 404
    assert statuses == {"grader": 200, "admin": 200, "learner": 404, "told": 200}
    assert client.get("/feedback-files/4711").status_code == 404


def test_only_the_grading_page_may_play_what_it_has_recorded(client):
    world = make_assignment_world()
    path = f"/teach/grading/{make_submission(world).id}"
    policy = client.sign_in(world.instructor).get(path).headers["Content-Security-Policy"]
    assert "media-src 'self' blob:;" in policy
    assert "blob:" not in client.get("/teach/grading").headers["Content-Security-Policy"]
    assert "blob:" not in client.sign_in(world.learner).get(world.path).headers["Content-Security-Policy"]


def handed_in(world, name: str, data: bytes) -> int:
    submission = make_submission(world, upload=Upload(name, data))
    return submission.files[0].id


def scan() -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("rencana.pdf", typst.compile(b"Antrean dua jam.\n#pagebreak()\nSelesai."), "<p>Antrean dua jam.</p>"),
        ("rencana.docx", make_docx(), "<strong>"),
        ("rencana.txt", b"Antrean <b>dua</b> jam", "<p>Antrean &lt;b&gt;dua&lt;/b&gt; jam</p>"),
        ("pindaian.pdf", scan(), "note--wait"),
        ("rusak.pdf", PDF, "note--wait"),
    ],
)
def test_a_grader_reads_a_file_without_opening_it_elsewhere(client, monkeypatch, name, data, expected):
    if name != "rencana.pdf":  # one child process is enough
        monkeypatch.setattr(isolated, "run", lambda function, *values, **_limits: function(*values))
    world = make_assignment_world(files=LARGE)
    number = handed_in(world, name, data)
    client.sign_in(world.instructor)
    submission = db.session.query(Submission).one()
    assert f'href="/files/{number}/text"' in client.text(f"/teach/grading/{submission.id}")
    page = client.text(f"/files/{number}/text")
    assert expected in page.partition('id="file-text"')[2]
    client.sign_in(world.learner)
    assert f"/files/{number}/text" not in client.text(world.path)
    assert client.get(f"/files/{number}/text").status_code == 404


def test_a_file_that_takes_too_long_is_said_to(client, monkeypatch):
    def run(*_values, **_limits):
        raise isolated.TookTooLong

    world = make_assignment_world(files=LARGE)
    number = handed_in(world, "berat.docx", make_docx())
    monkeypatch.setattr(isolated, "run", run)
    assert "note--wait" in client.sign_in(world.instructor).text(f"/files/{number}/text")


def test_a_photo_is_shown_light_and_upright_and_without_where_it_was_taken(client, monkeypatch):
    monkeypatch.setattr(isolated, "run", lambda function, *values, **_limits: function(*values))
    world = make_assignment_world(files=LARGE)
    photo = make_photo(turn=6)
    number = handed_in(world, "foto.jpg", photo)
    client.sign_in(world.instructor)
    assert f'src="/files/{number}/picture"' in client.text(f"/teach/grading/{db.session.query(Submission).one().id}")
    answer = client.get(f"/files/{number}/picture")
    picture = Image.open(io.BytesIO(answer.get_data()))
    assert (answer.content_type, picture.size, dict(picture.getexif())) == ("image/jpeg", (1080, 1440), {})
    assert storage.read(storage.stored_file_for(photo, "work").key) == photo
    assert client.sign_in(world.learner).get(f"/files/{number}/picture").status_code == 404


def test_what_is_no_picture_or_text_is_not_there(client, monkeypatch):
    monkeypatch.setattr(isolated, "run", lambda function, *values, **_limits: function(*values))
    world = make_assignment_world(files=LARGE)
    broken = handed_in(world, "rusak.png", PNG)
    sheet = handed_in(world, "data.pdf", PDF)
    client.sign_in(world.instructor)
    assert client.get(f"/files/{broken}/picture").status_code == 404
    assert client.get(f"/files/{broken}/text").status_code == 404
    assert client.get(f"/files/{sheet}/picture").status_code == 404
    assert client.get("/files/4711/text").status_code == 404


def test_a_draft_is_nobody_elses_to_read(client):
    world = make_assignment_world(files=LARGE)
    client.sign_in(world.learner)
    answer = send(client, world.path, text="Draf", number="1", do="upload", file=file("draf.pdf"))
    assert answer.status_code == 303
    number = int(re.search(r'href="/files/(\d+)"', client.text(world.path))[1])
    assert client.sign_in(world.instructor).get(f"/files/{number}/text").status_code == 404
