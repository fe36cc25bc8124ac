"""Records for many people: in small transactions, each person once, whatever is pressed, killed or taken away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from concurrency import run_concurrently
from factories import NOON, complete, grant, make_admin, make_course, make_person, mark
from issuing import issue_looked_at
from sqlalchemy.exc import IntegrityError

from bench.write_holds import record_holds
from lms.core import storage
from lms.core.db import db
from lms.core.small_transactions import SomeFailed
from lms.people.models import RoleGrant
from lms.records import jobs, policy, queries, services
from lms.records.models import NumberSequence, Record, RecordBatch, RecordBatchEntry
from lms.records.services import batches
from lms.records.services import numbers as numbering

PATH = "/teach/courses/terbit/completions"


def completed(course, count: int) -> list[int]:
    return [complete(make_person(name=f"Peserta {n:02}"), course).id for n in range(count)]


def start(course, ids, actor, newest=None):
    return batches.start_batch(course.id, ids, actor_id=actor.id, newest=newest, now=NOON)


def numbers() -> list[int]:
    return sorted(int(row.number.split("/")[1]) for row in db.session.query(Record))


def by_result(batch_id: int) -> tuple[int, int, int]:
    counts = queries.batch_counts([db.session.get(RecordBatch, batch_id)])[batch_id]
    return counts.issued, counts.refused, counts.left


def test_each_transaction_issues_a_few_and_the_numbers_follow_the_names(session, course, instructor):
    ids = completed(course, 12)
    batch_id = start(course, ids, instructor).id
    session.commit()
    with record_holds(db.engine) as holds:
        jobs.issue_batch(batch_id)
    assert [row.enrolment_id for row in session.query(Record).order_by(Record.id)] == ids
    assert numbers() == list(range(1, 13))
    assert by_result(batch_id) == (12, 0, 0)
    assert session.get(RecordBatch, batch_id).finished_at is not None
    assert len(holds) >= 3
    assert max(hold.rows for hold in holds) <= 4 * batches.AT_ONCE + 2


def test_killed_in_the_middle_it_goes_on_without_gaps_or_doubles(app, session, course, instructor, database, tmp_path):
    ids = completed(course, 13)
    batch_id = start(course, ids, instructor).id
    session.commit()
    db.engine.dispose()
    script = f"""
        import os, signal
        from config import Config
        from lms.app import create_app
        from lms.records import jobs
        from lms.records.services import batches

        issue, calls = batches.issue_record, []

        def killed_at_the_eighth(*args, **values):
            record = issue(*args, **values)
            calls.append(record)
            if len(calls) == 8:
                os.kill(os.getpid(), signal.SIGKILL)
            return record

        batches.issue_record = killed_at_the_eighth
        with create_app(Config.from_env(dict(os.environ))).app_context():
            jobs.issue_batch({batch_id})
    """
    environ = {
        **os.environ,
        "LMS_DATABASE_URL": database.url,
        "LMS_INSTANCE": str(tmp_path),
        "LMS_SECRET_KEY": "a secret for tests, long enough to pass",
    }
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert numbers() == list(range(1, batches.AT_ONCE + 1))  # whole transactions only
    assert by_result(batch_id) == (5, 0, 8)
    session.rollback()
    jobs.issue_certificates()
    assert numbers() == list(range(1, 14))
    assert session.query(Record.enrolment_id).distinct().count() == 13
    assert session.get(NumberSequence, session.query(NumberSequence).one().year).last == 13
    assert by_result(batch_id) == (13, 0, 0)


def test_while_the_storage_does_not_answer_nobody_is_refused(session, course, instructor, monkeypatch):
    """An outage passes; a refusal would have to be found and repeated by hand."""
    batch_id = start(course, completed(course, 3), instructor).id
    session.commit()
    issue = batches.issue_record

    def no_answer(*_args, **_values):
        raise storage.StorageUnavailable

    monkeypatch.setattr(batches, "issue_record", no_answer)
    with pytest.raises(SomeFailed):
        jobs.issue_certificates()
    assert by_result(batch_id) == (0, 0, 3)
    monkeypatch.setattr(batches, "issue_record", issue)
    jobs.issue_certificates()
    assert by_result(batch_id) == (3, 0, 0)


def test_two_workers_at_once_issue_each_record_once(app, session, course, instructor):
    batch_id = start(course, completed(course, 12), instructor).id
    session.commit()
    assert run_concurrently(app, *[lambda: jobs.issue_batch(batch_id)] * 3) == ["done"] * 3
    assert numbers() == list(range(1, 13))
    assert by_result(batch_id) == (12, 0, 0)


def test_a_double_click_starts_one_batch(app, session, course, instructor):
    ids, actor_id, course_id = completed(course, 3), instructor.id, course.id

    def press():
        batches.start_batch(course_id, ids, actor_id=actor_id, newest=0, now=NOON)

    assert run_concurrently(app, press, press) == ["done", "done"]
    assert session.query(RecordBatch).count() == 1
    batch_id = session.query(RecordBatch).one().id
    session.commit()
    jobs.issue_batch(batch_id)
    press()  # the second click arrives when all is done
    assert session.query(RecordBatch).count() == 1


def test_a_page_sent_twice_does_not_try_refused_people_again(session, course, instructor):
    lacking = complete(course=course)
    mark(lacking, course, 50)
    batch = start(course, [lacking.id], instructor, newest=0)
    session.commit()
    jobs.issue_batch(batch.id)
    assert start(course, [lacking.id], instructor, newest=0).id == batch.id
    assert start(course, [lacking.id], instructor, newest=batch.id).id != batch.id  # from a page opened since


def test_two_people_who_issue_to_the_same_at_once_share_the_work(app, session, course, instructor):
    ids, admin = completed(course, 6), make_admin()
    people, course_id = [instructor.id, admin.id], course.id

    def press(actor_id, chosen):
        return lambda: batches.start_batch(course_id, chosen, actor_id=actor_id, newest=0, now=NOON)

    run_concurrently(app, press(people[0], ids[:4]), press(people[1], ids[2:]))
    assert sorted(row.enrolment_id for row in session.query(RecordBatchEntry)) == ids
    session.commit()
    jobs.issue_certificates()
    assert numbers() == list(range(1, 7))


def test_nobody_can_wait_in_two_batches(session, course, instructor):
    [one] = completed(course, 1)
    start(course, [one], instructor)
    session.add(other := RecordBatch(course_id=course.id, created_at=NOON, created_by=None, total=1))
    session.flush()
    session.add(RecordBatchEntry(batch_id=other.id, enrolment_id=one, facts={}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_whoever_loses_the_right_issues_no_more(session, course, instructor):
    ids = completed(course, 8)
    batch_id = start(course, ids, instructor).id
    session.commit()
    assert batches.issue_next(batch_id, policy.may_issue, now=NOON)
    session.query(RoleGrant).delete()
    session.commit()
    session.expire_all()
    jobs.issue_certificates()
    assert by_result(batch_id) == (5, 3, 0)
    refused = session.query(RecordBatchEntry).filter(RecordBatchEntry.refusal.is_not(None)).all()
    assert {row.refusal for row in refused} == {"no-right"}
    assert start(course, ids, make_admin()).total == 3  # somebody else issues the others


def test_a_deactivated_person_issues_no_more(session, course, instructor):
    batch_id = start(course, completed(course, 2), instructor).id
    instructor.is_active = False
    session.commit()
    jobs.issue_certificates()
    assert by_result(batch_id) == (0, 2, 0)


def test_refusals_are_stored_with_their_reasons_and_the_others_are_issued(session, course, instructor):
    ids = completed(course, 2)
    lacking, own = complete(course=course), complete(instructor, course)
    left, odd = complete(course=course), complete(make_person(name="Maria 😀"), course)
    mark(lacking, course, 50)
    left.withdrawn_at = NOON
    batch_id = start(course, [lacking.id, own.id, left.id, odd.id, *ids], instructor).id
    session.commit()
    jobs.issue_batch(batch_id)
    rows = session.query(RecordBatchEntry).order_by(RecordBatchEntry.id).all()
    assert [row.refusal for row in rows] == ["lacking", "own", "left", "unprintable", None, None]
    assert "50" in batches.refusal_text(rows[0])
    assert "70" in batches.refusal_text(rows[0])
    assert all(batches.refusal_text(row) for row in rows[:4])
    assert numbers() == [1, 2]


def test_while_numbers_are_uncertain_the_page_says_so_and_not_that_the_server_failed(session, course, instructor):
    ids = completed(course, 1)
    batch_id = start(course, ids, instructor).id
    numbering.doubt_numbers([2026], since=NOON)
    session.commit()
    jobs.issue_batch(batch_id)
    entry = session.query(RecordBatchEntry).one()
    assert entry.refusal == "uncertain"
    assert batches.refusal_text(entry) == services.NumbersUncertain().text


def test_an_error_of_one_person_leaves_out_this_one_only(session, course, instructor, monkeypatch):
    ids = completed(course, 7)
    batch_id = start(course, ids, instructor).id
    session.commit()
    issue = services.issue_record

    def broken(enrolment, **values):
        if enrolment.id == ids[3]:
            raise ZeroDivisionError
        return issue(enrolment, **values)

    monkeypatch.setattr(batches, "issue_record", broken)
    jobs.issue_batch(batch_id)
    assert by_result(batch_id) == (6, 1, 0)
    assert numbers() == list(range(1, 7))
    assert session.query(RecordBatchEntry).filter_by(refusal="failed").one().enrolment_id == ids[3]


def test_a_small_batch_is_there_at_once(client, session, course, instructor):
    ids = completed(course, 3)
    answer = issue_looked_at(client.sign_in(instructor), PATH, enrolment=ids)
    page = client.get(answer.location)
    assert page.text.count('class="tag tag--done"') == 3
    assert "<progress" not in page.text
    assert session.query(Record).count() == 3


def test_a_large_batch_shows_how_far_it_is_and_stays_reachable(client, session, course, instructor):
    completed(course, 25)
    complete(instructor, course)
    answer = issue_looked_at(client.sign_in(instructor), PATH, everyone="1")
    assert answer.status_code == 303
    assert session.query(Record).count() == 0
    page = client.get(answer.location).text
    assert '<meta http-equiv="refresh"' in page
    assert 'value="0" max="25"' in page
    assert answer.location in client.get(PATH).text
    batch_id = session.query(RecordBatch).one().id
    batches.issue_next(batch_id, policy.may_issue, now=NOON)
    assert 'value="5" max="25"' in client.get(answer.location).text
    session.commit()
    jobs.issue_certificates()
    page = client.get(answer.location).text
    assert 'http-equiv="refresh"' not in page
    assert page.count('class="tag tag--done"') == 25
    assert answer.location in client.get(PATH).text


def test_everybody_on_all_pages_is_offered_where_there_are_several(client, session, course, instructor, monkeypatch):
    from lms.records.views import instructor as pages

    monkeypatch.setattr(pages, "PER_PAGE", 2)
    completed(course, 5)
    client.sign_in(instructor)
    assert 'name="everyone"' in client.get(PATH).text
    issue_looked_at(client, PATH, everyone="1")
    assert session.query(Record).count() == 5
    assert 'name="everyone"' not in client.get(PATH).text


def test_who_has_a_certificate_already_is_said(client, session, course, instructor):
    enrolment = complete(course=course)
    services.issue_record(enrolment, actor_id=None, now=NOON)
    answer = client.sign_in(instructor).get(f"{PATH}/ready?enrolment={enrolment.id}")
    assert answer.location == PATH
    assert "Tidak ada di antara mereka yang menunggu sertifikat" in client.text(PATH)
    assert session.query(RecordBatch).count() == 0


def test_a_batch_of_another_course_or_for_others_does_not_exist(client, session, course, instructor):
    batch = start(course, completed(course, 1), instructor)
    other = make_course("lain")
    grant(instructor, "instructor", course=other)
    client.sign_in(instructor)
    assert client.get(f"{PATH}/{batch.id}").status_code == 200
    assert client.get(f"/teach/courses/lain/completions/{batch.id}").status_code == 404
    assert client.get(f"{PATH}/999").status_code == 404
    assert client.sign_in(make_person()).get(f"{PATH}/{batch.id}").status_code == 404
