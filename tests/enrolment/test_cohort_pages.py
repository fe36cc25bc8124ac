"""Cohort pages: create, repeat, change, enrol, decide; bad input is shown again with its error."""

from __future__ import annotations

import html
import re

import pytest
from factories import make_cohort, make_course, make_person
from world import World, days, make_cohort_world, today

from lms.core import clock
from lms.core.i18n import say_date
from lms.enrolment import queries, services
from lms.enrolment.models import Cohort, Enrolment
from lms.people.models import RoleGrant


@pytest.fixture
def world(session) -> World:
    return make_cohort_world()


@pytest.fixture
def admin(client, world):
    return client.sign_in(world.admin)


def test_runs_are_listed_and_filtered_by_the_address(admin, world):
    over = make_cohort(make_course("lain", title="Kursus lain"), starts_on=days(-9), ends_on=days(-1))
    page = admin.text("/admin/cohorts")
    assert "Angkatan I Tahun 2026" in page
    assert over.name in page
    assert over.name not in admin.text("/admin/cohorts?state=running")
    assert over.name in admin.text("/admin/cohorts?state=over&q=KURSUS")
    assert over.name not in admin.text("/admin/cohorts?course=pelatihan")
    for nonsense in ("?state=x", "?course=tidak-ada", "?q=%00%25_", "?page=999"):
        assert admin.get("/admin/cohorts" + nonsense).status_code == 200


def form(**values):
    return {
        "name": "",
        "starts_on": days(7),
        "ends_on": days(30),
        "way": "open",
        "enrols_until": "",
        "quota": "",
    } | values


def test_a_cohort_is_made_and_named_by_the_next_number_of_its_year(admin, world, session):
    make_course("baru")
    answer = admin.post_form("/admin/cohorts/new", course="baru", **form(quota="40"))
    cohort = session.query(Cohort).order_by(Cohort.id.desc()).first()
    assert answer.location == f"/admin/cohorts/{cohort.id}"
    assert (cohort.name, cohort.quota) == (f"Angkatan I Tahun {days(7).year}", 40)
    assert (cohort.is_open, cohort.needs_approval) == (True, False)


def test_a_page_that_is_sent_twice_makes_one_cohort(admin, world, session):
    """An empty name becomes the next one of the year; going back and submitting again must not skip to another."""
    make_course("baru")
    newest = re.search(r'name="newest"[^>]*value="(\d+)"', admin.text("/admin/cohorts/new"))[1]
    sent = {"course": "baru", "newest": newest} | form()
    assert admin.post_form("/admin/cohorts/new", **sent).status_code == 302
    count = session.query(Cohort).count()
    again = admin.post_form("/admin/cohorts/new", **sent)
    assert again.status_code == 422
    assert "field__error" in again.get_data(as_text=True)
    assert session.query(Cohort).count() == count
    fresh = re.search(r'name="newest"[^>]*value="(\d+)"', admin.text("/admin/cohorts/new"))[1]
    assert admin.post_form("/admin/cohorts/new", **(sent | {"newest": fresh})).status_code == 302
    assert session.query(Cohort).count() == count + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": ""},
        {"starts_on": "kemarin"},
        {"starts_on": "0026-11-23"},
        {"ends_on": "2020-01-01"},
        {"quota": "0"},
        {"quota": "banyak"},
        {"quota": "-3"},
        {"way": "siapa saja"},
        {"way": ""},
        {"enrols_until": "2099-01-01"},
        {"name": "x" * 81},
        {"course": "tidak-ada"},
    ],
)
def test_what_is_wrong_with_a_new_cohort_is_said_at_its_field(admin, world, session, wrong):
    answer = admin.post_form("/admin/cohorts/new", **({"course": "pelatihan"} | form(name="Nama sendiri") | wrong))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "field__error" in page
    assert wrong.get("name", "Nama sendiri") in page, "what was typed stays"
    assert session.query(Cohort).count() == 1


