"""Marks of essays that are told together: nothing of them leaks before they are released, and then they count."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from assignment_factories import content
from concurrency import run_concurrently
from essay_world import ESSAYS, EssayWorld, essay_content, make_essay_world
from factories import NOON, grant, item_of, make_course, make_item_context, make_person
from sqlalchemy import select

from lms.assignments.services.drafts import DraftContent
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.submitting import submit_assignment
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.gradebook import queries as book
from lms.gradebook import services as gradebook
from lms.gradebook.queries import GradebookQuery, HeldWork
from lms.learning.models import Grade, Progress
from lms.learning.services import renewal
from lms.notices import jobs
from lms.notices.models import Notice
from lms.notices.services import events
from lms.ops.services import evidence
from lms.people.models import Person
from lms.privacy import queries as privacy
from lms.quizzes.models import AnswerMark, Attempt
from lms.quizzes.queries import essays
from lms.quizzes.services import releasing
from lms.quizzes.services.marking import MarkNeedsReason

FEEDBACK, REASON = "Umpanbalikrahasia", "Alasanrahasia"
SECRETS = (FEEDBACK, REASON, "4,5 dari", "4,50 dari", "5 dari 6")
TOGETHER = "marks: together\nreview: latihan\n"


def make_world() -> EssayWorld:
    return make_essay_world(keys=TOGETHER)


def mark(world: EssayWorld, attempt: Attempt, **values: Any) -> AnswerMark:
    return world.mark(attempt, picked={0: 0, 1: 1}, feedback=FEEDBACK, **values)


def release(world: EssayWorld, *attempts: Attempt) -> int:
    return releasing.release_marks([one.id for one in attempts], actor_id=world.teacher.id, now=clock.now())


def progress(attempt: Attempt) -> tuple[str, Decimal | None]:
    rows = select(Progress).where(Progress.enrolment_id == attempt.enrolment_id, Progress.item_id == attempt.item_id)
    found = db.session.scalars(rows.execution_options(populate_existing=True)).one()
    return found.state, found.score


def learner_of(attempt: Attempt) -> Person:
    return db.session.get_one(Person, attempt.person_id)


def what_the_learner_can_see(client, world: EssayWorld, attempt: Attempt) -> str:
    """Every page and file with something of one's own, and what is notified."""
    client.sign_in(learner_of(attempt))
    slug = world.course.slug
    client.post_form(f"/attempts/{attempt.id}/review", page="/account/notices")
    pages = ["/", f"/courses/{slug}", f"/courses/{slug}/kuis", f"/attempts/{attempt.id}/review", f"/marks/{slug}"]
    pages += ["/notices", "/account", "/records", f"/courses/{slug}/finish"]
    shown = [client.get(page, follow_redirects=True).get_data(as_text=True) for page in pages]
    told = [one for one in events.new_events(NOON, now=clock.now()) if one.person_id == attempt.person_id]
    copied = [area.copied(attempt.person_id) for area in privacy.AREAS]
    return " ".join([*shown, *(json.dumps(dict(one.facts)) for one in told), json.dumps(copied, default=str)])


def test_nothing_leaks_before_the_release_and_then_it_counts(client, session):
    world = make_world()
    attempt = world.attempt()
    first = mark(world, attempt)
    assert first.is_held
    session.commit()
    for deed in ("marked", "corrected", "renewed"):
        if deed == "corrected":
            mark(world, attempt, seen=1, reason=REASON)
        elif deed == "renewed":
            renewal.renew([attempt.enrolment_id], now=clock.now())
        session.commit()
        seen = what_the_learner_can_see(client, world, attempt)
        assert [secret for secret in SECRETS if secret in seen] == [], deed
        assert progress(attempt) == ("waiting", None)
        assert session.scalars(select(Grade)).all() == []
    assert release(world, attempt) == 1
    session.commit()
    assert progress(attempt) == ("failed", Decimal(65))  # 2 + 4.5 of 10
    seen = what_the_learner_can_see(client, world, attempt)
    assert FEEDBACK in seen
    told = [one.kind for one in events.new_events(NOON, now=clock.now()) if one.person_id == attempt.person_id]
    assert told.count("graded") == 1


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_the_score_is_that_of_marks_told_at_once(session, seed):
    rng, scores = Random(seed), []
    order = rng.sample(["rencana", "pelajaran"], 2)
    for keys in ("review: latihan\n", TOGETHER):
        world = make_essay_world(keys=keys)
        attempt = world.attempt(lesson="Mencatat.")
        for question in order:
            world.mark(attempt, question)
        if keys == TOGETHER:
            assert attempt.score is None
            release(world, attempt)
        session.expire_all()
        scores.append((attempt.score, attempt.points, attempt.is_passed, *progress(attempt)))
    assert scores[0] == scores[1]
    assert scores[0][0] is not None


def test_an_attempt_with_an_answer_that_nobody_has_marked_is_not_released(session):
    world = make_world()
    attempt = world.attempt(lesson="Mencatat.")
    mark(world, attempt)
    assert book.held_works(GradebookQuery(world.course.id)) == []
    assert release(world, attempt) == 0
    assert essays.waiting_counts([world.course.id]) == {world.course.id: 1}
    world.mark(attempt, "pelajaran")
    assert essays.waiting_counts([world.course.id]) == {}
    assert [one.id for one in book.held_works(GradebookQuery(world.course.id))] == [attempt.id]
    assert (release(world, attempt), release(world, attempt)) == (1, 0)
    entries = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.target == f"attempt:{attempt.id}")).all()
    assert (entries.count("release mark"), entries.count("grade")) == (1, 1)


