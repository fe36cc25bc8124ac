"""Applications: joining, proposing, deciding, and login names without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_cohort, make_course, make_person, make_unit

from lms.core.errors import Refusal
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Enrolment
from lms.enrolment.services import EnrolmentOutcome
from lms.enrolment.services.applications import NoLongerOpen
from lms.people.scopes import EVERYBODY, Scope

BY = {"actor_id": None, "now": NOON}
TODAY = NOON.date()


def by_approval(course=None, **values):
    return make_cohort(course, is_open=True, needs_approval=True, **values)


def proposals(cohort):
    return [row for row, _person in queries.open_applications(cohort.id, EVERYBODY, "proposed")]


def test_asking_twice_is_asking_once(session):
    cohort, person = by_approval(), make_person()
    first = services.join(person, cohort, now=NOON)
    assert services.join(person, cohort, now=NOON) is first
    assert first.state == "proposed"
    assert queries.people_inside(cohort.id) == set()


def test_in_an_open_cohort_without_room_one_waits(session):
    cohort = make_cohort(is_open=True, quota=1)
    assert isinstance(services.join(make_person(), cohort, now=NOON), Enrolment)
    second = services.join(make_person(), cohort, now=NOON)
    third = services.join(make_person(), cohort, now=NOON)
    assert [queries.waiting_position(row) for row in (second, third)] == [1, 2]


def test_one_asks_for_one_run_of_a_course_at_a_time(session):
    course, person = make_course(), make_person()
    services.join(person, by_approval(course), now=NOON)
    with pytest.raises(services.AsksElsewhere):
        services.join(person, by_approval(course), now=NOON)


def test_who_waits_may_take_a_place_that_is_free_now_instead(session):
    course, person = make_course(), make_person()
    full = make_cohort(course, is_open=True, quota=1)
    services.join(make_person(), full, now=NOON)
    asked = services.join(person, full, now=NOON)
    alone = make_cohort(course, is_open=True, starts_on=None, ends_on=None)
    with pytest.raises(services.AsksElsewhere):
        services.join(person, alone, now=NOON)
    found = services.join(person, alone, now=NOON, withdraws=True)
    assert (found.cohort_id, asked.state) == (alone.id, "withdrawn")
    assert queries.waiting_list(full.id) == []
    assert services.join(person, alone, now=NOON, withdraws=True) is found, "a second press"


@pytest.mark.parametrize("values", [{"quota": 0}, {"needs_approval": True}, {"is_open": False}])
def test_an_application_is_not_withdrawn_for_a_place_that_is_not_free(session, values):
    course, person = make_course(), make_person()
    asked = services.join(person, by_approval(course), now=NOON)
    other = make_cohort(course, **({"is_open": True} | values))
    with pytest.raises(Refusal):
        services.join(person, other, now=NOON, withdraws=True)
    assert asked.state == "proposed"


def test_who_was_refused_may_ask_again(session):
    cohort, person = by_approval(), make_person()
    services.refuse([services.join(person, cohort, now=NOON)], "Belum giliran", **BY)
    assert queries.application_of(person.id, cohort.course_id).reason == "Belum giliran"
    assert services.join(person, cohort, now=NOON).state == "proposed"


@pytest.mark.parametrize(
    "values",
    [
        {"is_open": False},
        {"is_open": True, "enrols_until": TODAY - timedelta(days=1)},
        {"is_open": True, "starts_on": TODAY - timedelta(days=9), "ends_on": TODAY - timedelta(days=1)},
        {
            "is_open": True,
            "enrols_until": TODAY + timedelta(days=9),
            "starts_on": TODAY - timedelta(days=9),
            "ends_on": TODAY - timedelta(days=1),
        },
    ],
)
def test_what_takes_nobody_is_neither_offered_nor_joined(session, values):
    cohort = make_cohort(**values)
    assert queries.cohorts_to_join(cohort.course_id, TODAY) == []
    with pytest.raises(Refusal):
        services.join(make_person(), cohort, now=NOON)
    with pytest.raises(NoLongerOpen):
        services.propose([make_person()], cohort, "", **BY)


def test_the_last_day_to_enrol_is_a_day_to_enrol(session):
    cohort = make_cohort(is_open=True, enrols_until=TODAY)
    assert [summary.cohort.id for summary in queries.cohorts_to_join(cohort.course_id, TODAY)] == [cohort.id]
    assert isinstance(services.join(make_person(), cohort, now=NOON), Enrolment)


def test_proposals_are_approved_in_their_order_until_the_places_end(session):
    cohort, head = by_approval(quota=2), make_person()
    people = [make_person() for _ in range(3)]
    assert services.propose(people, cohort, "Surat 800/12", actor_id=head.id, now=NOON).count == 3
    assert services.propose(people, cohort, "Lagi", actor_id=head.id, now=NOON).count == 0
    rows = proposals(cohort)
    assert services.approve(list(reversed(rows)), **BY) == EnrolmentOutcome(enrolled=2, waiting=1)
    assert queries.people_inside(cohort.id) == {people[0].id, people[1].id}
    assert services.approve(rows, **BY) == EnrolmentOutcome(), "a second press decides nothing"
    assert {row.note for row in rows} == {"Surat 800/12"}


def test_a_refusal_keeps_its_reason_and_is_not_approved_afterwards(session):
    cohort = by_approval()
    row = services.join(make_person(), cohort, now=NOON)
    assert services.refuse([row], "Kuota unit penuh", **BY) == 1
    assert services.refuse([row], "Lagi", **BY) == 0
    assert services.approve([row], **BY) == EnrolmentOutcome()
    assert (row.state, row.reason) == ("refused", "Kuota unit penuh")


def test_who_withdrew_the_request_is_not_let_in_and_who_is_in_cannot_withdraw_it(session):
    cohort = by_approval()
    one, two = (services.join(make_person(), cohort, now=NOON) for _ in range(2))
    services.withdraw_application(one, **BY)
    assert services.approve([one, two], **BY).enrolled == 1
    with pytest.raises(services.AlreadyDecided):
        services.withdraw_application(two, **BY)


def test_who_was_enrolled_meanwhile_by_list_leaves_nothing_to_decide(session):
    cohort, person = by_approval(), make_person()
    row = services.join(person, cohort, now=NOON)
    services.enrol_people([person], cohort, **BY)
    session.refresh(row)
    assert row.state == "accepted"
    assert proposals(cohort) == []


def test_a_list_approves_who_asked_onto_the_waiting_list_in_the_old_place(session):
    cohort, person = by_approval(quota=1), make_person()
    row = services.join(person, cohort, now=NOON)
    services.enrol(make_person(), cohort, **BY)
    services.enrol_people([make_person(), person], cohort, **BY)
    session.refresh(row)
    assert row.state == "waiting"
    assert queries.waiting_position(row) == 1, "who asked first waits first"


def test_who_is_not_registered_comes_in_with_the_account(session):
    cohort = make_cohort()
    assert services.put_on_list(["198609262015051001", "198609262015051001", "a@contoh.go.id"], cohort, **BY) == 2
    assert services.put_on_list(["a@contoh.go.id"], cohort, **BY) == 0
    assert services.admit_registered(now=NOON) == 0
    one, two = make_person(nip="198609262015051001"), make_person(nip=None, email="a@contoh.go.id")
    assert services.admit_registered(now=NOON) == 2
    assert queries.people_inside(cohort.id) == {one.id, two.id}
    assert services.admit_registered(now=NOON) == 0
    assert {row.login_name for row in session.query(Application)} == {None}


def test_the_place_in_the_line_is_kept_until_the_account_is_there(session):
    cohort = make_cohort(quota=1)
    services.put_on_list(["198609262015051001"], cohort, **BY)
    first, second = make_person(), make_person()
    services.enrol_people([first, second], cohort, **BY)
    late = make_person(nip="198609262015051001")
    services.admit_registered(now=NOON)
    assert queries.people_inside(cohort.id) == {first.id}, "no place was kept"
    services.withdraw(queries.enrolment_of(first.id, cohort.course_id), **BY)
    assert queries.people_inside(cohort.id) == {late.id}, "but the place in the line was"


def test_who_registered_and_asked_too_is_taken_up_once(session):
    cohort = by_approval(quota=5)
    services.put_on_list(["198609262015051001"], cohort, **BY)
    person = make_person(nip="198609262015051001")
    services.join(person, cohort, now=NOON)
    services.admit_registered(now=NOON)
    assert len(queries.open_applications(cohort.id, EVERYBODY)) == 1


def test_one_who_is_in_before_being_taken_up_is_in_once(session):
    cohort = make_cohort()
    services.put_on_list(["198609262015051001"], cohort, **BY)
    services.enrol(make_person(nip="198609262015051001"), cohort, **BY)
    services.admit_registered(now=NOON)
    assert len(queries.people_inside(cohort.id)) == 1
    assert queries.open_applications(cohort.id, EVERYBODY) == []


def test_an_agency_sees_the_applications_of_its_own_people_only(session):
    own, other = make_unit(), make_unit()
    mine, foreign = make_person(unit_id=own.id), make_person(unit_id=other.id)
    cohort = by_approval()
    services.propose([mine, foreign], cohort, "", **BY)
    services.put_on_list(["198609262015051001"], cohort, **BY)
    found = queries.open_applications(cohort.id, Scope(frozenset({own.id})))
    assert [person.id for _row, person in found] == [mine.id]
    assert len(queries.open_applications(cohort.id, EVERYBODY)) == 3
