"""Texts in the language of whoever reads them."""

from __future__ import annotations

import pytest
from flask import render_template_string
from flask_babel import get_translations

from lms.core.errors import Refusal
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, lazy_ngettext, ngettext, speaking

ENROL = lazy("Enrol")
PAGE = "{{ _('Enrol') }}|{{ ngettext('%(num)s person', '%(num)s people', 2) }}|{{ word }}"


def said() -> str:
    return render_template_string(PAGE, word=ENROL)


def test_a_block_speaks_its_language_whoever_speaks_around_it(app):
    with app.test_request_context():
        assert _("Enrol") == "Daftar"
        with speaking("en"):
            assert (_("Enrol"), str(ENROL)) == ("Enrol", "Enrol")
            assert said().startswith("Enrol|2 people|Enrol")
            with speaking(None):
                assert said().startswith("Daftar|")
            assert _("Enrol") == "Enrol"
        assert said().endswith("|Daftar")


def test_texts_take_values(app):
    with speaking("en"):
        assert _("Enrol %(name)s", name="<b>") == "Enrol <b>"
        assert ngettext("%(num)s day of %(year)s", "%(num)s days of %(year)s", 1, year=2026) == "1 day of 2026"
        assert render_template_string("{{ _('Enrol %(name)s, 100%%', name='<b>') }}") == "Enrol &lt;b&gt;, 100%"


@pytest.mark.parametrize(("count", "said"), [(0, "0 seats are left"), (1, "1 seat is left"), (2, "2 seats are left")])
def test_a_refusal_says_its_number_in_the_right_form(app, count, said):
    class FewSeats(Refusal):
        message = lazy_ngettext("%(count)s seat is left", "%(count)s seats are left", "count")

    with speaking("en"):
        assert FewSeats(count=count).text == said


def test_indonesian_has_one_form_for_all_numbers(app):
    with speaking("id"):
        assert {get_translations().plural(number) for number in range(200)} == {0}


def test_english_is_the_source_and_needs_no_catalogue(app):
    with speaking("en"):
        assert _("There is no such text anywhere") == "There is no such text anywhere"
