from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from assignment_factories import fixed
from concurrency import run_twice
from factories import NOON, make_cohort, make_course, make_enrolment, make_person
from group_world import make_group_world

from lms.assignments.models import DeadlineOverride, Draft, Submission
from lms.assignments.queries import groups
from lms.assignments.services import overriding, submitting
from lms.assignments.services.overriding import DeadlineMoments
from lms.core.db import db
from lms.enrolment.models import Cohort
from lms.gradebook.services import NewMark, take_marks
from lms.learning.models import Progress

DUE = "2026-11-30T09:00:00"
DUE_AT = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
"""09.00 WIT."""


@pytest.fixture
def world(session):
    made = make_group_world()
    session.commit()
    return made


def person(world, enrolment):
    return db.session.get(type(world.instructor), enrolment.person_id)


def groups_page(world) -> str:
    return f"/teach/courses/{world.course.slug}/groups"


# Forming groups


def test_those_in_no_group_stand_first(client, world):
    html = client.sign_in(world.instructor).text(groups_page(world))
    assert html.index("Belum punya kelompok") < html.index("Dodi") < html.index("Kelompok 1") < html.index("Ani")
    assert "Kelompok yang mengumpulkan bersama" in client.text(f"/teach/courses/{world.course.slug}")
    assert groups_page(world) in client.text(f"/teach/courses/{world.course.slug}/contents/tugas")


def test_ticked_people_are_moved_to_a_new_group_and_back(client, world):
    page, cohort = groups_page(world), world.ani.cohort_id
    client.sign_in(world.instructor)
    sent = {"cohort": str(cohort), "people": [str(world.ani.id), str(world.dodi.id)]}
    answer = client.post_form(f"{page}/move", page=page, to="new", name="Melati", **sent)
    assert answer.status_code == 303
    own = groups.own_group(world.dodi.id)
    assert (own.group.name, own.names) == ("Melati", ["Ani", "Dodi"])
    client.post_form(f"{page}/move", page=page, to="none", name="", cohort=str(cohort), people=[str(world.dodi.id)])
    db.session.expire_all()
    assert groups.own_group(world.dodi.id) is None


def test_a_new_group_needs_a_name_and_the_ticks_stay(client, world):
    page = groups_page(world)
    client.sign_in(world.instructor)
    sent = {"cohort": str(world.ani.cohort_id), "people": [str(world.dodi.id)]}
    answer = client.post_form(f"{page}/move", page=page, to="new", name=" ", **sent)
    assert answer.status_code == 422
    assert f'value="{world.dodi.id}" checked' in answer.get_data(as_text=True)


def test_the_rest_is_divided_by_chance(client, world):
    page = groups_page(world)
    client.sign_in(world.instructor)
    sent = {"cohort": str(world.ani.cohort_id), "divide-size": "2"}
    assert client.post_form(f"{page}/divide", page=page, **sent).status_code == 303
    assert client.post_form(f"{page}/divide", page=page, **sent).status_code == 422
    assert groups.own_group(world.dodi.id).group.name == "Kelompok 2"


def test_a_group_of_another_cohort_is_not_there(client, world):
    other = make_enrolment(make_person(), make_course())
    group = world.form("Asing", other)
    db.session.commit()
    client.sign_in(world.instructor)
    page, sent = groups_page(world), {"cohort": str(world.ani.cohort_id), "do": "dissolve"}
    assert client.post_form(f"{page}/{group.id}", page=page, **sent).status_code == 404
    assert client.get(f"{page}?cohort={other.cohort_id}").status_code == 404


# The learner's page


def test_who_is_in_no_group_is_told_what_to_do(client, world):
    html = client.sign_in(person(world, world.dodi)).text(world.path)
    assert "Anda belum punya kelompok" in html
    assert 'value="submit"' not in html
    answer = client.post_form(world.path, do="submit", text="Sendiri", number="1")
    assert answer.status_code == 422
    assert db.session.query(Draft).one().text == "Sendiri"


def test_the_second_member_sees_the_paper_of_the_first_and_the_own_text(client, world):
    client.sign_in(person(world, world.ani)).post_form(world.path, do="submit", text="Teks Ani", number="1")
    client.sign_in(person(world, world.budi))
    answer = client.post_form(world.path, do="submit", text="Teks Budi", number="1")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "sudah mengumpulkan untuk kelompok Anda" in html
    assert "Teks Ani" in html
    assert "Teks Budi" in html
    assert db.session.query(Draft).filter_by(enrolment_id=world.budi.id).one().text == "Teks Budi"
    html = client.text(world.path)
    assert "Draf Anda sendiri masih tersimpan" in html
    assert "mengumpulkan tugas ini untuk Kelompok 1" in html


def test_files_of_the_group_are_for_its_members(client, world):
    from assignment_factories import pdf

    world.hand_in(world.ani, upload=pdf())
    db.session.commit()
    own = world.submission(world.budi).files[0].id
    assert client.sign_in(person(world, world.budi)).get(f"/files/{own}").status_code == 200
    assert client.sign_in(person(world, world.dodi)).get(f"/files/{own}").status_code == 404


# Grading


def test_another_mark_for_one_member(client, world):
    first = world.hand_in(world.ani)
    world.grade(first, 80)
    db.session.commit()
    page, theirs = f"/teach/grading/{first.id}", world.submission(world.citra)
    client.sign_in(world.instructor)
    member = f"{theirs.id}.1"
    answer = client.post_form(
        f"{page}/member", page=page, **{"member-member": member, "member-points": "40", "member-reason": "Absen."}
    )
    assert answer.status_code == 303
    html = client.sign_in(person(world, world.citra)).text(world.path)
    assert "khusus untuk Anda" in html
    assert "Absen." in html
    assert "Absen." not in client.sign_in(person(world, world.ani)).text(world.path)


