"""Settings as a form: only their lines change, there and back gives the same bytes, and the check is listened to."""

from __future__ import annotations

import re

import pytest
from authoring_factories import edit
from course_sample import read, with_item
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from pages import csrf_token

from lms.authoring import services
from lms.authoring.forms.review_table import CELLS, OWN
from lms.authoring.forms.setting_fields import OF_COURSES, OF_ITEMS, OF_SCORES, fields_of
from lms.authoring.forms.setting_values import changed, shown
from lms.authoring.front_matter import NotEditable, Plain, values_of, with_values
from lms.content.course import CourseContent
from lms.content.items.base import item_types
from lms.content.items.review import MOMENTS, PRESETS, ReviewTable
from lms.content.settings import settings_of
from lms.core.db import db

QUIZ = (
    b"\xef\xbb\xbf---\r\n# kuis pertama\r\ntitle:   'Kuis: satu'   # judul\r\ntype: quiz\r\n\r\npass: 70 # persen\r\n"
    b"time_limit: 1h\r\nshuffle: [answers]\r\nafter:\r\n  - awal\r\nrequired: true\r\n---\r\nIsi --- \n"
)
FIELDS = fields_of(item_types["quiz"])
IN_SOURCE = {"id", "lint-off", "after", "grace", "late", "files", "language", "prerequisites", "completion"}
"""Settings that have no field: their values are lists of names, groups or several keys."""
TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn", "Cf")), min_size=1, max_size=30)


def lines_that_differ(old: bytes, new: bytes) -> list[tuple[bytes, bytes]]:
    assert old.count(b"\n") == new.count(b"\n")
    return [pair for pair in zip(old.split(b"\n"), new.split(b"\n"), strict=True) if pair[0] != pair[1]]


def test_a_form_shows_what_stands_in_the_file():
    found = shown(FIELDS, QUIZ)
    assert found["title"] == "Kuis: satu"
    assert (found["pass"], found["time_limit"], found["required"]) == ("70", "60", True)
    assert (found["shuffle"], found["attempts"], found["grade"]) == (("answers",), "", "")


def test_what_is_the_same_keeps_its_bytes():
    assert changed(FIELDS, QUIZ, shown(FIELDS, QUIZ)) == QUIZ


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("title", "Kuis: dua", b"title:   'Kuis: dua'   # judul\r"),
        ("title", "Kuis dua", b"title:   Kuis dua   # judul\r"),
        ("pass", "75", b"pass: 75 # persen\r"),
        ("pass", "72,5", b"pass: 72.5 # persen\r"),
        ("time_limit", "20", b"time_limit: 20m\r"),
        ("shuffle", ("questions", "answers"), b"shuffle: [questions, answers]\r"),
        ("required", False, b"required: false\r"),
    ],
)
def test_one_value_changes_its_line_only(key, value, line):
    new = changed(FIELDS, QUIZ, shown(FIELDS, QUIZ) | {key: value})
    assert [pair[1] for pair in lines_that_differ(QUIZ, new)] == [line]


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("jp", "2", b"jp: 2\r\n"),
        ("attempts", "3", b"attempts: 3\r\n"),
        ("opens", "+7d 09:00", b"opens: +7d 09:00\r\n"),
        ("grade", "last", b"grade: last\r\n"),
        ("wait", "30", b"wait: 30m\r\n"),
    ],
)
def test_a_new_value_is_one_line_more_and_without_it_the_file_is_as_before(key, value, line):
    before = shown(FIELDS, QUIZ)
    new = changed(FIELDS, QUIZ, before | {key: value})
    assert new == QUIZ.replace(b"---\r\nIsi", line + b"---\r\nIsi")
    assert changed(FIELDS, new, before) == QUIZ


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("2", b"drop_lowest: 2\r\n"),
        ("mingguan: 1", b"drop_lowest: {mingguan: 1}\r\n"),
        ("mingguan: 1, praktik-2: 2", b"drop_lowest: {mingguan: 1, praktik-2: 2}\r\n"),
        ("{mingguan: 1,praktik 2}", b"drop_lowest: {mingguan: 1, praktik: 2}\r\n"),
        ("mingguan: 1, mingguan: 2", b"drop_lowest: 'mingguan: 1, mingguan: 2'\r\n"),
        ("dua", b"drop_lowest: dua\r\n"),
    ],
)
def test_lowest_scores_are_left_out_of_all_items_or_of_groups(typed, line):
    """What is neither goes into the file as it was typed, and the check refuses it."""
    before = shown(OF_COURSES, QUIZ)
    new = changed(OF_COURSES, QUIZ, before | {"drop_lowest": typed})
    assert new == QUIZ.replace(b"---\r\nIsi", line + b"---\r\nIsi")
    assert changed(OF_COURSES, new, shown(OF_COURSES, new)) == new
    assert changed(OF_COURSES, new, before) == QUIZ


