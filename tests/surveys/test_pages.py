"""The page of a survey, what instructors see of it, and the file that they download."""

from __future__ import annotations

import io
import re

import pytest
from factories import NOON, make_revision, publish
from openpyxl import load_workbook
from sqlalchemy import select
from survey_factories import content, make_survey_world, scale

from lms.learning.models import EnrolmentState
from lms.surveys import queries
from lms.surveys.models import SurveyReply

ANONYMOUS = "anonymous: true\n"
SENT = {"q-guna": "4", "q-bagian": ["Modul", "Kuis latihan"], "q-alat": "", "q-saran": "Lebih banyak contoh."}


@pytest.fixture(params=["", ANONYMOUS], ids=["named", "anonymous"])
def keys(request):
    return request.param


def learner_of(client, session, keys=""):
    world = make_survey_world(keys)
    session.commit()
    client.sign_in(world.learner)
    return world


def send(client, world, page=None, **fields):
    """As a browser sends the form: with what is hidden in it."""
    html = client.text(world.path)
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("known", "seen")}
    return client.post_form(world.path, **(hidden | fields))


def test_answers_arrive_and_the_survey_is_done(client, session, keys):
    world = learner_of(client, session, keys)
    assert send(client, world, **SENT).status_code == 303
    reply = session.scalars(select(SurveyReply)).one()
    assert reply.answers == {
        "guna": scale(4),
        "bagian": {"picked": ["Modul", "Kuis latihan"]},
        "saran": {"text": "Lebih banyak contoh."},
    }
    page = client.text(world.path)
    assert "Jawaban Anda sudah diterima" in page
    assert session.scalars(select(EnrolmentState.total_done)).one() == 1
    assert ("Lihat atau ubah jawaban" in page) is not bool(keys)
    assert ("Lebih banyak contoh." in page) is not bool(keys)


def test_the_page_says_who_sees_the_answers_before_they_are_sent(client, session, keys):
    world = learner_of(client, session, keys)
    page = client.text(world.path)
    promise = "Tanpa nama Anda." if keys else "Dengan nama Anda."
    assert page.index(promise) < page.index("Kirim jawaban")


def test_what_was_sent_before_a_publication_changed_the_promise_is_not_stored(client, session):
    world = learner_of(client, session, ANONYMOUS)
    row = {"slug": "evaluasi", "type": "survey", "title": "E", "content": content()}
    publish(make_revision(world.course, (row, {"slug": "sesudah"})))
    session.commit()
    answer = client.post_form(world.path, known="anonymous", seen="0", **SENT)
    assert answer.status_code == 422
    assert "Dengan nama Anda." in answer.text
    assert "Lebih banyak contoh." in answer.text
    assert session.scalars(select(SurveyReply)).all() == []


def test_a_required_question_is_marked_and_nothing_typed_is_lost(client, session, keys):
    world = learner_of(client, session, keys)
    answer = send(client, world, **(SENT | {"q-guna": ""}))
    assert answer.status_code == 422
    assert 'href="#q-guna"' in answer.text
    assert "Lebih banyak contoh." in answer.text
    assert re.search(r'name="q-bagian" value="Modul" checked', answer.text)
    assert session.scalars(select(SurveyReply)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"q-guna": "6"},
        {"q-guna": "x"},
        {"q-bagian": "Lain"},
        {"q-alat": ["Ponsel", "Komputer"]},
        {"q-saran": "a" * 2001},
    ],
)
def test_what_the_form_does_not_offer_is_refused(client, session, wrong):
    world = learner_of(client, session)
    assert send(client, world, **(SENT | wrong)).status_code == 422
    assert session.scalars(select(SurveyReply)).all() == []


def test_an_answer_with_a_name_is_changed_and_an_old_tab_changes_nothing_unseen(client, session):
    world = learner_of(client, session)
    send(client, world, **SENT)
    assert send(client, world, **(SENT | {"q-guna": "1"})).status_code == 303
    stale = client.post_form(world.path, known="named", seen="1", **(SENT | {"q-guna": "5"}))
    assert stale.status_code == 422
    assert 'name="seen" value="2"' in stale.text  # pressing again sends what is here
    assert session.scalars(select(SurveyReply)).one().answers["guna"] == scale(1)


def test_a_second_form_without_a_name_ends_well_and_adds_nothing(client, session):
    """Also for ``held.js``, which deletes what it holds only if it is sent on."""
    world = learner_of(client, session, ANONYMOUS)
    send(client, world, **SENT)
    again = client.post_form(world.path, page="/account", known="anonymous", seen="0", **SENT)
    assert again.status_code == 303
    assert "sudah diterima sebelumnya" in client.text(world.path)
    assert len(session.scalars(select(SurveyReply)).all()) == 1


def test_a_form_that_a_device_kept_ends_well_though_the_first_had_arrived(client, session, keys):
    world = learner_of(client, session, keys)
    csrf = client.text(world.path).split('name="csrf_token" value="')[1].split('"')[0]
    kept = {"csrf_token": csrf, "known": "anonymous" if keys else "named", "seen": "0", **SENT}
    held = {"X-Requested-With": "held", "Sec-Fetch-Site": "same-origin"}
    for _time in range(2):
        assert client.post(world.path, data=kept, headers=held).headers["X-Redirect"] == world.path
    refused = client.post(world.path, data=kept | {"q-guna": "9"}, headers=held)
    assert (refused.status_code, "X-Redirect" in refused.headers) == (422, False)
    assert len(session.scalars(select(SurveyReply)).all()) == 1


