"""A unit's training on one page: the figures of the report by quarter, for its head and for the training office."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from factories import (
    grant,
    make_admin,
    make_course,
    make_enrolment,
    make_graded_course,
    make_person,
    make_record,
    make_unit,
)

from lms.core import clock
from lms.people.models import Person, Placement
from lms.people.scopes import EVERYBODY, Scope
from lms.people.unit_tree import Node, UnitTree
from lms.records.years import JpTarget
from lms.reports import quarters
from lms.reports.quarters import QuarterHours
from lms.reports.queries import years

ZONE = "Asia/Jayapura"
TARGETS = {"pns": JpTarget(20, "floor"), "pppk": JpTarget(24, "ceiling")}
TREE = UnitTree([Node(1, None, "Kota", "instansi"), Node(2, 1, "Dinas", "opd"), Node(3, 2, "Puskesmas", "puskesmas")])
DECEMBER = date(2026, 12, 31)


def moment(text: str) -> datetime:
    """Of the site's clock."""
    return (datetime.fromisoformat(text) - timedelta(hours=9)).replace(tzinfo=UTC)


def test_a_target_is_reached_in_the_quarter_that_brings_the_jp_up_to_it():
    rows = [QuarterHours(2, "pns", (12, 0, 8, 4), 1), QuarterHours(3, "pns", (0, 0, 0, 19), 2)]
    found = quarters.of_all(2026, DECEMBER, rows, TARGETS)
    assert [one.jp for one in found] == [12, 0, 8, 4 + 38]
    assert [one.learners for one in found] == [1, 0, 1, 3]
    assert [one.reached for one in found] == [0, 0, 1, 1]


def test_nobody_reaches_a_ceiling_or_a_target_that_is_not_known():
    rows = [QuarterHours(2, "pppk", (30, 0, 0, 0), 1), QuarterHours(2, "honorer", (30, 0, 0, 0), 1)]
    found = quarters.of_all(2026, DECEMBER, rows, TARGETS)
    assert found[0].jp == 60
    assert [one.reached for one in found] == [0, 0, 0, 0]


def test_a_unit_includes_those_below_it_as_far_as_the_scope_reaches():
    rows = [QuarterHours(3, "pns", (5, 0, 0, 0), 1), QuarterHours(2, "pns", (0, 7, 0, 0), 1)]
    found = quarters.by_unit(TREE, Scope(frozenset({2, 3})), 2026, DECEMBER, rows, TARGETS)
    assert {unit_id: [one.jp for one in of_unit] for unit_id, of_unit in found.items()} == {
        2: [5, 7, 0, 0],
        3: [5, 0, 0, 0],
    }
    nobody = quarters.by_unit(TREE, EVERYBODY, 2026, DECEMBER, [QuarterHours(None, "pns", (1, 0, 0, 0), 1)], TARGETS)
    assert [one.jp for one in nobody[None]] == [1, 0, 0, 0]


@pytest.mark.parametrize(("today", "begun"), [(date(2026, 1, 1), 1), (date(2026, 6, 30), 2), (DECEMBER, 4)])
def test_a_quarter_begins_with_its_first_day(today, begun):
    assert [one.has_begun for one in quarters.quarters(2026, today)] == [True] * begun + [False] * (4 - begun)


BORDERS = [
    ("2026-01-01T00:05", 0),
    ("2026-03-31T23:55", 0),
    ("2026-04-01T00:05", 1),
    ("2026-06-30T23:55", 1),
    ("2026-07-01T00:05", 2),
    ("2026-12-31T23:55", 3),
]


@pytest.mark.parametrize(("at", "quarter"), BORDERS)
def test_jp_stand_in_the_quarter_of_the_day_on_which_the_training_was_completed(session, at, quarter):
    record = make_record(now=moment(at))
    (found,) = years.jp_by_quarter(2026, EVERYBODY, is_over=False)
    expected = [0, 0, 0, 0]
    expected[quarter] = record.jp
    assert list(found.jp) == expected


def test_quarters_add_up_to_the_report_also_after_a_move_and_a_year(session):
    old, new = make_unit("Dinas Lama"), make_unit("Dinas Baru")
    record = make_record(now=moment("2025-05-02T08:00"))
    person = session.get(Person, record.person_id)
    make_record(person, make_graded_course("kedua"), now=moment("2025-11-02T08:00"))
    revoked = make_record(person, make_graded_course("ketiga"), now=moment("2025-11-03T08:00"))
    revoked.revoked_at, revoked.revoke_reason = clock.now(), "Keliru"
    session.add(
        Placement(
            person_id=person.id,
            unit_id=old.id,
            status="pns",
            rank="",
            position="",
            source="page",
            since=date(2024, 1, 1),
            until=DECEMBER,
        )
    )
    person.unit_id = new.id
    session.flush()
    (found,) = years.jp_by_quarter(2025, EVERYBODY)
    reported = years.hours_of_year(2025, EVERYBODY, ZONE)
    assert found.unit_id == old.id
    assert found.jp[1] == found.jp[3] > 0
    assert found.jp[0] + found.jp[2] == 0
    assert sum(found.jp) == sum(one.jp * one.people for one in reported)
    assert years.jp_by_quarter(2025, Scope(frozenset({new.id}))) == []
    assert years.jp_by_quarter(2025, Scope(frozenset({old.id}))) == [found]


