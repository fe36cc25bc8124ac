"""The course's home and its items, as their readers see them."""

from __future__ import annotations

import pytest
from factories import NOON, grant, item_of, make_cohort, make_course, make_enrolment, make_person, record_result

from lms.learning import services
from lms.learning.models import Completion, Grade, Progress

THREE = (
    {"slug": "satu", "title": "Modul satu"},
    {"slug": "dua", "title": "Modul dua", "after": ["satu"]},
    {"slug": "tiga", "title": "Modul tiga"},
)


@pytest.fixture
def course(session):
    return make_course("kecil", THREE, title="Kursus kecil")


@pytest.fixture
def learner(session, course, client):
    person = make_person()
    make_enrolment(person, course)
    client.sign_in(person)
    return person


def test_a_visitor_sees_what_is_in_a_course_and_how_to_join(client, course):
    make_enrolment(course=course)
    page = client.text("/courses/kecil")
    assert "Modul dua" in page
    assert "/login?next=/courses/kecil" in page


def test_an_unknown_course_does_not_exist(client, session):
    assert client.get("/courses/tidak-ada").status_code == 404
    assert client.sign_in(make_person()).get("/courses/tidak-ada/satu").status_code == 404


def test_who_is_not_enrolled_is_led_to_the_course(client, course):
    answer = client.sign_in(make_person()).get("/courses/kecil/satu")
    assert (answer.status_code, answer.location) == (302, "/courses/kecil")


def test_enrolling_twice_is_enrolling_once(client, session):
    make_enrolment(course=make_course("terbuka"))
    client.sign_in(person := make_person())
    for _ in range(2):
        assert client.post_form("/courses/terbuka/enrol", page="/language").status_code == 302
    assert session.query(Progress).count() == 0
    assert len([one for one in _enrolments(session) if one.person_id == person.id]) == 1


def _enrolments(session):
    from lms.enrolment.models import Enrolment

    return session.query(Enrolment).all()


def test_a_course_by_list_takes_nobody_at_their_own_wish(client, course, session):
    client.sign_in(make_person())
    assert client.post_form("/courses/kecil/enrol", page="/language").status_code == 409
    assert _enrolments(session) == []


def test_leaving_keeps_everything_and_coming_back_takes_it_up(client, course, learner, session):
    client.post_form("/courses/kecil/satu")
    client.post_form("/courses/kecil/withdraw")
    assert client.get("/courses/kecil/satu").status_code == 302
    client.post_form("/courses/kecil/enrol", page="/language")
    assert session.query(Progress).one().state == "done"
    assert len(_enrolments(session)) == 1


def test_reading_to_the_end_is_recorded_and_leads_on(client, course, learner, session):
    answer = client.post_form("/courses/kecil/satu")
    assert (answer.status_code, answer.location) == (302, "/courses/kecil/dua")
    assert session.query(Progress).one().state == "done"


def test_a_script_may_say_the_same_without_leaving_the_page(client, course, learner, session):
    from pages import csrf_token

    token = csrf_token(client.text("/courses/kecil/satu"))
    answer = client.post("/courses/kecil/satu", data={"csrf_token": token}, headers={"X-Requested-With": "fetch"})
    assert answer.json["state"] == "done"
    assert "tercatat hari ini pukul" in answer.json["said"]
    assert session.query(Progress).one().state == "done"


def test_a_locked_item_says_what_opens_it_and_cannot_be_marked(client, course, learner, session):
    page = client.text("/courses/kecil/dua")
    assert "Modul satu" in page
    assert "Isi." not in page
    assert client.post_form("/courses/kecil/dua", page="/courses/kecil/satu").status_code == 409
    assert session.query(Progress).count() == 0


def test_the_course_leads_on_where_one_stopped(client, course, learner):
    assert 'class="button" href="/courses/kecil/satu"' in client.text("/courses/kecil")
    client.post_form("/courses/kecil/satu")
    assert 'class="button" href="/courses/kecil/dua"' in client.text("/courses/kecil")


def test_finishing_all_completes_the_course_once(client, course, learner, session):
    for slug in ("satu", "dua", "tiga"):
        client.post_form(f"/courses/kecil/{slug}")
    answer = client.post_form("/courses/kecil/tiga", page="/language")
    assert answer.location == "/courses/kecil/finish"
    assert session.query(Completion).count() == 1
    assert "/courses/kecil/finish" in client.text("/courses/kecil")


