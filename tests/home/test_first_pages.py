"""Home pages of learners, instructors, heads and admins, and the health checks."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import (
    NOON,
    complete,
    grant,
    item_of,
    make_admin,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    make_unit,
    name_signatory,
    record_result,
)
from world import days

from lms.core import clock, settings
from lms.core.i18n import say_date
from lms.enrolment.models import Application
from lms.home.queries import teaching
from lms.learning import services as learning
from lms.notices.services.settings import CONTACT_PHONE
from lms.people.models import Person

TWO = ({"slug": "satu", "title": "Modul satu"}, {"slug": "dua", "title": "Modul dua"})


def test_a_visitor_finds_the_catalogue_and_the_way_in(client, session):
    make_course("terbuka", title="Kursus terbuka")
    page = client.text("/")
    assert "Kursus terbuka" in page
    assert 'href="/login"' in page


def test_who_is_in_no_course_is_led_to_the_catalogue(client, session):
    assert 'class="button" href="/courses"' in client.sign_in(make_person()).text("/")


def test_going_on_where_one_stopped_comes_first(client, session):
    person = make_person()
    older, newer = make_course("lama", TWO), make_course("baru", TWO)
    first = make_enrolment(person, older)
    make_enrolment(person, newer)
    client.sign_in(person)
    assert 'class="button" href="/courses/' in client.text("/")
    learning.record_read(first.id, item_of(older, "satu"), now=clock.now())
    page = client.text("/")
    assert 'class="button" href="/courses/lama/dua"' in page
    assert page.index("/courses/lama/dua") < page.index("/courses/baru")


def test_what_is_due_soon_is_said_with_its_days(client, session):
    today = clock.now()
    close = {
        "base": "fixed",
        "moment": (today + timedelta(days=2)).strftime("%Y-%m-%dT23:00:00"),
        "days": 0,
        "at": "23:00",
    }
    far = close | {"moment": (today + timedelta(days=90)).strftime("%Y-%m-%dT23:00:00")}
    items = (
        {"slug": "dekat", "title": "Yang dekat", "closes": close},
        {"slug": "jauh", "title": "Yang jauh", "closes": far},
    )
    make_enrolment(person := make_person(), make_course("tenggat", items))
    page = client.sign_in(person).text("/")
    due = page[page.index('<ul class="items">') :]
    assert "Yang dekat" in due
    assert "Yang jauh" not in due


def test_a_completed_course_is_shown_as_such(client, session):
    course = make_course("tamat", ({"slug": "satu"},))
    enrolment = make_enrolment(person := make_person(), course)
    learning.record_read(enrolment.id, item_of(course, "satu"), now=NOON)
    assert "tag--done" in client.sign_in(person).text("/")


def test_the_jp_of_this_year_stand_beside_their_target(client, session):
    record = make_record(now=clock.now())

    person = session.get(Person, record.person_id)
    page = client.sign_in(person).text("/")
    assert f'<span class="figure">{record.jp} JP</span>' in page
    assert "dari 20 JP" in page


def test_who_has_no_target_is_measured_against_none(client, session):
    page = client.sign_in(make_person(status="non-asn", nip=None, email="tamu@contoh.go.id", rank=None)).text("/")
    assert '<span class="figure">0 JP</span>' in page
    assert "dari 0 JP" not in page
    assert "<progress" not in page


def test_an_instructor_sees_what_waits_in_the_own_courses_only(session):
    mine, other = make_course("milik-saya", TWO), make_course("milik-lain", TWO)
    grant(person := make_person(), "instructor", course=mine)
    enrolment = make_enrolment(course=mine)
    make_enrolment(course=other)
    for slug in ("satu", "dua"):
        learning.record_read(enrolment.id, item_of(mine, slug), now=NOON)
    (seen,) = teaching.instructor_home(person)
    assert (seen.course.slug, seen.participants, seen.ready, seen.waiting) == ("milik-saya", 1, 1, 0)


def test_an_instructor_is_told_at_once_of_submissions_and_completions(client, session):
    world = make_assignment_world()
    make_submission(world)
    make_submission(world, context=world.another_learner())
    page = client.sign_in(world.instructor).text("/")
    assert '<span class="figure">2</span>' in page
    assert 'href="/teach/grading"' in page
    enrolment = make_enrolment(course=(course := make_course("kecil", TWO)))
    for slug in ("satu", "dua"):
        learning.record_read(enrolment.id, item_of(course, slug), now=NOON)
    assert '<span class="figure">1</span>' not in client.text("/"), "in a course of others"
    grant(world.instructor, "instructor", course=course)
    assert '<span class="figure">1</span>' in client.text("/")


def test_an_instructor_is_not_sent_to_the_own_submission(client, session):
    world = make_assignment_world()
    make_submission(world)
    grant(world.learner, "instructor", course=world.course)
    page = client.sign_in(world.learner).text("/")
    assert "/teach/grading" not in page
    assert teaching.instructor_home(world.learner)[0].waiting == 0


def test_a_head_sees_the_own_subtree_and_nobody_else(client, session):
    office = make_unit("Dinas A")
    field = make_unit("Bidang A1", parent=office, kind="bidang")
    elsewhere = make_unit("Dinas B")
    grant(head := make_person(), "head", unit=office)
    for name, unit in [("Orang Dinas", office), ("Orang Bidang", field), ("Orang Lain", elsewhere)]:
        make_person(name=name, unit_id=unit.id)
    make_person(name="Orang Nonaktif", unit_id=office.id, is_active=False)
    page = client.sign_in(head).text("/team")
    assert "Orang Dinas" in page
    assert "Orang Bidang" in page
    assert "Orang Lain" not in page
    assert "Orang Nonaktif" not in page


def test_the_admins_page_warns_of_demo_people(client, session):
    client.sign_in(make_admin())
    assert "note--wait" not in client.text("/admin")
    make_person(is_demo=True)
    assert "note--wait" in client.text("/admin")


def test_a_new_site_says_what_is_still_to_be_set_up_until_it_is_done(client, session):
    """With links that lead there."""
    client.sign_in(make_admin())

    def steps() -> list[str]:
        return re.findall(r'<li><a href="([^"]+)"', client.text("/admin").partition('id="first-steps"')[2])

    assert len(steps()) == 5
    for address in steps():
        path, _hash, anchor = html.unescape(address).partition("#")
        page = client.text(path)
        assert not anchor or f'id="{anchor}"' in page
    agency = make_unit("Kota Contoh", kind="instansi")
    make_person(unit_id=agency.id)
    make_course()
    assert [address.partition("#")[2] for address in steps()] == ["rule_contact_name", "rule_signatory_office"]
    name_signatory()
    settings.change(CONTACT_PHONE, "081234567890", actor_id=None, now=NOON)
    assert steps() == []


@pytest.mark.parametrize("is_agencys", [False, True])
def test_each_number_on_the_admins_page_leads_to_what_it_counts(client, session, is_agencys):
    agency = make_unit("Kota Contoh", kind="instansi")
    person = make_person(unit_id=agency.id) if is_agencys else make_admin()
    if is_agencys:
        grant(person, "agency-admin", unit=agency)
    page = client.sign_in(person).text("/admin")
    tiles = page.partition('<ul class="tiles">')[2].partition("</ul>")[0]
    addresses = re.findall(r'href="([^"]+)"', tiles)
    assert len(addresses) == tiles.count("<b>") == 6
    for address in addresses:
        client.text(html.unescape(address))


def test_a_server_says_that_it_lives_and_can_serve(client, session):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}


def test_a_server_without_its_tables_is_not_ready(client, session, monkeypatch):
    monkeypatch.setattr("lms.core.schema.missing_migrations", lambda: ["0002"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "migrations missing"})


def test_who_has_a_desk_and_no_course_is_led_to_the_desk(client, session):
    grant(person := make_person(), "instructor", course=make_course())
    page = client.sign_in(person).text("/")
    assert 'class="button" href="/teach"' in page
    assert 'class="button button--quiet" href="/courses"' in page


# -- deadlines and courses that cannot be continued ---------------------------------------------------------------

QUIZ = ({"slug": "kuis", "title": "Kuis dasar", "type": "quiz", "content": {}}, *TWO)


def fail_for_good(enrolment, course):
    record_result(enrolment, item_of(course, "kuis"), 30, is_passed=False, is_final=True, now=clock.now())


def in_a_run(person, course, ends_in: int):
    cohort = make_cohort(course, starts_on=days(-60), ends_on=days(ends_in))
    return make_enrolment(person, course, cohort=cohort, due_on=cohort.ends_on)


def test_nobody_is_sent_on_into_a_dead_end(client, session):
    course = make_course("buntu", QUIZ, title="Kursus buntu")
    fail_for_good(make_enrolment(person := make_person(), course), course)
    page = client.sign_in(person).text("/")
    assert "Kursus buntu" in page
    assert "Kuis dasar" in page, "what was failed is said"
    assert 'href="/courses/buntu/' not in page
    assert "sudah selesai" not in page


def test_nobody_is_sent_on_in_a_run_that_is_over_nor_reminded_of_it(client, session):
    close = {"base": "end", "days": 0, "moment": None, "at": None}
    course = make_course("lewat", ({"slug": "satu", "closes": close},))
    in_a_run(person := make_person(), course, -5)
    page = client.sign_in(person).text("/")
    assert say_date(days(-5)) in page
    assert 'href="/courses/lewat/' not in page


def test_what_can_be_gone_on_with_comes_before_what_cannot(client, session):
    person, dead, alive, done = make_person(), *(make_course(slug, QUIZ) for slug in ("buntu", "jalan", "tamat"))
    make_enrolment(person, done)
    make_enrolment(person, alive)
    fail_for_good(make_enrolment(person, dead), dead)
    page = client.sign_in(person).text("/")
    assert re.findall('class="button" href="/courses/([a-z]+)/', page) == ["jalan"]
    assert page.index("/courses/jalan") < page.index("/courses/buntu")
    assert page.index("/courses/tamat") < page.index("/courses/buntu")


@pytest.mark.parametrize(
    ("days_left", "words", "sign"),
    [(20, "20 hari lagi", None), (2, "2 hari lagi", "wait"), (-2, "lewat 2 hari", "fail")],
)
def test_the_own_last_day_stands_on_the_card_of_each_course(client, session, days_left, words, sign):
    person = make_person()
    for slug in ("satu", "dua"):
        make_enrolment(person, make_course(slug), due_on=days(days_left))
    page = client.sign_in(person).text("/")
    assert page.count(f"{say_date(days(days_left))} ({words})") == 2
    assert page.count("tag--wait") == (2 if sign == "wait" else 0)
    assert page.count("tag--fail") == (2 if sign == "fail" else 0)


def test_without_an_end_no_card_says_one(client, session):
    make_enrolment(person := make_person(), make_course("bebas"))
    assert "Tenggat Anda" not in client.sign_in(person).text("/")


# -- proposals to decide ------------------------------------------------------------------------------------------


def propose(session, cohort, *people):
    for person in people:
        row = Application(cohort_id=cohort.id, person_id=person.id, state="proposed", proposed_at=clock.now())
        session.add(row)
    session.flush()


def test_a_committee_is_told_of_the_proposals_in_its_own_cohorts_only(client, session):
    mine, other = make_cohort(), make_cohort()
    grant(person := make_person(), "committee", cohort_id=mine.id)
    client.sign_in(person)
    propose(session, other, make_person())
    assert "usulan" not in client.text("/")
    propose(session, mine, make_person(), make_person())
    page = client.text("/")
    assert '<span class="figure">2</span>' in page
    assert f'href="/admin/cohorts/{mine.id}/proposals"' in page


def test_of_several_cohorts_the_list_is_linked(client, session):
    person = make_person()
    for cohort in (make_cohort(), make_cohort()):
        grant(person, "committee", cohort_id=cohort.id)
        propose(session, cohort, make_person())
    page = client.sign_in(person).text("/")
    assert '<span class="figure">2</span>' in page
    assert 'class="button end" href="/admin/cohorts"' in page


@pytest.mark.parametrize("path", ["/", "/admin"])
def test_admins_are_told_of_those_they_may_decide(app, session, path):
    agency = make_unit("Kota Contoh", kind="instansi")
    propose(session, make_cohort(), make_person(unit_id=agency.id), make_person())
    grant(agent := make_person(unit_id=agency.id), "agency-admin", unit=agency)
    for person, count in ((make_admin(), 2), (agent, 1)):
        assert f'<span class="figure">{count}</span>' in app.test_client().sign_in(person).text(path)


def test_nobody_else_is_told_of_proposals(client, session):
    cohort = make_cohort()
    propose(session, cohort, make_person())
    grant(person := make_person(), "instructor", course=cohort.course)
    assert "usulan" not in client.sign_in(person).text("/")


def test_own_courses_are_in_the_order_of_their_deadlines(client, session):
    """The course to continue stands above; what is over is below, what is completed last."""
    person = make_person()
    today = days(0)
    due = {"jauh": 40, "besok": 1, "lewat": -3, "dekat": 9}
    for slug in ("tanpa-batas", *due, "usai"):
        make_enrolment(
            person,
            make_course(slug, title=f"Kursus {slug}"),
            due_on=today + timedelta(days=due[slug]) if slug in due else None,
        )
    complete(person, make_graded_course("tuntas", title="Kursus tuntas"))
    client.sign_in(person)
    page = client.get("/").get_data(as_text=True)
    own = page[page.index(">Kursus saya</h2>") :]
    current = re.search(r'class="button" href="/courses/([\w-]+)/', page)[1]
    wanted = [slug for slug in ("lewat", "besok", "dekat", "jauh", "tanpa-batas", "usai", "tuntas") if slug != current]
    assert re.findall(r'href="/courses/([\w-]+)"', own) == wanted
    assert own.count("tanpa tenggat") == 2 - (current in {"tanpa-batas", "usai"})
    assert "(besok)" in own
    assert "(9 hari lagi)" in own
    assert "(lewat 3 hari)" in own
