"""Who made a fault with a form is told the remedy in the form's words, and led to its field."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import messages
import pytest
from authoring.test_settings_form import sent
from authoring_factories import edit

import lms.content
from lms.authoring.forms import remedies
from lms.core.db import db

BASE = "/teach/courses/kecil"
FORM = f"{BASE}/question/1/02-kuis.md"
TABLES = (remedies._OF_QUESTIONS, remedies._OF_SETTINGS, remedies._OF_LISTS)
MARKS = re.compile(r"\[x\]|\{[^}]*\}|##|= |front matter|course\.md|\b[a-z_]+=|“[a-z_]+: ")


def said_by_the_check() -> set[str]:
    found = set()
    for file in Path(lms.content.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return found


def test_each_sentence_that_is_reworded_is_one_of_the_check():
    there = said_by_the_check()
    for table in (*TABLES, remedies._FIELD_BY_REMEDY, remedies._ATTRIBUTE_OF_FAULT):
        assert set(table) <= there


def test_the_words_of_forms_have_no_marks_and_name_fields_as_the_forms_do():
    catalog = messages.read(messages.PO)
    for table in TABLES:
        for told in table.values():
            in_indonesian = catalog[told.template].string
            for text in (told.template, in_indonesian):
                assert not MARKS.search(text.replace("20 ± 0.5", "")), text
            for label in re.findall("“([^”%]+)”", told.template):
                if label != "late":
                    assert f"“{catalog[label].string}”" in in_indonesian


def fault_list(client) -> str:
    page = client.text(f"{BASE}/publish")
    return unescape(re.sub(r"<details.*?</details>", "", page.partition("<main")[2], flags=re.S))


@pytest.mark.parametrize(
    ("old", "new", "anchor", "told"),
    [
        ("- [x] Empat", "- [ ] Empat", "text-0", "centang “Kunci jawaban” pada pilihan yang benar"),
        ("- [x] Empat", "- [x] Empat\n- [ ] Empat", "text-2", "ubah salah satunya atau hapus"),
        ("{#dua}", "{#dua pair=jumlah}", "pair", "kosongkan “Pasangan di tes yang lain”"),
        ("- [x] Empat", "- [x] Empat\n- [ ] A dan B", "text-2", ""),
    ],
)
def test_a_fault_of_a_question_leads_to_its_field(client, teacher, course, old, new, anchor, told):
    edit(course, "02-kuis.md", old, new)
    db.session.commit()
    page = client.text(f"{BASE}/publish")
    assert f'<a href="{FORM}#{anchor}">' in page
    assert f'id="{anchor}"' in client.text(FORM)
    shown = fault_list(client)
    assert told in shown
    assert "[x]" not in shown
    assert "front matter" not in shown


@pytest.mark.parametrize(
    ("old", "new", "control", "told"),
    [
        ("pass: 60", "pass: 60\npenalty: 20", "set_penalty", "kosongkan isian ini"),
        ("pass: 60", "pass: 60\nattempts: banyak", "set_attempts", "tulis angka, atau kosongkan isian ini"),
        ("pass: 60", "pass: 60\nmarks: together", "set_marks", "padahal kuis ini tidak punya soal uraian"),
        ("title: Kuis\n", "", "set_title", "lengkapi isian ini"),
    ],
)
def test_a_fault_of_a_setting_leads_to_its_field(client, teacher, course, old, new, control, told):
    edit(course, "02-kuis.md", old, new)
    db.session.commit()
    address = f"{BASE}/settings/02-kuis.md#{control}"
    assert f'<a href="{address}">' in client.text(f"{BASE}/publish")
    assert told in fault_list(client)
    assert f'<a href="{address}">' in client.text(f"{BASE}/questions/02-kuis.md")
    assert f'id="{control}"' in client.text(f"{BASE}/settings/02-kuis.md")


def test_the_settings_form_itself_says_it_so(client, teacher, course):
    page = f"{BASE}/settings/02-kuis.md"
    for values, told in (
        ({"penalty": "20"}, "atau kosongkan isian ini"),
        ({"time_limit": "lama"}, "satu setengah jam adalah 90"),
    ):
        answer = client.post(page, data=sent(client.text(page), **values))
        assert answer.status_code == 422
        assert told in answer.text
        assert "feedback: tries" not in answer.text
        assert "20m" not in answer.text


def test_a_quiz_without_questions_leads_to_where_they_are_added(client, teacher, course):
    edit(course, "02-kuis.md", "## Dua tambah dua? {#dua}\n\n- [ ] Tiga\n- [x] Empat\n", "")
    db.session.commit()
    assert f'<p class="small"><a href="{BASE}/questions/02-kuis.md">' in client.text(f"{BASE}/publish")
    assert "pilih jenisnya di “Soal baru”" in fault_list(client)
    assert client.text(f"{BASE}/questions/02-kuis.md").count("Soal baru") > 0


def test_a_fault_that_no_form_has_a_field_for_leads_to_the_source_in_its_words(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat\n", "- [x] Empat\n\nKalimat di bawah jawaban.\n")
    db.session.commit()
    assert "### Pembahasan" in fault_list(client)
    assert re.search(rf'<a href="{BASE}/edit/02-kuis.md#line-\d+">Kuis</a>', client.text(f"{BASE}/publish"))
