"""Two requests at the same moment: what only a real database shows."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from factories import NOON, grant, make_person, make_place
from flask import Flask
from papers import make_scene, make_submission

from lms.assignments.models import Draft, Marking, Submission
from lms.assignments.services.drafts import Work, save
from lms.assignments.services.handing_in import hand_in
from lms.assignments.services.marking import Judgement, mark
from lms.core.db import db
from lms.core.errors import Refusal
from lms.courses.models import ItemRevision
from lms.enrolment.models import Enrolment


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """Run each deed in its own thread and transaction; gives what each came to."""
    db.session.commit()
    ready, results = Barrier(len(deeds)), ["" for _ in deeds]

    def run(at: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                deed()
                results[at] = "done"
            except Refusal as refusal:
                results[at] = type(refusal).__name__
            db.session.commit()
            db.session.remove()

    threads = [Thread(target=run, args=(at, deed)) for at, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    return sorted(results)


def handing(scene, text: str) -> Callable[[], object]:
    enrolment_id, item_id = scene.enrolment.id, scene.place.item.id

    def deed() -> object:
        place = make_place(db.session.get(Enrolment, enrolment_id), db.session.get(ItemRevision, item_id))
        return hand_in(place, Work(text), number=1, now=NOON)

    return deed


def test_the_same_handed_in_twice_at_once_is_one(app, session):
    scene = make_scene(attempts=2)
    assert at_once(app, handing(scene, "Sama"), handing(scene, "Sama"), handing(scene, "Sama")) == ["done"] * 3
    assert session.query(Submission).count() == 1


def test_of_two_different_ones_at_once_one_is_handed_in_and_the_other_kept(app, session):
    scene = make_scene()
    assert at_once(app, handing(scene, "Ponsel"), handing(scene, "Komputer")) == ["HandedInElsewhere", "done"]
    assert {session.query(Submission).one().text, session.query(Draft).one().text} == {"Ponsel", "Komputer"}


def test_two_first_saves_at_once_make_one_draft(app, session):
    scene = make_scene()
    enrolment_id, item_id = scene.enrolment.id, scene.place.item.id

    def saving(text: str) -> Callable[[], object]:
        def deed() -> object:
            place = make_place(db.session.get(Enrolment, enrolment_id), db.session.get(ItemRevision, item_id))
            return save(place, Work(text), number=1, now=NOON)

        return deed

    assert at_once(app, saving("Satu"), saving("Dua")) == ["done", "done"]
    assert session.query(Draft).count() == 1


def test_of_two_graders_at_once_the_second_is_told(app, session):
    scene = make_scene()
    colleague = make_person()
    grant(colleague, "instructor", course=scene.course)
    submission_id = make_submission(scene).id

    def marking(grader_id: int, level: int) -> Callable[[], object]:
        def deed() -> object:
            submission = db.session.get(Submission, submission_id)
            judgement = Judgement(picked={0: level, 1: level})
            return mark(submission, judgement, grader_id=grader_id, seen=0, now=NOON)

        return deed

    assert at_once(app, marking(scene.teacher.id, 0), marking(colleague.id, 1)) == ["MarkedMeanwhile", "done"]
    assert session.query(Marking).count() == 1