def test_a_member_of_another_paper_is_not_offered(client, world):
    first, other = world.hand_in(world.ani), world.form("Melati", world.dodi)
    foreign = world.hand_in(world.dodi)
    db.session.commit()
    assert other
    page = f"/teach/grading/{first.id}"
    sent = {"member-member": f"{foreign.id}.0", "member-points": "40", "member-reason": "Absen."}
    answer = client.sign_in(world.instructor).post_form(f"{page}/member", page=page, **sent)
    assert answer.status_code == 422
    assert db.session.query(Submission).filter(Submission.is_graded).count() == 0


@pytest.mark.parametrize(("scores", "alone"), [((70, 70, 70), False), ((70, 70, 50), True), ((70, None, None), True)])
def test_marks_from_a_spreadsheet_are_the_groups_if_all_have_the_same(world, scores, alone):
    from decimal import Decimal

    world.hand_in(world.ani)
    rows = [world.submission(one) for one in (world.ani, world.budi, world.citra)]
    marks = [NewMark(row.id, 0, Decimal(score)) for row, score in zip(rows, scores, strict=True) if score]
    actor = type("Actor", (), {"id": world.instructor.id, "is_admin": False, "taught_course_ids": {world.course.id}})
    taken, refused = take_marks(marks, world.course.id, actor=actor, reason="Dari berkas.", now=NOON)
    assert (taken, refused) == (len(marks), [])
    db.session.expire_all()
    told = [[int(one.final_score) for one in row.markings] for row in rows]
    assert told == [[score] if score else [] for score in scores]
    assert all(one.is_alone is alone for row in rows for one in row.markings)


# Deadlines of a cohort


LATE = {"due": fixed(DUE), "late": {"until": fixed("2026-12-03T09:00:00"), "penalty": 10.0}, "group": False}


def give(world, cohort, *, seen: int = 0, reason: str = "Listrik padam.", **moments: datetime) -> bool:
    item_id = world.context.item_revision.item_id
    return overriding.override_for_cohort(
        cohort, item_id, DeadlineMoments(**moments), reason, seen=seen, actor_id=None, now=NOON
    )


def test_a_cohorts_deadline_takes_back_deductions_and_is_nobody_elses(session):
    world = make_group_world(**LATE)
    other = make_enrolment(make_person(), world.course, cohort=make_cohort(world.course))
    late = DUE_AT + timedelta(hours=30)
    for enrolment in (world.ani, other):
        world.grade(world.hand_in(enrolment, now=late), 100)
    assert give(world, world.ani.cohort, due_at=DUE_AT + timedelta(days=5)) is True
    scores = {row.enrolment_id: int(row.score) for row in session.query(Progress)}
    assert scores == {world.ani.id: 100, other.id: 80}
    deadline = submitting.deadline_of(world.context_of(world.budi))
    assert (deadline.due, deadline.last, deadline.source) == (DUE_AT + timedelta(days=5),) * 2 + ("cohort",)


def test_the_page_says_why_it_is_still_open(client, session):
    world = make_group_world(due=fixed("2020-01-01T09:00:00"), group=False)
    session.commit()
    client.sign_in(person(world, world.ani))
    assert 'value="submit"' not in client.text(world.path)
    give(world, world.ani.cohort, due_at=datetime(2099, 1, 1, tzinfo=UTC))
    session.commit()
    html = client.text(world.path)
    assert 'value="submit"' in html
    assert "khusus untuk angkatan Anda" in html


def test_moments_have_an_order(session):
    world = make_group_world(**LATE)
    for wrong in ({"opens_at": DUE_AT, "due_at": DUE_AT}, {"due_at": DUE_AT, "closes_at": DUE_AT - timedelta(1)}):
        with pytest.raises(overriding.MomentsOutOfOrder):
            give(world, world.ani.cohort, **wrong)


def test_given_twice_at_once_it_is_given_once(app, session):
    world = make_group_world(**LATE)
    cohort_id, item_id = world.ani.cohort_id, world.context.item_revision.item_id

    def deed() -> object:
        cohort = db.session.get(Cohort, cohort_id)
        moments = DeadlineMoments(due_at=DUE_AT)
        return overriding.override_for_cohort(cohort, item_id, moments, "Sama", seen=0, actor_id=None, now=NOON)

    assert run_twice(app, deed) == ["done", "done"]
    assert session.query(DeadlineOverride).count() == 1


def test_an_instructor_gives_a_cohort_other_moments(client, session):
    world = make_group_world(**LATE)
    session.commit()
    page = f"/teach/courses/{world.course.slug}/deadlines/tugas/cohorts/{world.ani.cohort_id}"
    client.sign_in(world.instructor)
    before = client.text(f"/teach/courses/{world.course.slug}/deadlines/tugas")
    assert "sesuai tanggal dalam kursus: 30 November 2026" in before
    assert f'href="/admin/cohorts/{world.ani.cohort_id}"' in before
    sent = {"opens_at": "", "due_at": "2026-12-05T16:00", "closes_at": "", "reason": "Banjir", "seen": "0"}
    assert client.post_form(page, **sent).status_code == 303
    assert "5 Desember 2026" in client.text(f"/teach/courses/{world.course.slug}/deadlines/tugas")
    answer = client.post_form(page, **sent | {"reason": "Lain"})
    assert answer.status_code == 422
    assert "Banjir" in client.text(page)
