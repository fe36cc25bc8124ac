"""The report of a year: on the page and in its files, of the asker's own agency, with the tree of then."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import NOON, grant, make_admin, make_person, make_record, make_unit
from openpyxl import load_workbook
from people_files import nip
from sqlalchemy import update

from lms.core import clock
from lms.core.i18n import to_site_time
from lms.enrolment.models import Enrolment
from lms.people.details import PersonDetails
from lms.people.models import Person, Placement, UnitVersion
from lms.people.scopes import EVERYBODY, Scope
from lms.people.services.people import activate, create_person, deactivate
from lms.records.models import Record
from lms.reports.queries import years

ZONE = "Asia/Jayapura"


def csv_of(client, path) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))[1:]


@pytest.fixture
def record(session) -> Record:
    """Of this year, of somebody in a unit of an agency."""
    made = make_record(now=clock.now())
    agency = make_unit("Kota Contoh", kind="instansi")
    unit = make_unit("Dinas Contoh", agency)
    session.get(Person, made.person_id).unit_id = unit.id
    session.execute(update(Enrolment).where(Enrolment.id == made.enrolment_id).values(enrolled_at=clock.now()))
    session.flush()
    return made


def test_the_year_is_told_by_unit_employment_kind_and_course(client, session, record):
    client.sign_in(make_admin())
    assert client.get("/admin/reports").status_code == 200
    units = {row[0].strip(): row for row in csv_of(client, "/admin/reports/units.csv")}
    assert units["Kota Contoh"][1:3] == ["1", str(record.jp)]
    assert units["Dinas Contoh"][1:3] == ["1", str(record.jp)]
    assert csv_of(client, "/admin/reports/employment.csv")[0][:2] == ["PNS", "20"]
    assert csv_of(client, "/admin/reports/kinds.csv")[0][1:] == [str(record.jp), "1", "0"]
    assert csv_of(client, "/admin/reports/courses.csv")[0][1:4] == ["1", "0", "1"]


def test_as_xlsx_all_tables_come_together(client, session, record):
    client.sign_in(make_admin())
    book = load_workbook(io.BytesIO(client.get("/admin/reports/courses.xlsx").data))
    assert len(book.sheetnames) == 4
    rows = [row for row in book.worksheets[0].iter_rows(values_only=True) if isinstance(row[1], int)]
    assert [row[1:4] for row in rows] == [(1, 0, 1)]


def test_a_revoked_certificate_counts_no_more(client, session, record):
    record.revoked_at, record.revoke_reason = NOON, "Keliru"
    client.sign_in(make_admin())
    units = {row[0].strip(): row for row in csv_of(client, "/admin/reports/units.csv")}
    assert units["Kota Contoh"][2] == "0"
    assert csv_of(client, "/admin/reports/kinds.csv") == []


def test_an_agencys_admin_reads_of_the_own_agency_alone(client, session, record):
    other = make_unit("Kabupaten Contoh", kind="instansi")
    make_person(unit_id=other.id)
    grant(admin := make_person(), "agency-admin", unit=other)
    client.sign_in(admin)
    for table in ("units", "employment", "kinds", "courses"):
        said = client.get(f"/admin/reports/{table}.csv").get_data(as_text=True)
        assert "Kota Contoh" not in said
        assert "Dinas Contoh" not in said
    assert [row[0].strip() for row in csv_of(client, "/admin/reports/units.csv")] == ["Kabupaten Contoh"]
    assert csv_of(client, "/admin/reports/kinds.csv") == []
    assert csv_of(client, "/admin/reports/courses.csv") == []


def test_each_person_of_a_year_is_in_a_file_by_unit(client, session, record):
    make_person(name="Tanpa Unit")
    client.sign_in(make_admin())
    person = session.get(Person, record.person_id)
    rows = csv_of(client, "/admin/reports/people.csv")
    reached = "ya" if record.jp >= 20 else "belum"
    assert rows[0][:2] == ["Kota Contoh › Dinas Contoh", person.full_name]
    assert person.nip in rows[0][2]
    assert rows[0][3:6] == ["PNS", str(record.jp), "0"]
    assert rows[0][6:] == ["paling sedikit 20 JP", reached]
    assert [row[0] for row in rows[1:]] == ["–"] * (len(rows) - 1)
    assert "Tanpa Unit" in [row[1] for row in rows]
    assert client.get("/admin/reports/people.xlsx").status_code == 200
    assert "/admin/reports/people.xlsx" in client.text("/admin/reports")


def test_those_who_have_not_reached_the_target_are_one_press_away_while_the_year_runs(client, session, record):
    client.sign_in(make_admin())
    page = client.text("/admin/reports")
    person = session.get(Person, record.person_id)
    addresses = map(html.unescape, re.findall(r'href="(/admin/board/people[^"]*)"', page))
    address = next(one for one in addresses if f"unit={person.unit_id}&" in one)
    assert person.full_name in client.text(address)


def test_an_agencys_admin_gets_the_people_of_the_own_agency_alone(client, session, record):
    other = make_unit("Kabupaten Contoh", kind="instansi")
    grant(make_person(name="Orang Kabupaten", unit_id=other.id), "head", unit=other)
    grant(admin := make_person(), "agency-admin", unit=other)
    client.sign_in(admin)
    assert [row[:2] for row in csv_of(client, "/admin/reports/people.csv")] == [["Kabupaten Contoh", "Orang Kabupaten"]]


def test_last_year_has_last_years_tree_and_places(session, record):
    old, new = make_unit("Dinas Lama"), make_unit("Dinas Baru")
    session.add(UnitVersion(unit_id=old.id, name="Dinas Dulu", kind="opd", since=date(2024, 1, 1)))
    person = make_person(unit_id=new.id, status="pppk")
    places = {"person_id": person.id, "rank": "", "position": "", "source": "page"}
    session.add(
        Placement(unit_id=old.id, status="pns", since=date(2024, 5, 1), until=date(2026, 2, 1), **places),
    )
    session.add(Placement(unit_id=new.id, status="pppk", since=date(2026, 2, 1), **places))
    session.flush()
    then, now = (years.hours_of_year(year, EVERYBODY, ZONE) for year in (2025, 2026))
    assert (old.id, "pns", 0, 1, 0) in then
    assert (new.id, "pppk", 0, 1, 0) in now
    assert years.hours_of_year(2025, Scope(frozenset({new.id})), ZONE) == []
    named = [one[:4] for one in years.people_of_year(2025, EVERYBODY, ZONE) if one.person_id == person.id]
    assert named == [(old.id, "pns", 0, 0)]
    assert years.people_of_year(2025, Scope(frozenset({new.id})), ZONE) == []
    assert [node.name for node in years.tree_at_the_end_of(2025).by_id.values()] == ["Dinas Dulu"]


def people_counted(year: int) -> int:
    """By the tables and by the file of names, which agree."""
    number = sum(row.people for row in years.hours_of_year(year, EVERYBODY, ZONE))
    assert len(years.people_of_year(year, EVERYBODY, ZONE)) == number
    return number


def test_a_year_that_is_over_does_not_change_by_who_comes_and_goes(session):
    """A report was sent; next year people retire, and new ones are appointed."""
    ani, budi, late = (PersonDetails(nip=nip(number), name="Contoh", status="pns") for number in (1, 2, 3))
    in_2025, in_2026 = (datetime(year, 5, 1, 3, tzinfo=UTC) for year in (2025, 2026))
    people = [create_person(one, actor_id=None, now=in_2025) for one in (ani, budi)]
    assert people_counted(2025) == 2
    deactivate(people[0], "Pensiun", actor_id=None, now=in_2026)
    create_person(late, actor_id=None, now=in_2026)
    assert [people_counted(year) for year in (2024, 2025, 2026)] == [0, 2, 2]
    activate(people[0], actor_id=None, now=in_2026 + timedelta(days=400))
    assert [people_counted(year) for year in (2025, 2026, 2027)] == [2, 2, 3]


def test_a_year_that_runs_has_who_is_there_and_who_earned_jp_before_leaving(session, record):
    make_person(is_active=False)
    year = to_site_time(clock.now()).year
    session.get(Person, record.person_id).is_active = False
    session.flush()
    found = years.people_of_year(year, EVERYBODY, ZONE, is_over=False)
    counted = years.hours_of_year(year, EVERYBODY, ZONE, is_over=False)
    assert sum(one.people for one in counted) == len(found)
    assert record.person_id in [one.person_id for one in found]
    assert sum(one.jp for one in found) == sum(one.jp * one.people for one in counted) == record.jp


def test_who_has_no_history_counts_from_the_year_of_the_account(session):
    make_person(created_at=datetime(2025, 12, 31, 14, tzinfo=UTC))
    make_person(created_at=datetime(2025, 12, 31, 16, tzinfo=UTC))  # 2026 in Sorong
    assert [people_counted(year) for year in (2024, 2025, 2026)] == [0, 1, 2]


def test_courses_of_a_year_are_told_where_their_people_stood_then(session, record):
    person = session.get(Person, record.person_id)
    was, is_now = person.unit_id, make_unit("Dinas Lain").id
    year = to_site_time(clock.now()).year
    places = {"person_id": person.id, "status": "pns", "rank": "", "position": "", "source": "page"}
    session.add(Placement(unit_id=was, since=date(year, 1, 1), until=date(year + 1, 1, 1), **places))
    session.add(Placement(unit_id=is_now, since=date(year + 1, 1, 1), **places))
    person.unit_id = is_now
    session.flush()
    assert years.enrolled_in(year, Scope(frozenset({was})), ZONE, [record.course_id]) == {record.course_id: (1, 0)}
    assert years.enrolled_in(year, Scope(frozenset({is_now})), ZONE, [record.course_id]) == {}


@pytest.mark.parametrize("year", ["1999", "x", "99999999999", "-1"])
def test_a_year_without_any_history_is_the_present_one(client, session, year):
    client.sign_in(make_admin())
    assert client.get(f"/admin/reports?year={year}").status_code == 200


def test_heads_have_no_report_of_the_year(client, session):
    grant(head := make_person(), "head", unit=make_unit())
    assert client.sign_in(head).get("/admin/reports").status_code == 404
