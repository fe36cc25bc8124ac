"""What says where, when and by whom a photo was taken goes; its pixels do not change."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_files import GPS, make_drawing, make_photo
from PIL import Image, ImageChops, ImageOps

from lms.media.metadata import without_metadata


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def shown(data: bytes) -> Image.Image:
    return ImageOps.exif_transpose(opened(data)).convert("RGB")


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_the_turn_is_left(kind, turn):
    data = make_photo((64, 48), turn=turn, kind=kind)
    assert opened(data).getexif().get_ifd(GPS)
    clean = without_metadata(data)
    exif = opened(clean).getexif()
    assert not exif.get_ifd(GPS)
    assert 0x010F not in exif
    assert b"Ponsel" not in clean
    assert len(clean) < len(data)
    if kind != "WEBP":  # browsers turn no WebP, so neither did the one who made it
        assert exif.get(0x0112, 1) == turn
        assert ImageChops.difference(shown(data), shown(clean)).getbbox() is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_twice_is_as_once(kind):
    once = without_metadata(make_photo((64, 48), turn=6, kind=kind))
    assert without_metadata(once) == once


def test_a_film_behind_a_photo_goes():
    data = make_photo((64, 48))
    assert without_metadata(data + b"ftypmp42 -0.8761 131.2558") == without_metadata(data)


def test_the_colour_profile_stays():
    profile = b"profile" * 40
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", icc_profile=profile)
    assert opened(without_metadata(out.getvalue())).info["icc_profile"] == profile


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n\0", b"GIF89a"])
def test_what_is_no_picture_stays_as_it_is(data):
    assert without_metadata(data) == data


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=30),
    st.integers(0, 500),
    st.sampled_from([make_photo((24, 16), kind=kind) for kind in ("JPEG", "PNG", "WEBP")] + [make_drawing((9, 9))]),
)
def test_a_damaged_file_ends(noise, at, data):
    damaged = data[:at] + noise + data[at + len(noise) :]
    assert len(without_metadata(damaged)) <= len(damaged) + 40
