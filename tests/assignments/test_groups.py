from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from assignment_factories import fixed, pdf
from concurrency import run_concurrently
from factories import NOON, grant, make_course, make_enrolment, make_person
from group_world import make_group_world
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from lms.assignments import queries
from lms.assignments.grouping import free_names, split_into_groups
from lms.assignments.models import Draft, GroupMember, GroupPaper, Submission, WorkFile
from lms.assignments.queries import groups
from lms.assignments.services import drafts, forming, grading, returning, submitting
from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.releasing import release_marks
from lms.core import ledger
from lms.core.db import db
from lms.enrolment.models import Cohort, Enrolment
from lms.enrolment.services import extensions
from lms.learning.models import Grade, Progress
from lms.ops.services import evidence

DUE = "2026-11-30T09:00:00"
DUE_AT = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
"""09.00 WIT."""


def states(session) -> dict[str, tuple[str, Decimal | None]]:
    rows = session.query(Progress.state, Progress.score, Enrolment).join(
        Enrolment, Enrolment.id == Progress.enrolment_id
    )
    people = {one.id: one.name for one in session.query(type(make_person()))}
    return {people[enrolment.person_id]: (state, score) for state, score, enrolment in rows}


# Dividing people


@given(st.integers(0, 60), st.integers(2, 12))
def test_groups_by_chance_are_as_few_and_as_even_as_possible(people, size):
    parts = split_into_groups(range(people), size)
    assert sorted(one for part in parts for one in part) == list(range(people))
    assert len(parts) == -(-people // size)
    lengths = [len(part) for part in parts]
    assert not lengths or (max(lengths) <= size and max(lengths) - min(lengths) <= 1)


def test_chance_does_not_repeat_itself():
    assert len({str(split_into_groups(range(30), 3)) for _ in range(5)}) > 1


def test_new_names_leave_out_those_that_are_taken():
    assert free_names("Kelompok", ["kelompok 2", "Melati"], 3) == ["Kelompok 1", "Kelompok 3", "Kelompok 4"]


# Forming groups


def test_a_person_is_moved_and_never_in_two_groups(session):
    world = make_group_world()
    other = world.form("Melati", world.dodi)
    assert world.move(other, world.ani, world.dodi) == 1
    assert [one.person.name for one in groups.members(other.id)] == ["Ani", "Dodi"]
    assert [one.person.name for one in groups.members(world.group.id)] == ["Budi", "Citra"]
    assert world.move(None, world.ani) == 1
    assert groups.own_group(world.ani.id) is None
    facts = ledger.facts_about("move to group", {f"enrolment:{world.ani.id}"})[f"enrolment:{world.ani.id}"]
    assert [(one["before"], one["group"]) for one in facts] == [
        ("", "Kelompok 1"),
        ("Kelompok 1", "Melati"),
        ("Melati", ""),
    ]


def test_the_database_refuses_a_second_group(session):
    world = make_group_world()
    other = world.form("Melati", world.dodi)
    session.add(GroupMember(group_id=other.id, enrolment_id=world.ani.id, joined_at=NOON))
    with pytest.raises(IntegrityError):
        session.flush()


def test_people_of_another_course_are_not_moved(session):
    world = make_group_world()
    stranger = make_enrolment(make_person(), make_course())
    with pytest.raises(forming.NobodyTicked):
        forming.move_people(world.ani.cohort, [stranger.id], world.group, actor_id=None, now=NOON)


def test_a_name_is_given_once(session):
    world = make_group_world()
    with pytest.raises(forming.GroupNameTaken):
        forming.form_group(world.ani.cohort, "KELOMPOK 1", actor_id=None, now=NOON)
    forming.rename_group(world.group, "Kelompok 1", actor_id=None, now=NOON)
    forming.rename_group(world.group, "Mawar", actor_id=None, now=NOON)
    assert world.group.name == "Mawar"


def test_dividing_takes_only_those_in_no_group(session):
    world = make_group_world()
    for _ in range(4):  # and Dodi and the learner of every world
        make_enrolment(make_person(), world.course)
    formed = forming.divide(world.ani.cohort, 3, "Kelompok", actor_id=None, now=NOON)
    assert [one.name for one in formed] == ["Kelompok 2", "Kelompok 3"]
    found = groups.cohort_groups(world.ani.cohort_id)
    assert (sorted(len(one.members) for one in found.groups), found.left) == ([3, 3, 3], ())
    with pytest.raises(forming.EverybodyGrouped):
        forming.divide(world.ani.cohort, 3, "Kelompok", actor_id=None, now=NOON)


def test_dividing_twice_at_once_divides_once(app, session):
    world = make_group_world()
    cohort_id = world.ani.cohort_id

    def deed() -> object:
        cohort = db.session.get(Cohort, cohort_id)
        return forming.divide(cohort, 2, "Kelompok", actor_id=None, now=NOON)

    assert run_concurrently(app, deed, deed) == ["EverybodyGrouped", "done"]


def test_a_group_that_has_handed_in_stays(session):
    world = make_group_world()
    other = world.form("Melati", world.dodi)
    world.hand_in(world.ani)
    with pytest.raises(forming.GroupHasPapers):
        forming.dissolve_group(world.group, world.ani.cohort, actor_id=None, now=NOON)
    forming.dissolve_group(other, world.ani.cohort, actor_id=None, now=NOON)
    assert groups.own_group(world.dodi.id) is None


# Handing in


def test_one_hands_in_for_all(session):
    world = make_group_world()
    drafts.save_draft(world.context_of(world.budi), DraftContent("Draf Budi"), number=1, now=NOON)
    own = world.hand_in(world.ani, upload=pdf())
    theirs = [world.submission(one) for one in (world.ani, world.budi, world.citra)]
    assert {one.text for one in theirs} == {"Antrean dua jam."}
    assert [[file.name for file in one.files] for one in theirs] == [["rencana.pdf"]] * 3
    assert len({one.files[0].key for one in theirs}) == 1
    assert {file.person_id for file in session.query(WorkFile)} == {one.person_id for one in theirs}
    assert {one.paper for one in theirs} == {own.paper}
    assert (own.paper.group_name, own.paper.handed_in_by) == ("Kelompok 1", world.ani.person_id)
    assert {name: state for name, (state, _score) in states(session).items()} == dict.fromkeys(
        ("Ani", "Budi", "Citra"), "waiting"
    )
    assert session.query(Draft).filter_by(enrolment_id=world.budi.id).one().text == "Draf Budi"
    assert queries.waiting_count([world.course.id]) == 1


def test_who_is_in_no_group_keeps_a_draft(session):
    world = make_group_world()
    with pytest.raises(submitting.InNoGroup):
        world.hand_in(world.dodi, "Sendiri")
    assert session.query(Draft).filter_by(enrolment_id=world.dodi.id).one().text == "Sendiri"
    assert session.query(Submission).count() == 0


def test_the_second_member_keeps_a_draft_and_may_hand_in_after_it(session):
    world = make_group_world()
    world.hand_in(world.ani, "Dari Ani")
    with pytest.raises(submitting.HandedInByMember) as refused:
        world.hand_in(world.budi, "Dari Budi")
    assert "Ani" in refused.value.text
    assert session.query(Draft).filter_by(enrolment_id=world.budi.id).one().text == "Dari Budi"
    second = world.hand_in(world.budi, "Dari Budi", number=2)
    assert second.paper.number == 2
    assert {world.submission(one, 2).text for one in (world.ani, world.citra)} == {"Dari Budi"}
    assert {one.is_superseded for one in map(world.submission, (world.ani, world.budi, world.citra))} == {True}
    assert queries.waiting_count([world.course.id]) == 1


def test_a_double_click_is_one_paper(session):
    world = make_group_world()
    first = world.hand_in(world.ani)
    assert world.hand_in(world.ani) is first
    assert session.query(GroupPaper).count() == 1


def test_of_two_members_at_once_one_hands_in_and_the_text_of_the_other_is_kept(app, session):
    world = make_group_world()
    ids = {"Ani": world.ani.id, "Budi": world.budi.id, "Citra": world.citra.id}

    def deed(name: str):
        def hand_in() -> object:
            try:
                return world.hand_in(db.session.get(Enrolment, ids[name]), f"Dari {name}")
            except submitting.HandedInByMember:
                db.session.commit()  # as the view does
                raise

        return hand_in

    session.expunge(world.context.item_revision)
    assert run_concurrently(app, *map(deed, ids)) == ["HandedInByMember", "HandedInByMember", "done"]
    assert session.query(GroupPaper).count() == 1
    texts = {one.text for one in session.query(Submission)}
    assert session.query(Submission).count() == 3
    assert len(texts) == 1
    kept = {one.text for one in session.query(Draft) if one.text}
    assert texts | kept == {"Dari Ani", "Dari Budi", "Dari Citra"}
    assert len(kept) == 2


def test_attempts_are_the_groups(session):
    world = make_group_world(attempts=1)
    world.hand_in(world.ani)
    with pytest.raises(submitting.NoSubmissionsLeft):
        world.hand_in(world.budi, "Lagi", number=2)
    assert session.query(Draft).filter_by(enrolment_id=world.budi.id).one().text == "Lagi"


def test_who_joins_later_has_the_attempts_that_the_group_has_left(session):
    world = make_group_world(attempts=1)
    world.hand_in(world.ani)
    world.move(world.group, world.dodi)
    with pytest.raises(submitting.NoSubmissionsLeft):
        world.hand_in(world.dodi)


def test_the_ledger_names_the_group(session):
    world = make_group_world()
    own = world.hand_in(world.ani)
    world.grade(own, 80)
    for enrolment in (world.ani, world.budi, world.citra):
        source = queries.work_name(world.submission(enrolment))
        [handed_in] = ledger.facts_about("hand in", {source})[source]
        assert (handed_in["paper"], handed_in["group"]) == (own.paper_id, "Kelompok 1")
        [grade] = ledger.facts_about("grade", {source})[source]
        assert (grade["paper"], grade["enrolment"]) == (own.paper_id, enrolment.id)
    assert list(evidence.examine()) == []


# When the group changes


def test_what_was_handed_in_stays_with_those_who_were_members(session):
    world = make_group_world()
    world.hand_in(world.ani)
    world.move(None, world.citra)
    world.move(world.group, world.dodi)
    assert queries.submissions(world.dodi.id, world.context.item_revision.item_id) == []
    world.hand_in(world.budi, "Baru", number=2)
    assert [one.text for one in queries.submissions(world.citra.id, world.context.item_revision.item_id)] == [
        "Antrean dua jam."
    ]
    assert world.submission(world.citra).is_superseded is False
    assert world.submission(world.ani).is_superseded is True
    assert queries.waiting_count([world.course.id]) == 2
    world.grade(world.submission(world.citra), 60)
    assert {name: str(score) for name, (_state, score) in states(session).items() if score} == {"Citra": "60.00"}


def test_who_moves_to_a_group_with_attempts_is_not_at_the_end(session):
    world = make_group_world(attempts=1)
    own = world.hand_in(world.ani)
    world.grade(own, 10)
    row = session.query(Progress).filter_by(enrolment_id=world.ani.id).one()
    assert (row.state, row.is_final) == ("failed", True)
    world.move(world.form("Melati", world.dodi), world.ani)
    session.refresh(row)
    assert row.is_final is False
    assert world.hand_in(world.ani, "Baru", number=2).paper.number == 1


def test_a_paper_waits_although_the_one_who_handed_it_in_has_left(session):
    world = make_group_world()
    world.hand_in(world.ani)
    world.ani.withdrawn_at = NOON
    session.flush()
    assert queries.waiting_count([world.course.id]) == 1


def test_who_has_left_the_course_is_in_no_new_paper(session):
    world = make_group_world()
    world.citra.withdrawn_at = NOON
    session.flush()
    world.hand_in(world.ani)
    assert session.query(Submission).filter_by(enrolment_id=world.citra.id).count() == 0


# Marks


def test_everybody_gets_the_mark_as_a_result_of_their_own(session):
    world = make_group_world()
    world.hand_in(world.ani)
    world.grade(world.submission(world.budi), 80)
    assert states(session) == dict.fromkeys(("Ani", "Budi", "Citra"), ("done", Decimal(80)))
    assert session.query(Grade).count() == 3
    assert {one.markings[-1].feedback for one in session.query(Submission)} == {"Baik."}
    assert queries.waiting_count([world.course.id]) == 0


def test_one_member_is_given_another_mark_with_a_reason(session):
    world = make_group_world()
    own = world.hand_in(world.ani)
    world.grade(own, 80)
    with pytest.raises(grading.ReasonMissing):
        world.grade(world.submission(world.citra), 40, is_alone=True)
    world.grade(world.submission(world.citra), 40, is_alone=True, reason="Tidak ikut bekerja.")
    assert {name: int(score) for name, (_state, score) in states(session).items()} == {
        "Ani": 80,
        "Budi": 80,
        "Citra": 40,
    }
    world.grade(world.submission(world.ani), 90, reason="Salah hitung.")
    assert {name: int(score) for name, (_state, score) in states(session).items()} == {
        "Ani": 90,
        "Budi": 90,
        "Citra": 40,
    }
    world.grade(world.submission(world.citra), 95, reason="Ternyata ikut.")
    assert {int(score) for _state, score in states(session).values()} == {95}
    assert list(evidence.examine()) == []


def test_a_mark_for_one_may_come_before_that_of_the_group(session):
    world = make_group_world()
    own = world.hand_in(world.ani)
    world.grade(own, 50, is_alone=True, reason="Terlambat bergabung.")
    assert queries.waiting_count([world.course.id]) == 1
    world.grade(world.submission(world.budi), 80)
    assert {name: int(score) for name, (_state, score) in states(session).items()} == {
        "Ani": 50,
        "Budi": 80,
        "Citra": 80,
    }
    assert queries.waiting_count([world.course.id]) == 0


def test_two_graders_of_one_paper_meet_at_whichever_member(app, session):
    world = make_group_world()
    world.hand_in(world.ani)
    ids = [world.submission(world.ani).id, world.submission(world.budi).id]
    graders = [world.instructor.id, make_person().id]

    def deed(at: int):
        def grade() -> object:
            decision = grading.GradeDecision(points=60 + at)
            submission = db.session.get(Submission, ids[at])
            return grading.grade_submission(submission, decision, grader_id=graders[at], seen=0, now=NOON)

        return grade

    assert run_concurrently(app, deed(0), deed(1)) == ["GradedMeanwhile", "done"]
    assert len({one.markings[-1].score for one in session.query(Submission)}) == 1


def test_nobody_grades_the_paper_of_their_own_group(client, session):
    world = make_group_world()
    own = world.hand_in(world.ani)
    member = session.get(type(world.instructor), world.budi.person_id)
    grant(member, "instructor", course=world.course)
    session.commit()
    assert client.sign_in(member).get(f"/teach/grading/{own.id}").status_code == 403
    assert queries.waiting_count([world.course.id], not_by=member.id) == 0


def test_marks_that_are_held_are_released_to_each(session):
    world = make_group_world(marks="together")
    own = world.hand_in(world.ani)
    world.grade(own, 80)
    assert session.query(Grade).count() == 0
    ids = [one.id for one in session.query(Submission)]
    assert release_marks(ids, actor_id=world.instructor.id, now=NOON) == 3
    assert session.query(Grade).count() == 3


def test_a_paper_goes_back_to_all_and_is_no_attempt(session):
    world = make_group_world(attempts=1)
    own = world.hand_in(world.ani)
    returning.return_submission(
        own, "Tambahkan data.", date(2026, 12, 5), actor_id=world.instructor.id, today=NOON.date(), now=NOON
    )
    session.expire_all()
    assert {one.returned.note for one in session.query(Submission)} == {"Tambahkan data."}
    assert {state for state, _score in states(session).values()} == {"started"}
    assert queries.waiting_count([world.course.id]) == 0
    assert world.hand_in(world.budi, "Dengan data", number=2).paper.number == 2
    assert list(evidence.examine()) == []


# Lateness


LATE = {"due": fixed(DUE), "late": {"until": fixed("2026-12-06T09:00:00"), "penalty": 10.0}}


def test_all_are_late_together(session):
    world = make_group_world(**LATE)
    own = world.hand_in(world.ani, now=DUE_AT + timedelta(hours=30))
    world.grade(own, 100)
    assert {one.late_days for one in session.query(Submission)} == {2}
    assert {int(score) for _state, score in states(session).values()} == {80}


def test_what_is_in_time_for_one_is_in_time_for_all(session):
    world = make_group_world(**LATE)
    world.ani.due_on = date(2026, 11, 30)
    extensions.extend([world.ani], date(2026, 12, 3), "Sakit", actor_id=None, now=NOON)
    own = world.hand_in(world.budi, now=DUE_AT + timedelta(hours=30))
    assert own.late_days == 0
    assert submitting.deadline_of(world.context_of(world.citra)).source == "extension"


def test_an_extension_of_one_takes_back_the_deduction_of_all(session):
    world = make_group_world(**LATE)
    own = world.hand_in(world.budi, now=DUE_AT + timedelta(hours=30))
    world.grade(own, 100)
    world.ani.due_on = date(2026, 11, 30)
    extensions.extend([world.ani], date(2026, 12, 3), "Sakit", actor_id=None, now=DUE_AT + timedelta(hours=40))
    session.expire_all()
    assert {int(score) for _state, score in states(session).values()} == {100}
    assert {one.late_days for one in session.query(Submission)} == {0}
    assert list(evidence.examine()) == []


def test_work_handed_in_alone_before_is_replaced_by_the_groups(session):
    world = make_group_world()
    alone = Submission(
        enrolment_id=world.ani.id,
        person_id=world.ani.person_id,
        item_id=world.context.item_revision.item_id,
        item_revision_id=world.context.item_revision.id,
        number=1,
        text="Sendiri",
        text_html="<p>Sendiri</p>",
        submitted_at=NOON,
    )
    session.add(alone)
    session.flush()
    world.hand_in(world.budi)
    assert (alone.is_superseded, world.submission(world.ani, 2).text) == (True, "Antrean dua jam.")
    assert queries.waiting_count([world.course.id]) == 1