def test_groups_that_stand_in_the_file_are_shown():
    raw = b"---\ntitle: A\ndrop_lowest: { mingguan: 1,  praktik: 2 } # dua\n---\n"
    assert shown(OF_COURSES, raw)["drop_lowest"] == "mingguan: 1, praktik: 2"
    assert changed(OF_COURSES, raw, shown(OF_COURSES, raw)) == raw
    new = changed(OF_COURSES, raw, {"drop_lowest": "mingguan: 3"} | {"title": "A"})
    assert new == raw.replace(b"{ mingguan: 1,  praktik: 2 }", b"{mingguan: 3}")


def test_a_switch_that_was_not_there_goes_again():
    raw = QUIZ.replace(b"required: true\r\n", b"")
    before = shown(FIELDS, raw)
    new = changed(FIELDS, raw, before | {"required": False})
    assert b"required: false\r\n---" in new
    assert changed(FIELDS, new, before) == raw


@with_settings(max_examples=200)
@given(TITLES, TITLES, st.sampled_from(["plain", '"', "'"]))
def test_any_title_and_back(first, second, style):
    first, second = " ".join(first.split()) or "A", " ".join(second.split()) or "B"
    raw = with_values(b"---\ntitle: x # y\nid: a\n---\n", {"title": first})
    if style == '"' and "\\" not in first:
        raw = f'---\ntitle: "{first.replace(chr(34), "")}x" # y\nid: a\n---\n'.encode()
        first = first.replace('"', "") + "x"
    assert values_of(raw)["title"] == first
    new = with_values(raw, {"title": second})
    assert values_of(new) == {"title": second, "id": "a"}
    assert new.endswith(b" # y\nid: a\n---\n")
    assert with_values(new, {"title": first}) == raw


@pytest.mark.parametrize("raw", [b"", b"Isi.\n", b"---\ntitle: [\n---\n", b"---\n- a\n---\n", b"\xff"])
def test_what_cannot_be_read_is_not_changed(raw):
    with pytest.raises(NotEditable):
        with_values(raw, {"title": "A"})


def test_a_value_that_spans_lines_is_left_to_the_source():
    raw = b"---\ntitle: |\n  A\nid: a\n---\n"
    assert values_of(raw)["title"] is None
    with pytest.raises(NotEditable):
        with_values(raw, {"title": "B"})
    assert with_values(raw, {"jp": Plain("2")}) == raw.replace(b"id: a\n", b"id: a\njp: 2\n")


