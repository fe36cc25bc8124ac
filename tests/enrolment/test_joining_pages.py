"""Joining a course as a learner: choosing a cohort, applying, waiting, withdrawing; and proposals by heads."""

from __future__ import annotations

import pytest
from factories import grant, make_cohort, make_course, make_person, make_unit
from world import days

from lms.core import clock
from lms.core.i18n import say_date
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Enrolment

PAGE = "/courses/pelatihan"


@pytest.fixture
def course(session):
    return make_course("pelatihan")


@pytest.fixture
def learner(client, course):
    person = make_person()
    client.sign_in(person).person = person
    return client


def open_cohort(course, **values):
    return make_cohort(course, **({"is_open": True, "starts_on": days(7), "ends_on": days(30)} | values))


def enrol(client, cohort=None):
    values = {"cohort": str(cohort.id)} if cohort else {}
    return client.post_form(f"{PAGE}/enrol", page="/language", **values)


def test_each_open_run_is_offered_with_its_dates_and_one_is_chosen(learner, course, session):
    one, two = open_cohort(course), open_cohort(course, starts_on=days(60), ends_on=days(90), quota=5)
    closed, over = (
        open_cohort(course, name="Tertutup", is_open=False),
        open_cohort(course, name="Sudah lewat", starts_on=days(-9), ends_on=days(-1)),
    )
    page = learner.text(PAGE)
    assert one.name in page
    assert say_date(two.starts_on) in page
    assert closed.name not in page
    assert over.name not in page
    assert enrol(learner).status_code == 409, "which one must be said"
    assert enrol(learner, two).location == PAGE
    assert session.query(Enrolment).one().cohort_id == two.id
    assert enrol(learner, one).location == PAGE, "a second press finds the first"
    assert session.query(Enrolment).count() == 1


def test_what_is_not_open_or_not_of_the_course_is_not_joined(learner, course, session):
    assert enrol(learner, open_cohort(course, is_open=False)).status_code == 409
    assert enrol(learner, make_cohort(is_open=True)).status_code == 404
    assert learner.post_form(f"{PAGE}/enrol", page="/language", cohort="99999").status_code == 404
    assert session.query(Enrolment).count() == 0


def test_asking_is_shown_and_can_be_withdrawn(learner, course, session):
    cohort = open_cohort(course, needs_approval=True)
    assert enrol(learner, cohort).status_code == 302
    assert 'id="application"' in learner.text(PAGE)
    assert session.query(Enrolment).count() == 0
    answer = learner.post_form(f"{PAGE}/application/withdraw", page=PAGE)
    assert answer.location == PAGE
    assert 'id="application"' not in learner.text(PAGE)
    assert learner.post_form(f"{PAGE}/application/withdraw", page="/language").status_code == 302


def test_who_waits_reads_the_own_place_in_the_line_and_moves_up(learner, course, session, app):
    cohort = open_cohort(course, quota=1)
    first = services.enrol(make_person(), cohort, actor_id=None, now=clock.now())
    services.join(make_person(), cohort, now=clock.now())
    enrol(learner, cohort)
    row = session.query(Application).filter_by(person_id=learner.person.id).one()
    assert queries.waiting_position(row) == 2
    assert 'id="application"' in learner.text(PAGE)
    cohort.quota = 3
    services.withdraw(first, actor_id=None, now=clock.now())
    assert 'id="application"' not in learner.text(PAGE)
    assert queries.enrolment_of(learner.person.id, course.id) is not None


def test_who_waits_reads_where_a_place_is_free_now(learner, course, session):
    full = open_cohort(course, quota=1)
    services.join(make_person(), full, now=clock.now())
    enrol(learner, full)
    assert 'name="withdraws"' not in learner.text(PAGE)
    assert "nomor 1 dalam daftar tunggu" in learner.text("/")
    alone = open_cohort(course, starts_on=None, ends_on=None)
    open_cohort(course, starts_on=days(60), ends_on=days(90), quota=0)
    open_cohort(course, starts_on=days(60), ends_on=days(90), needs_approval=True)
    page = learner.text(PAGE)
    assert page.count('name="withdraws"') == 1
    assert f'id="at-once-{alone.id}"' in page
    learner.post_form(f"{PAGE}/enrol", page="/language", cohort=str(alone.id), withdraws="1")
    assert queries.enrolment_of(learner.person.id, course.id).cohort_id == alone.id
    assert "daftar tunggu" not in learner.text("/")


def test_a_visitor_is_sent_to_sign_in(client, course):
    open_cohort(course)
    assert "/login?next=" in client.text(PAGE)


def test_whose_time_is_over_may_take_the_course_again(learner, course, session):
    old = open_cohort(course, starts_on=days(-30), ends_on=days(-1), is_open=False)
    session.add(row := Enrolment(cohort_id=old.id, course_id=course.id, person_id=learner.person.id))
    row.enrolled_at, row.due_on = clock.now(), old.ends_on
    session.flush()
    assert 'id="again"' not in learner.text(PAGE)
    new = open_cohort(course)
    assert 'id="again"' in learner.text(PAGE)
    enrol(learner, new)
    assert queries.enrolment_of(learner.person.id, course.id).cohort_id == new.id
    assert 'id="again"' not in learner.text(PAGE)


