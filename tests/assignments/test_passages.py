"""Notes on passages of a text: found, marked, given with the mark, withdrawn by a correction."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from assignment_factories import make_assignment_world, make_submission
from factories import NOON, grant, make_person
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from lms.assignments.models import PassageNote
from lms.assignments.passages import MarkedPassage, TextPassage, marked_html, passage_of
from lms.assignments.plain_text import as_paragraphs, tidy
from lms.assignments.services import grading, passages, returning
from lms.assignments.services.passages import QuotedPassage
from lms.core import clock
from lms.core.db import db
from lms.core.i18n import today

TEXT = "Antrean panjang di loket.\nWarga menunggu.\n\nLoket dibuka pukul 08.00; antrean habis 😀 pukul 11.00."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Antrean panjang", "Antrean panjang"),
        ("loket. Warga menunggu. Loket", "loket.\nWarga menunggu.\n\nLoket"),
        ("  dibuka\n\npukul ", "dibuka pukul"),
        ("😀 pukul", "😀 pukul"),
        ("ntrean pan", "Antrean panjang"),  # parts of words become whole ones
        ("antrean", "antrean"),
        ("08.00;", "08.00;"),
        (".*", None),
        ("antrean panjang", None),
        ("", None),
        (" \n", None),
    ],
)
def test_words_are_found_in_the_text(quote, found):
    place = passage_of(TEXT, quote, [])
    assert (place and TEXT[place.starts : place.ends]) == found


@pytest.mark.parametrize(
    ("taken", "starts", "expected"),
    [
        ([], None, 0),
        ([(0, 2)], None, 7),  # a whole word goes before a part of one
        ([(0, 2), (7, 9)], None, 3),  # the whole of "cab"
        ([(0, 2), (3, 6), (7, 9)], None, 0),  # the caller says that it is taken
        ([], 7, 7),
        ([(7, 9)], 7, 7),
        ([], 4, 3),
        ([], 1, 0),  # it does not begin there
        ([], -1, 0),
        ([], 10**30, 0),
    ],
)
def test_the_first_free_place_is_taken_unless_one_is_named(taken, starts, expected):
    place = passage_of("ab cab ab", "ab", [TextPassage(*one) for one in taken], starts)
    assert place.starts == expected


@given(st.text(alphabet="ab <&\n"))
def test_a_text_without_notes_is_shown_as_ever(text):
    html = marked_html(tidy(text), [], "catatan")
    assert re.sub(r' data-starts="\d+"', "", html) == as_paragraphs(text)


@given(st.text(alphabet="ab <&\n", min_size=2).map(tidy).filter(bool), st.lists(st.integers(0, 60), max_size=6))
def test_whatever_is_marked_no_character_is_lost_and_each_number_stands_once(text, edges):
    cuts = sorted({edge % (len(text) + 1) for edge in edges})
    marks = [MarkedPassage(*pair, number, str(number)) for number, pair in enumerate(pairwise(cuts), 1)]
    html = str(marked_html(text, marks, "catatan"))
    shown = re.sub(r"<sup>.*?</sup>", "", html)
    assert re.sub(r"</?mark>", "", re.sub(r' data-starts="\d+"', "", shown)) == as_paragraphs(text)
    numbers = [int(one) for one in re.findall(r'href="#note-(\d+)"', html)]
    assert len(numbers) == len(set(numbers))
    assert {one.number for one in marks if text[one.ends - 1] not in " \n"} <= set(numbers)
    for starts in map(int, re.findall(r'data-starts="(\d+)"', html)):
        assert starts == 0 or text[starts - 1] in " \n"


def test_what_is_marked_is_in_the_mark():
    html = marked_html(TEXT, [MarkedPassage(8, 33, 1, "7"), MarkedPassage(100, 104, 2, "9")], "catatan")
    assert "Antrean <mark>panjang di loket.<br>\nWarga m</mark>" in html
    assert '<sup><a id="passage-7" href="#note-7" aria-label="catatan 1">1</a></sup>' in html


def test_markup_in_a_text_stays_text():
    html = marked_html("a <b>x</b> & c", [MarkedPassage(2, 10, 1, "1")], "catatan")
    assert "<mark>&lt;b&gt;x&lt;/b&gt;</mark>" in html
    assert isinstance(html, Markup)


@pytest.fixture
def world(session):
    return make_assignment_world(rubric=[])


def note(world, submission, quote="Antrean panjang", text="Berapa orang?", *, by=None, starts=None, **values):
    grader_id = (by or world.instructor).id
    where = QuotedPassage(quote, starts)
    return passages.write_note(submission, where, text, grader_id=grader_id, now=NOON, **values)


def mark(world, submission, points=80, *, by=None, seen=0, withdrawn=()):
    decision = grading.GradeDecision(points=points, reason="Dibaca lagi" if seen else "", withdrawn=withdrawn)
    return grading.grade_submission(submission, decision, grader_id=(by or world.instructor).id, seen=seen, now=NOON)


def told(submission):
    db.session.refresh(submission)
    return [one.note for one in submission.told_notes]


def test_a_note_is_told_with_the_mark_and_not_before(world):
    submission = make_submission(world, TEXT)
    note(world, submission, "pukul 11.00", "Kedua")
    note(world, submission, text="Pertama")
    assert told(submission) == []
    mark(world, submission)
    assert told(submission) == ["Pertama", "Kedua"]


def test_the_notes_of_another_grader_are_not_given(world):
    submission, colleague = make_submission(world, TEXT), make_person()
    note(world, submission, text="Rekan", by=colleague)
    note(world, submission, "Warga", "Sendiri")
    mark(world, submission)
    assert told(submission) == ["Sendiri"]
    mark(world, submission, by=colleague, seen=1)
    assert told(submission) == ["Rekan", "Sendiri"]


def test_a_given_note_is_changed_by_a_correction_alone(world):
    submission = make_submission(world, TEXT)
    first = note(world, submission, text="Salah")
    mark(world, submission)
    with pytest.raises(passages.NoteGone):
        passages.remove_note(submission, first.id, grader_id=world.instructor.id)
    with pytest.raises(passages.NoteGone):
        note(world, submission, text="Benar", replaces=first.id)
    with pytest.raises(passages.PassageIsNoted):
        note(world, submission, text="Benar")
    note(world, submission, text="Benar", withdrawn={first.id})
    assert told(submission) == ["Salah"]
    mark(world, submission, seen=1, withdrawn={first.id})
    assert told(submission) == ["Benar"]
    assert db.session.get(PassageNote, first.id).withdrawn_with == 2


def test_a_note_in_the_way_stops_the_correction(world):
    submission = make_submission(world, TEXT)
    first = note(world, submission)
    mark(world, submission)
    note(world, submission, text="Benar", withdrawn={first.id})
    db.session.commit()
    with pytest.raises(passages.PassageIsNoted):
        mark(world, submission, seen=1)
    db.session.commit()  # as where many marks are taken, and those refused are left out
    assert len(submission.markings) == 1
    assert told(submission) == ["Berapa orang?"]


@pytest.mark.parametrize("which", ["foreign", "unknown", "not given"])
def test_only_a_note_that_was_given_here_is_withdrawn(world, which):
    submission = make_submission(world, TEXT)
    mark(world, submission)
    other = make_submission(world, TEXT, context=world.another_learner())
    ids = {
        "foreign": lambda: note(world, other).id,
        "unknown": lambda: 4711,
        "not given": lambda: note(world, submission).id,
    }
    wanted = ids[which]()
    if which == "foreign":
        mark(world, other)
    with pytest.raises(passages.NoteGone):
        mark(world, submission, seen=1, withdrawn={wanted})


def test_notes_go_with_work_that_is_returned(world):
    submission = make_submission(world, TEXT)
    note(world, submission, text="Perjelas")
    returning.return_submission(submission, "Perbaiki.", today(), actor_id=world.instructor.id, today=today(), now=NOON)
    assert told(submission) == ["Perjelas"]
    mark(world, submission)
    assert told(submission) == ["Perjelas"]


def test_sent_twice_it_is_one_note(world):
    submission = make_submission(world, "Loket A. Loket B.")
    first = note(world, submission, "Loket", "Beri nama.")
    assert note(world, submission, "Loket", "Beri nama.").id == first.id
    again = note(world, submission, "Loket", "Beri nama.", after=first.id)
    assert (again.starts, first.starts) == (9, 0)
    mark(world, submission)
    assert note(world, submission, "Loket", "Beri nama.").id == first.id


def test_one_that_is_not_given_can_be_changed_and_removed(world):
    submission = make_submission(world, TEXT)
    first = note(world, submission)
    changed = note(world, submission, "Antrean", "Lebih tepat.", replaces=first.id)
    assert (changed.id, changed.note, changed.ends) == (first.id, "Lebih tepat.", 7)
    with pytest.raises(passages.NoteGone):
        note(world, submission, "Warga", replaces=first.id, by=make_person())
    passages.remove_note(submission, first.id, grader_id=make_person().id)
    assert len(submission.notes) == 1
    for _twice in range(2):
        passages.remove_note(submission, first.id, grader_id=world.instructor.id)
    assert db.session.query(PassageNote).count() == 0


@pytest.mark.parametrize(
    ("quote", "refusal"),
    [
        ("tidak ada", passages.QuoteNotFound),
        ("panjang di", passages.PassageIsNoted),
        ("Antrean panjang", passages.PassageIsNoted),
        ("loket. Warga menunggu. Loket", None),
    ],
)
def test_notes_do_not_overlap(world, quote, refusal):
    submission = make_submission(world, TEXT)
    note(world, submission, "Antrean panjang di")
    if refusal is None:
        assert note(world, submission, quote, "Lain")
        return
    with pytest.raises(refusal) as refused:
        note(world, submission, quote, "Lain")
    assert "%(" not in refused.value.text


def test_a_text_has_so_many_notes(world, monkeypatch):
    monkeypatch.setattr(passages, "MAX_NOTES", 2)
    submission = make_submission(world, TEXT)
    first = note(world, submission, "Antrean")
    note(world, submission, "Warga")
    with pytest.raises(passages.TooManyNotes):
        note(world, submission, "dibuka")
    assert note(world, submission, "dibuka", replaces=first.id)


def test_the_database_has_no_second_note_of_a_grader_on_a_place(world):
    submission = make_submission(world, TEXT)
    one = note(world, submission)
    values = {"submission_id": submission.id, "written_by": one.written_by, "written_at": NOON, "note": "x"}
    db.session.add(PassageNote(starts=one.starts, ends=3, **values))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


@pytest.fixture
def desk(client, session, monkeypatch):
    """Presses a button of the grading page."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world = make_assignment_world()
    submission = make_submission(world, TEXT)
    session.commit()
    client.sign_in(world.instructor)
    path = f"/teach/grading/{submission.id}"

    def press(do="", **values):
        fields = {"level_0": "1", "feedback": "Baik.", "seen": "0", "known_note": "0"} | values
        return client.post_form(path, **fields, **({"do": do} if do else {}))

    press.world, press.submission, press.path, press.client = world, submission, path, client
    return press


