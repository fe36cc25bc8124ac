from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.content.course import CompletionRule
from lms.content.when import When
from lms.courses.contents import Contents, ItemSummary, SectionHeading
from lms.enrolment.windows import Window
from lms.learning.completion import ItemProgress
from lms.learning.states import due_day, is_asked_for, item_rows, next_row

NOW = datetime(2026, 12, 2, tzinfo=UTC)
ALONE = Window(date(2026, 12, 1), None, "Asia/Jayapura")


def item(number, **values):
    defaults = {
        "item_id": number,
        "item_revision_id": number,
        "key": f"k{number}",
        "position": number,
        "section": 1,
        "slug": f"s{number}",
        "type": "module",
        "title": f"Judul {number}",
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
        "ends": None,
    }
    return ItemSummary(**(defaults | values))


def contents(*items):
    return Contents(1, CompletionRule(), (SectionHeading(1, "Bab", ""),), tuple(items))


def progress(state, minutes=0):
    return ItemProgress(state, Decimal(80), NOW + timedelta(minutes=minutes))


def day(days):
    return When("start", days=days)


def test_an_item_waits_for_those_before_it_and_says_which():
    found = item_rows(contents(item(1), item(2, after=("k1",))), {}, ALONE, NOW)
    assert [item.title for item in found[1].lock.after] == ["Judul 1"]


def test_done_or_handed_in_opens_what_comes_after():
    for state, is_open in [("done", True), ("waiting", True), ("started", False), ("failed", False)]:
        found = item_rows(contents(item(1), item(2, after=("k1",))), {1: progress(state)}, ALONE, NOW)
        assert (found[1].lock is None) is is_open, state


def test_what_was_begun_once_never_locks_again():
    found = item_rows(contents(item(1), item(2, after=("k1",))), {2: progress("started")}, ALONE, NOW)
    assert found[1].lock is None


def test_an_item_opens_at_its_moment():
    early = item_rows(contents(item(1, opens=day(5))), {}, ALONE, NOW)[0]
    assert early.lock.opens_at == datetime(2026, 12, 5, 15, tzinfo=UTC)
    assert item_rows(contents(item(1, opens=day(5))), {}, ALONE, NOW + timedelta(days=5))[0].lock is None


def test_nothing_of_a_scheduled_cohort_opens_before_its_first_day():
    window = Window(date(2026, 12, 20), None, "Asia/Jayapura", is_scheduled=True)
    assert item_rows(contents(item(1)), {}, window, NOW)[0].lock.opens_at is not None


def test_the_end_of_an_assignment_is_its_due_moment():
    found = item_rows(contents(item(1, ends=day(3), closes=day(9))), {}, ALONE, NOW)[0]
    assert found.closes_at == datetime(2026, 12, 4, 14, 59, 59, tzinfo=UTC)


def test_returned_work_ends_with_its_revision_but_never_earlier():
    one = contents(item(1, ends=day(3), closes=day(3)))
    for until, last in [(date(2026, 12, 9), 9), (date(2026, 12, 2), 4)]:
        found = item_rows(one, {1: progress("started")}, ALONE, NOW, {1: until})[0]
        assert found.closes_at == datetime(2026, 12, last, 14, 59, 59, tzinfo=UTC)
    endless = item_rows(contents(item(1)), {1: progress("started")}, ALONE, NOW, {1: date(2026, 12, 9)})[0]
    assert endless.closes_at is None


def test_the_deadline_of_a_course_is_that_of_a_revision_if_nothing_else_is_left():
    due_on, later = date(2026, 12, 4), date(2026, 12, 9)
    two = contents(item(1, ends=day(3), closes=day(3)), item(2))

    def of(second):
        return due_day(due_on, item_rows(two, {1: progress("started"), 2: progress(second)}, ALONE, NOW, {1: later}))

    assert (of("done"), of("waiting"), of("started")) == (later, later, due_on)
    assert due_day(None, []) is None


REQUIRED = CompletionRule(items="required")


def go_on(progress_of_items, *items, rule=REQUIRED):
    found = next_row(item_rows(contents(*items), progress_of_items, ALONE, NOW), progress_of_items, rule)
    return found.item.position if found else None


