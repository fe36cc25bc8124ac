"""Questions whose answers have parts, and texts between questions, as a browser sees them."""

from __future__ import annotations

import re

import pytest
from course_sample import COVER, STRUCTURED_QUIZ
from factories import NOON, grant, make_enrolment, make_person
from pages import csrf_token

from lms.core.db import db
from lms.courses import services as courses
from lms.quizzes import queries
from lms.quizzes.models import Answer, Attempt

FETCH = {"X-Requested-With": "fetch"}
MODULE = """---
title: Modul
---
Teks.

```question {#cek-urut type=order}
Urutkan.

1. Satu
2. Dua
3. Tiga
```

```question {#cek-isi}
Isi [[satu|1]] dan [[=terbuka|rahasia]].
```

```question {#cek-jodoh type=match}
Pasangkan.

| a | b |
| - | - |
| Biaya | Berapa? |
| Waktu | Kapan? |
|  | Siapa? |
```

```question {#cek-angka type=number}
Berapa?

= 0.9
```
"""


@pytest.fixture
def course(session, client, at):
    texts = {"course.md": COVER, "01-kuis.md": STRUCTURED_QUIZ, "02-modul.md": MODULE}
    files = {path: text.encode() for path, text in texts.items()}
    revision = courses.import_course("bentuk", files, actor_id=None, now=NOON).revision
    courses.publish(revision, actor_id=None, now=NOON)
    learner = make_person()
    make_enrolment(learner, revision.course)
    session.commit()
    client.sign_in(learner)
    return revision.course


@pytest.fixture
def attempt(course, client):
    return client.post_form("/courses/bentuk/kuis").location.rpartition("/")[0]


def quiz():
    return queries.quiz_of_revision(db.session.query(Attempt).one().item_revision_id)


def stored(question):
    db.session.rollback()
    found = db.session.query(Answer).filter_by(question=question).one_or_none()
    return found.response if found else None


def rows(page):
    """Names and values of the number fields, as they stand on the page."""
    return re.findall(r'<input name="(place-\w+)" value="(\d*)"', page)


def test_texts_are_not_counted_and_stand_above_the_questions(client, attempt):
    first, second = client.text(f"{attempt}/1"), client.text(f"{attempt}/2")
    assert "soal 1 dari 3" in first and "0</span> dari 3" in first
    assert "<details open><summary>" in first and "<strong>tiga jam</strong>" in first
    assert "<details><summary>" in second and "<strong>tiga jam</strong>" in second
    assert client.get(f"{attempt}/4").status_code == 404
    assert "1, 2, 3" in client.text(attempt)
    client.post_form(f"{attempt}/submit", page=attempt)
    review = client.text(f"{attempt}/review")
    assert review.count("<strong>tiga jam</strong>") == 1 and review.count('class="reviewed"') == 3


def test_the_page_of_an_attempt_never_holds_the_key(client, attempt):
    order = quiz().question("urut")
    for _ in range(3):
        page = client.text(f"{attempt}/1")
        shown = [name.removeprefix("place-") for name, _value in rows(page)]
        assert sorted(shown) == sorted(step.id for step in order.steps)
        assert shown != [step.id for step in order.in_order]
    page = client.text(f"{attempt}/3")
    assert "satu" not in page and "[[" not in page and 'name="gap-1"' in page
    assert "satu" not in client.text(attempt)


def test_steps_are_numbered_and_saved_as_they_are(client, attempt):
    one, two, _three = (step.id for step in quiz().question("urut").steps)
    twice = "Nomor 2 dipakai lebih dari sekali, nomor 1, 3 belum dipakai."
    client.post_form(f"{attempt}/1", go="next", **{f"place-{one}": "2", f"place-{two}": " 2. "})
    assert stored("urut") == {"places": {one: 2, two: 2}}
    assert f"⚠ {twice}" in client.text(f"{attempt}/1")
    overview = client.text(attempt)
    assert "1 bagian masih kosong" in overview and f"⚠ {twice}" in overview
    assert "Belum lengkap atau belum terbaca: soal 1." in overview and "Belum dijawab: soal 2, 3." in overview
    sent = {f"place-{one}": "2", f"place-{two}": "2", "csrf_token": csrf_token(client.text(f"{attempt}/1"))}
    assert client.post(f"{attempt}/1", data=sent, headers=FETCH).json["read"] == f"⚠ {twice}"
    client.post_form(f"{attempt}/1", go="next", **{f"place-{one}": "2"})
    assert "Nomor 1, 3 belum dipakai." in client.text(f"{attempt}/1") and "⚠" not in client.text(attempt)


