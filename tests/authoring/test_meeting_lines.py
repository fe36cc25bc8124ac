from __future__ import annotations

import pytest

from lms.authoring.forms.meeting_lines import as_in_file, in_words, lines_of_meetings
from lms.authoring.forms.setting_fields import fields_of
from lms.authoring.forms.setting_values import changed, shown
from lms.content.items.live_session import LiveSession

FIELDS = fields_of(LiveSession)
FILE = b"""---
title: Lokakarya
type: session
mode: workshop
meetings: [{starts: +1d 09:00, duration: 3h, place: Aula BKPSDM}, {duration: 90m}]   # dua kali
attendance: 50%
---
Isi.
"""


def test_the_settings_of_a_session_are_shown_and_stay_as_they_are():
    values = shown(FIELDS, FILE)
    assert values["meetings"] == "+1d 09:00; 3h; Aula BKPSDM\n; 90m"
    assert (values["mode"], values["attendance"]) == ("workshop", "50")
    assert changed(FIELDS, FILE, values) == FILE
    assert {"weight", "pass", "due"}.isdisjoint(values)


def test_only_the_lines_that_change_are_written():
    sent = shown(FIELDS, FILE) | {"meetings": "end+1d; 30m; Ruang B, lantai 2\n\n+2d 13:30; 2h", "attendance": "80 %"}
    assert changed(FIELDS, FILE, sent) == FILE.replace(
        b"[{starts: +1d 09:00, duration: 3h, place: Aula BKPSDM}, {duration: 90m}]",
        b'[{starts: end+1d, duration: 30m, place: "Ruang B, lantai 2"}, {starts: +2d 13:30, duration: 2h}]',
    ).replace(b"50%", b"80%")


@pytest.mark.parametrize(
    "written",
    [
        [{"starts": "+1d", "room": "A"}],
        [{"place": "Aula; lantai 2"}],
        ["+1d"],
        {"starts": "+1d"},
        "+1d",
        [{}],
    ],
)
def test_what_a_form_cannot_show_is_left_to_the_source(written):
    assert lines_of_meetings(written) is None


def test_meetings_are_typed_in_words(app):
    with app.test_request_context():
        assert in_words("+1d 09:00; 3h; Aula\n; 90m") == "1 hari setelah mulai pukul 09.00; 3 jam; Aula\n; 90 menit"
        assert as_in_file("1 hari setelah mulai pukul 09.00; 3 jam; Aula\n\n; 90 menit") == "+1d 09:00; 3h; Aula\n; 90m"
        assert as_in_file("7/12/2026 13.30;2 hours") == "2026-12-07 13:30; 2h"
        assert as_in_file("+1d; 45m") == "+1d; 45m"


@pytest.mark.parametrize(("line", "wrong"), [("besok; 3 jam", "besok"), ("+1d; lama", "lama"), ("+1d; 3", "3")])
def test_what_is_neither_moment_nor_length_is_named(app, line, wrong):
    with app.test_request_context(), pytest.raises(ValueError, match=f"^{wrong}$"):
        as_in_file(line)