@pytest.fixture
def at_new_year(monkeypatch, session):
    """Sets the clock; reports begin with 2026."""
    make_enrolment(make_person(is_active=False), make_course()).enrolled_at = moment("2026-01-02T08:00")
    session.flush()

    def set_clock(at: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment(at))

    return set_clock


def csv_of(client, path: str) -> dict[str, list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    return {row[0].strip(): row for row in lines if row}


def message_in(page: str) -> str:
    found = re.search(r'<textarea id="summary-text"[^>]*>(.*?)</textarea>', page, re.S)
    assert found
    return html.unescape(found[1])


def test_a_head_passes_on_the_figures_of_the_report_without_a_name(client, session, world):
    record = make_record(now=clock.now())
    person = session.get(Person, record.person_id)
    person.name, person.unit_id = "Rahasia Contoh", world.clinic.id
    session.flush()
    client.sign_in(world.head)
    page = client.text("/team/summary")
    text = message_in(page)
    assert "Dinas Kesehatan" in text
    assert f"{record.jp} JP" in text
    assert "Rahasia" not in page
    link = next(html.unescape(one) for one in re.findall(r'href="([^"]+)"', page) if "wa.me" in one)
    assert parse_qs(urlsplit(link).query)["text"] == [text.strip()]
    client.sign_in(world.admin)
    reported = csv_of(client, "/admin/reports/units.csv")["Dinas Kesehatan"]
    of_office = csv_of(client, f"/admin/board/summary.csv?unit={world.health.id}")["Dinas Kesehatan"]
    assert reported[2] == of_office[6] == str(record.jp)
    assert sum(int(one or 0) for one in of_office[2:6]) == record.jp


def test_each_sees_the_own_units_alone(client, session, world):
    client.sign_in(world.head)
    assert client.get(f"/team/summary?unit={world.clinic.id}").status_code == 200
    for foreign in (world.schools.id, world.city.id, 999_999):
        assert client.get(f"/team/summary?unit={foreign}").status_code == 404
        assert client.get(f"/team/summary.xlsx?unit={foreign}").status_code == 404
    assert client.get("/team/summary?unit=dinas&year=besok").status_code == 200
    grant(admin := make_person(), "agency-admin", unit=world.regency)
    make_person(unit_id=world.farms.id)
    client.sign_in(admin)
    assert client.get(f"/admin/board/summary?unit={world.health.id}").status_code == 404
    assert "Kota Contoh" not in csv_of(client, "/admin/board/summary.csv")
    assert "Dinas Pertanian" in csv_of(client, "/admin/board/summary.csv")


def test_on_the_last_day_the_year_is_there_and_the_day_after_it_is_one_press_away(client, session, world, at_new_year):
    at_new_year("2026-12-31T23:30")
    record = make_record(now=moment("2026-12-31T23:20"))
    session.get(Person, record.person_id).unit_id = world.health.id
    session.flush()
    client.sign_in(world.head)
    assert f"IV: {record.jp} JP" in message_in(client.text("/team/summary"))
    at_new_year("2027-01-01T00:30")
    client.sign_in(world.head)
    page = client.text("/team/summary")
    assert "I: 0 JP" in message_in(page)
    assert "II:" not in message_in(page)
    link = next(html.unescape(one) for one in re.findall(r'href="(/team/summary[^"]*)"', page) if "2026" in one)
    last_year = client.text(link)
    assert f"IV: {record.jp} JP" in message_in(last_year)
    assert 'class="tiles states"' not in last_year, "what courses are at today is no figure of a past year"


def test_a_unit_without_people_says_so(client, session, world):
    empty = make_unit("Dinas Kosong", world.city)
    client.sign_in(world.admin)
    page = client.text(f"/admin/board/summary?unit={empty.id}")
    assert "summary-text" not in page
    assert "Dinas Kosong" in page


def test_the_summary_is_found_from_the_board_and_from_the_report(client, session, world):
    make_person(unit_id=world.health.id)
    client.sign_in(world.head)
    assert 'href="/team/summary"' in client.text("/team")
    client.sign_in(make_admin())
    assert f"/admin/board/summary?unit={world.health.id}" in client.text(f"/admin/board?unit={world.health.id}")
    assert f"/admin/board/summary?unit={world.health.id}&amp;year=" in client.text("/admin/reports")


def test_a_small_unit_too_reads_how_many_are_short_of_the_target(client, session, world):
    make_person(unit_id=world.health.id)
    client.sign_in(world.head)
    page = client.text("/team")
    assert "/team/people?goal=missed" in page
