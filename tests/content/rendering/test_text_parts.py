"""The parts of a rendered text, found in what revisions of any age have stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.items.base import WORDS_PER_MINUTE
from lms.content.items.module import Module
from lms.content.rendering.markdown_html import render
from lms.content.rendering.text_parts import MIN_PARTS, parts_of
from lms.content.text import Text

WORDS = "kata " * WORDS_PER_MINUTE
LONG = f"Awal dua.\n\n## Satu\n{WORDS}\n\n## Dua & *tiga*\n{WORDS}{WORDS}\n\n### Lebih kecil\n\n## Tiga\nAkhir.\n"


def test_parts_are_the_headings_of_the_second_level():
    found = parts_of(render(LONG).html)
    assert [(part.anchor, part.title) for part in found.parts] == [
        ("satu", "Satu"),
        ("dua--tiga", "Dua & tiga"),
        ("tiga", "Tiga"),
    ]


def test_words_count_from_one_heading_to_the_next():
    found = parts_of(render(LONG).html)
    assert found.words == [2, WORDS_PER_MINUTE + 1, 2 * WORDS_PER_MINUTE + 4, 2]
    assert found.seconds == [1, 60, 121, 1]


def test_a_module_takes_the_time_that_its_page_says():
    module = Module(
        slug="m", title="M", parts=(Text("", html=render(LONG).html), Text("", html="<p>satu</p><p>dua</p>"))
    )
    assert module.own_minutes * WORDS_PER_MINUTE == sum(parts_of(module.body_html).words)
    assert round(module.own_minutes) == parts_of(module.body_html).minutes_from(0)


def test_what_is_left_counts_from_the_beginning_of_a_part():
    found = parts_of(render(LONG).html)
    assert [found.minutes_from(number) for number in range(4)] == [3, 3, 2, 1]


def test_a_part_is_found_by_its_anchor_as_long_as_the_text_has_it():
    found = parts_of(render(LONG).html)
    assert [found.number(anchor) for anchor in ("satu", "tiga", "lebih-kecil", "", None)] == [1, 3, None, None, None]


@pytest.mark.parametrize("headings", range(MIN_PARTS + 1))
def test_a_text_with_few_headings_has_no_parts_and_all_its_words(headings):
    text = "Awal.\n\n" + "\n\n".join(f"## Judul\nkata kata {number}" for number in range(headings))
    found = parts_of(render(text).html)
    assert len(found.parts) == (headings if headings >= MIN_PARTS else 0)
    assert sum(found.words) == 1 + 4 * headings
    assert len(found.seconds) == len(found.parts) + 1


def test_headings_within_boxes_quotes_and_details_belong_to_the_part_around_them():
    html = '<blockquote><h2 id="a">A</h2></blockquote><details><h2 id="b">B</h2></details><div><h2 id="c">C</h2></div>'
    assert parts_of(html).parts == ()
    assert [part.anchor for part in parts_of(html + '<h2 id="d">D</h2>' * 3).parts] == ["d"] * 3


def test_headings_without_an_id_are_no_parts():
    assert parts_of("<h2>A</h2><h2>B</h2><h2>C</h2>").parts == ()


def test_code_formulas_choices_and_closed_answers_are_not_counted():
    html = (
        '<p>satu</p><pre>x y</pre><math><mi>z</mi></math><div class="check"><p>dua</p><label>tiga</label>'
        "<details><summary>empat</summary><p>lima</p></details></div>"
    )
    assert parts_of(html).words == [2]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_anything_rendered_can_be_read(texts):
    html = render("\n\n".join(f"## {text}" if number % 2 else text for number, text in enumerate(texts))).html
    found = parts_of(html)
    assert all(f'<h2 id="{part.anchor}"' in html for part in found.parts)
    assert len({part.anchor for part in found.parts}) == len(found.parts)


def test_words_are_counted_without_code_blocks_and_formulas():
    html = render("Dua kata, e-KTP 1.000. `kode` $a^2$\n\n```\nx y z\n```\n\n- butir").html
    assert parts_of(html).words == [6]
