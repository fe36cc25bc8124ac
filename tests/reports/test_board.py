"""The board: what each asker sees, that every figure is the number of its names, and that files say the same."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from board_world import links, make_board_world, names, tiles
from factories import make_cohort, make_person
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from query_counting import counted
from world import today

from lms.core.i18n import in_language, say_date, to_site_time
from lms.reports.forms import WORDS
from lms.reports.states import matching_states


@pytest.fixture
def world(session):
    return make_board_world()


ALL = {
    "not-enrolled": 4,  # Fitri, and the three in office, who have no unit
    "not-started": 1,
    "in-progress": 1,
    "waiting": 1,
    "near": 1,
    "overdue": 1,
    "finished": 2,
    "failed": 1,
    "withdrawn": 1,
}
CITY = ALL | {"not-enrolled": 1, "finished": 1, "not-started": 0}
HEALTH = CITY | {"not-enrolled": 0, "in-progress": 0}


def shown(figures):
    return {state: count for state, count in figures.items() if count or state in ("near", "overdue", "finished")}


@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [("admin", "/admin/board", ALL), ("agency_admin", "/admin/board", CITY), ("head", "/team", HEALTH)],
)
def test_the_tiles_count_the_people_of_the_asker_alone(client, world, who, path, expected):
    assert tiles(client.sign_in(getattr(world, who)).text(path)) == shown(expected)


@pytest.mark.parametrize(
    ("who", "path"), [("admin", "/admin/board"), ("agency_admin", "/admin/board"), ("head", "/team")]
)
def test_every_tile_leads_to_as_many_names(client, world, who, path):
    client.sign_in(getattr(world, who))
    for state, count in tiles(client.text(path)).items():
        assert len(names(client.text(f"{path}?state={state}"))) == count, state


@pytest.mark.parametrize(("who", "path"), [("admin", "/admin/board"), ("head", "/team")])
def test_one_press_shows_everybody_who_has_not_finished(client, world, who, path):
    client.sign_in(getattr(world, who))
    page = client.text(path)
    (link,) = re.findall(r'<a class="button" href="([^"#]*state=unfinished[^"#]*)#names"', page)
    unfinished = [count for state, count in tiles(page).items() if state in matching_states("unfinished")]
    assert len(names(client.text(link))) == sum(unfinished) > 0


def test_a_head_is_led_to_propose_who_is_not_enrolled_where_a_cohort_takes_proposals(client, world):
    path = f"/team?course={world.money.id}&state=not-enrolled"
    deed = 'class="button" href="/team/proposals"'
    page = client.sign_in(world.head).text(path)
    assert "Citra Contoh" in page
    assert "/team/encourage" in page, "a tick leads to the invitation"
    assert deed not in page
    make_cohort(world.money, is_open=True, needs_approval=True, starts_on=today(), ends_on=today())
    assert deed in client.text(path)
    assert deed not in client.text("/team")


def test_every_cell_leads_to_as_many_names(client, world):
    client.sign_in(world.agency_admin)
    page = client.text("/admin/board")
    cells = dict.fromkeys(links(page, "heat__cell--"))
    assert len(cells) == 3  # health has both courses, schools one
    finished = {link: len(names(client.text(link.replace("=taking", "=finished")))) for link in cells}
    enrolled = {link: len(names(client.text(link))) for link in cells}
    assert sum(enrolled.values()) > sum(finished.values()) > 0
    for link in cells:
        before = page[: page.index(link.replace("&", "&amp;"))]
        rest = page[len(before) :]
        assert f"{finished[link]}/{enrolled[link]}</a>" in rest[: rest.index("</td>")]


def test_whatever_is_chosen_a_cell_leads_to_those_it_counts(client, world):
    """Who has withdrawn is no part of "2 of 5", and a chosen state does not go along."""
    client.sign_in(world.admin)
    for chosen in ("", "?state=not-started", "?state=not-enrolled", "?state=withdrawn"):
        page = client.text(f"/admin/board{chosen}")
        cells = re.findall(r'heat__cell--[^>]*><a href="([^"]+)"><b>\d+%</b> \d+/(\d+)</a>', page)
        assert cells
        for link, enrolled in cells:
            assert len(names(client.text(html.unescape(link).split("#")[0]))) == int(enrolled), (chosen, link)


def test_pages_of_people_do_not_claim_filters_of_courses(client, world):
    """A year's JP are one sum: neither a state nor a course narrows whose they are."""
    client.sign_in(world.admin)
    board = client.text(f"/admin/board?course={world.law.id}&state=unfinished")
    for link in set(re.findall(r'href="(/admin/board/people[^"]*)"', board)):
        assert "course=" not in link
        assert "state=" not in link
    everybody = client.text("/admin/board/people")
    narrowed = client.text(f"/admin/board/people?course={world.law.id}&state=finished")
    assert narrowed.count("Contoh</a>") == everybody.count("Contoh</a>")
    assert "Hukum dasar ·" not in narrowed
    said = client.get(f"/admin/board/people.xlsx?course={world.law.id}&state=finished").data
    [first, *_others] = CalamineWorkbook.from_filelike(io.BytesIO(said)).get_sheet_by_index(0).to_python()[2:3]
    assert "Hukum" not in str(first)


