"""The question bank of a course: what it lists, how it is searched, and what a question said before."""

from __future__ import annotations

import re

import pytest
from authoring_factories import FILES, edit, publish_draft
from factories import NOON, grant, make_person
from sqlalchemy import select

from lms.authoring import services
from lms.authoring.bank import BankFilters, facets_of, source_questions, without_pictures
from lms.authoring.models import QuestionOrigin
from lms.authoring.services.bank import bank_of, versions
from lms.authoring.services.creating import create_course, delete_course
from lms.content.questions.short_answer import ShortAnswer
from lms.content.text import Text
from lms.core.db import db
from lms.core.ledger import LedgerEntry

BASE = "/teach/courses/kecil"
BANK = f"{BASE}/questions"
TAGGED = '{#dua group=mudah tags="Hitung, Bab 1" objective="Menjumlahkan bilangan" difficulty=mudah}'
MORE = "- [x] Empat\n\n## Siapa *Presiden* pertama? {#presiden tags=sejarah difficulty=sulit}\n\n= Sukarno\n"


def entries(course):
    revision = course.revision
    return bank_of(services.source(course.id), revision.id if revision else None).entries


def states(course):
    return {one.id: one.state for one in entries(course)}


# What it lists


def test_published_changed_new_and_removed_questions_are_told_apart(session, course):
    assert states(course) == {"dua": ""}
    edit(course, "02-kuis.md", "- [x] Empat\n", MORE)
    assert states(course) == {"dua": "", "presiden": "new"}
    edit(course, "02-kuis.md", "Tiga", "Lima")
    assert states(course) == {"dua": "changed", "presiden": "new"}
    publish_draft(course)
    assert states(course) == {"dua": "", "presiden": ""}
    edit(
        course,
        "02-kuis.md",
        "## Siapa *Presiden* pertama? {#presiden tags=sejarah difficulty=sulit}\n\n= Sukarno\n",
        "",
    )
    assert states(course) == {"dua": "", "presiden": "gone"}


def test_what_a_revision_and_what_a_text_say_of_a_question_is_the_same(session, course):
    edit(course, "02-kuis.md", "{#dua}", TAGGED)
    (written,) = entries(course)
    publish_draft(course)
    (stored,) = entries(course)
    for one in (written, stored):
        assert (one.path, one.number, one.id, one.title, one.form) == (
            "02-kuis.md",
            1,
            "dua",
            "Dua tambah dua?",
            "single",
        )
        assert (one.group, one.tags, one.difficulty) == ("mudah", ("Hitung", "Bab 1"), "mudah")
        assert one.objective == "Menjumlahkan bilangan"
        assert " empat " in one.words


def test_questions_of_modules_are_in_it_published_or_not(session, course):
    edit(
        course, "01-modul.md", "di tengah.", "di tengah.\n\n```question {#cek}\nBenar?\n\n- [x] ya\n- [ ] tidak\n```\n"
    )
    assert states(course) == {"cek": "new", "dua": ""}
    publish_draft(course)
    assert states(course) == {"cek": "", "dua": ""}


def test_a_question_that_cannot_be_read_is_listed_with_its_words():
    (one,) = source_questions("a.md", b"---\ntype: quiz\n---\n## Apa itu? {#apa}\n\n- satu\n")
    assert (one.form, one.id, one.question) == ("", "apa", None)
    assert BankFilters(words="satu").of([one]) == [one]


# Searching

LIST = source_questions("kuis.md", f"---\ntype: quiz\n---\n## Dua? {TAGGED}\n\n- [ ] Tiga\n{MORE}".encode())


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["dua", "presiden"]),
        ({"words": "PRÉSIDEN pertama"}, ["presiden"]),
        ({"words": "tiga"}, ["dua"]),
        ({"words": "sejarah"}, ["presiden"]),
        ({"words": "presiden dua"}, []),
        ({"form": "short"}, ["presiden"]),
        ({"tag": "bab 1"}, ["dua"]),
        ({"tag": "bab"}, []),
        ({"group": "mudah"}, ["dua"]),
        ({"objective": "Menjumlahkan bilangan"}, ["dua"]),
        ({"difficulty": "sulit"}, ["presiden"]),
        ({"item": "kuis.md"}, ["dua", "presiden"]),
        ({"item": "lain.md"}, []),
        ({"difficulty": "sulit", "tag": "hitung"}, []),
    ],
)
def test_each_filter_leaves_the_questions_that_fit(filters, found):
    assert [one.id for one in BankFilters(**filters).of(LIST)] == found


def test_what_there_is_to_choose_from():
    found = facets_of(LIST)
    assert (found.forms, found.groups, found.difficulties) == (("short", "single"), ("mudah",), ("mudah", "sulit"))
    assert found.tags == ("Bab 1", "Hitung", "sejarah")


