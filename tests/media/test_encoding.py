"""Pictures made into versions for pages, in this process; ``test_making.py`` does it as the site does."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_files import make_bomb, make_drawing, make_photo
from PIL import Image

from lms.media.encoding import WIDTHS, PictureRefused, encoded, widths_of


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.fixture(scope="module")
def photo():
    return make_photo((2000, 1500), turn=6), encoded(make_photo((2000, 1500), turn=6))


def test_a_photo_has_at_most_three_widths_and_is_upright(photo):
    _data, done = photo
    assert (done.width, done.height) == (1500, 2000)
    assert {one.width for one in done.versions if one.kind == "webp"} == set(WIDTHS)
    for one in done.versions:
        image = opened(one.data)
        assert image.size == (one.width, one.height)
        assert abs(one.height / one.width - 2000 / 1500) < 0.01
    webp = next(one for one in done.versions if one.kind == "webp").data
    red = opened(webp).convert("RGB").getpixel((700, 20))
    assert red[0] > 150, "the corner at the top left is at the top right once it is turned"
    assert red[1] < 80


def test_no_version_says_where_it_was_taken(photo):
    data, done = photo
    assert b"Ponsel" in data
    for one in done.versions:
        assert not opened(one.data).getexif(), one.kind
        assert b"Ponsel" not in one.data
        assert b"Exif" not in one.data


def test_the_version_of_a_phone_is_much_lighter(photo):
    data, done = photo
    small = min((one for one in done.versions if one.kind == "webp"), key=lambda one: one.width)
    assert len(small.data) < len(data) / 3
    avif = [len(one.data) for one in done.versions if one.kind == "avif"]
    assert not avif or sum(avif) < sum(len(one.data) for one in done.versions if one.kind == "webp")


def test_there_is_one_version_that_every_browser_shows(photo):
    old = [one for one in photo[1].versions if one.kind in ("jpg", "png")]
    assert [(one.kind, one.width) for one in old] == [("jpg", 1080)]


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((100, 100), [100]),
        ((720, 500), [720]),
        ((800, 500), [800]),
        ((1000, 500), [720, 1000]),
        ((1400, 900), [720, 1080, 1400]),
        ((4000, 3000), [720, 1080, 1440]),
        ((800, 80_000), [120]),
        ((1, 50_000), [1]),
    ],
)
def test_the_widths_fit_the_size_of_the_original(size, widths):
    assert widths_of(*size) == widths


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_there_are_one_to_three_widths_none_above_the_original(width, height):
    found = widths_of(width, height)
    assert 1 <= len(found) <= 3
    assert found == sorted(set(found))
    assert found[0] >= 1
    assert found[-1] <= width


def test_what_is_transparent_stays_so():
    done = encoded(make_drawing(alpha=True))
    assert {one.kind for one in done.versions} >= {"webp", "png"}
    for one in done.versions:
        assert opened(one.data).convert("RGBA").getpixel((299, 199))[3] < 20, one.kind


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "CMYK", "I;16"])
def test_all_kinds_of_pixels_are_taken(mode):
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert encoded(out.getvalue()).versions


def test_what_moves_keeps_moving():
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    done = encoded(out.getvalue())
    assert (done.width, done.height, done.versions) == (30, 20, ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "format"),
        (b"<svg/>", "format"),
        (make_photo((400, 300))[:2000], "broken"),
        (make_drawing()[:60], "broken"),
        (make_bomb(), "bomb"),
    ],
    ids=["nothing", "svg", "half a photo", "half a drawing", "bomb"],
)
def test_what_cannot_be_shown_is_refused(data, reason):
    with pytest.raises(PictureRefused) as refused:
        encoded(data)
    assert str(refused.value) == reason


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from([make_drawing((20, 20)), make_photo((24, 16))]))
def test_a_damaged_picture_is_made_or_refused(noise, at, data):
    try:
        encoded(data[:at] + noise + data[at + len(noise) :])
    except PictureRefused as refused:
        assert str(refused) in ("broken", "bomb", "format")
