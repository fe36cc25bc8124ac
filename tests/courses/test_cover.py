from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree

import pytest

from lms.courses.cover import MOTIFS, PALETTES, SCENES, cover_svg

SLUGS = [f"kursus-{number}-{name}" for number in range(125) for name in ("pelayanan", "keuangan", "spbe", "etika")]
COVERS = {slug: cover_svg(slug) for slug in SLUGS}


def ids(svg):
    return set(re.findall(r' id="([^"]+)"', svg))


def without_ids(svg):
    return re.sub(r'(id="|url\(#)\w+', r"\1", svg)


def luminance(colour):
    """How bright a colour is, from 0 to 1 (WCAG 2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("wide", [False, True])
def test_no_cover_weighs_more_than_a_thousand_bytes(wide):
    assert max(len(cover_svg(slug, wide=wide).encode()) for slug in SLUGS) <= 1000


@pytest.mark.parametrize("wide", [False, True])
def test_every_cover_is_well_formed(wide):
    for slug in SLUGS:
        root = ElementTree.fromstring(cover_svg(slug, wide=wide))
        assert root.tag == "svg"
        assert root.attrib["aria-hidden"] == "true"


def test_a_cover_is_the_same_every_time():
    assert cover_svg("pelayanan-publik") == cover_svg("pelayanan-publik")
    assert 'viewBox="0 0 320 88"' in cover_svg("pelayanan-publik")


def test_covers_differ_in_their_drawing_and_not_only_in_their_ids():
    drawings = {without_ids(svg) for svg in COVERS.values()}
    assert len(drawings) > 0.95 * len(SLUGS)


def test_ids_belong_to_one_slug_and_one_shape_so_that_many_covers_share_a_page():
    everything = [cover_svg(slug, wide=wide) for slug, wide in product(SLUGS, (False, True))]
    assert sum(len(ids(svg)) for svg in everything) == len(set().union(*map(ids, everything)))


def test_every_reference_finds_its_id():
    for svg in COVERS.values():
        assert set(re.findall(r"url\(#(\w+)\)", svg)) == ids(svg)


def test_nothing_needs_a_style_a_script_or_the_network():
    for svg in COVERS.values():
        assert not re.search(r"style=|<style|<script|href|https?:| on\w+=", svg)


@pytest.mark.parametrize("slug", ["", "a", "<script>", '"&', "é" * 500, "x" * 10_000])
def test_any_slug_has_a_cover_and_never_appears_in_it(slug):
    svg = cover_svg(slug)
    ElementTree.fromstring(svg)
    assert len(slug) < 2 or slug not in svg


def test_all_palettes_motifs_and_scenes_come_up():
    everything = "".join(COVERS.values())
    shapes = ["<circle", *(scene.svg.rpartition("}")[2] for scene in SCENES.values())]
    assert all(palette.mid in everything for palette in PALETTES.values())
    assert all(motif.path in everything for motif in MOTIFS.values())
    assert all(shape in everything for shape in shapes)
    assert min(map(len, (PALETTES, MOTIFS, SCENES))) >= 6


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_a_palette_runs_from_dark_to_light_and_stands_on_both_pages(palette):
    deep, mid, thread, spark = palette
    assert luminance(deep) < luminance(mid) < luminance(thread)
    assert contrast(spark, deep) > 5
    assert contrast(mid, "#fbfaf6") > 3
    assert contrast(mid, "#101819") > 2.5
