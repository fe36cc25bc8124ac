"""The text of a box goes into its file, and nothing else in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.splice import NoText, editable_text, splice
from lms.web.request_limits import CleanFields

CONTENT = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)
ODD = st.sampled_from(
    ["", "", "sama", "e\u0301", "=\u0338", "\x0c", "\x85", "\u2028", "nbsp\u00a0", "tab\t", "\u1100\u1161"]
)


@st.composite
def files(draw) -> bytes:
    """Files with any mix of line ends, with or without a mark and a last line end."""
    lines = draw(st.lists(st.tuples(TEXTS | ODD, ENDS), max_size=12))
    mark, last = draw(st.sampled_from(["", "\ufeff"])), draw(TEXTS | ODD)
    return (mark + "".join(text + end for text, end in lines) + last).encode()


def sent_by_a_browser(text: str) -> str:
    """What the site receives of a text box: all line ends as CRLF, then cleaned as every field is."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return CleanFields([("text", unified.replace("\n", "\r\n"))])["text"]


@given(files())
def test_an_untouched_text_leaves_every_byte(raw):
    assert splice(raw, sent_by_a_browser(editable_text(raw))) == raw


@given(files(), st.data())
def test_another_line_changes_that_line_alone(raw, data):
    lines = editable_text(raw).split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = "baris baru " + lines[at]
    done = splice(raw, sent_by_a_browser("\n".join(lines)))
    before, after = _lines(raw), _lines(done)
    assert len(before) == len(after)
    assert [old for number, old in enumerate(before) if number != at] == [
        new for number, new in enumerate(after) if number != at
    ]


@given(files(), files())
def test_what_was_sent_is_what_is_shown_next(raw, other):
    sent = sent_by_a_browser(editable_text(other))
    assert sent_by_a_browser(editable_text(splice(raw, sent))) == sent


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.name)
def test_the_courses_that_come_along_survive_in_the_habits_of_windows_too(path):
    raw = path.read_bytes()
    for data in (raw, b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"), raw.rstrip(b"\n")):
        assert splice(data, sent_by_a_browser(editable_text(data))) == data


def test_new_lines_end_as_the_others_do():
    assert splice(b"satu\r\ndua\r\n", "satu\r\nbaru\r\ndua\r\n") == b"satu\r\nbaru\r\ndua\r\n"
    assert splice(b"satu\ndua", "satu\r\ndua\r\ntiga") == b"satu\ndua\ntiga"
    assert splice(b"\xef\xbb\xbfsatu", "satu\r\n") == b"\xef\xbb\xbfsatu\n"


def test_a_long_text_of_equal_lines_is_no_work():
    old = "\n".join(["", "a", "", "b"] * 5_000)
    new = "\r\n".join(["", "c", "", "d"] * 5_000)
    assert splice(old.encode(), new) == new.replace("\r\n", "\n").encode()


def test_bytes_that_are_no_text_are_not_touched():
    with pytest.raises(NoText):
        editable_text(b"\xff\xfe")


def _lines(raw: bytes) -> list[bytes]:
    unified = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert unified.count(b"\n") == len(unified.split(b"\n")) - 1
    found, rest = [], raw
    for line in unified.split(b"\n"):
        end = next((one for one in (b"\r\n", b"\r", b"\n") if rest[len(line) :].startswith(one)), b"")
        found.append(line + end)
        rest = rest[len(line) + len(end) :]
    return found