def test_optional_single_choices_can_be_left_out_again(client, session):
    world = learner_of(client, session)
    send(client, world, **(SENT | {"q-alat": "Ponsel"}))
    send(client, world, **(SENT | {"q-alat": ""}))
    assert "alat" not in session.scalars(select(SurveyReply)).one().answers


def test_instructors_see_numbers_and_texts_of_whole_groups(client, session):
    world = make_survey_world(ANONYMOUS)
    for number in range(4):
        world.answer(world.another(), guna=scale(5), saran={"text": f"Saran {number}"})
    session.commit()
    client.sign_in(world.instructor)
    page = client.text(world.results)
    assert "Saran 0" not in page
    assert "4 jawaban ditahan" in page
    world.answer(world.another(), guna=scale(3), saran={"text": "Saran 4"})
    session.commit()
    page = client.text(world.results)
    assert re.findall(r"Saran \d", page) == [f"Saran {number}" for number in range(5)]
    assert "rata-rata 4,60 dari 5" in page
    assert re.search(r"5 – Sangat setuju</span><span class=\"end\"><b>4</b> \(80%\)", page)
    assert world.results in client.text(f"/teach/courses/{world.course.slug}")


def test_names_stand_beside_answers_that_were_given_with_them(client, session):
    world = make_survey_world()
    world.answer(guna=scale(2), saran={"text": "Ruangnya panas."})
    session.commit()
    client.sign_in(world.instructor)
    page = client.text(world.results)
    assert page.index(world.learner.full_name) < page.rindex("Ruangnya panas.")


def test_of_one_cohort_only_its_own_answers_are_shown(client, session):
    world = make_survey_world(ANONYMOUS)
    other = world.another_cohort()
    world.answer_many(5, saran={"text": "Satu"})
    world.answer_many(5, other, saran={"text": "Dua"})
    session.commit()
    client.sign_in(world.instructor)
    page = client.text(f"{world.results}?cohort={other.id}")
    assert ("Dua" in page, "Satu" in page) == (True, False)


def sheets(answer):
    book = load_workbook(io.BytesIO(answer.get_data()))
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}


def test_the_file_has_no_row_of_a_person_without_a_name(client, session):
    world = make_survey_world(ANONYMOUS)
    for number in range(5):
        world.answer(world.another(), guna=scale(number + 1), saran={"text": f"=S{4 - number}"})
    session.commit()
    client.sign_in(world.instructor)
    found = sheets(client.get(f"{world.results}.xlsx"))
    assert set(found) == {"Hasil", "Jawaban tertulis"}
    assert [row[2] for row in found["Jawaban tertulis"][-5:]] == [f"=S{number}" for number in range(5)]
    assert next(row[2:5] for row in found["Hasil"] if str(row[1]).startswith("Materi berguna")) == [
        "1 – Sangat tidak setuju",
        1,
        0.2,
    ]


def test_the_file_has_a_row_for_each_person_who_answered_with_a_name(client, session):
    world = make_survey_world()
    world.answer(guna=scale(2), bagian={"picked": ["Modul", "Kuis latihan"]})
    session.commit()
    client.sign_in(world.instructor)
    assert sheets(client.get(f"{world.results}.xlsx"))["Per orang"][-1] == [
        world.learner.full_name,
        "2",
        "Modul; Kuis latihan",
        "",
        "",
    ]


def test_answers_to_another_form_of_a_question_are_left_out_and_that_is_said(client, session):
    world = make_survey_world()
    world.answer(guna=scale(2), alat={"picked": ["Tablet"]}, saran={"text": "Baik."})
    asked = (
        "## Materi? {#guna scale=7}\n\n## Alat? {#alat}\n\n- [ ] Ponsel\n- [ ] Radio\n\n## Saran? {#saran scale=4}\n"
    )
    row = {"slug": "evaluasi", "type": "survey", "title": "E", "content": content(asked)}
    publish(make_revision(world.course, (row, {"slug": "sesudah"})))
    session.commit()
    client.sign_in(world.instructor)
    page = client.text(world.results)
    assert page.count("1 jawaban lama pada bentuk lain") == 2
    assert re.search(r"<span>Tablet</span><span class=\"end\"><b>1</b>", page)


def test_the_preview_and_the_printed_course_show_the_questions(client, session):
    world = make_survey_world(ANONYMOUS)
    session.commit()
    client.sign_in(world.instructor)
    for path in (f"/teach/courses/{world.course.slug}/preview/evaluasi", f"/teach/courses/{world.course.slug}/print"):
        page = client.text(path)
        assert "Materi berguna bagi pekerjaan saya." in page
        assert "Tanpa nama Anda." in page


def test_a_reply_that_is_its_own_is_read_only_by_its_owner(session):
    world = make_survey_world()
    world.answer(now=NOON)
    other = world.another()
    assert queries.own_reply(other.enrolment_id, other.item_revision.item_id) is None