def test_one_begins_with_the_first_and_goes_on_where_one_stopped():
    three = item(1), item(2), item(3)
    assert go_on({}, *three) == 1
    assert go_on({1: progress("done")}, *three) == 2
    assert go_on({1: progress("started"), 2: progress("started", 5)}, *three) == 2
    assert go_on({3: progress("done")}, *three) == 1
    assert go_on({1: progress("done"), 2: progress("failed", 1)}, *three) == 2
    assert go_on({1: progress("done"), 2: progress("waiting"), 3: progress("done")}, *three) is None


def test_one_is_never_sent_to_what_is_locked():
    assert go_on({1: progress("failed")}, item(1), item(2, after=("k1",)), item(3)) == 1
    assert go_on({1: progress("waiting")}, item(1), item(2, opens=day(90)), item(3)) == 3


def test_one_is_led_past_what_has_no_tries_left():
    dead = ItemProgress("failed", Decimal(30), NOW, is_final=True)
    assert go_on({1: dead}, item(1), item(2, after=("k1",)), item(3)) == 3
    assert go_on({1: dead}, item(1)) is None
    assert item_rows(contents(item(1)), {1: dead}, ALONE, NOW)[0].is_failed_for_good


OPTIONAL = {"is_required": False}


def test_what_is_optional_comes_after_what_the_course_asks_for():
    pretest, read, quiz = item(1, **OPTIONAL), item(2), item(3)
    assert go_on({}, pretest, read, quiz) == 1, "who has begun nothing begins with the first"
    assert go_on({2: progress("done")}, pretest, read, quiz) == 3
    assert go_on({2: progress("done"), 3: progress("done", 1)}, pretest, read, quiz) == 1
    assert go_on({1: progress("done")}, pretest, read, quiz, rule=CompletionRule(items="all")) == 2
    assert go_on({2: progress("done")}, pretest, read, quiz, rule=CompletionRule(items=80)) == 1


def test_optional_work_that_waits_skips_nothing():
    items = item(1), item(2), item(3, **OPTIONAL), item(4)
    assert go_on({3: progress("waiting")}, *items) == 1


def test_one_goes_on_with_what_one_reads_though_it_is_optional_until_something_else_is_begun():
    items = item(1), item(2, **OPTIONAL)
    assert go_on({2: progress("started")}, *items) == 2
    assert go_on({2: progress("started"), 1: progress("started", 1)}, *items) == 1
    assert go_on({2: progress("failed")}, *items) == 1, "an optional quiz holds nobody up"


def test_nothing_is_offered_while_all_that_is_asked_for_waits_for_grading():
    items = item(1, **OPTIONAL), item(2), item(3)
    assert go_on({2: progress("done"), 3: progress("waiting", 1)}, *items) is None
    assert go_on({2: progress("waiting")}, *items) == 3


@st.composite
def courses_of_somebody(draw):
    size = draw(st.integers(1, 6))
    items, own = [], {}
    for number in range(1, size + 1):
        opens = day(90) if draw(st.booleans()) and draw(st.booleans()) else None
        items.append(item(number, is_required=draw(st.booleans()), counts=draw(st.booleans()), opens=opens))
        state = draw(st.sampled_from([None, "started", "waiting", "done", "failed", "final"]))
        if state == "final":
            own[number] = ItemProgress("failed", None, NOW + timedelta(minutes=draw(st.integers(0, 9))), is_final=True)
        elif state:
            own[number] = progress(state, draw(st.integers(0, 9)))
    rule = CompletionRule(items=draw(st.sampled_from(["required", "all", 60])))
    return item_rows(contents(*items), own, ALONE, NOW), own, rule


def is_open(row):
    return row.lock is None and row.state in {None, "started", "failed"} and not row.is_failed_for_good


@given(courses_of_somebody())
def test_the_next_item_is_open_and_asked_for_wherever_one_is(case):
    rows, own, rule = case
    found = next_row(rows, own, rule)
    asked = [row for row in rows if is_asked_for(row, rule)]
    left = [row for row in asked if is_open(row)]
    if found is None:
        assert not left
        assert not any(map(is_open, rows)) or any(row.state == "waiting" for row in asked)
        return
    assert is_open(found)
    if left and own and found not in left:
        latest = max(one.touched_at for one in own.values())
        assert found.state == "started"
        assert own[found.item.item_id].touched_at == latest
    if own and found in left and found.state is None:
        assert found is left[0]
        assert all(row.state is None for row in left), "what was begun comes first"
