"""A draft is published at a moment that was chosen: what was checked then, once, or nothing and a reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from authoring_factories import FILES, edit
from concurrency import run_twice
from factories import NOON, grant, make_admin, make_person
from pages import csrf_token
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.authoring import policy, queries, services
from lms.authoring.jobs import publish_scheduled
from lms.authoring.models import CourseDraft, ScheduledPublication
from lms.authoring.review import Review
from lms.authoring.services import DraftChanged, creating, publishing, scheduling
from lms.authoring.services.scheduling import MomentPassed, MomentTooFar, NothingScheduled
from lms.core import settings
from lms.core.db import db
from lms.courses import services as importing
from lms.courses.models import Course, CourseRevision
from lms.enrolment.queries import undated_cohort
from lms.notices.services.events import new_events
from lms.notices.services.wording import translate

BASE = "/teach/courses/kecil"
MODULE = "01-modul.md"
MORNING = NOON + timedelta(hours=19)


@pytest.fixture
def author(course):
    person = make_person(name="Pengarang Satu")
    grant(person, "instructor", course=course)
    return person


def ready(course):
    return publishing.prepare(course.slug, course.id, services.source(course.id))


def scheduled(course, actor, at=MORNING, **more) -> ScheduledPublication:
    row = scheduling.schedule(ready(course), at, actor_id=actor.id, now=NOON, **more)
    db.session.commit()
    return row


def run(time, at=MORNING) -> int:
    time.passes(seconds=(at - time.now).total_seconds())
    count = publish_scheduled()
    db.session.expire_all()
    return count


def in_force(course) -> CourseRevision:
    return db.session.query(CourseRevision).filter_by(course_id=course.id, is_current=True).one()


def published_text(course) -> str:
    return services.of_revision(in_force(course).id).text(MODULE)


def notices() -> list[tuple[int, str, str]]:
    """Whom the job's result is told: the person, the kind and the words."""
    found = new_events(NOON - timedelta(days=1), now=MORNING + timedelta(minutes=1))
    mine = [one for one in found if one.key.startswith("publication:")]
    return [
        (one.person_id, one.kind, translate(one.kind, one.facts).title + translate(one.kind, one.facts).body)
        for one in mine
    ]


