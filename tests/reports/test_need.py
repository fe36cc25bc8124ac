"""The JP that a year still needs, by unit, beside the places on offer: what the training office plans with."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
from factories import (
    complete,
    grant,
    make_admin,
    make_cohort,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
)
from world import today

from lms.core import clock, settings
from lms.learning.models import EnrolmentState
from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_tree import Node, UnitTree
from lms.records.services.settings import TARGETS
from lms.records.years import JpTarget
from lms.reports import need
from lms.reports.need import PeopleWithJp
from lms.reports.queries import under_way

ZONE = "Asia/Jayapura"
TARGET = {"pns": JpTarget(20, "floor"), "pppk": JpTarget(24, "ceiling")}
TREE = UnitTree([Node(1, None, "Kota", "instansi"), Node(2, 1, "Dinas", "opd"), Node(3, 2, "Puskesmas", "puskesmas")])


def test_what_a_unit_needs_is_what_each_of_its_people_lacks():
    people = [
        PeopleWithJp(2, "pns", 0, 2),
        PeopleWithJp(3, "pns", 12, 1),
        PeopleWithJp(3, "pns", 44, 1),  # what one has too much helps nobody else
        PeopleWithJp(2, "pppk", 0, 5),
        PeopleWithJp(None, "pns", 19, 1),
    ]
    lines = need.by_unit(TREE, EVERYBODY, people, {3: 6}, TARGET, "tanpa unit")
    assert [(one.name, one.with_target, one.short, one.jp, one.under_way) for one in lines] == [
        ("Kota", 4, 3, 48, 6),
        ("Dinas", 4, 3, 48, 6),
        ("Puskesmas", 2, 1, 8, 6),
        ("tanpa unit", 1, 1, 1, 0),
    ]
    total = need.in_all(lines)
    assert (total.with_target, total.short, total.jp, total.under_way) == (5, 4, 49, 6)


def test_a_unit_without_anybody_who_has_a_target_is_left_out():
    assert need.by_unit(TREE, EVERYBODY, [PeopleWithJp(3, "pppk", 0, 5)], {3: 6}, TARGET, "tanpa unit") == []


@pytest.mark.parametrize(
    ("values", "state", "counts"),
    [
        ({}, None, True),
        ({"due_on": today()}, "in-progress", True),
        ({"due_on": today() - timedelta(days=1)}, "in-progress", False),
        ({}, "failed", False),
        ({"withdrawn_at": clock.now()}, None, False),
    ],
    ids=["just enrolled", "last day", "too late", "failed", "left"],
)
def test_jp_under_way_are_those_of_courses_that_can_still_bring_them(session, world, values, state, counts):
    course = make_course("kursus", jp=7)
    enrolment = make_enrolment(make_person(unit_id=world.clinic.id), course, **values)
    if state:
        session.add(EnrolmentState(enrolment_id=enrolment.id, state=state, done=1, needed=2, touched_at=clock.now()))
        session.flush()
    found = under_way.jp_under_way(EVERYBODY, today(), ZONE)
    assert found == ({world.clinic.id: course.revision.jp} if counts else {})
    assert under_way.jp_under_way(Scope(frozenset({world.schools.id})), today(), ZONE) == {}


def test_what_waits_for_its_certificate_is_under_way_and_what_has_it_is_not(session):
    course = make_graded_course("kini")
    complete(course=course, now=clock.now())
    jp = course.revision.jp
    assert under_way.jp_under_way(EVERYBODY, today(), ZONE) == {None: jp}
    complete(course=make_graded_course("dahulu"), now=clock.now() - timedelta(days=366))
    assert under_way.jp_under_way(EVERYBODY, today(), ZONE) == {None: jp}, "its JP count for the year before"


def test_with_the_certificate_nothing_is_under_way(session):
    make_record(now=clock.now())
    assert under_way.jp_under_way(EVERYBODY, today(), ZONE) == {}


def csv_of(client, path: str) -> dict[str, list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    return {row[0].strip(): row for row in lines if row}


def test_this_year_counts_what_is_missing_and_the_next_one_the_whole_target(client, session, world):
    record = make_record(make_person(unit_id=world.health.id), now=clock.now())
    make_person(unit_id=world.clinic.id)
    settings.change(TARGETS["pns"][0], 30, actor_id=None, now=clock.now(), year=today().year + 1)
    client.sign_in(make_admin(unit_id=None))
    now, ahead = (csv_of(client, f"/admin/need.csv?year={year}") for year in (today().year, today().year + 1))
    assert now["Dinas Kesehatan"][1:4] == ["2", "2", str(20 - record.jp + 20)]
    assert now["Puskesmas Contoh"][1:4] == ["1", "1", "20"]
    assert ahead["Dinas Kesehatan"][1:] == ["2", "2", "60"]
    assert client.get("/admin/need.xlsx").status_code == 200
    page = client.text("/admin/need?year=besok")
    links = list(map(html.unescape, re.findall(r'href="([^"]+)"', page)))
    assert f"/admin/board/summary?unit={world.clinic.id}" in links
    assert f"/admin/board/people?unit={world.clinic.id}&goal=missed" in links
    assert "/admin/need" in client.text("/admin")


def test_places_are_those_that_are_left_in_cohorts_of_the_year(client, session, world):
    course = make_course("kursus", title="Kursus berkuota", jp=5)
    year = today().year
    running = make_cohort(course, name="Berjalan", quota=4, starts_on=today(), ends_on=today() + timedelta(days=9))
    make_enrolment(make_person(), course, cohort=running)
    make_cohort(course, name="Selesai", quota=9, starts_on=date(year - 1, 1, 1), ends_on=date(year - 1, 2, 1))
    make_cohort(course, name="Tahun depan", quota=3, starts_on=date(year + 1, 3, 1), ends_on=date(year + 1, 4, 1))
    client.sign_in(world.admin)
    this, following = (client.text(f"/admin/need?year={one}") for one in (year, year + 1))
    assert "Berjalan" in this
    assert "Tahun depan" in following
    for name, page in (("Selesai", this), ("Tahun depan", this), ("Berjalan", following), ("Selesai", following)):
        assert name not in page.partition("<h2>Tempat")[2], name
    assert '<td class="number" data-label="JP dari tempat itu">15</td>' in this
    assert '<td class="number" data-label="JP dari tempat itu">15</td>' in following


def test_an_agencys_admin_plans_for_the_own_agency_alone(client, session, world):
    make_person(unit_id=world.health.id)
    grant(admin := make_person(unit_id=world.farms.id), "agency-admin", unit=world.regency)
    client.sign_in(admin)
    assert "Dinas Kesehatan" not in client.text("/admin/need")
    assert set(csv_of(client, "/admin/need.csv")) >= {"Kabupaten Contoh", "Dinas Pertanian"}
    assert "Dinas Kesehatan" not in csv_of(client, "/admin/need.csv")
