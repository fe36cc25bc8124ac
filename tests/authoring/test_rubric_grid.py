"""A rubric as a grid: of an assignment on a page of its own, of an essay in the form of its question."""

from __future__ import annotations

import re
from html import unescape

import pytest
from authoring_factories import edit
from pages import csrf_token

from lms.authoring import services
from lms.authoring.rubric_grid import grid_of, pressed, rubric_place, table_of, with_rubric, without_empty
from lms.content.rubric import MAX_POINTS
from lms.core.db import db

TABLE = "| Kriteria | Baik (2.5) | Cukup (1) |\n|---|:---:|--|\n| A \\| b |  x | y|\n|C|d|"
HEAD = "---\r\ntitle: Tugas\r\ntype: assignment\r\n---\r\nKerjakan.\n"
ENDS = ("", "\n", "\n\n## Contoh jawaban\n\nIni.\n", "\r\n\r\n## Lain\r\n\r\nTeks.")


def test_a_table_is_a_grid_and_the_same_table_again():
    grid = grid_of(TABLE)
    assert [(one.title, one.points) for one in grid.levels] == [("Baik", "2.5"), ("Cukup", "1")]
    assert [(one.title, one.cells) for one in grid.criteria] == [("A | b", ("x", "y")), ("C", ("d", ""))]
    assert table_of(grid, TABLE) == TABLE


@pytest.mark.parametrize("text", ["Bukan tabel", f"{TABLE}\n\nTeks", f"{TABLE}\n| a | b | c | d |", f"Teks\n\n{TABLE}"])
def test_what_is_no_grid_is_left_to_the_source(text):
    assert grid_of(text) is None
    assert without_empty(text) == text


def test_buttons_add_move_and_drop():
    grid = grid_of(TABLE)
    assert [one.title for one in pressed(grid, "rubric-level-up-1").levels] == ["Cukup", "Baik"]
    assert pressed(grid, "rubric-level-up-1").criteria[0].cells == ("y", "x")
    assert pressed(grid, "rubric-level-drop-0").criteria[1].cells == ("",)
    assert [one.title for one in pressed(grid, "rubric-criterion-up-1").criteria] == ["C", "A | b"]
    assert [one.title for one in pressed(grid, "rubric-criterion-drop-0").criteria] == ["C"]
    assert pressed(grid, "rubric-criterion").criteria[2].cells == ("", "")
    assert pressed(grid, "rubric-level").criteria[0].cells == ("x", "y", "")
    assert pressed(grid, "rubric-level-up-9") == grid
    assert pressed(grid, "save") is None
    assert pressed(grid, "rubric-level-up-x") is None


def test_rows_that_stay_keep_their_lines_and_empty_ones_go():
    grid = grid_of(TABLE)
    more = pressed(pressed(grid, "rubric-criterion"), "rubric-level")
    assert without_empty(table_of(more, TABLE)) == table_of(grid)
    assert table_of(pressed(grid, "rubric-criterion"), TABLE) == f"{TABLE}\n|  |  |  |"
    assert without_empty(f"{TABLE}\n|  |  |  |") == TABLE
    assert without_empty(table_of(pressed(grid_of(""), "rubric-criterion"))) == "", "a new one that was left empty"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("body", ["", f"\r\n## Rubrik\n\n{TABLE}"])
def test_the_rubric_of_an_assignment_changes_and_no_other_byte(body, end):
    raw = f"{HEAD}{body}{end}".encode()
    place = rubric_place(raw)
    assert place.table == (TABLE if body else "")
    assert with_rubric(raw, place, place.table) == raw
    new = TABLE.replace("|C|d|", "| D | e |  |")
    changed = with_rubric(raw, place, new)
    assert rubric_place(changed).table == new
    if body:
        assert changed == raw.replace(b"|C|d|", b"| D | e |  |")
        return
    kept = changed.decode().splitlines(keepends=True)
    assert [line for line in raw.decode().splitlines(keepends=True) if line.strip() and line not in kept] in (
        [],
        ["Teks."],
    )
    gone = with_rubric(changed, rubric_place(changed), "").decode()
    assert gone.split() == raw.decode().split()


