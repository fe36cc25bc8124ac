"""What is told when, quiet hours, WhatsApp: rules without a database."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from lms.content.when import When
from lms.core.db import in_batches
from lms.courses.contents import ItemSummary
from lms.notices import answer_notifications, deadlines, notifications, texts, whatsapp
from lms.notices.changes import HistoryStep
from lms.notices.deadlines import due_days, is_near
from lms.notices.notifications import EnrolledCourse, JpOfYear, NextMeeting, announcement_facts
from lms.notices.quiet import next_awake
from lms.notices.services.wording import translate

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TAKEN = EnrolledCourse(7, 17, "pelatihan", "Pelatihan")
JP = JpOfYear(2026, 12, 20)


def entry(item_id: int, **values):
    defaults = {
        "item_revision_id": item_id,
        "key": f"k{item_id}",
        "position": item_id,
        "section": 1,
        "slug": f"item-{item_id}",
        "type": "quiz",
        "title": f"Item {item_id}",
        "jp": 1,
        "minutes": 5,
        "practice_minutes": 0,
        "is_required": True,
        "is_graded": False,
        "completes_by": "result",
        "counts": True,
        "weight": None,
        "time_limit": None,
        "attempts": None,
        "pass_mark": None,
        "after": (),
        "opens": None,
        "closes": None,
        "ends": When("start", days=3),
    }
    return ItemSummary(item_id=item_id, **(defaults | values))


@pytest.mark.parametrize(
    ("days", "told"),
    [(-4, False), (-3, True), (-1, True), (0, False), (1, True), (3, True), (4, False)],
)
def test_an_end_is_told_in_the_three_days_before_it_and_after_it(days, told):
    assert is_near(TODAY + timedelta(days=days), TODAY) is told


def test_items_that_end_on_one_day_are_told_together():
    day = TODAY + timedelta(days=2)
    [found] = due_days({1: day, 2: day}, [entry(1), entry(2)], (), None, TODAY)
    assert (found.day, found.items) == (day, ["Item 1", "Item 2"])


def test_what_is_done_or_handed_in_is_not_told():
    day = TODAY + timedelta(days=2)
    assert due_days({1: day}, [entry(1)], {1}, None, TODAY) == []


@pytest.mark.parametrize("days", [2, 3])
def test_an_item_that_ends_with_the_course_needs_no_word_of_its_own(days):
    course = TODAY + timedelta(days=2)
    [found] = due_days({1: TODAY + timedelta(days=days)}, [entry(1)], (), course, TODAY)
    assert (found.day, found.items) == (course, [])


def test_only_what_the_rule_asks_for_and_ends_is_looked_at():
    all_ = [entry(1), entry(2, is_required=False), entry(3, counts=False), entry(4, ends=None)]
    assert [one.item_id for one in deadlines.timed(all_, only_required=True)] == [1]
    assert [one.item_id for one in deadlines.timed(all_, only_required=False)] == [1, 2]


def test_three_days_before_and_the_eve_are_two_occasions_and_a_day_put_off_a_third():
    keys = [
        notifications.due(TAKEN, day, [], left).key
        for day, left in [(TODAY, 3), (TODAY, 2), (TODAY, 1), (date(2026, 12, 1), 3)]
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_many_items_are_named_shortly():
    facts = notifications.due(TAKEN, TODAY, [f"Item {number}" for number in range(9)], 3).facts
    assert facts["items"][-1] == "…"
    assert len(facts["items"]) == 5


@pytest.mark.parametrize(
    ("hour", "wanted"),
    [(6, 7), (7, 7), (12, 12), (19, 19), (20, 7), (23, 7), (0, 7)],
)
def test_mails_of_the_night_wait_until_the_morning(hour, wanted):
    here = datetime(2026, 11, 23, hour, 30, tzinfo=UTC)
    found = next_awake(here, 20, 7)
    assert found.hour == wanted
    assert here <= found <= here + timedelta(hours=11)


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert next_awake(noon, 12, 14).hour == 14
    assert next_awake(noon, 12, 12) == noon


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("62812 3456 7890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("+65 9123 4567", "6591234567"),
        ("telepon", None),
        ("", None),
    ],
)
def test_numbers_as_whatsapp_wants_them(typed, digits):
    assert whatsapp.number(typed) == digits


def test_a_link_carries_the_whole_text_and_nothing_leaks_out_of_it():
    text = "Yth. Ibu A & B?\nTenggat: 30% #1 + ü"
    parts = urlsplit(whatsapp.link("6281234567890", text))
    assert (parts.netloc, parts.path, parts.fragment) == ("wa.me", "/6281234567890", "")
    assert parse_qs(parts.query) == {"text": [text]}


def test_somebody_without_a_number_has_no_link():
    assert whatsapp.WhatsAppMessage("Nama", None, "x").link is None
    assert whatsapp.WhatsAppMessage("Nama", "bukan nomor", "x").link is None
    assert whatsapp.WhatsAppMessage("Nama", "+6281234567890", "x").link == "https://wa.me/6281234567890?text=x"


def test_a_name_cannot_break_the_groups_list():
    assert whatsapp.lines(["Daftar:", "1. A\nB  C", ""]) == "Daftar:\n1. A B C\n"


@pytest.mark.parametrize(
    "occasion",
    [
        notifications.enrolled(TAKEN, None, None),
        notifications.enrolled(TAKEN, None, TODAY),
        notifications.enrolled(TAKEN, TODAY, TODAY),
        notifications.graded(TAKEN, "tugas", "Tugas", "submission:5", 1, "85.50"),
        notifications.graded(TAKEN, "tugas", "Tugas", "submission:5", 2, "85.50"),
        notifications.regraded(TAKEN, "3:7", "Kuis", 5, notifications.MarkChange("60.00", "70.00", "Kunci keliru")),
        notifications.regraded(TAKEN, "answer:3", "Kuis", 5, notifications.MarkChange("60.00", "60.00", "Ejaan.")),
        notifications.certificate(7, 9, "pelatihan", "Pelatihan", "800/1/2026", 12, JP),
        notifications.revoked(7, 9, "Pelatihan", "800/1/2026", "Jumlah JP keliru"),
        notifications.due(TAKEN, TODAY, [], 3),
        notifications.due(TAKEN, TODAY, ["Kuis"], 1),
        notifications.overdue(TAKEN, TODAY, []),
        notifications.overdue(TAKEN, TODAY, ["Kuis"]),
        notifications.reminder(TAKEN, None, TODAY),
        notifications.reminder(TAKEN, TODAY, TODAY),
        notifications.reminder(TAKEN, TODAY, TODAY + timedelta(days=1)),
        notifications.thanks(TAKEN, "Kepala Contoh"),
        notifications.encouragement(7, "Kepala Contoh", notifications.JpSoFar(2026, 8, 20), TODAY),
        notifications.encouragement(7, "Kepala Contoh", notifications.JpSoFar(2026, 8, 0), TODAY),
        notifications.returned(TAKEN, "tugas", "Tugas", 5, TODAY),
        notifications.graded_together(TAKEN, ["Tugas"], NOW),
        notifications.handed_in(TAKEN, "tugas", "Tugas", 3, "Satu", name="Andi"),
        notifications.group_changed(TAKEN, HistoryStep("group:17:1", "", "Satu")),
        notifications.course_deadline(TAKEN, "deadline:enrolment:17:1", TODAY, starts_on=TODAY),
        notifications.item_deadline(TAKEN, "item:1", "tugas", "Tugas", what="due_at", moments=(NOW, NOW)),
        notifications.quiz_limits(TAKEN, "kuis", "Kuis", 3, 1),
        notifications.attempt_asked(7, 3, "pelatihan", 17, "kuis", "Kuis", name="Andi"),
        notifications.attempt_refused(TAKEN, "kuis", "Kuis", 3, "Tidak."),
        notifications.application_refused(7, "pelatihan", "Pelatihan", 3, "Kuota bidang lain."),
        notifications.meeting(TAKEN, NextMeeting(5, "lokakarya", "Lokakarya", 1, NOW, "Aula")),
        notifications.meeting_moved(TAKEN, NextMeeting(5, "lokakarya", "Lokakarya", 1, NOW, ""), 3),
        answer_notifications.objection_raised(7, 3, "Kuis", name="Andi", question=""),
        answer_notifications.objection_answered(
            TAKEN, "kuis", "Kuis", 3, answer=answer_notifications.ObjectionAnswer("attempt:3", "", "changed", "Ya.")
        ),
        notifications.announced(TAKEN, 3, 1, announcement_facts("Pelatihan", "Ruang", "Dua", is_withdrawn=False)),
        notifications.announced(TAKEN, 4, 1, announcement_facts("Pelatihan", "Ruang", "Dua", is_withdrawn=True)),
        notifications.second_factor_removed(7, 3),
        answer_notifications.inquiry_asked(7, 3, "Pelatihan", name="Andi"),
        answer_notifications.inquiry_answered(TAKEN, 3, "Ya, boleh.", NOW),
        notifications.number_changed(7, "199001152025061001", 3),
        notifications.published_as_scheduled(7, 3, "pelatihan", "Pelatihan", 2),
        notifications.not_published(7, 3, "pelatihan", "Pelatihan", NOW, "faults"),
    ],
    ids=lambda one: one.key,
)
def test_every_occasion_has_a_text_whose_places_are_filled(occasion):
    told = texts.text_of(occasion.kind, occasion.facts)
    for message in (told.title, told.body):
        assert str(message)
        assert "None" not in str(message)
        for name, value in message.values:
            is_day = bool(re.search(r"\d{4}-\d\d-\d\d", str(value)))
            assert is_day is name.endswith(("_on", "_at")), f"{name}: said as {value}"
    assert occasion.link.startswith("/")
    assert len(occasion.key) <= 80


@pytest.mark.parametrize("number", [1, 2])
def test_a_mark_is_in_no_title_and_so_in_no_subject(number):
    facts = {"item": "Rencana", "course": "Pelatihan", "score": "87.50", "number": number}
    told = texts.text_of("graded", facts)
    assert [name for name, _value in told.title.values] == ["item"]
    assert "score" in dict(told.body.values)


def test_long_lists_come_in_batches():
    assert list(in_batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_batches([])) == []


def test_a_reminder_tells_a_day_that_has_passed_from_one_to_come():
    passed = notifications.reminder(TAKEN, TODAY, TODAY + timedelta(days=1)).facts
    assert "was" in str(texts.text_of("reminder", passed).body)
    for today in (TODAY, TODAY - timedelta(days=1)):
        assert "is" in str(texts.text_of("reminder", notifications.reminder(TAKEN, TODAY, today).facts).body)


def test_a_text_for_whatsapp_has_each_course_with_its_own_day():
    waiting = [
        whatsapp.UnfinishedCourse("Satu", TODAY, is_past=True),
        whatsapp.UnfinishedCourse("Dua", TODAY, is_past=False),
        whatsapp.UnfinishedCourse("Tiga", None, is_past=False),
    ]
    greeting, *courses, last = map(str, whatsapp.reminder("Budi", waiting, "https://contoh.go.id"))
    assert "Budi" in greeting
    assert [name for name, line in zip(["Satu", "Dua", "Tiga"], courses, strict=True) if name in line] == [
        "Satu",
        "Dua",
        "Tiga",
    ]
    assert ["passed" in line for line in courses] == [True, False, False]
    assert last.endswith("https://contoh.go.id")


@pytest.mark.parametrize(
    ("occasion", "enrolment_id"),
    [
        (notifications.enrolled(TAKEN, None, None), TAKEN.enrolment_id),
        (notifications.reminder(TAKEN, None, TODAY), TAKEN.enrolment_id),
        (notifications.due(TAKEN, TODAY, [], 3), TAKEN.enrolment_id),
        (notifications.due(TAKEN, TODAY, [], 1), TAKEN.enrolment_id),
        (notifications.overdue(TAKEN, TODAY, []), TAKEN.enrolment_id),
        (notifications.graded(TAKEN, "tugas", "Tugas", "submission:5", 1, "85.50"), None),
        (notifications.certificate(7, 9, "pelatihan", "Pelatihan", "800/1/2026", 12, JP), None),
    ],
    ids=lambda one: getattr(one, "key", ""),
)
def test_what_asks_for_something_tells_of_which_enrolment(occasion, enrolment_id):
    assert notifications.enrolment_of(occasion.key) == enrolment_id


LATER = TODAY + timedelta(days=9)


@pytest.mark.parametrize(
    ("occasion", "standing", "holds"),
    [
        (notifications.reminder(TAKEN, None, TODAY), (False, None, None), True),
        (notifications.reminder(TAKEN, TODAY, TODAY), (False, TODAY, None), True),
        (notifications.reminder(TAKEN, TODAY, TODAY), (True, TODAY, None), False),
        (notifications.reminder(TAKEN, TODAY, TODAY), (False, LATER, LATER), False),
        (notifications.due(TAKEN, TODAY, [], 1), (False, LATER, None), False),
        (notifications.due(TAKEN, TODAY, ["Kuis"], 1), (False, LATER, None), True),  # an item may end before the course
        (notifications.due(TAKEN, TODAY, ["Kuis"], 1), (False, LATER, LATER), False),
        (notifications.overdue(TAKEN, LATER, []), (False, LATER, TODAY), True),
        (notifications.enrolled(TAKEN, None, TODAY), (False, LATER, LATER), True),
        (notifications.enrolled(TAKEN, None, TODAY), (True, TODAY, None), False),
    ],
)
def test_what_is_no_longer_true_when_it_is_sent_is_not_sent(occasion, standing, holds):
    assert notifications.still_holds(occasion.kind, occasion.facts, notifications.DeadlineState(*standing)) is holds


@pytest.mark.parametrize(
    ("jp", "in_year", "words"),
    [
        (4, JpOfYear(2026, 12, 20), "Kini Anda mempunyai 12 dari 20 JP tahun 2026."),
        (8, JpOfYear(2026, 20, 20), "Dengan ini target 20 JP tahun 2026 tercapai."),
        (12, JpOfYear(2026, 24, 20), "Dengan ini target 20 JP tahun 2026 tercapai."),
        (4, JpOfYear(2026, 24, 20), "Kini Anda mempunyai 24 JP tahun 2026."),
        (4, JpOfYear(2026, 8, 0), "Kini Anda mempunyai 8 JP tahun 2026."),
    ],
)
def test_a_certificate_says_how_far_it_brings_one(app, jp, in_year, words):
    told = notifications.certificate(7, 9, "pelatihan", "Pelatihan", "800/1/2026", jp, in_year)
    assert translate(told.kind, told.facts).body == f"Nomor 800/1/2026. {words}"


def test_a_notice_of_an_older_release_is_told_as_before(app):
    facts = {"course": "Pelatihan", "number": "800/1/2026", "jp": 4}
    assert translate("certificate", facts).body.startswith("Nomor 800/1/2026. Anda dapat")
