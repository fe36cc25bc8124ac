"""The way to the JP of the year that the catalogue names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from factories import (
    complete,
    item_of,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
)

from lms.core import clock, settings
from lms.enrolment.suggestions import path_to
from lms.learning import services as learning
from lms.records.services.path import path_of, path_of_anybody


class Offer(NamedTuple):
    title: str
    jp: int
    minutes: int = 60
    has_certificate: bool = True
    prerequisites: tuple[str, ...] = ()
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
        ([Offer("Besar", 12), Offer("Kecil", 4), Offer("Sedang", 10)], 20, ["Besar", "Sedang"]),
        ([Offer("Besar", 12, 90), Offer("Kecil", 4, 30)], 4, ["Kecil"]),
        ([Offer(str(number), 2) for number in range(5)], 20, ["0", "1", "2"]),
        ([Offer("Tanpa JP", 0), Offer("Tanpa sertifikat", 12, has_certificate=False)], 20, []),
        ([Offer("Lanjutan", 12, prerequisites=("dasar",))], 20, []),
        ([Offer("Besar", 12)], 0, []),
        ([Offer("English", 12, language="en"), Offer("Kecil", 1), Offer("Tanpa", 0)], 12, ["Kecil", "English"]),
    ],
)
def test_a_path_takes_the_best_course_again_and_again_until_nothing_is_missing(offers, missing, titles):
    assert [one.title for one in path_to(offers, set(), missing, language="id")] == titles


def open_course(slug: str, jp: int, **values):
    course = make_graded_course(slug, title=slug, jp=jp, **values)
    make_cohort(course, starts_on=None, ends_on=None, is_open=True)
    return course


def own(person):
    path = path_of(person, zone="Asia/Jayapura", now=clock.now())
    year = path.own_year
    return (year.jp, year.waiting, year.learning, path.left), [one.slug for one in path.courses]


def test_what_is_recorded_waiting_and_being_learned_is_not_asked_for_again(session):
    person = make_person()
    for slug, jp in (("besar", 9), ("kecil", 2)):
        open_course(slug, jp)
    make_record(person, open_course("tercatat", 5), now=clock.now())
    assert own(person) == ((5, 0, 0, 15), ["besar", "kecil"])
    complete(person, open_course("menunggu", 4), now=clock.now())
    make_enrolment(person, open_course("diikuti", 3))
    assert own(person) == ((5, 4, 3, 8), ["besar"])
    make_enrolment(person, open_course("diikuti-lagi", 8))
    assert own(person) == ((5, 4, 11, 0), [])


def test_a_course_whose_cohort_ended_brings_nothing(session):
    person, course = make_person(), make_course("lampau", jp=12)
    ended = clock.now().date() - timedelta(days=9)
    make_enrolment(person, course, cohort=make_cohort(course, starts_on=ended, ends_on=ended), due_on=ended)
    assert own(person)[0] == (0, 0, 0, 20)


def test_who_may_not_count_more_than_a_ceiling_is_asked_for_nothing(session):
    open_course("besar", 12)
    assert own(make_person(status="pppk")) == ((0, 0, 0, 0), [])


def test_the_year_goes_by_the_setting(session):
    open_course("besar", 12)
    settings.change(settings.registered["jp_target_pns"], 6, actor_id=None, now=clock.now(), year=clock.now().year)
    assert own(make_person())[0] == (0, 0, 0, 6)
    assert path_of_anybody(clock.now()).left == 6


# The catalogue


def test_the_catalogue_names_the_year_and_leads_to_what_fits(client, session):
    person, year = make_person(), clock.now().year
    make_record(person, make_graded_course("tercatat", jp=8), now=clock.now())
    open_course("dua-belas", 12)
    page = client.sign_in(person).text("/courses")
    assert f"JP tahun {year}:" in page
    assert "8 dari 20 JP." in page
    assert '<a href="/courses/dua-belas">dua-belas</a> (12 JP).' in page
    for narrowed in ("/courses?q=dua", "/courses?category=pelayanan"):
        assert f"JP tahun {year}:" not in client.text(narrowed)


def test_where_nothing_is_open_it_says_so(client, session):
    make_course("tertutup", jp=12)
    assert "Belum ada kursus terbuka untuk sisanya." in client.sign_in(make_person()).text("/courses")


def test_who_has_reached_the_target_reads_nothing_of_it(client, session):
    person = make_person()
    make_record(person, make_graded_course("tercatat", jp=20), now=clock.now())
    open_course("lagi", 12)
    assert "Sisanya ada di:" not in client.sign_in(person).text("/courses")


def test_visitors_read_one_way_to_the_target_on_both_pages(client, session):
    for path in ("/", "/courses"):
        assert "jalan menuju" not in client.text(path)
    open_course("dua-belas", 12)
    open_course("sepuluh", 10)
    for path in ("/", "/courses"):
        page = client.text(path)
        assert "Salah satu jalan menuju 20 JP setahun:" in page
        assert page.index(">dua-belas</a> (12 JP),") < page.index(">sepuluh</a> (10 JP).")


def test_home_and_the_catalogue_count_the_same_jp_as_being_learned(client, session):
    person = make_person()
    for slug, jp in (("satu", 3), ("dua", 4)):
        make_enrolment(person, make_course(slug, jp=jp))
    make_enrolment(person, make_course("tanpa", jp=5, has_certificate=False))
    learning.record_read(
        make_enrolment(person, done := make_course("tamat", jp=6)).id, item_of(done, "modul-satu"), now=clock.now()
    )
    client.sign_in(person)
    for path in ("/", "/courses"):
        assert "7 JP dalam kursus yang sedang Anda ikuti" in client.text(path)