def test_a_second_look_at_a_page_costs_a_304(client, course, learner):
    first = client.get("/courses/kecil/satu")
    again = client.get("/courses/kecil/satu", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_changed_is_not_taken_for_the_same(client, course, learner):
    first = client.get("/courses/kecil")
    client.post_form("/courses/kecil/satu")
    assert client.get("/courses/kecil", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_another_person_never_gets_ones_304(client, course, learner, app):
    first = client.get("/courses/kecil/satu")
    make_enrolment(other := make_person(), course)
    answer = (
        app.test_client().sign_in(other).get("/courses/kecil/satu", headers={"If-None-Match": first.headers["ETag"]})
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["", "/gradebook"])
def test_only_its_instructors_and_admins_see_participants(client, app, session, path):
    course = make_course("diajar")
    make_enrolment(make_person(name="Ibu Contoh"), course)
    mine, other = make_person(), make_person()
    grant(mine, "instructor", course=course)
    grant(other, "instructor", course=make_course())
    grant(admin := make_person(), "admin")
    for person, status in [(mine, 200), (admin, 200), (other, 404), (make_person(), 404)]:
        assert app.test_client().sign_in(person).get(f"/teach/courses/diajar{path}").status_code == status


# -- services -----------------------------------------------------------------------------------------------------


def result(enrolment, item, score, **values):
    record_result(enrolment, item, score, is_passed=score >= 70, **values)


@pytest.fixture
def quiz(session):
    course = make_course("kuis", ({"slug": "kuis", "type": "quiz", "content": {}},))
    return make_enrolment(course=course), item_of(course, "kuis")


def test_a_mark_is_added_and_never_edited(session, quiz):
    enrolment, item = quiz
    result(enrolment, item, 60)
    result(enrolment, item, 75, graded_by=enrolment.person_id)
    assert [(grade.number, grade.score) for grade in session.query(Grade).order_by(Grade.number)] == [(1, 60), (2, 75)]


def test_the_state_follows_the_effective_mark(session, quiz):
    enrolment, item = quiz
    for score, state in [(60, "failed"), (80, "done"), (50, "failed")]:
        result(enrolment, item, score, source=f"attempt:{score}")
        assert session.query(Progress).one().state == state


def test_handing_in_again_does_not_take_back_what_is_done(session, quiz):
    enrolment, item = quiz
    result(enrolment, item, 80)
    services.record_waiting(enrolment.id, item, now=NOON)
    services.record_started(enrolment.id, item, now=NOON)
    assert session.query(Progress).one().state == "done"


def test_a_completion_is_written_once_and_stays(session, quiz):
    enrolment, item = quiz
    result(enrolment, item, 80)
    result(enrolment, item, 90, source="attempt:2")
    completion = session.query(Completion).one()
    assert completion.score == 80


def test_below_the_pass_mark_nothing_is_complete(session, quiz):
    enrolment, item = quiz
    result(enrolment, item, 69)
    assert session.query(Completion).count() == 0


def test_a_module_shows_the_contents_and_what_is_done(client, course, learner):
    client.post_form("/courses/kecil/satu")
    page = client.text("/courses/kecil/dua")
    outline = page[page.index('class="fold outline"') :]
    assert "1 dari 3 materi selesai" in outline
    assert 'href="/courses/kecil/satu"' in outline
    assert 'href="/courses/kecil/dua" aria-current="page"' in outline


def test_what_is_locked_has_no_link_in_the_contents(client, course, learner):
    page = client.text("/courses/kecil/satu")
    outline = page[page.index('class="fold outline"') :]
    assert 'href="/courses/kecil/dua"' not in outline
    assert "<small>Terbuka setelah: Modul satu</small>" in outline


def test_what_one_goes_on_with_comes_before_the_way_back(client, course, learner):
    """On a phone the buttons stand below each other, in the order in which they are read and reached."""
    client.post_form("/courses/kecil/satu")
    for path, main in (("dua", "<button>"), ("satu", 'rel="next"'), ("tiga", "<button>")):
        nav = client.text(f"/courses/kecil/{path}").partition('<nav class="row neighbours"')[2].partition("</nav>")[0]
        assert main in nav.partition('rel="prev"')[0], path
    assert 'rel="prev"' in nav


@pytest.mark.parametrize(
    ("before", "said"), [(3, "Materi 1; Materi 2; Materi 3"), (8, "Materi 1; Materi 2; … dan 6 lagi")]
)
def test_of_many_items_that_come_first_the_next_ones_are_named(client, session, before, said):
    first = tuple({"slug": f"m{n}", "title": f"Materi {n}"} for n in range(1, before + 1))
    last = {"slug": "akhir", "title": "Akhir", "after": [one["slug"] for one in first]}
    person = make_person()
    make_enrolment(person, make_course("panjang", (*first, last)))
    client.sign_in(person)
    assert f"Terbuka setelah: {said}</span>" in client.text("/courses/panjang")
    assert f"Terbuka setelah: {said}</small>" in client.text("/courses/panjang/m1")


def test_a_course_without_a_certificate_promises_no_jp(client, session):
    person, items = make_person(), ({"slug": "satu", "jp": 4},)
    for slug, has_certificate in [("dengan", True), ("tanpa", False)]:
        course = make_course(slug, items, jp=4, has_certificate=has_certificate)
        make_cohort(course, starts_on=None, ends_on=None, is_open=True)
    client.sign_in(person)

    def says_jp(slug):
        page = client.text(f"/courses/{slug}")
        return "4 JP" in page[page.index("<main") : page.index("</main>")]

    assert says_jp("dengan")
    assert not says_jp("tanpa")
    assert client.text("/courses").count("4 JP ·") == 1
    for slug in ("dengan", "tanpa"):
        client.post_form(f"/courses/{slug}/enrol", page=f"/courses/{slug}")
    assert says_jp("dengan")
    assert not says_jp("tanpa")
    assert "4 JP" in client.text("/courses/dengan/satu")
    assert "4 JP" not in client.text("/courses/tanpa/satu")
