"""What a course says before one enrols: deadline, dates, limits, length, and what JP are."""

from __future__ import annotations

import re
from datetime import date

import pytest
from factories import NOON, make_admin, make_cohort, make_course, make_person

from lms.core import clock, settings
from lms.core.db import db
from lms.courses.services import JP_MINUTES
from lms.enrolment.models import Cohort

ITEMS = (
    {"slug": "membaca", "title": "Membaca", "minutes": 48, "content": {"complete": "read", "practice_minutes": 40}},
    {
        "slug": "kuis",
        "title": "Kuis akhir",
        "type": "quiz",
        "content": {"time_limit": 1200, "attempts": 3, "pass_mark": 80.0},
        "opens": {"base": "start", "days": 1, "at": "09:00"},
        "closes": {"base": "end", "days": 2},
    },
    {
        "slug": "tugas",
        "title": "Tugas",
        "type": "assignment",
        "content": {"attempts": 1, "due": {"base": "start", "days": 14}},
        "is_required": False,
    },
)


@pytest.fixture
def course(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_course("kecil", ITEMS, minutes=410, jp=9)


def seen(client) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.text("/courses/kecil")).split())


def always_open(course):
    db.session.add(Cohort(course_id=course.id, name="", is_open=True, created_at=NOON))
    db.session.flush()


def test_a_course_without_dates_says_those_of_somebody_who_enrols_today(client, course):
    always_open(course)
    page = seen(client)
    assert "Seluruhnya kira-kira 7 jam belajar" in page
    assert "Tenggat 7 Desember 2026, jika Anda mendaftar hari ini" in page
    assert "batas waktu 20 menit · boleh 3 kali · ambang kelulusan 80" in page
    assert (
        "boleh 1 kali · ambang kelulusan 70 · sampai 7 Desember 2026 pukul 23.59 WIT (14 hari lagi) · tidak wajib"
        in page
    )
    assert "dibuka pada 24 November 2026 pukul 09.00 WIT" in page
    assert "membaca ±8 menit, praktik 40 menit" in page


def test_a_cohort_says_its_own_dates(client, course):
    make_cohort(course, is_open=True, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 20))
    page = seen(client)
    assert "Tenggat 20 Desember 2026 (27 hari lagi)" in page
    assert "jika Anda mendaftar hari ini" not in page
    assert (
        "dibuka pada 2 Desember 2026 pukul 09.00 WIT · sampai 22 Desember 2026 pukul 23.59 WIT (29 hari lagi)" in page
    )
    assert "sampai 15 Desember 2026 pukul 23.59 WIT" in page


def test_several_cohorts_have_their_dates_one_by_one(client, course):
    first = make_cohort(course, is_open=True, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 20))
    second = make_cohort(course, is_open=True, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 29))
    page = seen(client)
    for cohort, due in ((first, "15 Desember 2026"), (second, "18 Januari 2027")):
        assert f"Tanggal: {cohort.name}" in page
        assert f"Tugas: sampai {due} pukul 23.59 WIT" in page


def test_how_to_get_in_comes_before_what_is_to_be_known(client, course):
    always_open(course)
    page = client.sign_in(make_person()).text("/courses/kecil")
    assert page.index("/courses/kecil/enrol") < page.index('id="times"')


def test_a_quiz_that_everybody_passes_has_no_pass_mark(client, session):
    quiz = {"slug": "prates", "title": "Prates", "type": "quiz", "content": {"attempts": 1, "pass_mark": 0.0}}
    always_open(make_course("kecil", (quiz,)))
    assert "boleh 1 kali" in seen(client)
    assert "ambang kelulusan" not in seen(client)


def test_by_list_only_what_holds_for_everybody_is_said(client, course):
    assert 'href="/help/contact?from=/courses/kecil"' in client.text("/courses/kecil"), "whom to ask"
    page = seen(client)
    assert "batas waktu 20 menit" in page
    assert "Tenggat" not in page


def test_what_jp_mean_is_said_by_the_rule_in_force(client, course):
    always_open(course)
    assert "Satu JP (jam pelajaran) adalah 45 menit" in seen(client)
    settings.change(JP_MINUTES, 50, actor_id=make_admin().id, now=NOON)
    client.sign_in(make_person())
    assert "Satu JP (jam pelajaran) adalah 50 menit" in seen(client)
    client.post_form("/courses/kecil/enrol", page="/courses/kecil", cohort=course_cohort(course))
    page = seen(client)
    assert "Satu JP (jam pelajaran) adalah 50 menit" in page
    assert "seluruh materi di sini diperkirakan memerlukan 7 jam" in page


def course_cohort(course) -> int:
    return db.session.query(Cohort).filter_by(course_id=course.id).one().id