def test_what_is_no_number_stays_in_the_form(client, attempt):
    one, two, _three = (step.id for step in quiz().question("urut").steps)
    answer = client.post_form(f"{attempt}/1", go="next", **{f"place-{one}": "1", f"place-{two}": "x"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and stored("urut") is None
    assert dict(rows(page))[f"place-{one}"] == "1" and 'value="x"' in page


def test_a_page_with_an_error_does_not_say_that_it_is_saved(client, attempt):
    one = quiz().question("urut").steps[0].id
    client.post_form(f"{attempt}/1", go="flag", **{f"place-{one}": "1"})
    assert "Tersimpan pukul" in client.text(f"{attempt}/1")
    page = client.post_form(f"{attempt}/1", go="next", **{f"place-{one}": "9"}).get_data(as_text=True)
    assert "belum tersimpan" in page and 'role="status">Tersimpan pukul' not in page
    assert stored("urut") == {"places": {one: 1}}


def test_arrows_number_all_steps_and_move_one(client, attempt):
    shown = [name for name, _value in rows(client.text(f"{attempt}/1"))]
    second = shown[1].removeprefix("place-")
    answer = client.post_form(f"{attempt}/1", go=f"row-{second}-up", **dict.fromkeys(shown, ""))
    assert re.fullmatch(rf"{attempt}/1\?after=\d+#row-{second}", answer.location)
    page = client.text(f"{attempt}/1")
    assert rows(page) == [(shown[1], "1"), (shown[0], "2"), (shown[2], "3")]
    again = client.post_form(f"{attempt}/1", go=f"row-{second}-up", **dict(rows(page)))
    assert again.status_code == 302 and rows(client.text(f"{attempt}/1"))[0][0] == shown[1]
    for _ in range(3):
        client.post_form(f"{attempt}/1", go=f"row-{second}-down", **dict(rows(client.text(f"{attempt}/1"))))
    assert rows(client.text(f"{attempt}/1"))[-1] == (shown[1], "3")


def test_an_arrow_counts_after_the_script_has_saved_a_number(client, attempt):
    """The script gives the changes of a page numbers, and does not count the arrow."""
    page = client.text(f"{attempt}/1")
    shown = [name for name, _value in rows(page)]
    turn = re.search(r'name="turn" value="([^"]+)"', page)[1]
    values = dict.fromkeys(shown, "") | {shown[0]: "3"}
    sent = values | {"turn": f"{turn}.1", "csrf_token": csrf_token(page)}
    assert client.post(f"{attempt}/1", data=sent, headers=FETCH).status_code == 200
    moved = shown[1].removeprefix("place-")
    client.post_form(f"{attempt}/1", turn=f"{turn}.1", go=f"row-{moved}-down", **values)
    assert [name for name, _value in rows(client.text(f"{attempt}/1"))] == [shown[2], shown[1], shown[0]]


def test_a_row_that_is_not_chosen_yet_does_not_lose_the_others(client, attempt):
    match = quiz().question("jodoh")
    row, partner = match.rows[0].id, match.partners[0].id
    client.post_form(f"{attempt}/2", go="next", **{f"match-{row}": partner})
    assert stored("jodoh") == {"pairs": {row: partner}}
    assert f'<option value="{partner}" selected>' in client.text(f"{attempt}/2")
    overview = client.text(attempt)
    assert "1 bagian masih kosong" in overview and "Belum lengkap atau belum terbaca: soal 2." in overview
    assert client.post_form(f"{attempt}/2", go="next", **{f"match-{row}": "xyz"}).status_code == 422
    assert stored("jodoh") == {"pairs": {row: partner}}


def test_what_is_incomplete_is_kept_and_not_checked(client, attempt):
    """Checking locks here, and costs a try in a quiz with tries."""
    row = quiz().question("jodoh").rows[0]
    one, two, three = (f"place-{step.id}" for step in quiz().question("urut").steps)
    empty, wrong = "Belum diperiksa: masih ada 1 bagian yang kosong.", "Belum diperiksa: lihat tanda ⚠"
    for number, question, values, told in (
        (1, "urut", {one: "1", two: "2"}, empty),
        (1, "urut", {one: "1", two: "2", three: "2"}, wrong),
        (2, "jodoh", {f"match-{row.id}": row.partner}, empty),
        (3, "skm", {"gap-1": "satu"}, empty),
    ):
        page = client.get(client.post_form(f"{attempt}/{number}", go="check", **values).location).text
        assert told in page and 'value="check"' in page
        assert "is_final" not in stored(question) and len(next(iter(stored(question).values()))) == len(values)
    client.post_form(f"{attempt}/3", go="check", **{"gap-1": "satu", "gap-2": "diumumkan"})
    assert stored("skm")["is_final"]


@pytest.mark.parametrize(
    ("position", "buttons"),
    [(1, ["check", "next", "flag"]), (2, ["check", "next", "previous", "flag"])],
)
def test_the_main_button_comes_first_and_the_others_keep_their_order(client, attempt, position, buttons):
    row = client.text(f"{attempt}/{position}").rpartition('<div class="row">')[2].partition("</form>")[0]
    assert re.findall(r'name="go" value="(\w+)"', row) == buttons


def test_on_the_last_question_one_button_leads_to_handing_in(client, attempt):
    assert client.text(f"{attempt}/2").count("Kumpulkan …</button>") == 1
    assert client.text(f"{attempt}/3").count("Kumpulkan …</button>") == 1


def test_gaps_are_filled_within_the_sentence(client, attempt):
    client.post_form(f"{attempt}/3", go="next", **{"gap-1": " SATU ", "gap-2": "diumumkan"})
    assert stored("skm") == {"gaps": {"1": " SATU ", "2": "diumumkan"}}
    page = client.text(f"{attempt}/3")
    assert re.search(r'sedikit|dilakukan <input name="gap-1" aria-label="Isian 1" value=" SATU "', page)
    client.post_form(f"{attempt}/3", go="check", **{"gap-1": " SATU ", "gap-2": "diumumkan"})
    assert "Hasil survei adalah hak warga." in client.text(f"{attempt}/3")


def test_the_review_tells_each_part(client, attempt):
    order, match = quiz().question("urut"), quiz().question("jodoh")
    one, two, three = (step.id for step in order.in_order)
    client.post_form(f"{attempt}/1", go="next", **{f"place-{one}": "1", f"place-{two}": "3", f"place-{three}": "2"})
    first, second = match.rows
    client.post_form(
        f"{attempt}/2", go="next", **{f"match-{first.id}": first.partner, f"match-{second.id}": first.partner}
    )
    client.post_form(f"{attempt}/3", go="next", **{"gap-1": "dua", "gap-2": "diumumkan"})
    client.post_form(f"{attempt}/submit", page=attempt)
    page = client.text(f"{attempt}/review")
    assert "1,33 dari 2 poin" in page  # two of three pairs of steps are in the right order
    assert "tempatnya nomor 3" in page and "Urutan yang benar" in page
    assert "→ satu / 1" in page and "✓" in page
    assert page.count("Salah:") == 2  # a row and a gap


def test_a_module_asks_and_answers_them(client, course):
    page = client.text("/courses/bentuk/modul")
    order = [name for name, _value in rows(page)]
    assert len(order) == 3 and 'name="gap-1"' in page and 'name="match-' in page and 'value="row-' not in page
    said = client.post_form("/courses/bentuk/modul", check="cek-isi", **{"gap-1": "Satu", "gap-2": "rahasia"})
    assert "1 dari 2 benar." in said.get_data(as_text=True)
    said = client.post_form("/courses/bentuk/modul", check="cek-urut", **{order[0]: "1"})
    assert "dari 3 sudah di tempatnya. Nomor 2, 3 belum dipakai." in said.get_data(as_text=True)
    said = client.post_form("/courses/bentuk/modul", check="cek-angka", text="0,90 poin")
    assert "Angkanya benar; tulis tanpa satuan." in said.get_data(as_text=True)


@pytest.mark.parametrize("keys", ["", "?keys=1"])
def test_on_paper_the_keys_are_printed_only_if_asked_for(client, course, keys):
    teacher = make_person()
    grant(teacher, "instructor", course=course)
    db.session.commit()
    page = client.sign_in(teacher).text(f"/teach/courses/bentuk/print{keys}")
    assert page.count("<strong>tiga jam</strong>") == 1
    assert ("dirahasiakan" in page) == (not keys) and ("→ satu / 1" in page) == bool(keys)
    assert ('<ol type="A">' in page) == (not keys)
    if not keys:
        assert "(1) ______" in page and "Hasil survei" not in page


def test_before_handing_in_the_way_back_leads_to_what_is_not_complete(client, attempt):
    order, match = quiz().question("urut"), quiz().question("jodoh")
    client.post_form(f"{attempt}/1", go="next", **{f"place-{one.id}": f"{one.place}" for one in order.steps})
    client.post_form(f"{attempt}/2", go="next", **{f"match-{match.rows[0].id}": match.partners[0].id})
    [gaps] = [one for one in quiz().asked if one.kind == "gaps"]
    given = {f"gap-{n}": gap.accepted[0] for n, gap in enumerate(gaps.gaps, start=1)}
    client.post_form(f"{attempt}/3", go="next", **given)
    overview = client.text(attempt)
    assert "Belum dijawab" not in overview
    assert f'<a class="button" href="{attempt}/2">' in overview, "the main button"
