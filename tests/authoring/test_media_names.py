"""Names of files beside the modules, and where texts use them."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.media_names import clean_name, free_path, link_from, markdown_of, unquoted, where_used
from lms.content.folder.outline import is_safe, lay_out


@pytest.mark.parametrize(
    ("name", "extension", "clean"),
    [
        ("Foto Loket (1).JPEG", "jpg", "foto-loket-1.jpg"),
        (r"C:\Users\budi\Pictures\alur.png", "png", "alur.png"),
        ("../../etc/passwd.png", "png", "passwd.png"),
        ("图片.png", "png", "berkas.png"),
        (".png", "png", "png.png"),
        ("tanpa-akhiran", "png", "tanpa-akhiran.png"),
        ("a" * 300 + ".png", "png", "a" * 60 + ".png"),
        ("logo.png", "jpg", "logo.jpg"),
    ],
)
def test_names_are_cleaned(name, extension, clean):
    assert clean_name(name, extension) == clean


@given(st.text(max_size=80))
def test_any_name_is_one_for_a_course(name):
    path = free_path(clean_name(name, "png"), [])
    assert is_safe(path)
    assert not lay_out([path]).problems
    assert path.isascii()


def test_no_name_is_taken_twice_whatever_the_capitals():
    assert free_path("foto.jpg", ["media/Foto.JPG"]) == "media/foto-2.jpg"
    assert free_path("foto.jpg", ["media/foto.jpg", "media/foto-2.jpg"]) == "media/foto-3.jpg"
    assert free_path("foto.jpg", ["media/lain/foto.jpg"]) == "media/foto.jpg"


@pytest.mark.parametrize("text", ["01-modul.md", "01-bab/02-modul.md"])
@pytest.mark.parametrize("path", ["media/a.png", "media/dua kata.png", "media/bab (1)/x.png"])
def test_links_lead_from_the_text_to_the_file(text, path):
    link = link_from(text, path)
    assert " " not in link
    assert where_used(path, unquoted({text: f"![x]({link})".encode()})) == [text]
    if " " not in path:
        assert posixpath.normpath(posixpath.join(posixpath.dirname(text), link)) == path


def test_a_description_cannot_break_out_of_its_brackets():
    assert markdown_of("a.md", "media/a.png", "Loket [2]\n ](x) \\") == "![Loket \\[2\\] \\](x) \\\\](media/a.png)"


def test_where_a_file_is_used():
    sources = {
        "01.md": b"![a](media/alur.png)",
        "02.md": b"![a](media/alur%20baru.png) ![b](../media/peta-alur.png)",
        "03.md": b"<img src='media/alur.png'>",
        "04.md": b"![v](media/sapa.mp4)",
    }
    texts = unquoted(sources)
    assert where_used("media/alur.png", texts) == ["01.md", "03.md"]
    assert where_used("media/alur baru.png", texts) == ["02.md"]
    assert where_used("media/sapa.id.vtt", texts) == ["04.md"]
    assert where_used("media/tidak.png", texts) == []