def test_a_foreign_unit_in_the_address_shows_nobody(client, world):
    farms = f"unit={world.farms.id}"
    for who, path in [("agency_admin", "/admin/board"), ("head", "/team")]:
        client.sign_in(getattr(world, who))
        for more in ("", "&state=finished", "&state=not-enrolled", f"&person={world.people['Gita'].id}", "&q=Gita"):
            assert "Gita Contoh" not in client.text(f"{path}?{farms}{more}")
        assert "Gita" not in client.text(f"{path}/people?{farms}")
        assert "Gita" not in client.get(f"{path}/export.csv?{farms}").get_data(as_text=True)
        assert "Gita" not in client.get(f"{path}/people.csv?{farms}").get_data(as_text=True)


def test_ticks_of_foreign_people_find_nobody(client, world):
    foreign = world.enrolments["Gita", "uang"].id
    client.sign_in(world.head)
    page = client.text(f"/team/remind?one={foreign}")
    assert "Gita" not in page
    assert "<textarea" not in page


def test_people_without_a_unit_are_the_sites_admins_alone(client, world):
    make_person(name="Tanpa Unit")
    assert names(client.sign_in(world.admin).text("/admin/board?unit=0&state=not-enrolled")) == [
        "Admin",
        "Admin",
        "Kepala",
        "Tanpa",
    ]
    for who, path in [("agency_admin", "/admin/board"), ("head", "/team")]:
        assert "Tanpa" not in client.sign_in(getattr(world, who)).text(f"{path}?unit=0&state=not-enrolled")


def test_the_units_own_people_can_be_told_from_those_below(client, world):
    client.sign_in(world.admin)
    health = f"/admin/board?unit={world.health.id}"
    assert set(names(client.text(health))) == {"Ani", "Budi", "Citra", "Dedi"}
    assert set(names(client.text(f"{health}&only=1"))) == {"Ani", "Budi"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("course={law}", ["Ani", "Budi", "Citra", "Dedi", "Eka", "Gita"]),
        ("course={money}", ["Ani", "Budi", "Gita"]),
        ("course={money}&state=not-enrolled&unit={city}", ["Citra", "Dedi", "Eka", "Fitri"]),
        ("course={law}&cohort={cohort}", ["Ani", "Budi", "Citra", "Dedi", "Eka", "Gita"]),
        ("q=gita", ["Gita", "Gita"]),
        ("status=pppk", []),
        ("period=2019", []),
        ("state=overdue", ["Budi"]),
        ("state=near", ["Dedi"]),
        ("state=waiting", ["Citra"]),
    ],
)
def test_filters_in_the_address_narrow_the_names(client, world, filters, expected):
    client.sign_in(world.admin)
    cohort = world.enrolments["Ani", "hukum"].cohort_id
    found = filters.format(law=world.law.id, money=world.money.id, city=world.city.id, cohort=cohort)
    assert names(client.text(f"/admin/board?{found}")) == expected