def test_a_held_mark_is_corrected_with_a_reason_and_a_released_one_is_told_at_once(session):
    world = make_world()
    attempt = world.attempt()
    mark(world, attempt)
    with pytest.raises(MarkNeedsReason):
        mark(world, attempt, seen=1)
    assert mark(world, attempt, seen=1, reason="Salah hitung.").is_held
    release(world, attempt)
    corrected = world.mark(attempt, picked={0: 0, 1: 0}, seen=2, reason="Dilihat lagi.")
    assert not corrected.is_held
    assert progress(attempt)[1] == Decimal(80)


def test_released_twice_at_once_it_is_released_once(app, session):
    world = make_world()
    attempt = world.attempt()
    mark(world, attempt)
    attempt_id, teacher_id = attempt.id, world.teacher.id
    session.commit()

    def deed() -> object:
        return releasing.release_marks([attempt_id], actor_id=teacher_id, now=NOON)

    assert run_concurrently(app, deed, deed) == ["done", "done"]
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "release mark")).all()
    assert len(entries) == 1
    assert len(session.scalars(select(Grade)).all()) == 1


def test_the_evidence_agrees_before_and_after(session):
    world = make_world()
    attempt = world.attempt()
    mark(world, attempt)
    session.commit()
    before = {one.what for one in evidence.examine()}
    release(world, attempt)
    session.commit()
    assert {one.what for one in evidence.examine()} == before
    assert not [what for what in before if what.startswith(("attempt", "grade", "answer"))]


def test_graders_see_that_it_is_held_and_that_it_waits_for_nobody(client, session):
    world = make_world()
    attempt = world.attempt()
    mark(world, attempt)
    session.commit()
    client.sign_in(world.teacher)
    assert "Belum diumumkan" in client.text(f"/teach/grading/essays/{attempt.id}/2")
    assert "Belum diumumkan" in client.text(f"/teach/attempts/{attempt.id}")
    page = client.text(f"/teach/courses/{world.course.slug}/gradebook")
    assert "ditahan" in page
    assert "menunggu dinilai" not in page


# All of a course


def make_mixed_world() -> EssayWorld:
    """A quiz with essays and two assignments, all of whose marks are told together."""
    paper = {"type": "assignment", "content": content(marks="together", rubric=[])}
    course = make_course(
        items=(
            {"slug": "kuis", "type": "quiz", "content": essay_content(ESSAYS, TOGETHER)},
            {"slug": "tugas", "title": "Rencana loket", **paper},
            {"slug": "laporan", "title": "Laporan", **paper},
        )
    )
    teacher = make_person(name="Contoh Pengajar")
    grant(teacher, "instructor", course=course)
    return EssayWorld(course, teacher)


def do_all(world: EssayWorld, name: str = "Ani") -> int:
    """Somebody takes the quiz and hands in both papers, and gets three marks; returns the enrolment."""
    enrolment = world.enrolment(name=name)
    mark(world, world.attempt(enrolment))
    for slug in ("tugas", "laporan"):
        context = make_item_context(enrolment, item_of(world.course, slug))
        submission = submit_assignment(context, DraftContent("Isi."), number=1, now=NOON)
        decision = GradeDecision(points=Decimal(70), feedback=FEEDBACK)
        grade_submission(submission, decision, grader_id=world.teacher.id, seen=0, now=NOON)
    return enrolment.id


def test_all_marks_of_a_course_are_released_after_one_page_and_told_by_one_notice(client, session):
    world = make_mixed_world()
    do_all(world)
    do_all(world, "Budi")
    session.commit()
    client.sign_in(world.teacher)
    address = f"/teach/courses/{world.course.slug}/gradebook"
    assert f"{address}/release-all" in client.text(address)
    page = client.text(f"{address}/release-all")
    assert "Umumkan 6 nilai" in page
    assert "2 peserta" in page
    assert session.scalars(select(Grade)).all() == []
    assert client.post_form(f"{address}/release-all").status_code == 303
    assert len(session.scalars(select(Grade)).all()) == 6
    verbs = session.scalars(select(LedgerEntry.verb)).all()
    assert verbs.count("release mark") == 6
    session.commit()
    jobs.notify_new_events()
    told = session.scalars(select(Notice).where(Notice.kind.startswith("graded"))).all()
    assert [one.kind for one in told] == ["graded-together"] * 2
    assert {"Rencana loket", "Laporan"} < set(told[0].facts["items"])
    assert "tidak ada" in client.text(f"{address}/release-all").lower()
    client.post_form(f"{address}/release-all", page="/account/notices")
    assert len(session.scalars(select(Grade)).all()) == 6


def test_a_transaction_never_divides_the_marks_of_a_person():
    works = [HeldWork(person, item, person * 10 + item, "attempt") for person in range(7) for item in range(3)]
    for size in (1, 3, 4, 20, 100):
        batches = list(gradebook.in_transactions(works, size))
        assert [one for batch in batches for one in batch] == works
        people = [{one.enrolment_id for one in batch} for batch in batches]
        assert sum(map(len, people)) == 7
        assert all(len(batch) <= max(size, 3) for batch in batches)


def test_only_those_who_teach_the_course_release_it(client, session):
    world = make_mixed_world()
    do_all(world)
    session.commit()
    address = f"/teach/courses/{world.course.slug}/gradebook/release-all"
    client.sign_in(make_person())
    assert client.get(address).status_code == 404
    assert client.post_form(address, page="/account/notices").status_code == 404
    assert session.scalars(select(Grade)).all() == []