def test_a_note_is_saved_and_all_else_stays(desk):
    page = desk("note", quote="Antrean panjang", note="Berapa <orang>?")
    html = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<mark>Antrean panjang</mark>" in html
    assert "Berapa &lt;orang&gt;?" in html
    assert "\nBaik.</textarea>" in html
    assert re.search(r'id="level_0-1"[^>]* checked', html)
    assert desk.submission.markings == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"quote": "tidak ada", "note": "Sisanya"}, "quote"),
        ({"quote": "", "note": "Sisanya"}, "quote"),
        ({"quote": "Antrean", "note": ""}, "note"),
        ({"quote": "Antrean", "note": "x" * 301}, "note"),
    ],
)
@pytest.mark.parametrize("do", ["note", ""])
def test_a_note_that_cannot_be_saved_is_sent_back_and_no_mark_is_given(desk, fields, wrong, do):
    page = desk(do, level_1="0", **fields)
    html = page.get_data(as_text=True)
    assert page.status_code == 422
    assert f'id="{wrong}-error"' in html
    assert all(value in html for value in fields.values())
    assert "\nBaik.</textarea>" in html
    db.session.refresh(desk.submission)
    assert (desk.submission.markings, desk.submission.notes) == ([], [])


def test_saving_the_mark_saves_the_note_that_is_being_written(desk):
    page = desk(level_1="0", quote="Warga", note="Siapa?")
    assert page.status_code == 303
    assert told(desk.submission) == ["Siapa?"]