@pytest.mark.parametrize(
    "address",
    [
        "unit=x&course=-1&cohort=zz&state=what&period=x&status=<b>&q=%00&person=99999999999&jp=a-b&goal=x&page=-3",
        "unit=2147483647&course=2147483647&cohort=5&person=2147483647",
        "unit=99999999999999999999&page=99999999999",
        "state=overdue&state=finished&unit=1&unit=2&one=1&one=x",
        "_scheme=https&_external=1&_anchor=x",
    ],
)
def test_an_address_out_of_order_is_answered_calmly(client, world, address):
    client.sign_in(world.admin)
    for path in ("/admin/board", "/admin/board/people"):
        assert client.get(f"{path}?{address}").status_code == 200
    assert client.get(f"/admin/board/export.csv?{address}").status_code == 200


def test_a_whole_nip_leads_to_its_owner_and_stands_in_no_address(client, world):
    client.sign_in(world.agency_admin)
    citra, gita = world.people["Citra"], world.people["Gita"]
    answer = client.post_form("/admin/board", q=f"{citra.nip[:8]} {citra.nip[8:]}")
    assert answer.status_code == 302
    assert citra.nip not in answer.location
    assert f"person={citra.id}" in answer.location
    assert names(client.text(answer.location)) == ["Citra"]
    foreign = client.post_form("/admin/board", q=gita.nip)
    assert "person" not in foreign.location
    assert gita.nip not in foreign.location


def test_the_filter_form_becomes_the_address(client, world):
    client.sign_in(world.admin)
    answer = client.post_form("/admin/board", unit=str(world.health.id), course="", state="overdue", q=" Budi ")
    assert answer.status_code == 302
    assert names(client.text(answer.location)) == ["Budi"]


COLUMNS = 10


def rows_of_xlsx(data: bytes) -> list[tuple]:
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if all(cell is not None for cell in row[:COLUMNS]))
    return rows[top + 1 :]


def test_the_file_has_the_screens_rows_cell_by_cell(client, world):
    client.sign_in(world.admin)
    path = f"?unit={world.city.id}"
    answer = client.get(f"/admin/board/export.xlsx{path}")
    assert answer.status_code == 200
    rows = rows_of_xlsx(answer.data)
    assert [row[0].split()[0] for row in rows] == names(client.text(f"/admin/board{path}"))
    by_key = {(row[0].split()[0], row[3]): row for row in rows}
    assert len(by_key) == 7
    for (name, slug), enrolment in world.enrolments.items():
        title = {"hukum": "Hukum dasar", "uang": "Keuangan dasar"}[slug]
        if name == "Gita":
            assert (name, title) not in by_key
            continue
        row, person = by_key[name, title], world.people[name]
        assert row[1] == person.nip
        assert isinstance(row[1], str)
        assert row[2] == person.unit.name
        assert (row[9].date() if row[9] else None) == enrolment.due_on
        assert (row[6], row[7], row[8]) in {(1, 2, 1), (None, None, None)}
        assert (
            row[10] is None
            or abs((row[10] - to_site_time(enrolment.enrolled_at).replace(tzinfo=None)).total_seconds()) < 60
        )
    with client.application.test_request_context():
        assert by_key["Budi", "Hukum dasar"][5] == str(WORDS["overdue"])
        assert by_key["Citra", "Hukum dasar"][5] == str(WORDS["waiting"])


def test_the_csv_says_the_same_as_the_xlsx(client, world):
    client.sign_in(world.admin)
    rows = rows_of_xlsx(client.get("/admin/board/export.xlsx?state=overdue").data)
    text = client.get("/admin/board/export.csv?state=overdue").data.decode("utf-8-sig")
    _header, *lines = csv.reader(io.StringIO(text), delimiter=";")
    assert [line[0] for line in lines] == [row[0] for row in rows] == ["Budi Contoh"]
    assert lines[0][1] == f"'{world.people['Budi'].nip}"  # as text, also for a spreadsheet
    assert (lines[0][6], lines[0][7]) == (str(rows[0][6]), str(rows[0][7]))


def test_the_letterhead_says_what_of_whom_and_when(client, world):
    client.sign_in(world.admin)
    answer = client.get(f"/admin/board/export.xlsx?unit={world.health.id}&q=Ani")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True, max_row=5))
    head = [row[0] for row in rows]
    assert head[1] == "Belajar ASN"
    assert head[2] == "Dinas Kesehatan · “Ani”"
    with in_language("id"):
        assert say_date(today()) in head[3]