@pytest.mark.parametrize("kind", ["module", "quiz", "assignment"])
def test_every_setting_has_a_field_or_is_left_to_the_source(kind):
    keys = set(settings_of(item_types[kind])) - (set() if item_types[kind].is_graded else OF_SCORES)
    assert {one.name for one in fields_of(item_types[kind])} == keys - IN_SOURCE
    assert {one.key for one in OF_COURSES} == set(settings_of(CourseContent)) - IN_SOURCE
    assert len({one.key for one in OF_ITEMS}) == len(OF_ITEMS)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("10", b"draw: 10\r\n"),
        ("mudah: 5, sulit: 3", b"draw: {mudah: 5, sulit: 3}\r\n"),
        ("#asas layanan: 2, Sangat mudah : 5", b'draw: {"#asas layanan": 2, Sangat mudah: 5}\r\n'),
        ("1: 5", b'draw: {"1": 5}\r\n'),
        ("lima", b"draw: lima\r\n"),
    ],
)
def test_questions_are_drawn_of_all_or_of_groups_and_tags(typed, line):
    fields = fields_of(item_types["quiz"])
    before = shown(fields, QUIZ)
    new = changed(fields, QUIZ, before | {"draw": typed})
    assert new == QUIZ.replace(b"---\r\nIsi", line + b"---\r\nIsi")
    assert changed(fields, new, shown(fields, new)) == new
    assert changed(fields, new, before) == QUIZ


@pytest.mark.parametrize("line", [b'draw: { "a, b": 1 }', b"draw: {'#a:b': 1, c: 2}", b'draw: {"it\'s": 1}'])
def test_a_draw_that_the_form_cannot_show_is_left_to_the_source(line):
    raw = QUIZ.replace(b"---\r\nIsi", line + b"\r\n---\r\nIsi")
    assert "draw" not in shown(fields_of(item_types["quiz"]), raw)


# What is shown when

PRESET_LINES = {"": b"", "latihan": b"review: latihan\r\n", "ujian": b"review: ujian\r\n"}
MATRICES = st.lists(st.sampled_from(CELLS), unique=True).map(lambda cells: tuple(one for one in CELLS if one in cells))


def with_review(line: bytes) -> bytes:
    return QUIZ.replace(b"---\r\nIsi", line + b"---\r\nIsi")


def table_in(raw: bytes) -> ReviewTable:
    """As the course is read."""
    course, problems = read(
        with_item(raw.replace(b"after:\r\n  - awal\r\n", b"").replace(b"Isi ---", b"## A?\n\n= b\n"))
    )
    assert course, problems
    return course.items[0].review


@pytest.mark.parametrize("name", PRESET_LINES)
def test_a_preset_is_chosen_and_its_cells_are_ticked(name):
    raw = with_review(PRESET_LINES[name])
    found = shown(FIELDS, raw)
    assert found["review"] == name
    table = PRESETS[name or "kuis"]
    assert set(found["review_table"]) == {f"{moment}:{one}" for moment in MOMENTS for one in table.at(moment)}
    for other, line in PRESET_LINES.items():
        assert changed(FIELDS, raw, found | {"review": other}) == with_review(line)


def test_the_cells_of_a_preset_are_written_as_its_name():
    found = shown(FIELDS, QUIZ)
    ticked = {"review_table": shown(FIELDS, with_review(PRESET_LINES["ujian"]))["review_table"], "review": OWN}
    assert changed(FIELDS, QUIZ, found | ticked) == with_review(PRESET_LINES["ujian"])


@with_settings(max_examples=100)
@given(MATRICES)
def test_what_is_ticked_is_what_the_course_says_and_comes_back(cells):
    before = shown(FIELDS, QUIZ)
    raw = changed(FIELDS, QUIZ, before | {"review": OWN, "review_table": cells})
    again = shown(FIELDS, raw)
    assert again["review_table"] == cells
    assert changed(FIELDS, raw, again) == raw
    assert changed(FIELDS, raw, again | {"review": ""}) == QUIZ
    assert raw.startswith(QUIZ.partition(b"---\r\nIsi")[0])
    answers_are_shown = all(
        f"{moment}:answers" in cells
        for moment in ("after", "later", "closed")
        if any(one.startswith(f"{moment}:") and not one.endswith((":answers", ":overall")) for one in cells)
    )
    if answers_are_shown:
        table = table_in(raw)
        assert {f"{moment}:{one}" for moment in MOMENTS for one in table.at(moment)} == set(cells)


