"""Pictures in several widths, players, and links to videos of other hosts."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from picture_files import box, make_mp3, make_mp4

from lms.content.rendering.captions import captions_of
from lms.content.rendering.clips import Clip, clip
from lms.content.rendering.markdown_html import render
from lms.content.rendering.media import PictureVersions, medium
from lms.content.rendering.players import host_of, length
from lms.content.rendering.state import LinkTarget

SIZES = (
    ("avif", 720, 50_000),
    ("avif", 1080, 90_000),
    ("jpg", 1080, 150_000),
    ("webp", 720, 62_000),
    ("webp", 1080, 99_000),
)
PHOTO = LinkTarget("/media/abc/foto.jpg", 4000, 3000, versions_at="/pictures/abc/", versions=SIZES)
VIDEO = LinkTarget(
    "/media/abc/sapa.mp4",
    clip=Clip(3_000_000, 200, 640, 360),
    element="video",
    captions=(("id", "/media/d/sapa.id.vtt"),),
)
SOUND = LinkTarget("/media/abc/sapa.mp3", clip=Clip(500_000), element="audio")


def html(source: str, target: LinkTarget | None = None, **values: str) -> str:
    return render(source, resolve=lambda _path: target, **values).html


def test_a_browser_chooses_width_and_format():
    assert html("![Loket <1>](foto.jpg)", PHOTO) == (
        '<p><picture><source type="image/avif" srcset="/pictures/abc/720.avif 720w,/pictures/abc/1080.avif 1080w" '
        'sizes="(min-width:44rem) 40rem,100vw"><source type="image/webp" '
        'srcset="/pictures/abc/720.webp 720w,/pictures/abc/1080.webp 1080w" sizes="(min-width:44rem) 40rem,100vw">'
        '<img src="/pictures/abc/1080.jpg" alt="Loket &lt;1&gt;" width="4000" height="3000" loading="lazy" '
        'decoding="async"></picture></p>'
    )


def test_a_link_to_a_picture_never_leads_to_the_original():
    assert 'href="/pictures/abc/1080.jpg"' in html("[foto](foto.jpg)", PHOTO)
    assert "foto.jpg" not in html("[foto](foto.jpg) ![foto](foto.jpg)", PHOTO)


def test_a_player_fetches_nothing_and_says_what_it_costs():
    page = html('![Menyapa "pemohon"](sapa.mp4)', VIDEO)
    assert '<video controls preload="none" width="640" height="360" aria-label="Menyapa &quot;pemohon&quot;">' in page
    assert '<track kind="captions" src="/media/d/sapa.id.vtt" srclang="id" label="Teks id">' in page
    assert "Video · 3:20 · 2,9 MB · " in page
    assert "Video · 3:20 · 2.9 MB · " in html("![x](sapa.mp4)", VIDEO, language="en")
    assert "Recording · 488 KB" in html("![x](sapa.mp3)", SOUND, language="en")


def test_a_player_does_not_stand_in_a_link():
    assert "<video" not in html("[![x](sapa.mp4)](b.md)", VIDEO)
    assert "player" not in html("[![x](https://youtu.be/a)](b.md)", VIDEO)


@pytest.mark.parametrize(
    ("source", "facts"),
    [
        (
            '![Rapat](https://www.youtube.com/watch?v=a "7:30")',
            "YouTube, di luar situs ini · 7:30 · sekitar 38 MB",
        ),
        ('![Rapat](https://youtu.be/a "1:00:00")', "1:00:00 · sekitar 300 MB"),
        ("![Rapat](https://vimeo.com/1)", "membuka Vimeo, di luar situs ini · sekitar 5 MB tiap menit"),
        ("![Rapat](http://video.go.id/a.mp4)", "membuka video.go.id, di luar situs ini"),
    ],
)
def test_videos_of_other_hosts_are_links_with_their_cost(source, facts):
    page = html(source)
    assert facts in page
    assert 'rel="noopener nofollow"' in page
    assert "▶</span> Rapat</a>" in page
    assert not {"<iframe", "<img", "<video"} & {page[at : at + 7] for at in range(len(page))}


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://m.youtube.com/watch?v=a", "YouTube"),
        ("https://youtube.com.jahat.example/a", ""),
        ("https://notyoutube.com/a", ""),
        ("https://x.example/gambar.png", ""),
        ("javascript://youtube.com/%0aalert(1)", ""),
        ("//youtube.com/a", ""),
        ("https://[youtube.com/a", ""),
        ("media/a.mp4", ""),
    ],
)
def test_the_host_of_a_player_is_known_by_its_address(address, host):
    assert host_of(address) == host


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_words_break_out(words, title):
    source = f"![{words}](sapa.mp4 '{title}') ![{words}](https://youtu.be/{title} '{title}')"
    for target in (VIDEO, PHOTO):
        page = html(source, target)
        assert "<script" not in page.lower()
        assert page.count("<video") == page.count("</video>")


def test_captions_lie_beside_their_video():
    paths = [
        "media/sapa.mp4",
        "media/sapa.vtt",
        "media/sapa.en.vtt",
        "media/sapaan.vtt",
        "media/sapa.v2.vtt",
        "sapa.vtt",
    ]
    assert captions_of("media/sapa.mp4", paths) == [("", "media/sapa.vtt"), ("en", "media/sapa.en.vtt")]


@pytest.mark.parametrize(("seconds", "text"), [(5, "0:05"), (200, "3:20"), (3600, "1:00:00"), (36_610, "10:10:10")])
def test_lengths_are_said_as_minutes_and_seconds(seconds, text):
    assert length(seconds) == text


def test_what_a_file_says_of_itself():
    data = make_mp4(200, 640, 360)
    assert clip(data) == Clip(len(data), 200, 640, 360)
    sound = make_mp3(1000)
    assert clip(sound) == Clip(len(sound), 26)


@given(st.binary(max_size=60), st.integers(0, 300))
def test_damaged_clips_end(noise, at):
    for data in (make_mp4(filler=50), make_mp3(3)):
        damaged = data[:at] + noise + data[at + len(noise) :]
        assert clip(damaged).size == len(damaged)


def test_boxes_within_boxes_end():
    nest = b""
    for _ in range(50):
        nest = box(b"moov", nest)
    assert clip(box(b"ftyp", b"isom") + nest * 200).seconds is None
    endless = box(b"ftyp", b"isom") + struct.pack(">I4s", 0, b"mdat") + bytes(50)
    assert clip(endless).seconds is None


def test_a_medium_is_what_is_known_of_its_picture():
    known = {"a" * 64: PictureVersions(40, 30, (("webp", 40, 9),))}
    found = medium("media/foto.jpg", b"", "a" * 64, known, "/teach/x")
    assert (found.width, found.height, found.versions_at) == (40, 30, f"/teach/x/pictures/{'a' * 20}/")
    assert PictureVersions(1440, 9, SIZES).lightest == 50_000
    assert PictureVersions(1440, 9).lightest is None