def test_the_same_again_takes_two_clicks(admin, world, session):
    assert f'href="{world.cohort_page}/again"' in admin.text(world.cohort_page)
    page = admin.text(f"{world.cohort_page}/again")
    values = {name: value for name, value in _filled(page).items() if name != "csrf_token"}
    answer = admin.post_form(f"{world.cohort_page}/again", **values)
    made = session.query(Cohort).order_by(Cohort.id.desc()).first()
    assert answer.location == f"/admin/cohorts/{made.id}"
    assert made.starts_on > world.cohort.ends_on
    assert made.ends_on - made.starts_on == world.cohort.ends_on - world.cohort.starts_on
    assert (made.is_open, made.needs_approval, made.course_id) == (True, True, world.course.id)
    assert made.name != world.cohort.name
    assert admin.post_form(f"{world.cohort_page}/again", **values).status_code == 422, (
        "submitting twice creates no third cohort"
    )


def _filled(page: str) -> dict[str, str]:
    """The fields a browser would send from the form with a token and the most fields."""
    from pages import parse

    fields = {}
    for control in parse(page).iter("input"):
        kind = control.get("type")
        if control.get("name") and (kind not in {"radio", "checkbox"} or control.get("checked") is not None):
            fields[control.get("name")] = control.get("value", "")
    return fields


@pytest.mark.parametrize(("begins", "ends", "is_offered"), [(-9, -1, True), (-1, 9, True), (0, 9, True), (1, 9, False)])
def test_only_what_has_begun_is_offered_to_be_run_again(admin, world, begins, ends, is_offered):
    world.cohort.starts_on, world.cohort.ends_on = days(begins), days(ends)
    assert (f"{world.cohort_page}/again" in admin.text(world.cohort_page)) == is_offered


@pytest.mark.parametrize(
    ("who", "link"),
    [
        ("admin", "/admin/board?course={course}&amp;cohort={cohort}"),
        ("agency_admin", "/admin/board?course={course}&amp;cohort={cohort}"),
        ("instructor", "/teach/courses/pelatihan?cohort={cohort}"),
        ("committee", None),
    ],
)
def test_the_cohort_leads_to_where_its_people_stand(client, world, who, link):
    page = client.sign_in(getattr(world, who)).text(world.cohort_page)
    places = {"course": world.course.id, "cohort": world.cohort.id}
    found = [one for one in ("/admin/board?", "/teach/courses/pelatihan?") if one in page]
    assert len(found) == (1 if link else 0)
    if link:
        assert link.format(**places) in page
        assert client.get(html.unescape(link.format(**places))).status_code == 200


def test_a_cohort_without_dates_is_not_run_again_and_has_few_settings(admin, world, session):
    undated = services.undated_cohort(world.course, now=clock.now())
    session.flush()
    path = f"/admin/cohorts/{undated.id}"
    assert admin.get(f"{path}/again").status_code == 404
    assert 'name="starts_on"' not in admin.text(f"{path}/settings")
    assert admin.post_form(f"{path}/settings", way="open", quota="3", enrols_until="").status_code == 302
    session.refresh(undated)
    assert (undated.is_open, undated.quota, undated.name, undated.starts_on) == (True, 3, "", None)
    assert admin.get(f"{path}/dates").status_code == 200


def test_new_dates_move_the_last_day_on_the_list(admin, world):
    answer = admin.post_form(f"{world.cohort_page}/settings", **form(name="Angkatan I", ends_on=days(60), way="list"))
    assert answer.status_code == 302
    assert say_date(days(60)) in admin.text(world.cohort_page)