@pytest.mark.parametrize(
    "line", [b"review:\r\n  after: [answers]\r\n", b"review: {after: sometimes}\r\n", b"review: {soon: [key]}\r\n"]
)
def test_a_table_that_the_form_cannot_show_is_left_to_the_source(line):
    raw = with_review(line)
    found = shown(FIELDS, raw)
    assert not {"review", "review_table"} & set(found)
    assert changed(FIELDS, raw, found | {"review": "latihan", "review_table": ()}) == raw


# The page

BASE = "/teach/courses/kecil"
PAGE = f"{BASE}/settings/02-kuis.md"


def sent(page: str, **values) -> dict[str, object]:
    main = page.partition("<main")[2]
    found: dict[str, object] = {"csrf_token": csrf_token(page)}
    ticked: dict[str, list[str]] = {}
    found |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main))
    for tag in re.findall(r"<input [^>]*>", main):
        name, value = re.search(r'name="(set_\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            found[name[1]] = value[1] if value else ""
        elif name and "checked" in tag:
            ticked.setdefault(name[1], []).append(value[1] if value else "")
    return found | ticked | {f"set_{key}": value for key, value in values.items()}


def test_a_setting_is_saved_and_named_in_the_look(client, teacher, course):
    before = services.source(course.id).files["02-kuis.md"].data
    answer = client.post(PAGE, data=sent(client.text(PAGE), **{"pass": "80", "title": "Kuis akhir"}))
    assert answer.location.startswith(f"{BASE}/edit?at=")
    db.session.expire_all()
    wanted = before.replace(b"pass: 60", b"pass: 80").replace(b"title: Kuis\n", b"title: Kuis akhir\n")
    assert services.source(course.id).files["02-kuis.md"].data == wanted
    assert "Kuis akhir" in client.text(f"{BASE}/publish")


def test_an_untouched_form_makes_no_draft(client, teacher, course):
    assert client.post(PAGE, data=sent(client.text(PAGE))).status_code == 302
    assert not services.source(course.id).is_draft


def test_a_sign_of_several_characters_in_a_title_stays(client, teacher, course):
    """Some of them nobody sees; without them it is another sign."""
    title = "\u26a0\ufe0f Keadaan darurat \U0001f469\u200d\U0001f3eb"
    client.post(PAGE, data=sent(client.text(PAGE), title=title))
    assert client.post(PAGE, data=sent(client.text(PAGE), **{"pass": "80"})).status_code == 302
    assert title in text_of(course)


@pytest.mark.parametrize(
    "wrong", [{"pass": "101"}, {"pass": "tujuh"}, {"title": ""}, {"opens": "besok"}, {"attempts": "0"}]
)
def test_what_the_check_refuses_stands_at_its_field(client, teacher, course, wrong):
    answer = client.post(PAGE, data=sent(client.text(PAGE), **wrong))
    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert not services.source(course.id).is_draft


def text_of(course) -> str:
    db.session.expire_all()
    return services.source(course.id).text("02-kuis.md")


def test_a_day_is_typed_and_shown_in_words_and_written_as_the_file_has_it(client, teacher, course):
    client.post(PAGE, data=sent(client.text(PAGE), opens="1 Desember 2026", closes="15/12/2026 17.00"))
    assert "opens: 2026-12-01\n" in text_of(course)
    assert "closes: 2026-12-15 17:00\n" in text_of(course)
    page = client.text(PAGE)
    assert 'value="1 Desember 2026"' in page
    assert 'value="15 Desember 2026 pukul 17.00"' in page
    before = text_of(course)
    client.post(PAGE, data=sent(page, opens="7 hari setelah mulai", closes=" "))
    assert text_of(course) == before.replace("opens: 2026-12-01", "opens: +7d").replace(
        "closes: 2026-12-15 17:00\n", ""
    )


def test_a_day_that_is_none_is_refused_in_the_words_of_the_form(client, teacher, course):
    answer = client.post(PAGE, data=sent(client.text(PAGE), opens="31/2/2026"))
    assert answer.status_code == 422
    assert "“31/2/2026” tidak terbaca sebagai hari" in answer.text
    assert 'value="31/2/2026"' in answer.text
    assert "opens" not in text_of(course)


def test_a_category_is_typed_as_people_write_it_and_those_there_are_are_offered(client, teacher, course):
    page = f"{BASE}/settings/course.md"
    assert client.post(page, data=sent(client.text(page), category="Keuangan Daerah")).status_code == 302
    assert "category: keuangan-daerah\n" in services.source(course.id).text("course.md")
    assert '<datalist id="categories">' in client.text(page)
    assert 'list="categories"' in client.text(page)
    assert client.post(page, data=sent(client.text(page), category="???")).status_code == 422


def test_another_persons_save_is_not_overwritten(client, teacher, course):
    data = sent(client.text(PAGE), **{"pass": "80"})
    edit(course, "02-kuis.md", "Jawablah.", "Jawablah semua.")
    db.session.commit()
    answer = client.post(PAGE, data=data)
    assert answer.status_code == 409
    assert 'value="80"' in answer.text
    assert client.post(PAGE, data=sent(answer.text)).status_code == 302
    db.session.expire_all()
    text = services.source(course.id).text("02-kuis.md")
    assert "pass: 80" in text
    assert "Jawablah semua." in text


def test_the_course_and_a_section_have_settings(client, teacher, course):
    path = f"{BASE}/settings/course.md"
    assert client.post(path, data=sent(client.text(path), competency="teknis")).status_code == 302
    db.session.expire_all()
    assert "competency: teknis" in services.source(course.id).text("course.md")


def test_a_file_that_cannot_be_read_leads_to_its_source(client, teacher, course):
    edit(course, "01-modul.md", "title: Modul satu", "title: [")
    assert "teks sumber" in client.text(f"{BASE}/settings/01-modul.md")
    assert client.get(f"{BASE}/settings/media/alur.svg").status_code == 404
    assert client.get(f"{BASE}/settings/99-x.md").status_code == 404


def test_the_table_is_ticked_on_the_page_and_a_contradiction_is_told(client, teacher, course):
    data = sent(client.text(PAGE))
    ticks = [one for one in data["set_review_table"] if one != "after:correct"]
    answer = client.post(PAGE, data=data | {"set_review": "latihan", "set_review_table": ticks})
    assert answer.status_code == 422
    assert "set_review-error" in answer.text
    assert client.post(PAGE, data=data | {"set_review_table": ticks}).status_code == 302
    db.session.expire_all()
    wanted = "after: [answers, points, max-points, feedback, overall], later: all, closed: all}"
    assert wanted in services.source(course.id).text("02-kuis.md")
    again = sent(client.text(PAGE))
    assert again["set_review_table"] == ticks
    without = [one for one in ticks if one != "closed:answers"]
    refused = client.post(PAGE, data=again | {"set_review": "own", "set_review_table": without})
    assert refused.status_code == 422
    assert client.post(PAGE, data=again | {"set_review": ""}).status_code == 302


def test_a_draw_is_set_with_the_groups_in_sight_and_refused_in_the_words_of_the_form(client, teacher, course):
    edit(course, "02-kuis.md", "{#dua}", '{#dua group=mudah tags="asas"}')
    db.session.commit()
    page = client.text(PAGE)
    assert "Dalam kuis ini: mudah (1), #asas (1)." in page
    answer = client.post(PAGE, data=sent(page, draw="mudah lima"))
    assert answer.status_code == 422
    assert "mudah: 5, sulit: 3" in answer.text.partition('id="set_draw-error"')[2].partition("</p>")[0]
    answer = client.post(PAGE, data=sent(page, draw="mudah: 2"))
    assert answer.status_code == 422
    assert "lebih banyak daripada isinya" in answer.text.partition('id="set_draw-error"')[2].partition("</p>")[0]
    assert client.post(PAGE, data=sent(page, draw="mudah: 1")).status_code == 302
    assert "draw: {mudah: 1}\n" in text_of(course)


def test_a_second_click_is_no_other_person(client, teacher, course):
    data = sent(client.text(PAGE), title="Baru")
    assert [client.post(PAGE, data=data).status_code for _click in range(2)] == [302, 302]
