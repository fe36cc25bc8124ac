"""Texts in the language of whoever reads them."""

from __future__ import annotations

from flask import render_template_string

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, ngettext, speaking

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