def test_something_else_below_the_heading_is_left_alone():
    assert rubric_place(f"{HEAD}\n## Rubrik\n\nTeks.\n\n{TABLE}\n".encode()) is None


# Pages

BASE = "/teach/courses/kecil"
FILE = "02-kuis.md"
PAGE = f"{BASE}/rubric/{FILE}"
ASSIGNMENT = f"Kerjakan.\n\n## Rubrik\n\n{TABLE}\n"
QUIZ = "Jawablah.\n\n## Dua tambah dua? {#dua}\n\n- [ ] Tiga\n- [x] Empat\n"


@pytest.fixture
def assignment(course):
    edit(course, FILE, "type: quiz\npass: 60\n", "type: assignment\n")
    edit(course, FILE, QUIZ, ASSIGNMENT)
    db.session.commit()


def fields(page: str) -> dict[str, list[str]]:
    main = page.partition("<main")[2]
    found: dict[str, list[str]] = {"csrf_token": [csrf_token(page)]}
    for tag, text in re.findall(r"<(input [^>]*|textarea [^>]*(?=>\n(.*?)</textarea))>", main, re.S):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrf_token":
            found.setdefault(name[1], []).append(
                unescape(text if tag.startswith("textarea") else value[1] if value else "")
            )
    return found


def source(course) -> bytes:
    db.session.expire_all()
    return services.with_texts(services.source(course.id)).files[FILE].data


def test_an_untouched_grid_saves_the_same_bytes(client, teacher, course, assignment):
    before = source(course)
    assert client.post(PAGE, data=fields(client.text(PAGE))).status_code == 302
    assert source(course) == before


def test_a_cell_and_points_change_their_rows(client, teacher, course, assignment):
    before = source(course)
    sent = fields(client.text(PAGE))
    assert sent["level-points"] == ["2,5", "1"]
    sent["cell"][3] = "Ada | dua"
    client.post(PAGE, data=sent)
    assert source(course) == before.replace(b"|C|d|", b"| C | d | Ada \\| dua |")
    client.post(PAGE, data=fields(client.text(PAGE)) | {"level-points": ["3,5", "1"]})
    assert b"| Kriteria | Baik (3.5) | Cukup (1) |\n|---|:---:|--|\n| A \\| b |  x | y|" in source(course)


def test_buttons_save_nothing_and_lose_nothing(client, teacher, course, assignment):
    before = source(course)
    sent = fields(client.text(PAGE))
    sent["criterion"][0] = "Ketepatan"
    page = client.post(PAGE, data=sent | {"do": "rubric-criterion"}).text
    assert "Belum tersimpan" in page
    shown = fields(page)
    assert shown["criterion"] == ["Ketepatan", "C", ""]
    assert source(course) == before
    shown = fields(client.post(PAGE, data=shown | {"do": "rubric-criterion-up-1"}).text)
    assert shown["criterion"] == ["C", "Ketepatan", ""]
    client.post(PAGE, data=shown | {"do": "save"})
    assert b"|C|d|\n| Ketepatan | x | y |\n" in source(course)