def test_it_is_published_at_its_moment_and_the_draft_ends(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    assert run(time, MORNING - timedelta(seconds=1)) == 0
    assert in_force(course).number == 1
    assert run(time) == 1
    assert (in_force(course).number, in_force(course).published_at) == (2, time.now)
    assert in_force(course).created_by == author.id
    assert "benar" in published_text(course)
    assert db.session.query(CourseDraft).count() == 0
    assert (row.state, row.published_id) == ("published", in_force(course).id)
    assert run(time) == 0, "a second run finds nothing"
    ((person_id, kind, text),) = notices()
    assert (person_id, kind) == (author.id, "published")
    assert "Kursus kecil" in text


def test_what_is_saved_afterwards_stays_in_the_draft(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    scheduled(course, author)
    edit(course, MODULE, "benar", "lebih benar")
    db.session.commit()
    assert run(time) == 1
    assert "lebih benar" not in published_text(course)
    draft = services.source(course.id)
    assert "lebih benar" in draft.text(MODULE)
    assert draft.revision_id == in_force(course).id, "it goes on from the new revision"


def test_a_draft_that_was_begun_anew_is_not_taken_for_its_successor(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    scheduled(course, author)
    services.discard(course.id, services.source(course.id).state, actor_id=author.id, now=NOON)
    edit(course, MODULE, "Kalimat", "Ayat")
    db.session.commit()
    first = in_force(course).id
    assert run(time) == 1
    assert services.source(course.id).revision_id == first


def test_missing_ids_are_in_the_draft_and_in_the_revision(app, course, author, time):
    edit(course, MODULE, "id: satu\n", "")
    scheduled(course, author)
    assert "id: " in services.source(course.id).text(MODULE)
    edit(course, "02-kuis.md", "Jawablah", "Jawab")
    db.session.commit()
    assert run(time) == 1
    assert published_text(course) == services.source(course.id).text(MODULE)


def test_nothing_is_published_when_another_revision_came_in_force(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    files = FILES | {"course.md": FILES["course.md"].replace(b"Untuk dicoba", b"Untuk diuji")}
    importing.publish(
        importing.import_course("kecil", files, actor_id=None, now=NOON).revision, actor_id=None, now=NOON
    )
    db.session.commit()
    assert run(time) == 0
    assert (row.state, row.refusal) == ("refused", "overtaken")
    assert in_force(course).number == 2
    assert "benar" in services.source(course.id).text(MODULE), "the draft is kept"
    ((person_id, kind, _text),) = notices()
    assert (person_id, kind) == (author.id, "not-published")


def test_nothing_is_published_when_the_check_no_longer_passes(app, course, author, time):
    importing.import_course("dasar", FILES, actor_id=None, now=NOON)
    edit(course, "course.md", "jp: 2", "jp: 2\nprerequisites: [dasar]")
    row = scheduled(course, author)
    circle = {"course.md": FILES["course.md"].replace(b"jp: 2", b"jp: 2\nprerequisites: [kecil]")}
    importing.import_course("dasar", FILES | circle, actor_id=None, now=NOON)
    db.session.commit()
    assert run(time) == 0
    assert (row.state, row.refusal) == ("refused", "faults")
    assert in_force(course).number == 1


def test_whoever_may_no_longer_publish_does_not(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    settings.change(policy.INSTRUCTORS_PUBLISH, policy.REFUSED, actor_id=None, now=NOON)
    db.session.commit()
    assert run(time) == 0
    assert (row.state, row.refusal) == ("refused", "no-right")


def test_a_review_counts_at_its_moment_too(app, course, author, time):
    settings.change(policy.INSTRUCTORS_PUBLISH, policy.REVIEWED, actor_id=None, now=NOON)
    colleague = make_person(name="Pengarang Dua")
    grant(colleague, "instructor", course=course)
    edit(course, MODULE, "salah tik", "benar")
    scheduled(course, colleague, review=Review(author.id, NOON))
    assert run(time) == 1
    assert {one[0] for one in notices()} == {author.id, colleague.id}


def test_an_error_is_told_and_nothing_is_half_done(app, course, author, time, monkeypatch):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    monkeypatch.setattr(importing, "publish", lambda *_args, **_more: 1 / 0)
    assert run(time) == 0
    assert (row.state, row.refusal) == ("refused", "failed")
    assert db.session.query(CourseRevision).count() == 1


def test_a_broken_line_to_the_database_is_tried_again(app, course, author, time, monkeypatch):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)

    def away(*_args, **_more):
        raise OperationalError("x", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(importing, "publish", away)
        assert run(time) == 0
    assert row.state == "waiting"
    assert run(time) == 1


def test_the_moment_lies_ahead_and_within_a_year(course, author):
    edit(course, MODULE, "salah tik", "benar")
    for at, refusal in ((NOON, MomentPassed), (NOON + timedelta(days=400), MomentTooFar)):
        with pytest.raises(refusal):
            scheduling.schedule(ready(course), at, actor_id=author.id, now=NOON)


def test_another_moment_replaces_the_first(course, author):
    edit(course, MODULE, "salah tik", "benar")
    first = scheduled(course, author)
    assert scheduled(course, author).id == first.id
    second = scheduled(course, author, at=MORNING + timedelta(days=1))
    assert (first.state, first.ended_by, second.state) == ("cancelled", author.id, "waiting")


def test_two_clicks_schedule_one(app, course, author):
    edit(course, MODULE, "id: satu\n", "")
    prepared, author_id = ready(course), author.id
    db.session.commit()
    ends = run_twice(app, lambda: scheduling.schedule(prepared, MORNING, actor_id=author_id, now=NOON))
    assert ends == ["done", "done"]
    assert db.session.query(ScheduledPublication).count() == 1


def test_what_changed_since_it_was_prepared_is_not_scheduled(course, author):
    edit(course, MODULE, "salah tik", "benar")
    prepared = ready(course)
    edit(course, MODULE, "benar", "lain lagi")
    with pytest.raises(DraftChanged):
        scheduling.schedule(prepared, MORNING, actor_id=author.id, now=NOON)


def test_it_is_cancelled_once(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    scheduling.cancel(course.id, row.id, actor_id=author.id, now=NOON)
    db.session.commit()
    with pytest.raises(NothingScheduled):
        scheduling.cancel(course.id, row.id, actor_id=author.id, now=NOON)
    assert run(time) == 0
    assert notices() == []


def test_publishing_now_takes_its_place(app, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author)
    publishing.publish(ready(course), actor_id=author.id, now=NOON)
    db.session.commit()
    assert run(time) == 0
    assert row.state == "cancelled"


def test_a_first_publication_opens_the_course_at_its_moment(app, session, time):
    author = make_person()
    made = creating.create_course("baru", FILES, actor_id=author.id, now=NOON)
    scheduled(made, author, opens=True)
    assert run(time) == 1
    assert in_force(made).number == 1
    assert undated_cohort(made.id).is_open


def test_a_course_that_is_deleted_takes_its_publication_along(session):
    author = make_person()
    made = creating.create_course("baru", FILES, actor_id=author.id, now=NOON)
    scheduled(made, author)
    creating.delete_course(made.id, services.source(made.id).state, actor_id=author.id, now=NOON)
    assert db.session.query(ScheduledPublication).count() == 0
    assert db.session.scalar(select(Course).where(Course.slug == "baru")) is None


# pages


def fields(page: str) -> dict[str, str]:
    main = page.partition("<main")[2]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)) | {
        "csrf_token": csrf_token(page)
    }


def of_publishing(client) -> dict[str, str]:
    page = client.text(f"{BASE}/publish")
    part = page[page.index('name="digest"') - 400 :]
    return fields("<main" + part + page)


def test_a_moment_is_chosen_in_the_zone_of_the_site_shown_and_cancelled(client, teacher, course, time):
    edit(course, MODULE, "salah tik", "benar")
    db.session.commit()
    sent = of_publishing(client) | {"when": "later", "day": "2026-12-01", "at": "07.30"}
    assert client.post(f"{BASE}/publish", data=sent).location == f"{BASE}/edit"
    row = db.session.query(ScheduledPublication).one()
    assert row.publish_at == datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    for address in (f"{BASE}/edit", f"{BASE}/publish", "/teach"):
        assert "1 Desember 2026 pukul 07.30 WIT" in client.text(address)
        assert f'action="{BASE}/publish/cancel"' in client.text(address)
    assert "1 Desember 2026 pukul 07.30 WIT tetap terbit" in client.text(f"{BASE}/discard")
    edit(course, MODULE, "benar", "lebih benar")
    db.session.commit()
    assert "Draf sudah diubah sesudahnya" in client.text(f"{BASE}/edit")
    token = fields(client.text("/teach"))
    assert client.post(f"{BASE}/publish/cancel", data=token | {"back": "teach"}).location == "/teach"
    assert "Desember" not in client.text(f"{BASE}/edit")
    assert client.post(f"{BASE}/publish/cancel", data=token).location == f"{BASE}/edit"
    assert "Tidak ada yang dilakukan" in client.text(f"{BASE}/edit")


@pytest.mark.parametrize(
    ("chosen", "control"),
    [
        ({"when": "later", "day": "2000-01-01", "at": "07:00"}, "day"),
        ({"when": "later", "day": "2099-01-01", "at": "07:00"}, "day"),
        ({"when": "later", "day": "", "at": "07:00"}, "day"),
        ({"when": "later", "day": "besok", "at": "07:00"}, "day"),
        ({"when": "later", "day": "2026-12-01", "at": ""}, "at"),
        ({"when": "later", "day": "2026-12-01", "at": "pagi"}, "at"),
        ({"when": "now", "day": "2026-12-01", "at": "07:00"}, "day"),
    ],
)
def test_a_moment_that_is_unclear_publishes_nothing(client, teacher, course, chosen, control):
    edit(course, MODULE, "salah tik", "benar")
    db.session.commit()
    answer = client.post(f"{BASE}/publish", data=of_publishing(client) | chosen)
    assert answer.status_code == 422
    assert f'id="{control}-error"' in answer.text
    assert db.session.query(CourseRevision).count() == 1
    assert db.session.query(ScheduledPublication).count() == 0


def test_a_refused_one_is_told_until_something_is_published(client, teacher, course, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, teacher, at=time.now + timedelta(hours=1))
    scheduling.refuse(row, "faults", now=time.now + timedelta(hours=1))
    db.session.commit()
    assert "Pemeriksaan kini menemukan kesalahan" in client.text(f"{BASE}/edit")
    assert "Tidak jadi terbit" in client.text("/teach")
    time.passes(hours=2)
    client.post(f"{BASE}/publish", data=of_publishing(client))
    db.session.expire_all()
    assert queries.open_publications([course.id]) == {}


def test_a_reviewer_chooses_the_moment(client, course, time):
    settings.change(policy.INSTRUCTORS_PUBLISH, policy.REVIEWED, actor_id=None, now=NOON)
    people = [make_person(name=f"Pengarang {one}") for one in ("Satu", "Dua")]
    for person in people:
        grant(person, "instructor", course=course)
    edit(course, MODULE, "salah tik", "benar")
    db.session.commit()
    client.sign_in(people[0])
    client.post(f"{BASE}/review", data=fields(client.text(f"{BASE}/publish")) | {"do": "ask"})
    client.sign_in(people[1])
    chosen = {"when": "later", "day": "2026-12-01", "at": "07:30"}
    assert client.post(f"{BASE}/publish", data=of_publishing(client) | chosen).status_code == 302
    row = db.session.query(ScheduledPublication).one()
    assert (row.scheduled_by, row.review_asked_by) == (people[1].id, people[0].id)
    assert "menunggu pemeriksaan" not in client.text("/teach"), "the request is answered"


def test_an_admin_cancels_and_others_do_not(client, course, author, time):
    edit(course, MODULE, "salah tik", "benar")
    row = scheduled(course, author, at=time.now + timedelta(days=1))
    client.sign_in(make_person())
    token = {"csrf_token": csrf_token(client.text("/account")), "scheduled": str(row.id)}
    assert client.post(f"{BASE}/publish/cancel", data=token).status_code == 404
    client.sign_in(make_admin())
    assert client.post(f"{BASE}/publish/cancel", data=fields(client.text(f"{BASE}/edit"))).status_code == 302
    db.session.expire_all()
    assert row.state == "cancelled"
