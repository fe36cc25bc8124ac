"""Notices and mails of announcements: to those whom they are for, once, with the words that hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, make_cohort, make_course, make_enrolment, make_person
from query_counting import counted
from sqlalchemy import select

from lms.announcements import services
from lms.announcements.models import Announcement
from lms.announcements.services import AnnouncementWords
from lms.core import clock
from lms.core.db import db
from lms.notices import jobs, queries
from lms.notices.models import Notice
from lms.notices.services import outbox
from lms.notices.services.wording import translate
from lms.people.models import Person

MOVED = AnnouncementWords("Pertemuan pindah", "Rabu menjadi Kamis, ruang 2.\n\n" + "Bawa laptop. " * 40)


@pytest.fixture
def course(session, time):
    """It began yesterday, so that nobody is told of an enrolment."""
    course = make_course("pelatihan", title="Pelatihan")
    make_cohort(course, name="Satu", is_open=True, starts_on=NOON.date())
    return course


def enrolled(course, **values) -> Person:
    enrolment = {"enrolled_at": NOON - timedelta(days=9), **values}
    person = make_person(email=f"orang{enrolment.pop('number', 1)}@contoh.go.id")
    make_enrolment(person, course, **enrolment)
    return person


def announce(course, words=MOVED, number=1, cohort_id=None) -> Announcement:
    author = db.session.scalar(select(Person).where(Person.name == "Pengajar")) or make_person(name="Pengajar")
    now = clock.now()
    return services.announce(course.id, cohort_id, words, number=number, actor_id=author.id, now=now)


def run() -> None:
    db.session.commit()
    jobs.notify_new_events()
    db.session.expire_all()


def told(channel: str = "site") -> list[tuple[int, str]]:
    rows = select(Notice.person_id, Notice.key).where(Notice.channel == channel).order_by(Notice.id)
    return [tuple(row) for row in db.session.execute(rows)]


def words_of(person: Person) -> list[tuple[str, str]]:
    rows = select(Notice).where(Notice.person_id == person.id, Notice.channel == "site").order_by(Notice.id)
    texts = [translate(one.kind, one.facts) for one in db.session.scalars(rows)]
    return [(text.title, text.body) for text in texts]


def mails() -> list[str]:
    """As they are sent now: those that are still wanted."""
    due = queries.mails_due(clock.now() + timedelta(days=1), 50)
    args = {"site": "Situs", "base_url": "https://contoh.go.id", "sender": "belajar@contoh.go.id", "secret": "k" * 64}
    return [outbox.compose(one, **args).get_content() for one in due if one.is_wanted]


def test_everybody_in_the_course_is_told_once_however_often_the_job_runs(course):
    people = [enrolled(course, number=number) for number in (1, 2)]
    one = announce(course)
    for _ in range(3):
        run()
    assert sorted(told()) == sorted((person.id, f"announcement:{one.id}:1") for person in people)
    assert len(told("mail")) == 2
    [(title, body)] = words_of(people[0])
    assert MOVED.title in title
    assert body.endswith(" Bawa laptop. …")
    assert len(body) < 300


def test_the_mail_has_the_whole_text_and_the_way_to_it(course):
    enrolled(course)
    one = announce(course)
    run()
    [mail] = mails()
    assert MOVED.text.strip() in mail.replace("\r\n", "\n")
    assert f"https://contoh.go.id/announcements/pelatihan#a{one.id}" in mail
    assert "/unsubscribe/" in mail


def test_nobody_gets_mail_who_wants_none(course):
    person = enrolled(course)
    person.wants_mail = False
    announce(course)
    run()
    assert len(told()) == 1
    assert told("mail") == []


def test_neither_another_cohort_nor_who_left_nor_who_came_later_is_told(course, time):
    cohort = make_cohort(course, name="Dua", starts_on=NOON.date())
    inside = enrolled(course, cohort=cohort)
    enrolled(course, number=2)
    enrolled(course, cohort=cohort, number=3, withdrawn_at=NOON)
    one = announce(course, cohort_id=cohort.id)
    later = enrolled(course, cohort=cohort, number=4, enrolled_at=NOON + timedelta(minutes=1))
    time.passes(minutes=2)
    run()
    keys = [row for row in told() if row[1].startswith("announcement")]
    assert keys == [(inside.id, f"announcement:{one.id}:1")]
    assert later.id in [person_id for person_id, _key in told()]  # of the enrolment


def test_who_is_in_two_cohorts_is_told_once(course):
    person = enrolled(course)
    make_enrolment(person, course, cohort=make_cohort(course, name="Dua"), enrolled_at=NOON - timedelta(days=5))
    announce(course)
    run()
    assert len(told()) == 1


def test_a_correction_stands_in_the_notices_and_mails_that_there_are(course, time):
    person = enrolled(course)
    one = announce(course)
    run()
    time.passes(minutes=5)
    friday = AnnouncementWords("Pertemuan hari Jumat", "Bukan Kamis.")
    services.correct(one, friday, version=1, tells_again=False, actor_id=one.author_id, now=clock.now())
    run()
    [(title, body)] = words_of(person)
    assert friday.title in title
    assert friday.text in body
    [mail] = mails()
    assert friday.text in mail
    assert "Kamis, ruang" not in mail


def test_a_correction_that_is_told_again_is_one_more_notice_and_one_mail(course, time):
    person = enrolled(course)
    one = announce(course)
    run()
    time.passes(minutes=5)
    friday = AnnouncementWords("Pertemuan hari Jumat", "Bukan Kamis.")
    services.correct(one, friday, version=1, tells_again=True, actor_id=one.author_id, now=clock.now())
    for _ in range(2):
        run()
    assert [title.endswith(friday.title) for title, _body in words_of(person)] == [True, True]
    assert len(mails()) == 1


def test_what_is_withdrawn_is_mailed_no_more_and_the_notice_says_so(course, time):
    person = enrolled(course)
    one = announce(course)
    run()
    time.passes(minutes=5)
    services.withdraw(one, actor_id=one.author_id, now=clock.now())
    assert mails() == []  # before the job has run
    run()
    [(title, body)] = words_of(person)
    assert MOVED.title not in title
    assert "Kamis" not in body
    assert mails() == []


def test_what_is_withdrawn_before_the_job_runs_is_told_to_nobody(course):
    enrolled(course)
    services.withdraw(announce(course), actor_id=make_person().id, now=clock.now())
    run()
    assert told() == []


def test_few_statements_for_many_people(course):
    numbers = []
    for many, number in ((2, 1), (40, 2)):
        for _ in range(many):
            make_enrolment(make_person(), course, enrolled_at=NOON - timedelta(days=9))
        announce(course, number=number)
        db.session.commit()
        with counted() as statements:
            jobs.notify_new_events()
        numbers.append(len(statements))
    assert numbers[1] < numbers[0] + 5, numbers  # for one announcement more, not for 38 people
