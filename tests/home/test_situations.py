"""The home page says first what is the case for this learner, with the one next step."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple, get_args

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import (
    NOON,
    complete,
    grant,
    item_of,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    record_result,
)
from pages import csrf_token
from quiz_factories import quiz_context, running
from sqlalchemy import select
from world import days

from lms.assignments.models import Marking, Submission
from lms.assignments.services.grading import GradeDecision, grade_submission
from lms.assignments.services.returning import return_submission
from lms.core import clock, settings
from lms.core.db import db
from lms.core.i18n import say_date
from lms.enrolment import services as enrolment
from lms.enrolment.models import Application
from lms.enrolment.services.newcomers import NEWCOMER_COURSE
from lms.enrolment.suggestions import suggested
from lms.home import queries
from lms.home.situation import Facts, Situation, situation
from lms.learning import services as learning
from lms.notices import jobs
from lms.notices.models import Notice
from lms.people.models import Person
from lms.quizzes import services as quiz_services
from lms.records import services as records
from lms.records.models import Record
from lms.records.repeats import Counted

# Rules


def test_each_situation_comes_up_and_none_is_missing():
    found = {
        situation(Facts(takes or goes, goes, started, state, waits, awaits, opens, halted))
        for takes, goes, started, state, waits, awaits, opens, halted in product(
            (True, False),
            (True, False),
            (True, False),
            (None, "started", "failed"),
            (True, False),
            (True, False),
            (None, clock.now()),
            (True, False),
        )
    }
    assert found == set(get_args(Situation))


class Offer(NamedTuple):
    title: str
    jp: int
    minutes: int = 60
    prerequisites: tuple[str, ...] = ()
    has_certificate: bool = True
    starts_on: date | None = None
    language: str = "id"

    @property
    def earned_jp(self) -> int:
        return self.jp if self.has_certificate else 0

    @property
    def revision(self) -> Offer:
        return self


@pytest.mark.parametrize(
    ("offers", "missing", "titles"),
    [
        ([Offer("Kecil", 4), Offer("Besar", 10)], 8, ["Besar", "Kecil"]),
        ([Offer("Panjang", 10, 500), Offer("Pas", 8, 100)], 8, ["Pas", "Panjang"]),
        ([Offer("Nanti", 8, 10, starts_on=date(2026, 12, 1)), Offer("Sekarang", 8, 90)], 8, ["Sekarang", "Nanti"]),
        (
            [Offer("Lanjutan", 8, prerequisites=("dasar",)), Offer("Tingkat dua", 8, prerequisites=("lain",))],
            8,
            ["Lanjutan"],
        ),
        ([Offer(str(number), number) for number in range(1, 6)], 20, ["5", "4", "3"]),
        ([Offer("B", 2, 60), Offer("A", 9, 90)], 0, ["B", "A"]),
        ([Offer("English", 12, language="en"), Offer("Kecil", 1)], 12, ["Kecil", "English"]),
        ([], 8, []),
    ],
)
def test_suggestions_bring_most_of_what_is_missing(offers, missing, titles):
    assert [one.revision.title for one in suggested(offers, {"dasar"}, missing, language="id")] == titles


# Pages


def home(client, person: Person) -> str:
    db.session.flush()
    return client.sign_in(person).text("/")


def heading(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]


def steps(page: str) -> list[str]:
    """What says of each step of the way that it is done or going on."""
    (path,) = re.findall(r'<ol class="path">(.*?)</ol>', page, re.DOTALL)
    return [done or now for done, now in re.findall(r'<li(?: class="([\w-]+)"| aria-current="(\w+)")?>', path)]


def suggestions(page: str) -> list[str]:
    """The slugs of the suggested courses."""
    return re.findall(r'<li class="card course">.*?href="/courses/([\w-]+)"', page, re.DOTALL)


def notified(person: Person) -> None:
    """As the job does within a minute."""
    db.session.commit()
    jobs.notify_new_events()
    db.session.refresh(person)


def test_who_is_new_sees_courses_to_begin(client, session):
    make_course("tertutup", title="Kursus tertutup")
    cohort = make_cohort(
        make_course("terbuka", title="Kursus terbuka", jp=6), starts_on=None, ends_on=None, is_open=True
    )
    page = home(client, make_person())
    assert heading(page) == "Mulai dari satu kursus"
    assert "Kursus terbuka" in page
    assert "menutup 6 dari 20 JP yang kurang" in page
    assert "tanpa jadwal, langsung mulai" in page
    assert "Kursus tertutup" not in page
    assert cohort.is_open


def test_a_newcomer_is_led_to_the_course_about_the_site_first(client, session):
    for slug, jp in (("cara", 0), ("satu", 6), ("dua", 4), ("tiga", 2)):
        make_cohort(make_course(slug, title=f"Kursus {slug}", jp=jp), starts_on=None, ends_on=None, is_open=True)
    person, word = make_person(), "Baru di sini? Mulai dari yang ini"
    assert word not in home(client, person), "nobody has said which course that is"
    assert suggestions(home(client, person)) == ["satu", "dua", "tiga"]
    settings.change(NEWCOMER_COURSE, "cara", actor_id=None, now=clock.now())
    page = home(client, person)
    assert suggestions(page) == ["cara", "satu", "dua"]
    assert page.count(word) == 1


def test_who_was_enrolled_by_others_is_led_there_too_until_the_first_thing_is_done(client, session):
    make_cohort(make_course("cara", title="Cara belajar"), starts_on=None, ends_on=None, is_open=True)
    make_cohort(make_course("lain"), starts_on=None, ends_on=None, is_open=True)
    settings.change(NEWCOMER_COURSE, "cara", actor_id=None, now=clock.now())
    course = make_course("wajib", ({"slug": "materi"}, {"slug": "sesudah"}))
    enrolment = make_enrolment(person := make_person(), course)
    page = home(client, person)
    assert heading(page) == "Mulai belajar"
    assert "<h2>Kenali dulu situs ini</h2>" in page
    assert suggestions(page) == ["cara"]
    learning.record_read(enrolment.id, item_of(course, "materi"), now=clock.now())
    assert suggestions(home(client, person)) == []


def test_a_course_for_newcomers_must_exist(client, session):
    make_course("cara")
    assert NEWCOMER_COURSE.check("") is None
    assert NEWCOMER_COURSE.check("cara") is None
    assert NEWCOMER_COURSE.check("tidak-ada") == "Tidak ada kursus terbit dengan alamat “tidak-ada”."


def test_a_course_that_was_asked_for_is_not_suggested_again(client, session):
    person, course = make_person(), make_course("diminta", title="Kursus diminta")
    cohort = make_cohort(course, starts_on=None, ends_on=None, is_open=True)
    make_cohort(course, starts_on=days(5), ends_on=days(9), is_open=True)
    session.add(Application(cohort_id=cohort.id, person_id=person.id, state="waiting", proposed_at=clock.now()))
    page = home(client, person)
    assert page.count("Kursus diminta") == 1, "only among what is under way"
    assert "Anda nomor 1 dalam daftar tunggu" in page


def test_of_several_cohorts_the_next_is_named(client, session):
    course = make_course("berangkatan", title="Kursus berangkatan")
    for first in (20, 5):
        make_cohort(course, starts_on=days(first), ends_on=days(first + 5), is_open=True)
    page = home(client, make_person())
    assert f"mulai {say_date(days(5))}" in page
    assert page.count("Kursus berangkatan") == 1


QUIZ = {"slug": "kuis", "title": "Kuis loket", "type": "quiz", "content": {}}


def fail(enrolment, course) -> None:
    record_result(enrolment, item_of(course, "kuis"), 60, is_passed=False, now=clock.now())


def test_after_a_failed_quiz_the_part_before_it_is_to_be_read_again(client, session):
    course = make_course("gagal", ({"slug": "materi", "title": "Jangka waktu"}, QUIZ))
    enrolment = make_enrolment(person := make_person(), course)
    learning.record_read(enrolment.id, item_of(course, "materi"), now=clock.now())
    fail(enrolment, course)
    page = home(client, person)
    assert heading(page) == "Belum lulus: baca lagi, lalu coba lagi"
    assert "Nilai Anda 60, belum lulus." in page
    assert 'class="button" href="/courses/gagal/materi">Baca lagi “Jangka waktu”' in page
    assert '<a href="/courses/gagal/kuis">Kerjakan lagi' in page


@pytest.mark.parametrize(("allowed", "said"), [(3, "Tinggal 2 percobaan."), (2, "Tinggal 1 percobaan."), (None, "")])
def test_after_a_failed_quiz_the_attempts_that_are_left_are_named(client, session, allowed, said):
    quiz_services.submit_attempt(attempt := running(quiz_context(attempts=allowed)), now=NOON)
    page = home(client, db.session.get(Person, attempt.person_id))
    assert "belum lulus." in page
    assert said in page
    assert ("Tinggal" in page) is bool(said)


def test_after_a_failed_assignment_too_without_the_work_that_was_returned(client, session):
    world, now = make_assignment_world(attempts=3), clock.now()
    first, grader = make_submission(world, now=now), world.instructor.id
    return_submission(first, "Lengkapi.", now.date(), actor_id=grader, today=now.date(), now=now)
    grade_submission(
        make_submission(world, now=now), GradeDecision(points=Decimal(1)), grader_id=grader, seen=0, now=now
    )
    assert "Tinggal 2 percobaan." in home(client, world.learner)


def test_a_quiz_without_a_part_before_it_is_only_tried_again(client, session):
    course = make_course("gagal", (QUIZ, {"slug": "sesudah"}))
    fail(make_enrolment(person := make_person(), course), course)
    page = home(client, person)
    assert "Anda dapat mencoba sekali lagi." in page
    assert "Baca lagi “" not in page


def test_waiting_says_since_when(client, session):
    world, now = make_assignment_world(), clock.now()
    make_submission(world, now=now - timedelta(days=5))
    learning.record_read(world.enrolment.id, item_of(world.course, "sesudah"), now=now)
    client.sign_in(world.learner).get(world.path)
    page = home(client, world.learner)
    assert heading(page) == "Tugas Anda sedang dinilai"
    assert "menunggu 5 hari" in page
    assert "Rencana loket" in page
    assert steps(page) == ["is-done", "step", ""]
    assert "biasanya" not in page


def test_how_long_grading_usually_takes_is_measured(client, session):
    world, now = make_assignment_world(), clock.now()
    for days_taken in (1, 2, 4, 9, 30):
        other = make_enrolment(make_person(), world.course)
        paper = Submission(
            enrolment_id=other.id, person_id=other.person_id, item_id=world.context.item_revision.item_id,
            item_revision_id=world.context.item_revision.id, number=1, text="", text_html="",
            submitted_at=now - timedelta(days=40), is_graded=True,
        )  # fmt: skip
        session.add(paper)
        session.flush()
        for number in (1, 2):  # a correction a day later says nothing of how long it took
            graded_at = paper.submitted_at + timedelta(days=days_taken + number - 1)
            marking = Marking(
                submission_id=paper.id, number=number, levels={}, score=80, final_score=80, feedback="",
                feedback_html="", graded_by=world.instructor.id, graded_at=graded_at,
            )  # fmt: skip
            session.add(marking)
    make_submission(world, now=now - timedelta(hours=3))
    learning.record_read(world.enrolment.id, item_of(world.course, "sesudah"), now=now)
    assert "menunggu sejak hari ini; biasanya sekitar 4 hari" in home(client, world.learner)


def test_who_can_go_on_is_told_of_what_waits_below(client, session):
    world = make_assignment_world()
    make_submission(world, now=clock.now())
    page = home(client, world.learner)
    assert heading(page) == "Lanjutkan belajar"
    assert page.index("Sesudah") < page.index("Sedang diproses") < page.index("menunggu penilaian")


def test_a_completed_course_is_on_its_way_to_the_certificate(client, session):
    enrolment = complete(person := make_person(), now=clock.now() - timedelta(days=3))
    page = home(client, person)
    assert heading(page) == "Selesai! 4 JP sedang diproses"
    assert "menunggu 3 hari" in page
    assert steps(page) == ["is-done", "step", ""]
    assert "4 JP menunggu sertifikat terbit" in page
    assert f'href="/courses/{enrolment.cohort.course.slug}/finish"' in page


def test_a_new_certificate_comes_first_until_it_was_opened(client, session):
    record = make_record(now=clock.now())
    person = session.get(Person, record.person_id)
    notified(person)
    page = home(client, person)
    assert heading(page).startswith("Sertifikat Anda untuk")
    assert f"<b>{record.jp} JP</b>" in page
    number = session.scalar(select(Notice.id).where(Notice.person_id == person.id, Notice.kind == "certificate"))
    link = session.scalar(select(Notice.link).where(Notice.id == number))
    page = client.post("/notices", data={"notice": number, "csrf_token": csrf_token(page)}, follow_redirects=True)
    assert link.endswith("/finish")
    assert record.number in page.text
    assert heading(client.text("/")).startswith("Semua kursus Anda selesai")


def test_a_revoked_certificate_says_why_and_who_helps(client, session):
    record = make_record(now=clock.now())
    person = session.get(Person, record.person_id)
    records.revoke_record(record, "Jumlah JP keliru", actor_id=None, now=clock.now())
    notified(person)
    page = home(client, person)
    assert heading(page).endswith("tidak berlaku lagi")
    assert "Alasan: Jumlah JP keliru. " in page
    assert "hubungi admin" in page
    assert page.count("<h1>") == 1


def test_a_refused_application_says_why_and_opens_the_course(client, session):
    person = make_person()
    cohort = make_cohort(make_course("pelatihan"), is_open=True, needs_approval=True, today=clock.now().date())
    enrolment.join(person, cohort, now=clock.now())
    enrolment.refuse(session.query(Application).all(), "Angkatan ini untuk bidan", actor_id=None, now=clock.now())
    notified(person)
    page = home(client, person)
    assert "Angkatan ini untuk bidan." in page
    assert "umpan balik" not in page
    answer = client.post("/notices", data={"notice": newest_notice(person), "csrf_token": csrf_token(page)})
    assert answer.location == "/courses/pelatihan"


def test_of_two_marks_of_an_assignment_the_newer_is_told(client, session):
    world = make_assignment_world(rubric=[])
    for points in (20, 90):
        decision = GradeDecision(points=Decimal(points), feedback="")
        paper = make_submission(world, f"Antrean {points} menit.", now=clock.now())
        grade_submission(paper, decision, grader_id=world.instructor.id, seen=0, now=clock.now())
        notified(world.learner)
    page = home(client, world.learner)
    assert "Nilai: 90." in page
    assert "Nilai: 20." not in page
    client.post("/notices", data={"notice": newest_notice(world.learner), "csrf_token": csrf_token(page)})
    assert "sudah dinilai" not in client.text("/")


def newest_notice(person: Person) -> int:
    own = select(Notice.id).where(Notice.person_id == person.id, Notice.channel == "site")
    return db.session.scalars(own.order_by(Notice.id.desc())).first()


def test_what_nobody_read_for_a_month_is_no_news(client, session):
    record = make_record(now=clock.now())
    person = session.get(Person, record.person_id)
    notified(person)
    for notice in session.scalars(select(Notice)):
        notice.created_at = clock.now() - timedelta(days=31)
    assert heading(home(client, person)).startswith("Semua kursus Anda selesai")


def test_who_has_completed_everything_is_told_what_is_missing(client, session):
    record = make_record(now=clock.now())
    make_cohort(make_course("berikut", title="Kursus berikut", jp=30), starts_on=None, ends_on=None, is_open=True)
    page = home(client, session.get(Person, record.person_id))
    assert heading(page) == "Semua kursus Anda selesai. Kurang 16 JP dari target tahun ini"
    assert "menutup 16 dari 16 JP yang kurang" in page


def test_who_waits_for_a_part_to_open_is_told_when(client, session):
    opens = {"base": "fixed", "moment": f"{days(3).isoformat()}T08:00:00", "days": 0, "at": "08:00"}
    course = make_course("nanti", ({"slug": "satu"}, {"slug": "dua", "opens": opens}))
    enrolment = make_enrolment(person := make_person(), course)
    learning.record_read(enrolment.id, item_of(course, "satu"), now=clock.now())
    assert say_date(days(3)) in heading(home(client, person))


def test_what_an_instructor_has_to_do_does_not_hide_a_certificate(client, session):
    record = make_record(now=clock.now())
    person = session.get(Person, record.person_id)
    world = make_assignment_world()
    make_submission(world)
    grant(person, "instructor", course=world.course)
    notified(person)
    page = home(client, person)
    assert heading(page).startswith("Sertifikat Anda untuk")
    assert 'href="/teach/grading"' in page


def test_jp_that_wait_count_for_the_year_on_the_sites_calendar(app):
    """Half past eight on New Year's morning in Sorong is still the old year in UTC."""
    completed_at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    one = queries.PendingCertificate("kursus", "Kursus", 4, completed_at, 0)
    counted = {
        year: queries.LearnerHome(None, [], [], [], [], None, [one], [], None, [], year, 0, Counted()).jp_waiting
        for year in (2026, 2027)
    }
    assert counted == {2026: 0, 2027: 4}


