"""Places in a cohort: quota, waiting list, withdrawal, substitution."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from factories import NOON, make_cohort, make_course, make_enrolment, make_person

from lms.core.ledger import LedgerEntry
from lms.enrolment import queries, services
from lms.enrolment.models import Application, Enrolment
from lms.enrolment.services import EnrolmentOutcome
from lms.people.scopes import EVERYBODY, Scope

BY = {"actor_id": None, "now": NOON}
TODAY = NOON.date()


def inside(cohort) -> set[int]:
    return queries.people_inside(cohort.id)


def waiting(cohort) -> list[int]:
    return [person.id for row, person in queries.open_applications(cohort.id, EVERYBODY, "waiting") if person]


def test_a_list_fills_the_places_and_then_the_waiting_list_in_its_order(session):
    cohort, people = make_cohort(quota=2), [make_person() for _ in range(4)]
    assert services.enrol_people(people, cohort, **BY) == EnrolmentOutcome(enrolled=2, waiting=2)
    assert inside(cohort) == {people[0].id, people[1].id}
    assert waiting(cohort) == [people[2].id, people[3].id]
    assert services.enrol_people(people, cohort, **BY) == EnrolmentOutcome(already=2, waiting=2)
    assert len(waiting(cohort)) == 2


def test_a_name_twice_in_a_list_takes_one_place(session):
    cohort, person = make_cohort(quota=1), make_person()
    assert services.enrol_people([person, person], cohort, **BY).enrolled == 1
    assert waiting(cohort) == []


def test_a_place_that_frees_goes_to_the_first_who_waits(session):
    cohort, people = make_cohort(quota=1), [make_person() for _ in range(3)]
    services.enrol_people(people, cohort, **BY)
    services.withdraw(queries.enrolment_of(people[0].id, cohort.course_id), reason="Dinas luar", **BY)
    assert inside(cohort) == {people[1].id}
    assert waiting(cohort) == [people[2].id]


def test_who_is_switched_off_is_passed_by_and_keeps_the_place_in_the_line(session):
    cohort, people = make_cohort(quota=1), [make_person() for _ in range(3)]
    services.enrol_people(people, cohort, **BY)
    people[1].is_active = False
    services.withdraw(queries.enrolment_of(people[0].id, cohort.course_id), **BY)
    assert inside(cohort) == {people[2].id}
    assert waiting(cohort) == [], "nobody stands behind somebody who gets no place"
    people[1].is_active = True
    assert waiting(cohort) == [people[1].id]


def test_one_person_cannot_be_put_into_a_full_cohort(session):
    cohort = make_cohort(quota=1)
    first = make_person()
    services.enrol(first, cohort, **BY)
    services.enrol(first, cohort, **BY)
    with pytest.raises(services.CohortFull):
        services.enrol(make_person(), cohort, **BY)


def test_nobody_comes_into_a_cohort_that_is_over_nor_moves_up(session):
    cohort = make_cohort(quota=1, starts_on=TODAY - timedelta(days=9), ends_on=TODAY)
    people = [make_person(), make_person()]
    services.enrol_people(people, cohort, **BY)
    tomorrow = BY | {"now": NOON + timedelta(days=1)}
    for deed in (
        lambda: services.enrol(make_person(), cohort, **tomorrow),
        lambda: services.enrol_people([make_person()], cohort, **tomorrow),
        lambda: services.put_on_list(["198609262015051001"], cohort, **tomorrow),
    ):
        with pytest.raises(services.CohortOver):
            deed()
    services.withdraw(queries.enrolment_of(people[0].id, cohort.course_id), **tomorrow)
    assert inside(cohort) == set()


def test_who_did_not_make_it_in_one_run_begins_anew_in_the_next(session):
    course, person = make_course(), make_person()
    old = make_cohort(course, starts_on=TODAY - timedelta(days=60), ends_on=TODAY - timedelta(days=30))
    before = make_enrolment(person, course, cohort=old, due_on=old.ends_on)
    new = make_cohort(course, is_open=True)
    made = services.join(person, new, now=NOON)
    assert isinstance(made, Enrolment)
    assert made.id != before.id
    assert queries.enrolment_of(person.id, course.id).id == made.id


def test_leaving_and_coming_back_takes_the_same_enrolment_up(session):
    cohort, person = make_cohort(), make_person()
    first = services.enrol(person, cohort, **BY)
    services.withdraw(first, reason="Cuti", actor_id=person.id, now=NOON)
    assert (first.withdraw_reason, first.withdrawn_by) == ("Cuti", person.id)
    back = services.enrol(person, cohort, **BY)
    assert back.id == first.id
    assert (back.withdrawn_at, back.withdraw_reason) == (None, None)


def test_whose_days_count_from_enrolling_has_them_all_again_after_coming_back(session):
    """Otherwise people who return to a course without dates would find its deadlines passed."""
    person, own_time, dated = make_person(), make_cohort(starts_on=None, ends_on=None), make_cohort()
    later = {"actor_id": None, "now": NOON + timedelta(days=100)}
    for cohort, begins in ((own_time, later["now"]), (dated, NOON)):
        first = services.enrol(person, cohort, **BY)
        services.enrol(person, cohort, **later | {"now": NOON + timedelta(days=1)})
        assert first.enrolled_at == NOON, "who is in already gets no new days"
        services.withdraw(first, **BY)
        cohort.ends_on = None
        assert services.enrol(person, cohort, **later).enrolled_at == begins


def test_a_substitute_takes_the_place_though_others_wait(session):
    cohort = make_cohort(quota=1)
    old, waits, new = (make_person() for _ in range(3))
    services.enrol_people([old, waits], cohort, **BY)
    place = queries.enrolment_of(old.id, cohort.course_id)
    made = services.substitute(place, new, "Pindah tugas", **BY)
    assert (made.replaces_id, place.withdraw_reason) == (place.id, "Pindah tugas")
    assert inside(cohort) == {new.id}
    assert waiting(cohort) == [waits.id]


def test_who_waits_and_then_takes_a_place_waits_no_more(session):
    cohort = make_cohort(quota=1)
    old, waits = make_person(), make_person()
    services.enrol_people([old, waits], cohort, **BY)
    services.substitute(queries.enrolment_of(old.id, cohort.course_id), waits, "Ganti", **BY)
    assert waiting(cohort) == []
    assert session.query(Application).one().state == "accepted"


def test_nobody_takes_the_place_of_who_left_nor_two_places(session):
    cohort = make_cohort()
    one, two = make_person(), make_person()
    services.enrol_people([one, two], cohort, **BY)
    place = queries.enrolment_of(one.id, cohort.course_id)
    with pytest.raises(services.IsInside):
        services.substitute(place, two, "Ganti", **BY)
    services.withdraw(place, **BY)
    with pytest.raises(services.NotInside):
        services.substitute(place, make_person(), "Ganti", **BY)


def test_the_last_day_is_the_cohorts_or_the_own_later_one(session):
    cohort, person = make_cohort(), make_person()
    enrolment = services.enrol(person, cohort, **BY)
    assert enrolment.due_on == cohort.ends_on
    late = cohort.ends_on + timedelta(days=5)
    assert services.extend([enrolment], late, "Sakit", **BY) == 1
    assert (enrolment.due_on, enrolment.extended_until) == (late, late)
    assert queries.newest_extension(enrolment).reason == "Sakit"


def test_an_extension_shortens_nobodys_time_unless_it_corrects_a_day(session):
    cohort = make_cohort()
    enrolment = services.enrol(make_person(), cohort, **BY)
    far, near = cohort.ends_on + timedelta(days=30), cohort.ends_on + timedelta(days=3)
    services.extend([enrolment], far, "Sakit", **BY)
    assert services.extend([enrolment], near, "Semua", **BY) == 0
    assert services.extend([enrolment], far, "Sakit", **BY) == 0
    assert services.extend([enrolment], near, "Salah ketik", may_shorten=True, **BY) == 1
    assert enrolment.due_on == near
    assert services.extend([enrolment], cohort.ends_on, "Tidak menambah", may_shorten=True, **BY) == 0


def test_only_who_is_in_and_has_an_end_is_extended_and_never_into_the_past(session):
    endless = make_enrolment()
    gone = services.enrol(make_person(), make_cohort(), **BY)
    services.withdraw(gone, **BY)
    assert services.extend([endless, gone], date(2027, 6, 1), "Semua", **BY) == 0
    with pytest.raises(services.UntilIsPast):
        services.extend([endless], TODAY - timedelta(days=1), "Lewat", **BY)


def test_deeds_stand_in_the_ledger_without_numbers(session):
    cohort, person = make_cohort(quota=1), make_person()
    services.enrol_people([person, make_person()], cohort, **BY)
    services.put_on_list(["198609262015051001"], cohort, **BY)
    entries = session.query(LedgerEntry).order_by(LedgerEntry.id).all()
    assert {"enrol", "wait for place"} <= {entry.verb for entry in entries}
    assert not [entry for entry in entries if "19860926" in entry.facts or person.nip in entry.facts]
    assert json.loads(entries[0].facts) == {"cohort": cohort.id, "person": person.id}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("198609262015051001", "unknown"),
        (" 19860926 201505 1 001 ", "unknown"),
        ("Baru@Contoh.go.id", "unknown"),
        ("1,98609E+17", "problems"),
        ("12345", "problems"),
        ("19861326 201505 1 001", "problems"),
        ("siapa@", "problems"),
        ("Budi", "problems"),
    ],
)
def test_each_line_of_a_list_is_somebody_to_come_or_told_what_is_wrong(app, line, kind):
    listed = services.read_login_list([line], EVERYBODY)
    assert len(getattr(listed, kind)) == 1
    assert len(listed.people) + len(listed.unknown) + len(listed.problems) == 1


def test_who_looks_after_some_units_names_nobody_else_known_or_not(app, session):
    from factories import make_unit

    own, other = make_unit(), make_unit()
    mine, foreign, off = (make_person(unit_id=unit.id) for unit in (own, other, own))
    off.is_active = False
    session.flush()
    lines = [mine.nip, foreign.nip, "198609262015051001", off.nip]
    listed = services.read_login_list(lines, Scope(frozenset({own.id})))
    assert listed.people == [mine]
    assert [line for line, _text in listed.problems] == lines[1:]
    assert listed.problems[0][1] == listed.problems[1][1], "whether somebody exists elsewhere is not told"
