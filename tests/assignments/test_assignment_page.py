from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from assignment_factories import DOCX, PDF, fixed, make_assignment_world, make_submission, pdf
from factories import NOON, make_person
from pages import csrf_token

from lms.assignments.models import Draft, Submission, WorkFile
from lms.assignments.services import drafts
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.grading import GradeDecision, grade_submission

FETCH = {"X-Requested-With": "fetch"}


def page(client, world) -> str:
    response = client.get(world.path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_the_page_shows_task_rubric_deadline_and_form(client):
    world = make_assignment_world(
        due=fixed("2099-12-01T09:00:00"), late={"until": fixed("2099-12-08T09:00:00"), "penalty": 5.0}
    )
    html = page(client.sign_in(world.learner), world)
    assert "Ketepatan masalah" in html
    assert "1 Desember 2099 pukul 09.00 WIT" in html
    assert "8 Desember 2099 pukul 09.00 WIT" in html
    assert "5%" in html
    assert 'name="text"' in html
    assert 'accept=".pdf,application/pdf' in html


@pytest.mark.parametrize(("points", "told"), [(100.0, "60"), (50.0, "60 (30 dari 50 poin)")])
def test_the_pass_mark_is_a_mark_as_everywhere(client, points, told):
    world = make_assignment_world(points=points, pass_mark=60)
    facts = re.sub(r"<[^>]+>", "", page(client.sign_in(world.learner), world))
    assert f"Ambang kelulusan{told}\n" in facts


@pytest.mark.parametrize("submit", [["text"], ["files"], ["link"]])
def test_only_what_may_be_handed_in_is_asked_for(client, submit):
    world = make_assignment_world(submit=submit, rubric=[])
    html = page(client.sign_in(world.learner), world)
    assert ('name="text"' in html, 'type="file"' in html, 'name="link"' in html) == (
        submit == ["text"],
        submit == ["files"],
        submit == ["link"],
    )


def test_who_is_not_enrolled_does_not_get_in(client):
    world = make_assignment_world()
    assert client.sign_in(make_person()).get(world.path).status_code != 200


def test_saving_a_draft_keeps_the_text_for_the_next_visit(client, session):
    world = make_assignment_world()
    response = client.sign_in(world.learner).post_form(world.path, do="save", text="Antrean <panjang>", number="1")
    assert response.status_code == 303
    assert session.query(Draft).one().text == "Antrean <panjang>"
    assert "Antrean &lt;panjang&gt;" in page(client, world)


@pytest.mark.parametrize(("language", "colon"), [("id", "."), ("en", ":")])
def test_a_script_is_told_when_the_draft_was_saved(client, language, colon):
    world = make_assignment_world()
    world.learner.language = language
    client.sign_in(world.learner).get(world.path)
    html = page(client, world)
    data = {"csrf_token": csrf_token(html), "do": "save", "text": "Satu", "number": "1"}
    answer = client.post(world.path, data=data, headers=FETCH)
    assert answer.status_code == 200
    assert set(answer.json) == {"saved_at", "turn"}
    assert answer.json["saved_at"][2] == colon
    too_long = client.post(world.path, data={**data, "text": "a" * 8001}, headers=FETCH)
    assert too_long.status_code == 422
    assert too_long.json["message"]


def test_handing_in_shows_that_it_waits(client, session):
    world = make_assignment_world()
    response = client.sign_in(world.learner).post_form(world.path, do="submit", text="Rencana saya", number="1")
    assert response.status_code == 303
    html = page(client, world)
    assert "tag--wait" in html
    assert "Rencana saya" in html
    assert session.query(Submission).one().person_id == world.learner.id


def test_handing_in_twice_by_a_double_click_is_once(client, session):
    world = make_assignment_world()
    client.sign_in(world.learner)
    for _ in range(2):
        assert client.post_form(world.path, do="submit", text="Rencana saya", number="1").status_code == 303
    assert session.query(Submission).count() == 1


def test_a_chosen_file_comes_along_when_handing_in(client, session):
    world = make_assignment_world()
    client.sign_in(world.learner)
    client.post_form(world.path, do="submit", text="", number="1", file=(io.BytesIO(DOCX), "rencana.docx"))
    assert session.query(WorkFile).one().submission_id == session.query(Submission).one().id


def test_an_empty_one_is_sent_back(client, session):
    world = make_assignment_world()
    response = client.sign_in(world.learner).post_form(world.path, do="submit", text=" ", number="1")
    assert response.status_code == 422
    assert session.query(Submission).count() == 0


def test_a_refused_file_is_named_at_its_field_and_the_text_is_kept(client, session):
    world = make_assignment_world()
    file = (io.BytesIO(b"MZ program"), "tugas.pdf")
    response = client.sign_in(world.learner).post_form(world.path, do="upload", text="Teks", number="1", file=file)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "tugas.pdf" in html
    assert 'id="file-error"' in html
    assert ">Teks</textarea>" in html.replace("\r\n", "").replace("\n", "")
    assert session.query(Draft).one().text == "Teks"


def test_upload_without_a_file_saves_the_text_and_asks_for_the_file(client, session):
    world = make_assignment_world()
    session.commit()
    client.sign_in(world.learner)
    page = client.get(client.post_form(world.path, do="upload", text="Teks", number="1").location).text
    assert "Pilih berkas dahulu" in page and "note--done" not in page
    assert session.query(Draft).one().text == "Teks"


def test_too_long_a_text_is_sent_back_whole(client):
    world = make_assignment_world()
    response = client.sign_in(world.learner).post_form(world.path, do="submit", text="b" * 8001, number="1")
    assert response.status_code == 422
    assert "b" * 8001 in response.get_data(as_text=True)


def test_a_file_is_removed_without_losing_what_was_typed(client, session):
    world = make_assignment_world()
    draft = drafts.save_draft(world.context, DraftContent("", upload=pdf()), number=1, now=NOON)
    file_id = draft.files[0].id
    client.sign_in(world.learner).post_form(world.path, do=f"remove-{file_id}", text="Baru diketik", number="1")
    assert session.query(WorkFile).count() == 0
    assert session.query(Draft).one().text == "Baru diketik"


def test_results_of_all_submissions_stay(client):
    world = make_assignment_world(pass_mark=60.0)
    first = make_submission(world, "Versi satu", upload=pdf())
    first_marking = GradeDecision(picked={0: 1, 1: 1}, feedback="Perjelas ukuran.")
    grade_submission(first, first_marking, grader_id=world.instructor.id, seen=0, now=NOON)
    second = make_submission(world, "Versi dua", now=NOON + timedelta(hours=1))
    html = page(client.sign_in(world.learner), world)
    assert "Versi satu" in html
    assert "Perjelas ukuran." in html
    grade_submission(second, GradeDecision(picked={0: 0, 1: 0}), grader_id=world.instructor.id, seen=0, now=NOON)
    html = page(client, world)
    assert "Perjelas ukuran." in html
    assert "Versi dua" in html
    assert "rencana.pdf" in html


def test_a_correction_is_told_with_its_reason(client):
    world = make_assignment_world(rubric=[])
    submission = make_submission(world)
    grade_submission(submission, GradeDecision(points=60), grader_id=world.instructor.id, seen=0, now=NOON)
    grade_submission(
        submission,
        GradeDecision(points=75, reason="Lampiran terlewat"),
        grader_id=world.instructor.id,
        seen=1,
        now=NOON,
    )
    html = page(client.sign_in(world.learner), world)
    assert "Lampiran terlewat" in html
    assert "75" in html


def test_a_further_try_can_begin_with_the_last(client, session):
    world = make_assignment_world(attempts=2)
    make_submission(world, "Versi satu", upload=pdf())
    client.sign_in(world.learner).post_form(world.path, do="again")
    assert session.query(Draft).one().text == "Versi satu"
    assert "rencana.pdf" in page(client, world)


def test_after_the_last_try_there_is_no_form(client):
    world = make_assignment_world(attempts=1)
    make_submission(world)
    html = page(client.sign_in(world.learner), world)
    assert 'value="submit"' not in html
    assert 'value="again"' not in html


def test_after_the_last_moment_the_page_says_so_and_keeps_the_draft(client, session):
    world = make_assignment_world(due=fixed("2026-11-20T09:00:00"))
    html = page(client.sign_in(world.learner), world)
    assert 'value="submit"' not in html
    item_id = world.context.item_revision.item_id
    session.add(Draft(enrolment_id=world.enrolment.id, item_id=item_id, text="Teks", saved_at=NOON))
    assert page(client, world)


def test_a_late_learner_sees_what_it_costs(client):
    world = make_assignment_world(due=fixed("2026-11-20T09:00:00"), late={"until": None, "penalty": 0.5})
    assert "note--wait" in page(client.sign_in(world.learner), world)


def handed_in_file(world) -> str:
    return f"/files/{make_submission(world, upload=pdf('rencana kita é.pdf')).files[0].id}"


@pytest.mark.parametrize("who", ["learner", "instructor"])
def test_a_file_comes_as_an_attachment_that_nothing_runs(client, who):
    world = make_assignment_world()
    path = handed_in_file(world)
    response = client.sign_in(getattr(world, who)).get(path)
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''rencana%20kita%20%C3%A9.pdf" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_file_does_not_exist_for_anybody_else(client):
    world, other = make_assignment_world(), make_assignment_world()
    path = handed_in_file(world)
    assert client.get(path).status_code == 302
    for person in (make_person(), other.learner, other.instructor):
        assert client.sign_in(person).get(path).status_code == 404


def test_a_drafts_file_is_its_owners_alone(client):
    world = make_assignment_world()
    file_id = drafts.save_draft(world.context, DraftContent("", upload=pdf()), number=1, now=NOON).files[0].id
    assert client.sign_in(world.learner).get(f"/files/{file_id}").status_code == 200
    assert client.sign_in(world.instructor).get(f"/files/{file_id}").status_code == 404


def test_a_file_that_never_was_is_not_found(client):
    assert client.sign_in(make_person()).get("/files/4711").status_code == 404


def field(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_of_two_pages_the_older_one_is_told_and_shows_both_texts(client, session):
    world = make_assignment_world()
    older = page(client.sign_in(world.learner), world)
    newer = page(client, world)
    values = {"csrf_token": csrf_token(older), "do": "save", "number": "1"}
    first = {"seen": field(newer, "seen"), "turn": field(newer, "turn"), "text": "Tulisan <di sana>"}
    assert client.post(world.path, data=values | first).status_code == 303
    mine = {"seen": field(older, "seen"), "turn": field(older, "turn"), "text": "Tulisan di sini"}
    told = client.post(world.path, data=values | mine, headers=FETCH)
    assert (told.status_code, "Simpan draf" in told.json["message"]) == (422, True)
    shown = client.post(world.path, data=values | mine)
    html = shown.get_data(as_text=True)
    assert shown.status_code == 422
    assert "Tulisan &lt;di sana&gt;</p>" in html
    assert "Tulisan di sini</textarea>" in html
    assert session.query(Draft).one().text == "Tulisan <di sana>"
    again = {"seen": field(html, "seen"), "turn": field(html, "turn"), "text": "Tulisan di sini"}
    assert client.post(world.path, data=values | again).status_code == 303
    session.expire_all()
    assert session.query(Draft).one().text == "Tulisan di sini"


def test_handing_in_from_an_older_page_does_not_hand_in_what_it_does_not_show(client, session):
    world = make_assignment_world()
    older = page(client.sign_in(world.learner), world)
    values = {"csrf_token": csrf_token(older), "number": "1"}
    client.post(world.path, data=values | {"do": "save", "seen": "0", "turn": "y", "text": "Yang baru"})
    mine = {"do": "submit", "seen": "0", "turn": "x", "text": "Yang lama"}
    assert client.post(world.path, data=values | mine).status_code == 422
    assert session.query(Submission).count() == 0


def graded(world, level: int = 1):
    submission = make_submission(world)
    decision = GradeDecision(picked={0: level, 1: level}, feedback="Perjelas waktunya.")
    grade_submission(submission, decision, grader_id=world.instructor.id, seen=0, now=NOON)
    return submission


def card(html: str) -> str:
    """What stands with the newest submission."""
    shown = html.partition('<section class="card panel">')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_a_mark_that_is_no_pass_says_what_is_lacking_and_what_to_do(client):
    world = make_assignment_world(attempts=2)
    graded(world)
    html = page(client.sign_in(world.learner), world)
    assert "Kurang 20 poin untuk lulus. Baca umpan baliknya, perbaiki tugas Anda di bawah, lalu kirim lagi." in card(
        html
    )
    assert "1 dari 2 percobaan tersisa" in card(html)


def test_without_an_attempt_left_it_says_whom_to_ask(client):
    world = make_assignment_world(attempts=1)
    graded(world)
    html = page(client.sign_in(world.learner), world)
    assert "Percobaan Anda sudah habis: 1 dari 1." in card(html)
    assert f"from={world.path}" in html
    assert "kirim lagi" not in card(html)


def test_after_a_pass_the_next_step_stands_with_the_mark(client):
    world = make_assignment_world()
    graded(world, level=0)
    html = page(client.sign_in(world.learner), world)
    assert "Anda lulus. Lanjut" in card(html)
    assert len(re.findall(r'class="button"[^>]* rel="next"', html)) == 1


def test_who_has_passed_reads_that_a_lower_mark_would_count_before_handing_in_again(client):
    world = make_assignment_world(attempts=3)
    graded(world)
    assert 'id="passed"' not in page(client.sign_in(world.learner), world), "nothing to lose yet"
    graded(world, level=0)
    html = page(client, world)
    assert html.index('id="passed"') < html.index('name="do" value="again"')


def test_what_was_handed_in_comes_before_the_limits_and_the_task(client):
    world = make_assignment_world()
    graded(world)
    html = page(client.sign_in(world.learner), world)
    assert (
        html.index('<section class="card panel">')
        < html.index('<dl class="facts')
        < html.index('<details class="task">')
    )
