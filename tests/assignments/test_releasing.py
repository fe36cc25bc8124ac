"""Marks that are told together: nothing of them leaks before they are released, and then they count."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, make_person
from sqlalchemy import select

from lms.assignments.models import Marking
from lms.assignments.services import grading, passages, releasing
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.learning.models import Grade, Progress
from lms.learning.services import renewal
from lms.notices.services import events
from lms.ops.services import evidence
from lms.privacy import queries as privacy

FEEDBACK, REASON, NOTE = "Umpanbalikrahasia", "Alasanrahasia", "Catatanrahasia"
POINTS = Decimal("61.37")
SECRETS = (FEEDBACK, REASON, NOTE, "61,37", "61.37", "63,91", "63.91")


def make_world(**values):
    return make_assignment_world(marks="together", rubric=[], **values)


def grade(world, submission, points=POINTS, *, seen=0, reason="", now=None):
    """With a note on the first word, which the learner never reads before the mark."""
    if not seen:
        where = passages.QuotedPassage(submission.text.split()[0])
        passages.write_note(submission, where, NOTE, grader_id=world.instructor.id, now=clock.now())
    decision = grading.GradeDecision(points=points, feedback=FEEDBACK, reason=reason)
    return grading.grade_submission(
        submission, decision, grader_id=world.instructor.id, seen=seen, now=now or clock.now()
    )


def release(world, *submissions, now=None) -> int:
    ids = [one.id for one in submissions]
    return releasing.release_marks(ids, actor_id=world.instructor.id, now=now or clock.now())


def progress(world) -> Progress:
    return db.session.scalars(
        select(Progress).where(Progress.enrolment_id == world.enrolment.id).execution_options(populate_existing=True)
    ).one()


def what_the_learner_can_see(client, world) -> str:
    """Every page and file with something of one's own, and what is notified."""
    client.sign_in(world.learner)
    slug = world.course.slug
    pages = ["/", f"/courses/{slug}", world.path, f"/courses/{slug}/sesudah", f"/marks/{slug}", "/records", "/notices"]
    pages += ["/account", f"/courses/{slug}/finish"]
    shown = [client.get(page, follow_redirects=True).get_data(as_text=True) for page in pages]
    told = [one for one in events.new_events(NOON, now=clock.now()) if one.person_id == world.learner.id]
    copied = [area.copied(world.learner.id) for area in privacy.AREAS]
    return " ".join([*shown, *(json.dumps(dict(one.facts)) for one in told), json.dumps(copied, default=str)])


@pytest.mark.parametrize("seed", range(4))
def test_nothing_leaks_whatever_happens_before_the_release(client, session, seed):
    """Random deeds of graders, of the learner and of the machine; after each of them nobody can see a mark."""
    rng, world = Random(seed), make_world()
    submissions = [make_submission(world, now=clock.now())]
    for _step in range(5):
        newest = submissions[-1]
        deed = rng.choice(("grade", "correct", "hand in", "renew"))
        marks = session.scalars(select(Marking).where(Marking.submission_id == newest.id)).all()
        if deed == "hand in" and len(submissions) < 3:
            submissions.append(make_submission(world, f"Versi {len(submissions) + 1}.", now=clock.now()))
        elif deed == "renew":
            renewal.renew([world.enrolment.id], now=clock.now())
        elif not marks:
            grade(world, newest)
        else:
            grade(world, newest, Decimal("63.91"), seen=len(marks), reason=f"{REASON} {len(marks)}")
        session.commit()
        seen = what_the_learner_can_see(client, world)
        assert [secret for secret in SECRETS if secret in seen] == [], deed
        assert (progress(world).score, progress(world).state) == (None, "waiting")
        assert session.scalars(select(Grade)).all() == []
    if not session.scalars(select(Marking)).all():
        grade(world, submissions[-1])
    release(world, *submissions)
    session.commit()
    seen = what_the_learner_can_see(client, world)
    assert (FEEDBACK in seen, NOTE in seen) == (True, True)


def test_a_released_mark_counts_and_is_told_as_any_other(client, session):
    world = make_world(pass_mark=60.0)
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    assert release(world, submission) == 1
    assert (progress(world).score, progress(world).state) == (POINTS, "done")
    assert [one.score for one in session.scalars(select(Grade))] == [POINTS]
    told = [one.kind for one in events.new_events(NOON, now=clock.now()) if one.person_id == world.learner.id]
    assert told.count("graded") == 1
    assert FEEDBACK in what_the_learner_can_see(client, world)


def test_releasing_twice_tells_once(session):
    world = make_world()
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    assert (release(world, submission), release(world, submission)) == (1, 0)
    entries = session.scalars(select(LedgerEntry.verb).where(LedgerEntry.target == f"submission:{submission.id}")).all()
    assert entries.count("release mark") == 1
    assert entries.count("grade") == 1


def test_a_correction_of_a_released_mark_is_told_at_once(session):
    world = make_world()
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    release(world, submission)
    grade(world, submission, Decimal(80), seen=1, reason="Salah hitung")
    assert progress(world).score == 80


def test_a_paper_that_comes_later_is_held_again(session):
    world = make_world()
    first = make_submission(world, now=clock.now())
    grade(world, first)
    release(world, first)
    second = make_submission(world, "Lebih baik.", now=clock.now())
    grade(world, second, Decimal(90))
    assert (progress(world).score, progress(world).state) == (POINTS, "waiting")
    release(world, second)
    assert (progress(world).score, progress(world).state) == (Decimal(90), "done")


def test_renewing_after_the_release_changes_nothing(session):
    world = make_world()
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    release(world, submission)
    before = progress(world).score, progress(world).state
    renewal.renew([world.enrolment.id], now=clock.now())
    assert (progress(world).score, progress(world).state) == before


def test_the_evidence_agrees_before_and_after(session):
    world = make_world()
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    grade(world, submission, Decimal(50), seen=1, reason="Salah hitung")
    session.commit()
    before = {one.what for one in evidence.examine()}
    release(world, submission)
    session.commit()
    assert {one.what for one in evidence.examine()} == before
    assert not [what for what in before if what.startswith(("marking", "grade"))]


def test_at_once_is_the_default(session):
    world = make_assignment_world(rubric=[])
    submission = make_submission(world, now=clock.now())
    assert not grade(world, submission).is_held
    assert progress(world).score == POINTS


# In the gradebook


def test_the_gradebook_shows_what_is_held_and_releases_it(client, session):
    world = make_world()
    other = world.another_learner()
    submission = make_submission(world, now=clock.now())
    make_submission(world, "Lain.", context=other, now=clock.now())
    grade(world, submission)
    address = f"/teach/courses/{world.course.slug}/gradebook"
    client.sign_in(world.instructor)
    page = client.text(address)
    assert "61,37" in page
    assert f"{address}/release" in page
    item = submission.item_id
    assert client.post_form(f"{address}/release", page=address, item=item).status_code == 303
    assert progress(world).score == POINTS
    assert f"{address}/release" not in client.text(address)
    client.post_form(f"{address}/release", page="/account/notices", item=item)
    assert len(session.scalars(select(Grade)).all()) == 1


def test_other_people_release_nothing(client, session):
    world = make_world()
    submission = make_submission(world, now=clock.now())
    grade(world, submission)
    address = f"/teach/courses/{world.course.slug}/gradebook/release"
    client.sign_in(make_person())
    assert client.post_form(address, page="/account/notices", item=submission.item_id).status_code == 404
    assert progress(world).score is None
