"""Texts in the language of whoever reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import render_template_string
from flask_babel import get_translations

from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import (
    in_language,
    lazy,
    lazy_ngettext,
    ngettext,
    say_end,
    say_length,
    say_moment,
    say_number,
    say_time,
    say_time_left,
)

ENROL = lazy("Enrol")
PAGE = "{{ _('Enrol') }}|{{ ngettext('%(num)s person', '%(num)s people', 2) }}|{{ word }}"


def said() -> str:
    return render_template_string(PAGE, word=ENROL)


def test_a_block_speaks_its_language_whoever_speaks_around_it(app):
    with app.test_request_context():
        assert _("Enrol") == "Daftar"
        with in_language("en"):
            assert (_("Enrol"), str(ENROL)) == ("Enrol", "Enrol")
            assert said().startswith("Enrol|2 people|Enrol")
            with in_language(None):
                assert said().startswith("Daftar|")
            assert _("Enrol") == "Enrol"
        assert said().endswith("|Daftar")


@pytest.mark.parametrize(
    ("name", "ends"), [("Rosa", "Rosa."), ("Rosa, S.Kep.", "Rosa, S.Kep."), ("<b> S.Kep.", "<b> S.Kep.")]
)
def test_a_sentence_that_ends_with_a_title_has_one_full_stop(app, name, ends):
    with app.test_request_context():
        for text in (_("Congratulations, %(name)s.", name=name), str(lazy("Congratulations, %(name)s.", name=name))):
            assert text == f"Selamat, {ends}"
        shown = render_template_string("{{ _('Congratulations, %(name)s.', name=name) }}", name=name)
        assert shown == f"Selamat, {ends.replace('<', '&lt;').replace('>', '&gt;')}"


@pytest.mark.parametrize(
    ("value", "said"), [(-25, "−25"), (-0.5, "−0,50"), (-1085.5, "−1.085,50"), (0, "0"), (25, "25")]
)
def test_a_number_below_zero_has_a_minus_sign_not_a_hyphen(app, value, said):
    with in_language("id"):
        assert say_number(value) == said


@pytest.mark.parametrize(
    ("language", "time", "moment"),
    [("id", "08.05", "12 Agustus 2025 pukul 08.05 WIT"), ("en", "08:05", "12 August 2025, 08:05 WIT")],
)
def test_a_time_of_day_is_written_as_the_language_does(app, language, time, moment):
    at = datetime(2025, 8, 11, 23, 5, tzinfo=UTC)
    with in_language(language):
        assert (say_time(at), say_moment(at)) == (time, moment)


def test_texts_take_values(app):
    with in_language("en"):
        assert _("Enrol %(name)s", name="<b>") == "Enrol <b>"
        assert ngettext("%(num)s day of %(year)s", "%(num)s days of %(year)s", 1, year=2026) == "1 day of 2026"
        assert render_template_string("{{ _('Enrol %(name)s, 100%%', name='<b>') }}") == "Enrol &lt;b&gt;, 100%"


@pytest.mark.parametrize(("count", "said"), [(0, "0 seats are left"), (1, "1 seat is left"), (2, "2 seats are left")])
def test_a_refusal_says_its_number_in_the_right_form(app, count, said):
    class FewSeats(Refusal):
        message = lazy_ngettext("%(count)s seat is left", "%(count)s seats are left", "count")

    with in_language("en"):
        assert FewSeats(count=count).text == said


def test_indonesian_has_one_form_for_all_numbers(app):
    with in_language("id"):
        assert {get_translations().plural(number) for number in range(200)} == {0}


def test_english_is_the_source_and_needs_no_catalogue(app):
    with in_language("en"):
        assert _("There is no such text anywhere") == "There is no such text anywhere"


NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "said", "end"),
    [
        (timedelta(days=3, hours=5), "3 hari lagi", "4 Desember 2026 pukul 17.00 WIT (3 hari lagi)"),
        (timedelta(days=1), "1 hari lagi", "2 Desember 2026 pukul 12.00 WIT (1 hari lagi)"),
        (timedelta(hours=23, minutes=59), "23 jam lagi", "2 Desember 2026 pukul 11.59 WIT (23 jam lagi)"),
        (timedelta(hours=1), "1 jam lagi", "1 Desember 2026 pukul 13.00 WIT (1 jam lagi)"),
        (timedelta(minutes=59, seconds=59), "59 menit lagi", "1 Desember 2026 pukul 12.59 WIT (59 menit lagi)"),
        (
            timedelta(seconds=59),
            "kurang dari 1 menit lagi",
            "1 Desember 2026 pukul 12.00 WIT (kurang dari 1 menit lagi)",
        ),
        (timedelta(seconds=-1), "", "1 Desember 2026 pukul 11.59 WIT"),
    ],
)
def test_time_left_is_told_in_days_hours_or_minutes(app, left, said, end):
    with app.test_request_context():
        assert (say_time_left(NOW + left, NOW), say_end(NOW + left, NOW)) == (said, end)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 minutes"),
        (60, "1 minute"),
        (5400, "1 hour 30 minutes"),
        (3 * 86_400, "3 days"),
        (86_400 + 3600 + 60, "1 day 1 hour"),
    ],
)
def test_a_length_is_told_in_its_two_largest_units(app, seconds, said):
    with in_language("en"):
        assert say_length(seconds) == said