def test_a_formula_in_a_name_stays_a_text(client, world):
    world.people["Budi"].name = "=1+1"
    client.sign_in(world.admin)
    data = client.get("/admin/board/export.xlsx?state=overdue").data
    sheet = load_workbook(io.BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert "f" not in {cell.data_type for cell in cells}
    assert "'=1+1" in client.get("/admin/board/export.csv?state=overdue").data.decode("utf-8-sig")


def test_a_head_reads_no_whole_number(client, world):
    client.sign_in(world.head)
    for path in ("/team", "/team/people", "/team/export.csv", "/team/people.csv"):
        said = client.get(path).get_data(as_text=True)
        assert not [one.nip for one in world.people.values() if one.nip in said], path


def test_the_people_of_a_file_are_those_of_the_screen(client, world):
    client.sign_in(world.agency_admin)
    text = client.get("/admin/board/people.csv?goal=missed").data.decode("utf-8-sig")
    _header, *lines = csv.reader(io.StringIO(text), delimiter=";")
    page = client.text("/admin/board/people?goal=missed")
    assert [line[0].split()[0] for line in lines] == ["Ani", "Budi", "Citra", "Dedi", "Eka", "Fitri"]
    assert all(line[0] in page for line in lines)
    assert {line[7] for line in lines} == {"20"}


@pytest.mark.parametrize(
    ("who", "path"), [("admin", "/admin/board"), ("agency_admin", "/admin/board"), ("head", "/team")]
)
def test_a_board_asks_few_questions(client, world, who, path):
    client.sign_in(getattr(world, who))
    client.get(path)
    with counted() as asked:
        assert client.get(path).status_code == 200
    # Each sum of JP reads the rule of repeated courses, a row; the team's page shows a few people by name and course.
    assert len(asked) <= (13 if path == "/team" else 11)


def test_nobody_else_has_a_board(client, world):
    for person in (world.people["Ani"], world.head):
        assert client.sign_in(person).get("/admin/board").status_code == 404
    for person in (world.people["Ani"], world.agency_admin, world.admin):
        assert client.sign_in(person).get("/team").status_code == 404


def test_an_empty_site_says_what_to_do(client, session):
    from factories import grant, make_unit

    grant(head := make_person(), "head", unit=make_unit())
    assert 'class="empty"' in client.sign_in(head).text("/team")


@pytest.mark.parametrize(
    "part_of",
    [lambda one: one.nip[:8], lambda one: one.nip[8:], lambda one: one.nip[:17], lambda one: one.email[:12]],
)
def test_a_head_cannot_guess_numbers_and_addresses_part_by_part(client, world, part_of):
    """By a search that tells whether it found somebody, digit after digit would come out."""
    budi = world.people["Budi"]
    budi.email = "budi.rahasia@contoh.go.id"
    words = part_of(budi)
    found = client.sign_in(world.head).get("/team", query_string={"q": words}).get_data(as_text=True)
    assert names(found) == []
    assert "Budi Contoh" not in found
    found = client.sign_in(world.admin).get("/admin/board", query_string={"q": words}).get_data(as_text=True)
    assert "Budi" in names(found)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", ["semua unit kerja"]),
        ("?state=x&period=1999", ["semua unit kerja"]),
        ("?period=2001", ["semua unit kerja", "tidak dikenal di sini"]),
        ("?course=1&cohort=9999", ["semua unit kerja", "Hukum dasar", "tidak dikenal di sini"]),
    ],
)
def test_whatever_narrows_is_said(client, world, address, told):
    client.sign_in(world.admin)
    page = client.text(f"/admin/board{address.replace('course=1', f'course={world.law.id}')}")
    said = re.search(r'class="filters__said">([^<]*)<', page)[1]
    assert html.unescape(said).strip().split(" · ") == told


def test_who_takes_nothing_is_found_behind_the_own_name(client, world):
    client.sign_in(world.head)
    page = client.text("/team")
    links = dict(re.findall(r'<th scope="row"><a href="([^"#]+)#names">([^<]+)</a>', page))
    assert {name.split()[0] for name in links.values()} >= {"Ani", "Budi", "Citra", "Dedi"}
    for link, name in links.items():
        assert name.split()[0] in names(client.text(html.unescape(link))), link