def test_the_page_filters_and_leads_to_each_form(client, teacher, course):
    edit(course, "02-kuis.md", "- [x] Empat\n", MORE)
    db.session.commit()
    page = client.text(BANK)
    assert f"{BASE}/question/1/02-kuis.md" in page
    assert f"{BASE}/question/2/02-kuis.md" in page
    narrowed = client.text(f"{BANK}?tag=Sejarah&difficulty=sulit")
    assert f"{BASE}/question/2/02-kuis.md" in narrowed
    assert f"{BASE}/question/1/02-kuis.md" not in narrowed
    assert client.text(f"{BANK}?words=entah&page=7").count('<li class="item">') == 0
    assert BANK in client.text(f"{BASE}/edit")
    assert f"{BANK}?item=02-kuis.md" in client.text(f"{BASE}/questions/02-kuis.md")


def test_a_course_that_was_never_published_has_a_bank(client, session):
    author = make_person()
    course = create_course("kursus-baru", FILES, actor_id=author.id, now=NOON)
    client.sign_in(author)
    assert "Dua tambah dua?" in client.text(f"/teach/courses/{course.slug}/questions")


# Versions


def test_versions_are_the_revisions_in_which_the_question_changed(session, client, teacher, course):
    edit(course, "01-modul.md", "di tengah", "di tepi")
    publish_draft(course)
    edit(course, "02-kuis.md", "Tiga", "Lima")
    publish_draft(course)
    found = versions(course.id, "kuis", "dua")
    assert [(one.first, one.last) for one in found] == [(3, 3), (1, 2)]
    assert "Lima" in found[0].text
    assert "Tiga" in found[1].text
    edit(course, "02-kuis.md", "Lima", "Enam")
    db.session.commit()
    page = client.text(f"{BASE}/question-versions/dua/02-kuis.md")
    assert all(word in page for word in ("Tiga", "Lima", "Enam"))
    assert client.get(f"{BASE}/question-versions/tidak-ada/02-kuis.md").status_code == 404


def test_versions_follow_a_file_that_was_moved(session, course):
    draft = services.with_texts(services.source(course.id))
    from lms.authoring.services import outlining
    from lms.authoring.structure import move

    edit_ = move(draft.texts, "02-kuis.md", -1)
    outlining.change(draft, course.id, draft.state, edit_, actor_id=None, now=NOON)
    publish_draft(course)
    assert [(one.first, one.last) for one in versions(course.id, "kuis", "dua")] == [(1, 2)]


# Sharing and taking

SOURCE = FILES | {
    "02-kuis.md": (
        b"---\nid: kuis\ntitle: Kuis asal\ntype: quiz\n---\nJawablah.\n\n"
        b"## Apa di [gambar][g] ini? {#apa points=2 tags=alur}\n\n![Alur](media/alur.svg)\n\n- [x] alur\n- [ ] lain\n\n"
        b"## Lain? {#lain}\n\n= ya\n\n[g]: media/alur.svg\n"
    ),
    "media/alur.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Asal</title></svg>',
}


@pytest.fixture
def other(session):
    """A published course of somebody else, with pictures."""
    from lms.courses import services as importing

    revision = importing.import_course("asal", SOURCE, actor_id=None, now=NOON).revision
    importing.publish(revision, actor_id=None, now=NOON)
    db.session.refresh(revision.course)
    return revision.course


TAKE = f"{BASE}/take-questions/02-kuis.md"


def take(client, *keys, address=f"{TAKE}?from=asal"):
    page = client.text(address)
    hidden = dict(re.findall(r'name="(state|their-state)" value="([^"]+)"', page))
    return client.post_form(address, page=address, take=list(keys), **hidden)


def test_a_course_is_taken_from_once_it_shares(client, teacher, course, other):
    assert "from=asal" not in client.text(TAKE)
    assert client.get(f"{TAKE}?from=asal").text == client.text(TAKE)
    owner = make_person()
    grant(owner, "instructor", course=other)
    client.sign_in(owner)
    page = "/teach/courses/asal/questions"
    assert client.post_form(f"{page}/share", page=page, do="share").location.endswith(page)
    assert client.post_form(f"{page}/share", page=page, do="entah").status_code == 400
    client.sign_in(teacher)
    assert "from=asal" in client.text(TAKE)
    assert "from=asal" in client.text(f"{TAKE}?words=gambar")
    assert "from=asal" not in client.text(f"{TAKE}?words=entah")
    assert client.get("/teach/courses/asal/questions").status_code == 404
    shown = client.text(f"{TAKE}?from=asal")
    assert "02-kuis.md#2" in shown
    assert "/courses/asal/media" not in shown
    client.sign_in(owner)
    client.post_form(f"{page}/share", page=page, do="stop")
    client.post_form(f"{page}/share", page=page, do="stop")
    verbs = db.session.scalars(select(LedgerEntry.verb).where(LedgerEntry.verb.contains("shar"))).all()
    assert sorted(verbs) == ["share questions", "stop sharing questions"]
    client.sign_in(teacher)
    assert "from=asal" not in client.text(TAKE)


