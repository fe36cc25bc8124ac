"""A folder out of a ZIP: names are repaired or refused, and no lie about sizes fills the memory."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.folder.archive import BadArchive, folder_of_files, unpack


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


def test_files_come_without_the_folders_around_them_and_without_those_of_systems():
    data = zipped(
        ("kursus/kursus/course.md", b"a"),
        ("kursus/kursus/media/alur.svg", b"b"),
        ("kursus/kursus/.DS_Store", b"x"),
        ("__MACOSX/kursus/._course.md", b"x"),
        ("kursus/kursus/Thumbs.db", b"x"),
        comment=b"draft abc",
    )
    found = unpack(data)
    assert (found.name, found.comment) == ("kursus", b"draft abc")
    assert found.files == {"course.md": b"a", "media/alur.svg": b"b"}
    assert not found.problems


def test_names_of_windows_and_macos_are_repaired():
    apple = zipfile.ZipInfo("x/Cafe\u0301.md")
    windows = zipfile.ZipInfo("x/y.md")
    data = zipped((apple, b"a"), (windows, b"b")).replace(b"x/y.md", b"x\\y.md")
    found = unpack(data)
    assert found.files == {"Café.md": b"a", "y.md": b"b"}
    assert [one.is_warning for one in found.problems] == [True]


def test_utf8_without_its_mark_is_read_as_utf8():
    data = bytearray(zipped(("é.md", b"a"), ("b.md", b"b")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(sign) + at
        data[place : place + 2] = struct.pack("<H", struct.unpack("<H", data[place : place + 2])[0] & ~0x800)
    assert set(unpack(bytes(data)).files) == {"é.md", "b.md"}


@pytest.mark.parametrize(
    "names",
    [
        ["../a.md"],
        ["/etc/passwd"],
        ["a/../../b.md"],
        ["C:/a.md"],
        ["a.md", "A.md"],
        ["a.md", "a.md"],
        ["a", "a/b.md"],
        ["a\u202eb.md"],
        ["a" * 250 + ".md"],
        [],
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_could_do_harm_are_refused(names):
    with pytest.raises(BadArchive):
        unpack(zipped(*((name, b"") for name in names)))
    with pytest.raises(BadArchive):
        folder_of_files((name, b"") for name in names)


def test_links_are_refused():
    link = zipfile.ZipInfo("a.md")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with pytest.raises(BadArchive, match="link"):
        unpack(zipped((link, b"/etc/passwd")))


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does():
    honest = zipped(("a.md", b"0" * 3_000))
    with pytest.raises(BadArchive, match="MB"):
        unpack(honest, most_bytes=2_000)
    size = struct.pack("<I", 3_000)
    with pytest.raises(BadArchive):
        unpack(honest.replace(size, struct.pack("<I", 10)), most_bytes=2_000)


def test_too_many_files_are_refused():
    with pytest.raises(BadArchive, match="5001"):
        unpack(zipped(*((f"{number}.md", b"") for number in range(5_001))))


@pytest.mark.parametrize("data", [b"", b"PK", b"Rar!\x1a\x07", zipped(("a.md", b"a"))[:-5]])
def test_what_is_no_zip_is_refused(data):
    with pytest.raises(BadArchive):
        unpack(data)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6))
def test_damaged_zips_are_read_or_refused(damage):
    data = bytearray(zipped(("a/course.md", b"a" * 50), ("a/b.md", b"b" * 50)))
    for at, value in damage:
        data[at % len(data)] = value
    with suppress(BadArchive):
        unpack(bytes(data))
