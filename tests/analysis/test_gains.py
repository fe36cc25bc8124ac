"""Gains from a pretest to its posttest: worked by hand, for any scores, and on the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from analysis_world import make_gain_course
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lms.analysis import gains
from lms.quizzes.gain import Gain

PAGE = "/teach/courses/pelatihan/gains"


def gain(before: int, after: int) -> Gain:
    return Gain(Decimal(before), Decimal(after))


def test_a_cohort_worked_by_hand() -> None:
    """40 to 70, 50 to 90, 60 to 80: means 50 and 80. Rises 30, 40, 20: mean 30, SD 10.

    Student's t with 2 degrees of freedom is 4.3027, so 30 ± 4.3027·10/√3 = 5.158 to 54.842.
    Hake: 30 of the 50 that were left = 60 %. What each is from 60 % of the own rest (60, 50, 40): 30 - 36 = -6,
    40 - 30 = 10, 20 - 24 = -4; by 50: -0.12, 0.2, -0.08, SD √(0.0608/2) = 0.174356; 60 ± 100·4.3027·0.174356/√3 =
    60 ± 43.313.
    """
    found = gains.of_cohort([gain(40, 70), gain(50, 90), gain(60, 80)])
    assert found is not None
    assert (found.count, found.before, found.after, found.absolute, found.normalised) == (3, 50, 80, 30, 60)
    assert found.absolute_interval == (pytest.approx(5.158, abs=1e-3), pytest.approx(54.842, abs=1e-3))
    assert found.normalised_interval == (pytest.approx(16.687, abs=1e-2), pytest.approx(103.313, abs=1e-2))
    assert (found.risen, found.fallen) == (3, 0)


def test_what_cannot_be_told_is_none() -> None:
    assert gains.of_cohort([]) is None
    assert gain(100, 100).normalised is None
    full = gains.of_cohort([gain(100, 90), gain(100, 100)])
    assert full is not None
    assert (full.normalised, full.normalised_interval, full.fallen) == (None, None, 1)
    alone = gains.of_cohort([gain(40, 70)])
    assert alone is not None
    assert (alone.absolute, alone.normalised, alone.absolute_interval, alone.normalised_interval) == (
        30,
        50,
        None,
        None,
    )


scores = st.integers(0, 100)


@given(st.lists(st.tuples(scores, scores), min_size=1, max_size=20), st.randoms())
def test_a_gain_never_exceeds_what_was_left_and_order_does_not_matter(pairs, chance) -> None:
    found = gains.of_cohort([gain(*one) for one in pairs])
    assert found is not None
    assert found.normalised is None or found.normalised <= 100
    assert found.absolute == pytest.approx(found.after - found.before)
    assert found.risen + found.fallen <= found.count
    if found.absolute_interval:
        assert found.absolute_interval.low <= found.absolute + 1e-9
    chance.shuffle(pairs)
    assert gains.of_cohort([gain(*one) for one in pairs]) == found


def words(html: str) -> str:
    return " ".join(Markup(html.partition("<main")[2].replace("<", " <")).striptags().split())


@pytest.fixture
def course(session):
    made = make_gain_course()
    for number, (before, after) in enumerate([("ab", "aa"), ("bb", "aa"), ("ab", "ab")], 1):
        enrolment = made.enrolment(f"Peserta {number}")
        made.attempt(dict(zip(("satu", "dua"), before, strict=True)), enrolment, slug="pretes")
        made.attempt(dict(zip(("tiga", "empat"), after, strict=True)), enrolment, slug="pascates", minutes=60)
    made.attempt({"satu": "a"}, made.enrolment("Tanpa pascates"), slug="pretes")
    return made


def test_instructors_see_the_gain_of_all_and_of_each(client, course):
    """Before 50, 0, 50, after 100, 100, 50: mean 33.3 to 83.3, 50 of 66.7 left = 75 %."""
    page = words(client.sign_in(course.teacher).get(PAGE).get_data(as_text=True))
    assert "Naik 50 poin" in page
    assert "3 orang sudah mengumpulkan keduanya: 2 naik, 0 turun" in page
    assert "Dari yang masih dapat diraih 75 %" in page
    assert "Peserta 2 0 100 100 100 %" in page
    assert "Tanpa pascates" not in page


def test_each_pair_of_questions_has_its_own_gain(client, course):
    """antre: 2 of 3 right before, all after; syarat: none before, 2 of 3 after."""
    page = words(client.sign_in(course.teacher).get(PAGE).get_data(as_text=True))
    assert "Soal tiga 66,7 % 100 % 33,3" in page
    assert "Soal empat 0 % 66,7 % 66,7" in page


def test_which_attempt_at_the_posttest_counts_is_chosen(client, course):
    enrolment = course.enrolment("Peserta 4")
    course.attempt({"satu": "b"}, enrolment, slug="pretes")
    course.attempt({"tiga": "b"}, enrolment, slug="pascates", minutes=60)
    course.attempt({"tiga": "a", "empat": "a"}, enrolment, slug="pascates", minutes=90)
    client.sign_in(course.teacher)
    assert "Peserta 4 0 0 0 0 %" in words(client.get(PAGE).get_data(as_text=True))
    assert "Peserta 4 0 100 100 100 %" in words(client.get(f"{PAGE}?attempts=best").get_data(as_text=True))


def test_nobody_has_both_yet(client, session):
    made = make_gain_course()
    page = words(client.sign_in(made.teacher).get(PAGE).get_data(as_text=True))
    assert "Belum ada yang mengumpulkan keduanya" in page


def test_a_learner_sees_the_own_gain_on_the_result_of_the_posttest_alone(client, session):
    made = make_gain_course()
    enrolment = made.enrolment("Peserta")
    before = made.attempt({"satu": "a"}, enrolment, slug="pretes")
    after = made.attempt({"tiga": "a", "empat": "a"}, enrolment, slug="pascates", minutes=60)
    before.reviewed_at = after.reviewed_at = after.submitted_at
    session.flush()
    client.sign_in(session.get_one(type(made.teacher), enrolment.person_id))
    page = words(client.get(f"/attempts/{after.id}/review").get_data(as_text=True))
    assert "Prates 50, sekarang 100. Anda naik 50 dari 50 poin yang masih dapat diraih." in page
    assert "Prates" not in words(client.get(f"/attempts/{before.id}/review").get_data(as_text=True))