def test_questions_are_copied_with_their_pictures_and_where_they_are_from(client, teacher, course, other):
    other.shares_questions = True
    db.session.commit()
    assert take(client, "02-kuis.md#1", "02-kuis.md#2").location.endswith("/questions/02-kuis.md")
    draft = services.source(course.id)
    text = draft.files["02-kuis.md"].data.decode()
    assert text.startswith(FILES["02-kuis.md"].decode())
    assert text.endswith(
        "\n## Apa di [gambar][g] ini? {#apa-di-gambar-g-ini points=2 tags=alur}\n\n![Alur](media/alur-2.svg)\n\n"
        "- [x] alur\n- [ ] lain\n\n[g]: media/alur-2.svg\n\n## Lain? {#lain}\n\n= ya\n\n[g]: media/alur-2.svg\n"
    )
    assert draft.files["media/alur-2.svg"].data == SOURCE["media/alur.svg"]
    assert {
        one.question_id: (one.from_question_id, one.from_title) for one in db.session.scalars(select(QuestionOrigin))
    } == {
        "apa-di-gambar-g-ini": ("apa", "Kursus kecil: Kuis asal"),
        "lain": ("lain", "Kursus kecil: Kuis asal"),
    }
    assert "Kursus kecil: Kuis asal" in client.text(BANK)
    publish_draft(course)
    assert "Kursus kecil: Kuis asal" in client.text(f"{BASE}/question-versions/lain/02-kuis.md")


def test_the_same_question_twice_gets_another_id_and_the_same_picture(client, teacher, course, other):
    other.shares_questions = True
    db.session.commit()
    take(client, "02-kuis.md#1")
    take(client, "02-kuis.md#1")
    draft = services.source(course.id)
    assert "{#apa-di-gambar-g-ini-2 " in draft.files["02-kuis.md"].data.decode()
    assert [path for path in draft.files if path.startswith("media/")] == ["media/alur-2.svg", "media/alur.svg"]


def test_a_second_press_and_nothing_ticked_copy_nothing(client, teacher, course, other):
    other.shares_questions = True
    db.session.commit()
    address = f"{TAKE}?from=asal"
    hidden = dict(re.findall(r'name="(state|their-state)" value="([^"]+)"', client.text(address)))
    assert client.post_form(address, page=address, **hidden).status_code == 422
    sent = {"take": ["02-kuis.md#2"], **hidden}
    assert client.post_form(address, page=address, **sent).status_code == 302
    answer = client.post_form(address, page=address, **sent)
    assert answer.status_code == 409
    assert 'value="02-kuis.md#2" checked' in answer.text
    assert services.source(course.id).files["02-kuis.md"].data.count(b"## Lain?") == 1


def test_a_link_name_that_the_quiz_uses_for_something_else_is_named(client, teacher, course, other):
    other.shares_questions = True
    edit(course, "02-kuis.md", "- [x] Empat\n", "- [x] Empat\n\n[g]: https://example.org\n")
    db.session.commit()
    before = services.source(course.id).files["02-kuis.md"].data
    answer = take(client, "02-kuis.md#1")
    assert answer.status_code == 422
    assert services.source(course.id).files["02-kuis.md"].data == before


def test_ones_own_draft_is_taken_from_and_forgotten_when_it_is_deleted(client, teacher, course):
    own = create_course("bank-soal", SOURCE, actor_id=teacher.id, now=NOON)
    db.session.commit()
    client.sign_in(teacher)
    take(client, "02-kuis.md#2", address=f"{TAKE}?from=bank-soal")
    (row,) = db.session.scalars(select(QuestionOrigin))
    assert (row.from_course_id, row.from_revision) == (own.id, None)
    delete_course(own.id, services.source(own.id).state, actor_id=teacher.id, now=NOON)
    db.session.refresh(row)
    assert row.from_course_id is None


def test_pictures_are_told_by_their_description():
    html = (
        '<p><picture><source srcset="a"><img src="b" alt="Alur &amp; arus" width="1"></picture> dan <img src="c"></p>'
    )
    shown = without_pictures(ShortAnswer(title="", stem=Text("", html=html))).stem.html
    assert "<img" not in shown
    assert "Alur &amp; arus" in shown
