"""Last year's report answers by last year's rules, and says what was issued for it only afterwards."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from factories import complete, grant, make_admin, make_course, make_enrolment, make_person, make_record, make_unit

from lms.core import clock, settings
from lms.core.i18n import to_site_time
from lms.people.models import Person
from lms.people.scopes import EVERYBODY, Scope
from lms.records.services import issue_record, replace_record, revoke_record
from lms.records.services.settings import TARGETS
from lms.reports.queries import years

ZONE = "Asia/Jayapura"
PNS, _MEANING = TARGETS["pns"]
IN_2025, IN_2026 = (datetime(year, 6, 1, 3, tzinfo=UTC) for year in (2025, 2026))


@pytest.fixture
def in_2026(monkeypatch, session):
    """With an enrolment of 2025, with which reports begin."""
    monkeypatch.setattr(clock, "now", lambda: IN_2026 + timedelta(days=30))
    make_enrolment(make_person(is_active=False), make_course()).enrolled_at = IN_2025
    session.flush()


def rows(client, table: str, year: int) -> dict[str, list[str]]:
    answer = client.get(f"/admin/reports/{table}.csv?year={year}")
    assert answer.status_code == 200
    lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    return {row[0].strip(): row for row in lines if row}


def late_record(person: Person):
    """Completed in 2025, issued in 2026."""
    return issue_record(complete(person, now=IN_2025), actor_id=None, now=IN_2026)


def test_a_new_target_changes_the_reports_from_its_year_on(client, session, in_2026):
    record = make_record(now=IN_2025)
    make_record(session.get(Person, record.person_id), now=IN_2026)
    settings.change(PNS, record.jp, actor_id=None, now=IN_2025, year=2025)
    settings.change(PNS, record.jp + 1, actor_id=None, now=IN_2026, year=2026)
    client.sign_in(make_admin(unit_id=None))
    last, this = (rows(client, "employment", year)["PNS"] for year in (2025, 2026))
    assert (last[1], last[6]) == (str(record.jp), "1")
    assert (this[1], this[6]) == (str(record.jp + 1), "0")
    page = client.get("/admin/reports?year=2025").get_data(as_text=True)
    assert "Target yang dipakai adalah target tahun 2025." in page
    assert "Target yang dipakai" not in client.get("/admin/reports").get_data(as_text=True)


def test_what_was_issued_afterwards_is_marked_on_the_page_and_in_the_files(client, session, in_2026):
    unit = make_unit("Dinas Contoh", make_unit("Kota Contoh", kind="instansi"))
    record = make_record(make_person(unit_id=unit.id), now=IN_2025)
    late = late_record(make_person(unit_id=unit.id))
    client.sign_in(make_admin())
    page = client.get("/admin/reports?year=2025").get_data(as_text=True)
    assert f"{late.jp} JP adalah JP susulan: sertifikatnya terbit setelah tahun 2025 berakhir." in page
    assert f"termasuk {late.jp} JP susulan" in page
    found = rows(client, "units", 2025)["Dinas Contoh"]
    assert (found[2], found[-1]) == (str(record.jp + late.jp), str(late.jp))
    assert list(rows(client, "kinds", 2025).values())[-1][-1] == str(late.jp)
    heading = client.get("/admin/reports/units.csv?year=2025").get_data(as_text=True).partition("Dinas")[0]
    assert "JP susulan" in heading
    assert "susulan" not in client.get("/admin/reports").get_data(as_text=True)
    certificates = client.get("/admin/certificates").get_data(as_text=True)
    assert certificates.count("susulan untuk 2025") == 1


def test_what_replaces_a_certificate_of_then_is_not_late(client, session, in_2026):
    record, admin = make_record(now=IN_2025), make_admin()
    revoke_record(record, "Nama keliru", actor_id=admin.id, now=IN_2026)
    replace_record(record, actor_id=admin.id, now=IN_2026)
    session.commit()
    client.sign_in(admin)
    assert "susulan" not in client.get("/admin/reports?year=2025").get_data(as_text=True)
    assert "susulan" not in client.get("/admin/certificates").get_data(as_text=True)


def test_a_running_year_is_counted_as_any_other(session):
    """The short way of a year that runs gives what the way of all years gives."""
    year, now = to_site_time(clock.now()).year, clock.now()
    unit, other = make_unit(), make_unit()
    for place in (unit.id, unit.id, other.id, None):
        make_record(make_person(unit_id=place), now=now)
        make_person(unit_id=place, status="pppk")
    session.get(Person, make_record(make_person(unit_id=unit.id), now=now).person_id).is_active = False
    make_person(unit_id=unit.id, is_active=False)
    session.flush()
    for scope in (EVERYBODY, Scope(frozenset({unit.id}))):
        short, long = (years.hours_of_year(year, scope, ZONE, is_over=is_over) for is_over in (False, True))
        assert sorted(map(repr, merged(short))) == sorted(map(repr, merged(long)))


def merged(found):
    """Active people and those who are gone are counted apart."""
    sums: dict[tuple[object, ...], int] = {}
    for one in found:
        key = (one.unit_id, one.status, one.jp, one.late)
        sums[key] = sums.get(key, 0) + one.people
    return sums.items()


@pytest.mark.parametrize(
    ("days", "median"), [([3], 3), ([2, 30, 4], 4), ([2, 4, 5, 9], 4.5), ([0.04, 4.06, 9], 4.1), ([-1], -1)]
)
def test_the_median_is_the_middle_of_the_days(session, days, median):
    course = None
    for number in days:
        done = complete(make_person(), course, now=IN_2025 + timedelta(days=number))
        done.enrolled_at, course = IN_2025, course or done.cohort.course
    session.flush()
    [found] = years.completed_of(2025, EVERYBODY, ZONE).values()
    assert (found.number, round(found.median_days, 3)) == (len(days), median)


def test_a_head_sees_the_target_of_this_year(client, session, in_2026):
    unit = make_unit()
    grant(head := make_person(unit_id=unit.id), "head", unit=unit)
    settings.change(PNS, 31, actor_id=None, now=IN_2025, year=2027)
    settings.change(PNS, 30, actor_id=None, now=IN_2026, year=2026)
    page = client.sign_in(head).get("/team/people").get_data(as_text=True)
    assert "30" in page
    assert "31 JP" not in page