def test_too_few_places_are_refused_in_words_and_nothing_is_lost(admin, world, session):
    answer = admin.post_form(f"{world.cohort_page}/settings", **form(name="Lain", quota="1"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="quota-error"' in page
    assert 'value="Lain"' in page
    session.refresh(world.cohort)
    assert world.cohort.quota is None


def test_relative_dates_are_shown_as_real_ones_before_anything_starts(admin, session):
    deadline = {"base": "start", "days": 7, "at": None, "moment": None}
    course = make_course("bertenggat", ({"slug": "modul", "closes": deadline},))
    cohort = make_cohort(course, starts_on=days(10), ends_on=days(40))
    page = admin.text(f"/admin/cohorts/{cohort.id}/dates")
    assert f"{say_date(days(17))} pukul 23.59 WIT" in page
    undated = services.undated_cohort(course, now=clock.now())
    session.flush()
    admin.post_form("/language", language="en")
    assert "7 days after the first day" in admin.text(f"/admin/cohorts/{cohort.id}/dates")
    assert "7 days after enrolling" in admin.text(f"/admin/cohorts/{undated.id}/dates")


def test_a_pasted_list_enrols_known_people_and_notes_the_others(admin, world, session):
    person = make_person()
    lines = f"{person.nip}\n\n 19860926 201505 1 001 \nbaru@contoh.go.id"
    assert admin.post_form(f"{world.cohort_page}/people", page=world.cohort_page, logins=lines).status_code == 302
    assert person.id in queries.people_inside(world.cohort.id)
    page = admin.text(f"{world.cohort_page}/proposals")
    assert "19860926 201505 1 001" in page
    assert "baru@contoh.go.id" in page


def test_one_bad_line_enrols_nobody_and_keeps_the_list(admin, world):
    person = make_person()
    answer = admin.post_form(f"{world.cohort_page}/people", page=world.cohort_page, logins=f"{person.nip}\n1,98609E+17")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert person.nip in page
    assert "1,98609E+17:" in page
    assert person.id not in queries.people_inside(world.cohort.id)


def test_a_list_into_a_cohort_that_is_over_is_refused_and_kept(admin, world):
    world.cohort.starts_on, world.cohort.ends_on = days(-9), days(-1)
    person = make_person()
    answer = admin.post_form(f"{world.cohort_page}/people", page="/language", logins=person.nip)
    assert answer.status_code == 409
    assert person.id not in queries.people_inside(world.cohort.id)


def proposed(world, count: int) -> list:
    people = [make_person(unit_id=world.health.id) for _ in range(count)]
    services.propose(people, world.cohort, "Surat 800/12", actor_id=world.head.id, now=clock.now())
    return [row for row, _person in queries.open_applications(world.cohort.id, queries_scope(), "proposed")]


def queries_scope():
    from lms.people.scopes import EVERYBODY

    return EVERYBODY


def test_all_that_stood_on_the_page_is_approved_and_nothing_that_came_meanwhile(admin, world):
    rows = proposed(world, 2)
    page = f"{world.cohort_page}/proposals"
    shown = [str(row.id) for row in rows]
    assert "Surat 800/12" in admin.text(page)
    later = proposed(world, 1)[-1]
    assert admin.post_form(page, do="approve-all", all=shown).status_code == 302
    assert len(queries.people_inside(world.cohort.id)) == 4
    assert [row for row, _p in queries.open_applications(world.cohort.id, queries_scope())] == [later]


def test_only_the_ticked_are_approved_and_a_second_press_changes_nothing(admin, world):
    one, two = proposed(world, 2)
    page = f"{world.cohort_page}/proposals"
    for _ in range(2):
        assert (
            admin.post_form(page, do="approve", pick=[str(one.id)], all=[str(one.id), str(two.id)]).status_code == 302
        )
    assert len(queries.people_inside(world.cohort.id)) == 3


def test_who_ticked_some_and_presses_all_is_asked_which_was_meant(admin, world, session):
    rows = proposed(world, 3)
    ids = [str(row.id) for row in rows]
    answer = admin.post_form(f"{world.cohort_page}/proposals", do="approve-all", all=ids, pick=ids[:2])
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert page.count(" checked") == 2, "the ticks stay"
    assert len(queries.people_inside(world.cohort.id)) == 2
    assert admin.post_form(f"{world.cohort_page}/proposals", do="approve-all", all=ids, pick=ids).status_code == 302
    assert len(queries.people_inside(world.cohort.id)) == 5


def test_the_main_button_is_for_the_ticked(admin, world):
    proposed(world, 2)
    page = admin.text(f"{world.cohort_page}/proposals")
    assert page.index('<button name="do" value="approve">') < page.index('value="approve-all"')
    assert '<button class="button--quiet" name="do" value="approve-all">' in page


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "refuse", "reason": "Penuh"},
        {"do": "approve"},
        {"do": "refuse", "pick": ["one"]},
        {"do": "refuse", "pick": ["one"], "reason": "x" * 301},
    ],
)
def test_a_decision_that_says_too_little_changes_nothing_and_says_so(admin, world, session, sent):
    (row,) = proposed(world, 1)
    sent = {name: [str(row.id)] if name == "pick" else value for name, value in sent.items()}
    answer = admin.post_form(f"{world.cohort_page}/proposals", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert ("pick" in sent) == (f'value="{row.id}" checked' in answer.get_data(as_text=True))
    session.refresh(row)
    assert row.state == "proposed"


def test_a_refusal_is_read_by_the_person_and_the_head(admin, world, app):
    (row,) = proposed(world, 1)
    admin.post_form(f"{world.cohort_page}/proposals", do="refuse", pick=[str(row.id)], reason="Kuota unit penuh")
    person = row.person
    assert "Kuota unit penuh" in app.test_client().sign_in(person).text("/courses/pelatihan")
    assert "Kuota unit penuh" in app.test_client().sign_in(world.head).text("/team/proposals")


def test_a_persons_end_is_put_off_and_the_person_reads_why(admin, world, app):
    page = world.member_page("learner")
    answer = admin.post_form(
        f"{page}/extend", page=page, **{"extend-until": days(45), "extend-reason": "Sakit, surat dokter"}
    )
    assert answer.status_code == 302
    assert "Sakit, surat dokter" in admin.text(page)
    told = app.test_client().sign_in(world.learner).text("/courses/pelatihan")
    assert "Sakit, surat dokter" in told
    assert say_date(days(45)) in told


@pytest.mark.parametrize("until", ["", "besok", days(-1), days(5)])
def test_an_extension_that_puts_nothing_off_is_refused_at_its_field(admin, world, session, until):
    page = world.member_page("learner")
    answer = admin.post_form(f"{page}/extend", page=page, **{"extend-until": until, "extend-reason": "Sakit"})
    assert answer.status_code == 422
    assert 'id="extend-until-error"' in answer.get_data(as_text=True)
    session.refresh(world.enrolment)
    assert world.enrolment.due_on == world.cohort.ends_on


def test_taking_somebody_out_needs_a_reason_which_is_kept(admin, world, session):
    page = world.member_page("learner")
    assert admin.post_form(f"{page}/withdraw", page=page, **{"leave-reason": " "}).status_code == 422
    assert admin.post_form(f"{page}/withdraw", page=page, **{"leave-reason": "Pindah"}).status_code == 302
    assert "Pindah" in admin.text(page)
    assert world.learner.id not in queries.people_inside(world.cohort.id)


def test_a_place_is_given_to_somebody_else(admin, world, session):
    other, page = make_person(name="Pengganti"), world.member_page("learner")
    refused = admin.post_form(
        f"{page}/substitute", page=page, **{"substitute-login": world.outsider.nip, "substitute-reason": "Tugas"}
    )
    assert refused.status_code == 422
    assert 'id="substitute-login-error"' in refused.get_data(as_text=True)
    admin.post_form(f"{page}/substitute", page=page, **{"substitute-login": other.nip, "substitute-reason": "Tugas"})
    made = session.query(Enrolment).filter_by(person_id=other.id).one()
    assert made.replaces_id == world.enrolment.id


def test_a_committee_is_appointed_with_dates_and_dismissed(admin, world, session):
    person, page = make_person(name="Anggota Baru"), f"{world.cohort_page}/committee"
    bad = {"login": person.nip, "starts_on": days(3), "ends_on": days(1)}
    assert admin.post_form(page, **bad).status_code == 422
    assert admin.post_form(page, login="198207152008012002").status_code == 422
    admin.post_form(page, login=person.nip, starts_on=days(1), ends_on=days(9))
    grant = session.query(RoleGrant).filter_by(person_id=person.id).one()
    assert (grant.cohort_id, grant.starts_on, grant.ends_on) == (world.cohort.id, days(1), days(9))
    assert "Anggota Baru" in admin.text(page)
    admin.post_form(f"{page}/{person.id}/remove", page=page)
    assert session.query(RoleGrant).filter_by(person_id=person.id).count() == 0


def test_a_member_of_another_cohort_is_not_found_here(admin, world):
    other = make_cohort(world.course)
    assert admin.get(f"/admin/cohorts/{other.id}/people/{world.enrolment.id}").status_code == 404
    assert admin.get("/admin/cohorts/999").status_code == 404
    assert admin.get(f"{world.cohort_page}/people/999").status_code == 404


def test_the_courses_page_leads_to_its_cohorts(admin, world):
    page = admin.text("/admin/courses/pelatihan")
    assert f'href="{world.cohort_page}"' in page
    assert "/admin/cohorts/new?course=pelatihan" in page
    assert today() <= world.cohort.ends_on
