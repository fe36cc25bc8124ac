"""The end of a course and of a year's target: what was achieved, how far it brings one, what comes next."""

from __future__ import annotations

import re
from datetime import timedelta

from factories import (
    NOON,
    complete,
    make_admin,
    make_cohort,
    make_course,
    make_graded_course,
    make_person,
    make_record,
)

from lms.core import clock
from lms.core.i18n import say_date
from lms.records import services
from lms.records.services import jp
from lms.records.years import JpTarget

FLOOR = JpTarget(20, "floor")


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def path_of(page: str) -> list[str]:
    """The state of each step."""
    steps = page.partition('<ol class="path">')[2].partition("</ol>")[0]
    return re.findall(r"<li(?: class=\"(is-done)\"| aria-current=\"(step)\")?>", steps)


def test_who_waits_for_a_certificate_sees_what_is_done_and_what_comes(client):
    person, course = make_person(name="Maria"), make_graded_course("selesai", title="Pelayanan", jp=8)
    complete(person, course, now=clock.now() - timedelta(days=3))
    page = client.sign_in(person).get("/courses/selesai/finish").text
    assert "Pelayanan selesai" in text(page)
    assert "Selamat, Maria." in text(page)
    assert path_of(page) == [("is-done", ""), ("", "step"), ("", "")]
    assert "menunggu 3 hari" in text(page)
    assert "Sertifikat dan 8 JP" in text(page)


def test_with_the_certificate_every_step_is_done(client):
    person, course = make_person(), make_graded_course("selesai")
    make_record(person, course, now=clock.now())
    page = client.sign_in(person).get("/courses/selesai/finish").text
    assert path_of(page) == [("is-done", "")] * 3


def test_a_course_without_certificate_has_no_such_steps(client):
    person, course = make_person(), make_graded_course("selesai", has_certificate=False)
    complete(person, course)
    assert 'class="path"' not in client.sign_in(person).get("/courses/selesai/finish").text


def test_the_next_course_is_the_one_that_brings_most_of_the_missing_jp(client):
    person, course = make_person(), make_graded_course("selesai")
    complete(person, course, now=clock.now())
    for slug, hours, wanted in (("kecil", 2, []), ("besar", 9, []), ("lanjutan", 12, ["besar"])):
        offered = make_course(slug, title=slug, jp=hours, prerequisites=wanted)
        make_cohort(offered, starts_on=None, ends_on=None, is_open=True)
    page = client.sign_in(person).get("/courses/selesai/finish").text
    assert 'class="button" href="/courses/besar"' in page
    assert "lanjutan" not in page


def test_the_target_is_reached_once_the_certificate_is_issued(client):
    person = make_person()
    make_record(person, make_graded_course(jp=12), now=clock.now())
    complete(person, make_graded_course("selesai", jp=8), now=clock.now())
    client.sign_in(person)
    year = clock.now().year
    for path in ("/courses/selesai/finish", "/records", "/"):
        assert f"Begitu sertifikat terbit, target 20 JP tahun {year} tercapai." in text(client.get(path).text)


def test_the_day_on_which_the_target_was_reached_is_told(client):
    person = make_person()
    for hours in (12, 9):
        make_record(person, make_graded_course(jp=hours), now=clock.now())
    client.sign_in(person)
    for path in ("/records", "/"):
        page = text(client.get(path).text)
        assert f"Target 20 JP tahun {clock.now().year} tercapai , pada {say_date(clock.now())}." in page
        assert "1 JP lebih dari target." in page


def test_the_target_counts_as_reached_since_the_first_certificate_that_was_replaced_later(session):
    person, course = make_person(), make_graded_course(jp=20)
    record = make_record(person, course)
    services.revoke_record(record, "Salah cetak", actor_id=make_admin().id, now=NOON + timedelta(days=1))
    assert jp.year_progress(person.id, record.completed_on.year, FLOOR).reached_at is None
    services.replace_record(record, actor_id=make_admin().id, now=NOON + timedelta(days=9))
    found = jp.year_progress(person.id, record.completed_on.year, FLOOR)
    assert (found.jp, found.reached_at) == (20, record.issued_at)


def test_jp_up_to_a_record_are_of_its_person_and_year_and_still_count(session):
    person, other = make_person(), make_person()
    last_year = make_record(person, make_graded_course(jp=5), now=NOON - timedelta(days=366))
    first = make_record(person, make_graded_course(jp=3))
    make_record(other, make_graded_course(jp=7))
    second = make_record(person, make_graded_course(jp=4))
    third = make_record(person, make_graded_course(jp=2))
    services.revoke_record(first, "Salah cetak", actor_id=make_admin().id, now=NOON)
    found = jp.jp_up_to([last_year.id, second.id, third.id])
    assert found == {last_year.id: 5, second.id: 4, third.id: 6}