def test_a_rubric_is_added_to_an_assignment_without_one_and_taken_out(client, teacher, course, assignment):
    edit(course, FILE, f"\n\n## Rubrik\n\n{TABLE}", "")
    db.session.commit()
    before = source(course)
    page = client.text(PAGE)
    assert 'name="level-title"' not in page
    sent = fields(client.post(PAGE, data=fields(page) | {"do": "rubric-criterion"}).text)
    assert sent["level-title"] == ["Baik", "Cukup", "Kurang"]
    sent["criterion"][0] = "Isi"
    client.post(PAGE, data=sent | {"do": "save"})
    head = b"| Kriteria | Baik (3) | Cukup (2) | Kurang (1) |\n| --- | --- | --- | --- |\n"
    added = b"\n## Rubrik\n\n" + head + b"| Isi |  |  |  |\n"
    assert source(course) == before + added
    empty = {name: [] for name in ("level-title", "level-points", "criterion", "cell")}
    client.post(PAGE, data=fields(client.text(PAGE)) | empty)
    assert source(course) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"level-points": ["", "1"]}, "beri setiap tingkat nama dan poinnya"),
        ({"level-points": ["banyak", "1"]}, "beri setiap tingkat nama dan poinnya"),
        ({"level-points": [str(MAX_POINTS + 1), "1"]}, "1000"),
        ({"criterion": ["", "C"]}, "tulis apa yang dinilai"),
        ({"criterion": ["C", "C"]}, "nama"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_grid(client, teacher, course, assignment, change, told):
    before = source(course)
    answer = client.post(PAGE, data=fields(client.text(PAGE)) | change)
    assert answer.status_code == 422
    said = re.search(r'id="rubric-error"[^>]*>(.*?)</p>', answer.text)[1]
    assert told in said
    assert "Baik (3)" not in said
    assert source(course) == before
    name, values = next(iter(change.items()))
    assert fields(answer.text)[name] == values


def test_another_persons_save_is_not_overwritten(client, teacher, course, assignment):
    sent = fields(client.text(PAGE))
    edit(course, FILE, "Kerjakan.", "Kerjakan segera.")
    db.session.commit()
    sent["criterion"][0] = "Milik saya"
    answer = client.post(PAGE, data=sent)
    assert answer.status_code == 409
    assert fields(answer.text)["criterion"][0] == "Milik saya"
    assert b"Milik saya" not in source(course)
    client.post(PAGE, data=fields(answer.text))
    assert b"Milik saya" in source(course)
    assert b"Kerjakan segera." in source(course)


def test_a_second_click_is_no_other_person(client, teacher, course, assignment):
    sent = fields(client.text(PAGE))
    sent["criterion"][0] = "Ketepatan"
    assert [client.post(PAGE, data=sent).status_code for _click in range(2)] == [302, 302]
    assert source(course).count(b"Ketepatan") == 1


def test_a_fault_of_the_rubric_leads_to_the_grid(client, teacher, course, assignment):
    edit(course, FILE, "Cukup (1)", "Cukup")
    db.session.commit()
    page = client.text(f"{BASE}/publish")
    assert f'href="{PAGE}#rubric"' in page
    assert "beri setiap tingkat nama dan poinnya" in page
    assert fields(client.text(PAGE))["level-points"] == ["2,5", ""]


def test_only_an_assignment_has_the_page_and_another_table_is_left_to_the_source(client, teacher, course):
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{BASE}/rubric/tiada.md").status_code == 404
    edit(course, FILE, "type: quiz\npass: 60\n", "type: assignment\n")
    edit(course, FILE, QUIZ, "Kerjakan.\n\n## Rubrik\n\nTeks saja.\n")
    db.session.commit()
    page = client.text(PAGE)
    assert 'name="do"' not in page.partition("<main")[2]
    assert f'href="{BASE}/edit/{FILE}"' in page


ESSAY = f"{BASE}/question/1/{FILE}"


def test_an_essay_has_the_same_grid(client, teacher, course):
    edit(course, FILE, "{#dua}\n\n- [ ] Tiga\n- [x] Empat\n", f"{{#dua type=essay}}\n\n### Rubrik\n\n{TABLE}\n")
    db.session.commit()
    before = source(course)
    sent = fields(client.text(ESSAY))
    assert sent["criterion"] == ["A | b", "C"]
    client.post(ESSAY, data=sent | {"do": "save"})
    assert source(course) == before
    shown = fields(client.post(ESSAY, data=sent | {"do": "rubric-criterion"}).text)
    assert shown["criterion"] == ["A | b", "C", ""]
    assert source(course) == before
    shown["criterion"][2], shown["cell"][4] = "Isi", "Lengkap"
    assert client.post(ESSAY, data=shown | {"do": "save"}).status_code == 302
    assert source(course) == before.replace(b"|C|d|", b"|C|d|\n| Isi | Lengkap |  |")
    answer = client.post(ESSAY, data=fields(client.text(ESSAY)) | {"level-points": ["", "1"], "do": "save"})
    assert answer.status_code == 422
    assert "beri setiap tingkat nama dan poinnya" in answer.text
    assert 'href="#rubric"' in answer.text
