"""Where a reader stopped: which of several devices is right, what is stored, and what pages say of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from concurrency import run_concurrently
from factories import NOON, complete, item_of, make_course, make_enrolment, make_person
from hypothesis import given
from hypothesis import strategies as st
from pages import csrf_token
from query_counting import counted

from lms.content.rendering.text_parts import parts_of
from lms.core import clock
from lms.core.db import db
from lms.courses.queries import item_version
from lms.learning import services
from lms.learning.models import Completion, EnrolmentState, Progress
from lms.learning.reading_position import MAX_AGE, ReadingPosition, SentPosition, position_in_text, sent_position

BODY = "<p>Awal.</p>" + "".join(f'<h2 id="b{n}">Bagian {n}</h2><p>{"kata " * 400}</p>' for n in range(1, 5))
ITEMS = ({"slug": "satu", "body_html": BODY}, {"slug": "dua", "after": ["satu"]}, {"slug": "tiga"})
PATH = "/courses/kursus/satu"


def later(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


# Rules


def test_the_first_place_is_new():
    assert SentPosition("b1", NOON).is_newer(None)


def test_the_later_place_is_newer_by_the_servers_clock():
    stored = ReadingPosition("b1", NOON)
    assert SentPosition("b2", later(1)).is_newer(stored)
    assert not SentPosition("b2", later(-1)).is_newer(stored)


def test_what_was_read_after_the_newest_place_is_newer_whatever_the_devices_clock_says():
    assert SentPosition("b2", later(-3600), after=NOON).is_newer(ReadingPosition("b1", NOON))


@pytest.mark.parametrize(
    ("age", "known", "at", "after"),
    [
        ("0", "", NOON, None),
        ("90", "1700000000", later(-90), datetime.fromtimestamp(1_700_000_000, NOON.tzinfo)),
        ("9000000000", "x", NOON - MAX_AGE, datetime.fromtimestamp(0, NOON.tzinfo)),
        ("0", "2400000000", NOON, datetime.fromtimestamp(2_400_000_000, NOON.tzinfo)),  # in 2046
        ("-5", "", NOON, None),
        ("١٢", "", NOON, None),
        ("9" * 40, "9" * 40, NOON, datetime.fromtimestamp(0, NOON.tzinfo)),
        ("", "", NOON, None),
    ],
)
def test_a_device_says_how_long_ago_it_was_there(age, known, at, after):
    assert sent_position("b1", age, known, NOON.replace(microsecond=7)) == SentPosition("b1", at, after)


@given(st.text(), st.text(), st.text())
def test_no_form_makes_a_place_of_the_future(part, age, known):
    assert NOON - MAX_AGE <= sent_position(part, age, known, NOON).at <= NOON


def test_places_of_different_moments_end_at_the_last_in_whatever_order_they_arrive():
    for order in permutations([SentPosition(f"b{n}", later(60 * n)) for n in range(4)]):
        stored = None
        for sent in order:
            stored = sent if sent.is_newer(stored) else stored
        assert stored.part == "b3"


def test_a_place_is_described_by_the_text_as_it_is_now():
    parts = parts_of(BODY)
    found = position_in_text(parts, "b3", NOON)
    assert (found.number, found.count, found.part.title, found.minutes_left) == (3, 4, "Bagian 3", 4)
    assert position_in_text(parts, "sudah-dihapus", NOON) is None
    assert position_in_text(parts, None, None) is None


# Services


@pytest.fixture
def reading(session):
    course = make_course("kursus", ITEMS)
    return make_enrolment(make_person(), course), item_of(course, "satu")


def progress_in(enrolment) -> Progress:
    return db.session.query(Progress).filter_by(enrolment_id=enrolment.id).one()


def test_the_first_place_begins_the_module_and_the_course(reading):
    enrolment, item = reading
    place = services.record_position(enrolment.id, item, SentPosition("b2", NOON), now=NOON)
    assert place == ReadingPosition("b2", NOON)
    progress = progress_in(enrolment)
    assert (progress.state, progress.place, progress.place_at, progress.started_at) == ("started", "b2", NOON, NOON)
    assert db.session.get_one(EnrolmentState, enrolment.id).state == "in-progress"


def test_an_older_place_of_another_device_changes_nothing(reading):
    enrolment, item = reading
    services.record_position(enrolment.id, item, SentPosition("b3", later(60)), now=later(60))
    place = services.record_position(enrolment.id, item, SentPosition("b1", NOON), now=later(120))
    assert place == ReadingPosition("b3", later(60))
    assert progress_in(enrolment).touched_at == later(60)


def test_a_place_of_a_device_with_a_wrong_clock_never_goes_back_in_time(reading):
    enrolment, item = reading
    services.record_position(enrolment.id, item, SentPosition("b1", NOON), now=NOON)
    place = services.record_position(enrolment.id, item, SentPosition("b2", later(-999), after=NOON), now=later(60))
    assert place == ReadingPosition("b2", NOON)


def test_places_that_come_faster_than_anybody_reads_are_refused(reading):
    enrolment, item = reading
    services.record_position(enrolment.id, item, SentPosition("b1", NOON), now=NOON)
    with pytest.raises(services.PositionsTooFast):
        services.record_position(enrolment.id, item, SentPosition("b2", later(2)), now=later(2))
    assert services.record_position(enrolment.id, item, SentPosition("b1", later(2)), now=later(2)) == ReadingPosition(
        "b1", NOON
    )
    assert services.record_position(enrolment.id, item, SentPosition("b2", later(3)), now=later(3)).part == "b2"


def test_a_finished_module_keeps_its_place_and_takes_no_other(reading):
    enrolment, item = reading
    services.record_position(enrolment.id, item, SentPosition("b1", NOON), now=NOON)
    services.record_read(enrolment.id, item, now=later(30))
    services.record_position(enrolment.id, item, SentPosition("b4", later(60)), now=later(60))
    progress = progress_in(enrolment)
    assert (progress.state, progress.place, progress.touched_at) == ("done", "b1", later(30))


def test_taking_back_starts_the_module_again_and_counts_one_less(reading):
    enrolment, item = reading
    services.record_read(enrolment.id, item, now=NOON)
    assert db.session.get_one(EnrolmentState, enrolment.id).done == 1
    services.take_back_read(enrolment.id, item, now=later(60))
    progress = progress_in(enrolment)
    assert (progress.state, progress.done_at, progress.taken_back_at) == ("started", None, later(60))
    assert db.session.get_one(EnrolmentState, enrolment.id, populate_existing=True).done == 0


def test_what_was_not_finished_cannot_be_taken_back(reading):
    enrolment, item = reading
    services.record_position(enrolment.id, item, SentPosition("b1", NOON), now=NOON)
    services.take_back_read(enrolment.id, item, now=NOON)
    assert progress_in(enrolment).taken_back_at is None


def test_no_script_undoes_what_a_person_took_back_but_the_person_may(reading):
    enrolment, item = reading
    services.record_read(enrolment.id, item, by_script=True, now=NOON)
    services.take_back_read(enrolment.id, item, now=NOON)
    assert not services.record_read(enrolment.id, item, by_script=True, now=NOON)
    assert progress_in(enrolment).state == "started"
    assert services.record_read(enrolment.id, item, now=NOON)
    assert services.record_read(enrolment.id, item, by_script=True, now=NOON)
    progress = progress_in(enrolment)
    assert (progress.state, progress.taken_back_at) == ("done", None)


def test_nothing_is_taken_back_in_a_completed_course(session):
    enrolment = complete()
    item = item_of(enrolment.cohort.course, "modul-satu")
    with pytest.raises(services.CourseIsCompleted):
        services.take_back_read(enrolment.id, item, now=NOON)
    assert db.session.query(Progress).filter_by(item_id=item.item_id).one().state == "done"


def test_two_devices_that_send_at_once_leave_one_row_with_the_newer_place(app, reading):
    enrolment, item = reading
    enrolment_id, item_revision_id = enrolment.id, item.id

    def record(part: str, seconds: int):
        version = item_version(item_revision_id)
        services.record_position(enrolment_id, version, SentPosition(part, later(seconds)), now=later(99))

    run_concurrently(app, lambda: record("b4", 60), lambda: record("b2", 30), lambda: record("b1", 10))
    assert progress_in(enrolment).place == "b4"


# Pages


@pytest.fixture
def learner(client, session):
    course = make_course("kursus", ITEMS)
    person = make_person()
    make_enrolment(person, course)
    client.sign_in(person)
    return person


def send(client, path: str = PATH, **fields):
    data = {"csrf_token": csrf_token(client.text(PATH)), **fields}
    return client.post(path, data=data, headers={"X-Requested-With": "fetch"})


def test_a_place_is_said_where_it_is_needed(client, learner):
    answer = send(client, place="b3", age="0", known="0")
    assert (answer.status_code, answer.json["place"]) == (200, "b3")
    page = client.text(PATH)
    assert "Hari ini pukul" in page
    assert "bagian 3: Bagian 3" in page
    assert 'href="#b3" aria-current="location"' in page
    assert page.index('class="kept small"') < page.index('<h2 id="b3"') < page.index('<h2 id="b4"')
    assert "±4 menit" in page
    home = client.text("/")
    assert f'href="{PATH}#b3"' in home
    assert f'href="{PATH}"' in home
    assert "Bagian 3 dari 4: Bagian 3" in home
    assert f'href="{PATH}#b3"' in client.text("/courses/kursus")


def test_a_place_of_yesterday_and_of_long_ago_is_said_with_its_day(client, learner, session):
    send(client, place="b3")
    for ago, words in ((timedelta(days=1), "Kemarin pukul"), (timedelta(days=40), r"\d+ \w+ \d{4} pukul")):
        session.query(Progress).one().place_at = clock.now().replace(microsecond=0) - ago
        session.commit()
        assert re.search(words, client.text(PATH))


def test_the_newer_of_two_devices_is_told(client, learner):
    first = send(client, place="b3", age="0", known="0").json
    older = send(client, place="b1", age="600", known="0").json
    assert (older["place"], older["time"]) == ("b3", first["time"])
    assert "bagian 3: Bagian 3" in older["said"]
    ahead = send(client, place="b2", age="600", known=str(first["time"])).json
    assert ahead["place"] == "b2"


@pytest.mark.parametrize("place", ["", "tidak-ada", "<b>", "main"])
def test_a_part_that_the_text_does_not_have_is_refused(client, learner, session, place):
    assert send(client, place=place).status_code == 400
    assert session.query(Progress).count() == 0


def test_places_too_fast_are_a_429(client, learner):
    assert send(client, place="b1").status_code == 200
    assert send(client, place="b2").status_code == 429


def test_a_place_is_ones_own(app, client, learner, session):
    send(client, place="b3")
    make_enrolment(other := make_person(), make_course("lain", ITEMS))
    stranger = app.test_client().sign_in(other)
    token = csrf_token(stranger.text("/courses/lain/satu"))
    assert stranger.post(PATH, data={"csrf_token": token, "place": "b1"}).status_code == 404
    assert session.query(Progress).one().place == "b3"


def test_a_locked_module_and_one_that_nobody_can_finish_take_no_place(client, session):
    items = ({"slug": "satu"}, {"slug": "dua", "after": ["satu"], "body_html": BODY})
    course = make_course("kursus", (*items, {"slug": "tiga", "body_html": BODY, "content": {"complete": "none"}}))
    make_enrolment(person := make_person(), course)
    client.sign_in(person)
    assert "place" not in (send(client, "/courses/kursus/dua", place="b1").get_json(silent=True) or {})
    assert send(client, "/courses/kursus/tiga", place="b1").status_code == 400
    assert session.query(Progress).count() == 0


def test_a_place_in_a_part_that_was_removed_is_not_claimed(client, learner, session):
    send(client, place="b3")
    session.query(Progress).one().place = "dihapus"
    session.commit()
    page = client.text(PATH)
    assert "berhenti di sini" not in page
    assert "Lanjutkan dari sini" not in client.text("/")


def test_a_finished_module_says_since_when_and_can_be_taken_back(client, learner, session):
    client.post_form(PATH)
    page = client.text(PATH)
    assert "Sudah dibaca sampai akhir · tercatat hari ini pukul" in page
    assert 'id="read"' not in page
    answer = client.post_form(PATH, unread="1")
    assert (answer.status_code, answer.location) == (302, PATH)
    page = client.text(PATH)
    assert 'id="read"' in page
    assert "data-records" not in page
    assert "tercatat" not in page
    assert session.query(Progress).one().state == "started"
    assert send(client, by_script="1").json == {"state": "started"}
    assert client.post_form(PATH).location == "/courses/kursus/dua"


def test_what_counted_for_a_completed_course_is_not_taken_back_and_it_is_said(client, learner, session):
    for slug in ("satu", "dua", "tiga"):
        client.post_form(f"/courses/kursus/{slug}")
    assert session.query(Completion).count() == 1
    assert "unread" not in client.text(PATH)
    answer = client.post_form(PATH, page="/language", unread="1")
    assert answer.status_code == 409
    assert "sudah menyelesaikan kursus" in answer.get_data(as_text=True)
    assert {one.state for one in session.query(Progress)} == {"done"}


def test_a_module_with_few_parts_has_no_list_of_them(client, learner):
    page = client.text("/courses/kursus/tiga")
    assert "placebar" not in page
    assert 'class="fold toc"' not in page


def test_the_first_page_says_nothing_of_a_place(client, learner):
    page = client.text(PATH)
    assert "berhenti di sini" not in page
    assert page.count('aria-current="location"') == 0
    assert 'class="fold toc"' in page


def test_a_place_costs_the_page_no_further_question(client, learner):
    send(client, place="b3")
    client.get(PATH)
    with counted() as statements:
        client.get(PATH)
    assert len(statements) <= 2, statements