def test_a_note_is_taken_up_changed_and_removed(desk):
    desk("note", quote="Warga", note="Siapa?")
    db.session.refresh(desk.submission)
    key = desk.submission.notes[0].id
    html = desk(f"change-{key}").get_data(as_text=True)
    assert "\nSiapa?</textarea>" in html
    assert f'name="replaces" type="hidden" value="{key}"' in html
    assert desk(f"change-{key}", quote="Lain", note="Lain").status_code == 422
    assert desk("note", quote="Warga menunggu", note="Berapa lama?", replaces=key).status_code == 200
    db.session.refresh(desk.submission)
    assert [one.note for one in desk.submission.notes] == ["Berapa lama?"]
    desk(f"remove-{key}")
    db.session.refresh(desk.submission)
    assert desk.submission.notes == []
    assert desk(f"change-{key}").status_code == 422


def test_the_learner_reads_the_marked_text_with_the_notes(desk):
    desk(level_1="0", quote="Warga menunggu", note="Berapa lama?")
    client = desk.client.sign_in(desk.world.learner)
    html = client.text(desk.world.path)
    assert "<mark>Warga menunggu</mark>" in html
    assert "Berapa lama?" in html
    assert 'href="#passage-' in html


def test_the_note_of_a_colleague_is_nobody_elses_yet(desk):
    colleague = make_person()
    grant(colleague, "instructor", course=desk.world.course)
    desk("note", quote="Warga", note="Siapa?")
    client = desk.client
    assert "Siapa?" not in client.sign_in(desk.world.learner).text(desk.world.path)
    assert "Siapa?" not in client.sign_in(colleague).text(desk.path)
    client.sign_in(desk.world.instructor)
    desk(level_1="0")
    assert "Siapa?" in client.sign_in(colleague).text(desk.path)