def test_leaving_keeps_the_reason(learner, course, session):
    enrol(learner, open_cohort(course))
    learner.post_form(f"{PAGE}/withdraw", reason="Cuti melahirkan")
    row = session.query(Enrolment).one()
    assert (row.withdraw_reason, row.withdrawn_by) == ("Cuti melahirkan", learner.person.id)


@pytest.fixture
def head(client, course):
    unit = make_unit("Dinas Satu")
    grant(person := make_person(name="Kepala", unit_id=unit.id), "head", unit=unit)
    client.sign_in(person)
    client.unit, client.person = unit, person
    return client


def test_a_head_proposes_own_people_with_a_note(head, course, session):
    cohort = open_cohort(course, needs_approval=True)
    below = make_unit("Seksi", parent=head.unit)
    people = [make_person(unit_id=head.unit.id), make_person(unit_id=below.id)]
    path = f"/team/proposals/{cohort.id}"
    assert path in head.text("/team/proposals")
    answer = head.post_form(path, pick=[str(one.id) for one in people], note="Surat 800/12")
    assert answer.location == "/team/proposals"
    rows = session.query(Application).all()
    assert {row.person_id for row in rows} == {one.id for one in people}
    assert {(row.note, row.proposed_by, row.state) for row in rows} == {("Surat 800/12", head.person.id, "proposed")}
    assert f'value="{people[0].id}"' not in head.text(path), "who is proposed is not ticked again"


def test_a_head_of_many_finds_people_by_name(head, course, session):
    cohort = open_cohort(course, needs_approval=True)
    path = f"/team/proposals/{cohort.id}"
    assert 'name="q"' not in head.text(path), "few people need no search"
    for number in range(100):
        make_person(name=f"Peserta Uji {number}", unit_id=head.unit.id)
    wanted = make_person(name="Yohana Contoh", unit_id=head.unit.id)
    foreign = make_person(name="Yohana Lain", unit_id=make_unit().id)
    assert 'name="q"' in head.text(path)
    page = head.text(f"{path}?q=CONTOH+yoh")
    assert wanted.name in page
    assert "Peserta Uji" not in page
    assert foreign.name not in head.text(f"{path}?q=Yohana")
    assert 'class="empty"' in head.text(f"{path}?q=%25_%00")
    answer = head.post_form(f"{path}?q=yohana", pick=[str(wanted.id)], note="x" * 301)
    assert answer.status_code == 422
    assert "Peserta Uji" not in answer.get_data(as_text=True)
    head.post_form(f"{path}?q=yohana", pick=[str(wanted.id)])
    assert [row.person_id for row in session.query(Application)] == [wanted.id]


def test_nobody_elses_people_are_proposed_whatever_is_sent(head, course, session):
    cohort = open_cohort(course, needs_approval=True)
    foreign, off = make_person(unit_id=make_unit().id), make_person(unit_id=head.unit.id, is_active=False)
    path = f"/team/proposals/{cohort.id}"
    answer = head.post_form(path, pick=[str(foreign.id), str(off.id), "x"])
    assert answer.status_code == 422
    assert foreign.name not in answer.get_data(as_text=True)
    assert session.query(Application).count() == 0


def test_too_long_a_note_comes_back_with_the_ticks(head, course):
    cohort = open_cohort(course, needs_approval=True)
    answer = head.post_form(f"/team/proposals/{cohort.id}", pick=[str(head.person.id)], note="x" * 301)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{head.person.id}" checked' in page
    assert "x" * 301 in page


@pytest.mark.parametrize(
    "values", [{"needs_approval": False}, {"is_open": False}, {"enrols_until": days(-1)}, {"ends_on": days(-1)}]
)
def test_a_cohort_that_takes_no_proposals_does_not_exist_for_heads(head, course, values):
    cohort = open_cohort(course, **({"needs_approval": True, "starts_on": days(-9)} | values))
    assert head.get(f"/team/proposals/{cohort.id}").status_code == 404
    assert f"/team/proposals/{cohort.id}" not in head.text("/team/proposals")


def test_a_head_withdraws_only_what_is_for_own_people(head, course, session):
    cohort = open_cohort(course, needs_approval=True)
    mine, foreign = make_person(unit_id=head.unit.id), make_person(unit_id=make_unit().id)
    services.propose([mine, foreign], cohort, "", actor_id=None, now=clock.now())
    own, other = session.query(Application).order_by(Application.id)
    withdraw = "/team/proposals/withdraw"
    assert foreign.name not in head.text("/team/proposals")
    assert head.post_form(f"{withdraw}/{other.id}", page="/language").status_code == 404
    assert head.post_form(f"{withdraw}/{own.id}", page="/team/proposals").status_code == 302
    assert head.post_form(f"{withdraw}/{own.id}", page="/language").status_code == 409
    session.refresh(other)
    assert other.state == "proposed"
