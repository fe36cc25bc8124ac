"""The list of a quiz's questions, the form for each, and the page to try Markdown out."""

from __future__ import annotations

import re
from html import unescape

import pytest
from authoring_factories import FILES, edit
from factories import NOON, make_person
from web.test_field_errors import links

from lms.authoring import services
from lms.authoring.questions.values import CONVERTIBLE_KINDS, SHAPES
from lms.authoring.services.creating import create_course
from lms.core.db import db

BASE = "/teach/courses/kecil"
LIST = f"{BASE}/questions/02-kuis.md"
FORM = f"{BASE}/question/1/02-kuis.md"
NEW = f"{BASE}/new-question"


def quiz(course) -> str:
    return services.with_texts(services.source(course.id)).files["02-kuis.md"].data.decode()


def fields(page: str, form: str = 'id="question"') -> dict[str, list[str]]:
    """What a browser would send of the form without pressing a button that has a name."""
    html = page.partition(form)[2].partition("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag, value in re.findall(r"<(input [^>]*|textarea [^>]*(?=>\n(.*?)</textarea>))>", html, re.S):
        name = re.search(r'name="([^"]*)"', tag)
        is_box = re.search(r'type="(checkbox|radio)"', tag)
        if name and (not is_box or " checked" in tag):
            own = re.search(r'value="([^"]*)"', tag)
            text = value if tag.startswith("textarea") else own[1] if own else ""
            found.setdefault(name[1], []).append(unescape(text).replace("\n", "\r\n"))
    return found


def send(client, path: str, **other):
    return client.post(path, data=fields(client.text(path)) | other)


def test_a_question_is_listed_and_its_form_saves_the_same_bytes(client, teacher, course):
    page = client.text(LIST)
    assert "Dua tambah dua?" in page
    assert FORM in page
    assert LIST in client.text(f"{BASE}/edit")
    assert LIST in client.text(f"{BASE}/edit/02-kuis.md")
    before = quiz(course)
    answer = send(client, FORM, do="save")
    assert answer.status_code == 302
    assert quiz(course) == before
    assert not services.source(course.id).is_draft


def test_the_key_and_a_feedback_change_their_lines_alone(client, teacher, course):
    before = quiz(course)
    send(client, FORM, right=["0"], **{"feedback-0": "Tepat."})
    assert quiz(course) == before.replace("[ ] Tiga", "[x] Tiga\n    > Tepat.").replace("[x] Empat", "[ ] Empat")
    assert "Tepat." in client.text(FORM)


def test_options_are_added_and_emptied(client, teacher, course):
    send(client, FORM, **{"text-2": "Lima", "text-0": ""})
    assert quiz(course).endswith("- [x] Empat\n- [ ] Lima\n")


def test_more_boxes_and_another_order_keep_what_was_typed_and_save_nothing(client, teacher, course):
    before = quiz(course)
    for do in ("more", "up-1"):
        answer = send(client, FORM, do=do, stem="Belum disimpan")
        assert answer.status_code == 200
        assert "Belum disimpan" in answer.text
    assert fields(answer.text)["text-0"] == ["Empat"]
    assert quiz(course) == before
    client.post(FORM, data=fields(answer.text) | {"stem": "Dua tambah dua?"})
    assert quiz(course).endswith("- [x] Empat\n- [ ] Tiga\n")


@pytest.mark.parametrize(
    ("change", "control"),
    [
        ({"stem": " "}, "stem"),
        ({"right": ["0", "1"]}, "text-0"),
        ({"points": "banyak"}, "points"),
        ({"points": "0"}, "points"),
        ({"stem": "a\r\n\r\n## b"}, "stem"),
        ({"text-0": "", "text-1": ""}, "text-0"),
        ({"group": "x" * 61}, "group"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client, teacher, course, change, control):
    before = quiz(course)
    answer = send(client, FORM, explanation="Tetap di sini", **change)
    assert answer.status_code == 422
    assert f'href="#{control}"' in answer.text
    assert "Tetap di sini" in answer.text
    assert quiz(course) == before


@pytest.mark.parametrize("kind", CONVERTIBLE_KINDS)
def test_a_question_of_each_kind_with_options_or_lines_is_added(client, teacher, course, kind):
    page = client.text(f"{NEW}/{kind}/02-kuis.md")
    typed = {"number": {"text-0": "7,5 km"}, "truefalse": {}}.get(kind, {"text-0": "ini", "text-1": "itu"})
    words = {"stem": "Apa lagi?"} | typed | ({} if SHAPES[kind] == "lines" else {"right": ["0"]})
    answer = client.post(f"{NEW}/{kind}/02-kuis.md", data=fields(page) | words)
    assert answer.location.endswith("/question/2/02-kuis.md")
    assert "## Apa lagi?" in quiz(course)
    assert "Apa lagi?" in client.text(answer.location)
    assert not re.search(r"✗ <span", client.text(answer.location))
    assert client.get(f"{NEW}/esai/02-kuis.md").status_code == 404


def test_questions_move_are_copied_deleted_and_put_back(client, teacher, course):
    def do(what):
        return client.post(LIST, data=fields(client.text(LIST), "<main") | {"do": what})

    before = quiz(course)
    do("copy-1")
    assert quiz(course).count("## Dua tambah dua?") == 2
    do("down-1")
    assert quiz(course).index("{#dua}") > quiz(course).index("## Dua tambah dua?\n")
    do("delete-2")
    assert "{#dua}" not in quiz(course)
    assert "<del>" in client.text(LIST)
    do("back-1")
    do("delete-2")
    assert quiz(course) == before
    assert do("delete-9").status_code == 302


def test_a_deleted_question_is_put_back_after_its_file_was_moved(client, teacher, course):
    outline = client.text("/teach/courses/kecil/edit")
    moved = fields(outline, "<main") | {"do": "up:02-kuis.md"}
    assert client.post("/teach/courses/kecil/outline", data=moved).status_code == 302
    assert "01-kuis.md" in services.source(course.id).files
    listed = LIST.replace("02-kuis", "01-kuis")

    def do(what):
        return client.post(listed, data=fields(client.text(listed), "<main") | {"do": what})

    do("delete-1")
    assert "{#dua}" not in services.source(course.id).text("01-kuis.md")
    do("back-1")
    assert "{#dua}" in services.source(course.id).text("01-kuis.md")


def test_two_people_in_two_questions_do_not_meet_and_in_one_see_both(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat\n", "- [x] Empat\n\n## Lain? {#lain}\n\n= ya\n")
    db.session.commit()
    mine = fields(client.text(FORM))
    edit(course, "02-kuis.md", "= ya", "= tidak")
    db.session.commit()
    assert client.post(FORM, data=mine | {"text-0": "Lima"}).status_code == 302
    assert "= tidak" in quiz(course)
    assert "Lima" in quiz(course)
    edit(course, "02-kuis.md", "Lima", "Enam")
    db.session.commit()
    answer = client.post(FORM, data=mine | {"text-0": "Tujuh"})
    assert answer.status_code == 412
    assert "Enam" in answer.text
    assert "Tujuh" in answer.text
    assert "Enam" in quiz(course)
    client.post(FORM, data=fields(answer.text))
    assert "Tujuh" in quiz(course)


def test_what_has_no_form_leads_to_the_source(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat", "- Empat")
    db.session.commit()
    page = client.text(FORM)
    assert f"{BASE}/edit/02-kuis.md#line-9" in page
    assert 'id="stem"' not in page
    assert "- Empat" in page


def test_faults_stand_at_their_field(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat", "- [ ] Empat")
    db.session.commit()
    assert 'class="field__error"' in client.text(FORM).partition('id="options"')[2].partition("</fieldset>")[0]


def test_a_question_to_check_oneself_has_the_same_form(client, teacher, course):
    edit(
        course,
        "01-modul.md",
        "di tengah.",
        "di tengah.\n\n```question\nBenar?\n\n- [x] ya\n- [ ] tidak\n```\n",
    )
    db.session.commit()
    path = f"{BASE}/question/1/01-modul.md"
    send(client, path, **{"text-0": "betul"})
    raw = services.with_texts(services.source(course.id)).files["01-modul.md"].data
    assert b"Benar?\r\n\r\n- [x] betul\r\n- [ ] tidak\r\n```" in raw


def test_files_without_questions_have_no_such_page(client, teacher, course):
    for path in ("course.md", "tidak-ada.md", "media/alur.svg"):
        assert client.get(f"{BASE}/questions/{path}").status_code == 404
    assert client.get(f"{BASE}/question/9/02-kuis.md").status_code == 404


# Trying out

SANDBOX = "/teach/sandbox"
QUESTION = "Dua tambah dua?\n\n- [ ] Tiga\n    > Kurang satu.\n- [x] Empat\n\n> Hitung jari."


def sandbox(client, **sent):
    return client.post_form(SANDBOX, page=SANDBOX, **sent)


def test_a_bare_question_is_shown_and_marked(client, teacher, course):
    assert "textarea" in client.text(SANDBOX)
    page = sandbox(client, source=QUESTION).text
    assert "Kurang satu." not in page.partition('class="stem"')[2]
    key = re.search(r'name="question" value="([^"]+)"', page)[1]
    page = sandbox(client, source=QUESTION, question=key, picked="a").text
    assert "Kurang satu." in page.partition('role="status"')[2]
    assert "Hitung jari." in page.partition('role="status"')[2]
    page = sandbox(client, source=QUESTION, question=key, picked="zz").text
    assert "note--fail" in page
    assert not services.source(course.id).is_draft


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("## A\n\n= ya\n\n## B\n\n= tidak", "B"),
        ("Teks **tebal**.", "<strong>tebal</strong>"),
        ("## Bagian\n\nTeks.", "Bagian"),
        ("Teks\n\n```question\nBenar?\n\n= ya\n```", "Benar?"),
        ("---\ntitle: T\ntype: quiz\n---\n## Apa?\n\n= ya", "Apa?"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_markdown_is_shown(client, teacher, source, shown):
    page = sandbox(client, source=source).text
    assert shown in page.partition('id="shown"')[2]
    assert "<script>alert" not in page


def test_a_fault_has_the_line_of_the_text(client, teacher):
    page = sandbox(client, source="## A\n\n- [ ] satu\n- [ ] dua").text
    assert 'data-line="3"' in page
    assert 'id="shown"' not in page


def test_a_text_that_is_too_long_is_refused_and_stays(client, teacher):
    answer = sandbox(client, source="a" * 20_001)
    assert answer.status_code == 422
    assert "a" * 20_001 in answer.text


def test_a_course_that_was_never_published_has_question_forms(client, session):
    author = make_person()
    course = create_course("kursus-baru", FILES, actor_id=author.id, now=NOON)
    client.sign_in(author)
    assert "Dua tambah dua?" in client.text(f"/teach/courses/{course.slug}/questions/02-kuis.md")


def test_a_question_of_a_pretest_has_its_pair(client, teacher, course):
    assert 'name="pair"' not in client.text(FORM)
    edit(course, "02-kuis.md", "type: quiz", "type: quiz\npurpose: pretest\nrequired: false\nweight: 0")
    before = quiz(course)
    assert 'name="pair"' in client.text(FORM)
    assert send(client, FORM, do="save").status_code == 302
    assert quiz(course) == before
    assert send(client, FORM, pair="Asas Umum").status_code == 422
    send(client, FORM, pair="asas-umum")
    assert "pair=asas-umum}" in quiz(course)
    send(client, FORM, pair="")
    assert quiz(course) == before


def test_a_pair_that_stands_in_another_quiz_is_kept(client, teacher, course):
    edit(course, "02-kuis.md", "{#dua}", "{#dua pair=asas}")
    send(client, FORM, stem="Dua ditambah dua?")
    assert "## Dua ditambah dua? {#dua pair=asas}" in quiz(course)


def test_a_question_that_cannot_be_published_says_so_first_and_never_that_all_is_well(client, teacher, course):
    """The draft has it, so that nothing is lost; what is wrong is said in the words of the form."""
    answer = send(client, FORM, right=[], do="save")
    assert "- [ ] Empat" in quiz(course)
    page = client.text(answer.location)
    assert "note--done" not in page
    assert links(page) == {"text-0": "Pilihan jawaban"}
    said = page.partition('id="errors"')[2].partition("</div>")[0]
    assert "tersimpan di draf" in said
    assert "centang “Kunci jawaban”" in said
    assert "[x]" not in said
    page = client.text(send(client, FORM, right=["1"], do="save").location)
    assert "note--done" in page
    assert 'id="errors"' not in page


def test_a_new_question_with_a_fault_is_in_the_draft_and_says_what_is_wrong(client, teacher, course):
    page = client.text(f"{NEW}/number/02-kuis.md")
    answer = client.post(f"{NEW}/number/02-kuis.md", data=fields(page) | {"stem": "Berapa?", "text-0": "banyak"})
    page = client.text(answer.location)
    assert "note--done" not in page
    assert links(page) == {"text-0": "Jawaban yang diterima"}
    assert "misalnya 20, 20 ± 0.5" in page


def test_what_belongs_to_no_field_is_listed_first_with_a_link_to_its_line(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat\n", "- [x] Empat\n\nKalimat di bawah jawaban.\n")
    page = client.text(FORM)
    assert links(page) == {"outside": "Teks sumber"}
    assert "line-" in page.partition('id="outside"')[2].partition("</ul>")[0]


def test_a_fault_before_publishing_leads_to_the_form_of_its_question_and_the_outline_to_the_questions(
    client, teacher, course
):
    edit(course, "02-kuis.md", "- [x] Empat", "- [ ] Empat")
    edit(course, "01-modul.md", "jp: 2", "jp: dua")
    db.session.commit()
    page = client.text(f"{BASE}/publish").partition('class="faultlist"')[2]
    assert f'<a href="{FORM}#text-0">Soal 1 – Kuis: Pilihan jawaban</a>' in page
    assert f'<a href="{BASE}/settings/01-modul.md#set_jp">Pengaturan – Modul satu: Jam pelajaran (JP)</a>' in page
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.S)
    assert "02-kuis.md," not in shown
    assert "02-kuis.md," in page
    outline = client.text(f"{BASE}/edit")
    assert re.search(rf'class="unit__name" href="{LIST}"', outline)
    assert re.search(rf'class="unit__name" href="{BASE}/edit/01-modul.md"', outline)


def test_the_list_of_questions_leads_to_the_import(client, teacher, course):
    assert f'href="{BASE}/import-questions/02-kuis.md"' in client.text(LIST)
    assert "+ Isian rumpang" in client.text(LIST)


def scoring(page: str) -> str:
    return re.search(r'<div class="field[^"]*" id="with-several"[^>]*>', page)[0]


def test_fields_stand_where_they_have_an_effect(client, teacher, course):
    """Several answers earn points in several ways; hints are seen where the quiz tells during the attempt."""
    page = client.text(FORM)
    assert " hidden" in scoring(page)
    assert "tidak ada yang melihatnya" in page
    assert f'href="{BASE}/settings/02-kuis.md#set_feedback"' in page
    edit(course, "02-kuis.md", "- [ ] Tiga", "- [x] Tiga")
    edit(course, "02-kuis.md", "pass: 60", "pass: 60\nfeedback: tries")
    db.session.commit()
    page = client.text(FORM)
    assert " hidden" not in scoring(page)
    assert "tidak ada yang melihatnya" not in page


def test_points_for_several_answers_are_in_sight_where_the_check_refuses_them(client, teacher, course):
    edit(course, "02-kuis.md", "{#dua}", "{#dua scoring=each-answer}")
    db.session.commit()
    assert f'href="{FORM}#scoring"' in client.text(f"{BASE}/publish")
    page = client.text(FORM)
    assert links(page) == {"scoring": "Poin untuk beberapa jawaban"}
    assert " hidden" not in scoring(page)


def test_a_second_click_saves_no_second_question_and_is_no_other_person(client, teacher, course):
    sent = fields(client.text(FORM)) | {"stem": "Tiga tambah satu?"}
    first, second = (client.post(FORM, data=sent) for _click in range(2))
    assert first.location == second.location
    page = f"{NEW}/single/02-kuis.md"
    sent = fields(client.text(page)) | {"stem": "Baru?", "text-0": "a", "text-1": "b", "right": ["0"]}
    first, second = (client.post(page, data=sent) for _click in range(2))
    assert first.location == second.location
    assert quiz(course).count("Baru?") == 1
    again = sent | {"was-count": ["2"]}
    assert client.post(page, data=again).status_code == 302
    assert quiz(course).count("Baru?") == 2, "who opens the form afresh may add the same once more"