def test_what_waits_for_a_certificate_is_missing_nowhere(client, session):
    """Of 20 JP 12 wait: both the sum and the suggestion say 8."""
    person = make_person()
    complete(person, make_graded_course("selesai", jp=12))
    make_cohort(make_course("terbuka", jp=8), starts_on=None, ends_on=None, is_open=True)
    page = home(client, person)
    assert "menutup 8 dari 8 JP yang kurang" in page
    assert "8 JP lagi untuk target tahun ini, setelah 12 JP yang menunggu sertifikat dihitung" in page
    assert "20 JP lagi" not in page


def test_a_revoked_certificate_is_no_completed_course_like_any_other(client, session):
    course = make_graded_course("dicabut", title="Kursus dicabut")
    record = make_record(person := make_person(), course)
    assert "dicabut, jadi" not in home(client, person)
    record.revoked_at, record.revoke_reason = clock.now(), "Jumlah JP keliru"
    page = home(client, person)
    assert "Sertifikat Anda untuk “Kursus dicabut” dicabut" in page
    assert 'href="/courses/dicabut/finish"' in page
    assert "Sertifikat dicabut</span>" in page
    same = {name: getattr(record, name) for name in ("enrolment_id", "person_id", "course_id", "jp", "completed_on")}
    same |= {"snapshot": record.snapshot, "issued_at": record.issued_at, "replaces_id": record.id}
    session.add(Record(**same, code="2" * 20, number="lain"))
    assert "Sertifikat dicabut</span>" not in home(client, person), "another one was issued in its place"
