"""Days and hours as people write them in a form, and as a course file has them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.forms.moment_words import moment_in_words, written_moment
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.values import when
from lms.core.i18n import in_language

DAY = st.dates(date(2000, 1, 1), date(2199, 12, 31))
HOUR = st.one_of(st.just(""), st.times().map(lambda at: f" {at:%H:%M}"))
IN_FILES = st.one_of(
    st.builds("{}{}".format, DAY, HOUR),
    st.builds("{}+{}d{}".format, st.sampled_from(["", "end"]), st.integers(0, 3660), HOUR),
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("15/12/2026", "2026-12-15"),
        ("5-1-2027", "2027-01-05"),
        ("15.12.2026 17.00", "2026-12-15 17:00"),
        ("15 Desember 2026", "2026-12-15"),
        ("15 Des 2026 pukul 17.00", "2026-12-15 17:00"),
        ("15 december 2026, 17:00", "2026-12-15 17:00"),
        ("1 Agt. 2026 jam 8.05", "2026-08-01 08:05"),
        ("3 Nopember 2026", "2026-11-03"),
        ("2026-12-15 17.00", "2026-12-15 17:00"),
        ("2026-12-15", "2026-12-15"),
        ("  7  hari setelah mulai ", "+7d"),
        ("7 hari sesudah mulai pukul 09.00", "+7d 09:00"),
        ("2 minggu setelah mulai", "+14d"),
        ("90 days after the end", "end+90d"),
        ("90 hari setelah berakhir", "end+90d"),
        ("+7d 09:00", "+7d 09:00"),
        ("end+90d", "end+90d"),
    ],
)
def test_what_people_write_becomes_what_the_file_has(typed, written):
    assert written_moment(typed) == written
    when(YamlText(written, "str", False, (1, 1), 1))


@pytest.mark.parametrize(
    "typed",
    [
        *("besok", "31/2/2026", "12/15/2026", "15 x 2026", "15 Mayat 2026", "15/12-2026", "15/12/26"),
        *("15/12/2026 25.00", "7 hari sebelum mulai", "senin, 15 Desember 2026", "15/12/2026 17.00 WITA", ""),
    ],
)
def test_what_is_no_moment_or_could_mean_another_one_is_refused(typed):
    with pytest.raises(ValueError):
        written_moment(typed)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_the_file_has_is_shown_in_words_that_mean_the_same(app, language):
    @given(written=IN_FILES)
    def check(written):
        with in_language(language):
            assert written_moment(moment_in_words(written)) == written

    check()


def test_what_the_file_has_is_shown_in_words_and_else_as_it_stands(app):
    with in_language("id"):
        assert moment_in_words("2026-12-15 17:00") == "15 Desember 2026 pukul 17.00"
        assert moment_in_words("+7d") == "7 hari setelah mulai"
        assert moment_in_words("end+90d 08:30") == "90 hari setelah berakhir pukul 08.30"
        assert moment_in_words("besok") == "besok"
        assert moment_in_words("") == ""
