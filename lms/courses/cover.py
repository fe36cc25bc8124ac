"""Course covers as small SVG pictures, generated from the slug, so that a course always has the same one.

A cover is a repeated motif and a scene. The motifs recall plaited mats, nets, waves and canoe prows in plain geometry;
none is the traditional pattern of a people. The colours work on light and dark pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple, TypeVar

Thing = TypeVar("Thing")


class Palette(NamedTuple):
    """The background fades from ``deep`` to ``mid``; ``thread`` draws the motif, ``spark`` a line or the sun."""

    deep: str
    mid: str
    thread: str
    spark: str


class Motif(NamedTuple):
    """A square tile drawn in strokes; ``turns`` are the angles that suit it."""

    size: int
    path: str
    stroke: float
    turns: tuple[int, ...] = (0,)


class Scene(NamedTuple):
    """A shape in front of the motif or behind it, as wide as the widest cover; ``{x}`` is its centre."""

    svg: str
    is_behind: bool = False


PALETTES = {
    "sea": Palette("#053f47", "#0d8186", "#86d3cf", "#f0c674"),
    "night": Palette("#182a52", "#3d68a8", "#a3c1ec", "#f0a878"),
    "bark": Palette("#472513", "#9a5829", "#e8bd92", "#8fd0c4"),
    "forest": Palette("#1a3b25", "#47804d", "#b2dba9", "#f2cd70"),
    "orchid": Palette("#3c1e43", "#834b7c", "#dcb0d4", "#f3c96b"),
    "clay": Palette("#55241d", "#a65240", "#efb9a6", "#f5dba6"),
    "lagoon": Palette("#0a3652", "#2a7fa6", "#a0d8ea", "#f7b58b"),
    "sago": Palette("#34350f", "#7c7c2c", "#dadb9c", "#ea9a72"),
}
MOTIFS = {
    "basket": Motif(
        24,
        "M0 2h12M0 6h12M0 10h12M14 0v12M18 0v12M22 0v12M12 14h12M12 18h12M12 22h12M2 12v12M6 12v12M10 12v12",
        2,
        (0, 45),
    ),
    "twill": Motif(16, "M1 7l6-6M9 15l6-6M1 9l6 6M9 1l6 6", 3, (0, 45)),
    "herringbone": Motif(20, "M0-5l10 8 10-8M0 5l10 8 10-8M0 15l10 8 10-8", 2, (0, 90)),
    "scales": Motif(
        20,
        "M0 10a10 10 0 0 1 20 0M5 10a5 5 0 0 1 10 0M-10 20a10 10 0 0 1 20 0a10 10 0 0 1 20 0"
        "M-5 20a5 5 0 0 1 10 0M15 20a5 5 0 0 1 10 0",
        1.5,
        (0, 180),
    ),
    "netting": Motif(24, "M0 0q10 2 12 12t12 12M24 0q-10 2-12 12t-12 12", 1.8, (0, 45)),
    "swell": Motif(24, "M0 4q6-7 12 0t12 0M0 10q6-7 12 0t12 0M0 20q6-7 12 0t12 0", 1.8, (0, -12)),
    "prows": Motif(
        28,
        "M2 2q12 13 24 0-3 11-12 11t-12-11zM-12 16q12 13 24 0-3 11-12 11t-12-11zM16 16q12 13 24 0-3 11-12 11t-12-11z",
        1.4,
    ),
    "diamonds": Motif(24, "M12 0l12 12-12 12-12-12zM12 7l5 5-5 5-5-5z", 2),
    "peaks": Motif(20, "M0 19l10-16 10 16zM6 19l4-7 4 7", 1.8, (0, 180)),
}
SCENES = {
    "hem": Scene(
        '<path fill="{deep}" d="M0 70h920v18H0z"/><path stroke="{spark}" stroke-width="2" d="M0 70h920M0 75h920"/>'
    ),
    "sun": Scene('<circle cx="{x}" cy="44" r="27" fill="{spark}"/>', is_behind=True),
    "wave": Scene(
        '<path fill="{deep}" stroke="{spark}" stroke-width="2" '
        'd="M-9 62q57-34 117 0t117 0 117 0 117 0 117 0 117 0 117 0 117 0v40H-9z"/>'
    ),
    "canoe": Scene(
        '<path fill="{deep}" d="M0 58h920v30H0z"/>'
        '<path fill="{spark}" d="M{x} 30m-56 0q12 21 56 21t56-21q-4 36-56 36t-56-36z"/>'
    ),
    "sash": Scene(
        '<path fill="{deep}" d="M{x} 0h60l-44 88h-60z"/>'
        '<path stroke="{spark}" stroke-width="2" d="M{x} 0l-44 88m104-88l-44 88"/>',
        is_behind=True,
    ),
    "edge": Scene(
        '<path fill="{deep}" d="M0 0h64v88H0z"/><path stroke="{spark}" stroke-width="2" d="M64 0v88M70 0v88"/>',
        is_behind=True,
    ),
    "islands": Scene(
        '<path fill="{deep}" d="M{x} 66m-230 0a70 30 0 0 1 140 0h20a90 46 0 0 1 180 0h60a99 36 0 0 1 198 0h99'
        'a60 26 0 0 1 120 0h300v22H0V66z"/><path stroke="{spark}" stroke-width="2" d="M0 74h920"/>'
    ),
    "diamond": Scene(
        '<path fill="{deep}" stroke="{spark}" stroke-width="2" '
        'd="M{x} 4l44 40-44 40-44-40zm0 14l28 26-28 26-28-26z"/>'
        '<path fill="{spark}" d="M{x} 32l13 12-13 12-13-12z"/>'
    ),
}
SCALES = (1, 1.25, 1.5)


def cover_svg(slug: str, *, wide: bool = False) -> str:
    """The cover as inline SVG of at most 1,000 bytes, hidden from screen readers as decoration.

    ``wide`` is the format for the top of a page. Both formats can be used on one page, as they share no id.
    """
    chance = sha256(slug.encode()).digest()
    palette = _pick(PALETTES, chance[0])
    motif = _pick(MOTIFS, chance[1])
    scene = _pick(SCENES, chance[2])
    turn = motif.turns[chance[3] % len(motif.turns)]
    scale = SCALES[chance[4] % len(SCALES)]
    width, css = (920, "cover cover--wide") if wide else (320, "cover")
    name = f"{'w' if wide else 'c'}{chance.hex()[:8]}"

    shape = scene.svg.format(deep=palette.deep, spark=palette.spark, x=196 + chance[5] % 64)
    tiles = f'<path fill="url(#{name}t)" opacity=".45" d="M0 0h920v88H0z"/>'
    return (
        f'<svg class="{css}" viewBox="0 0 {width} 88" width="{width}" height="88" '
        'preserveAspectRatio="xMinYMid slice" aria-hidden="true"><defs>'
        f'<linearGradient id="{name}g" gradientUnits="userSpaceOnUse" x2="{width}">'
        f'<stop stop-color="{palette.deep}"/><stop offset="1" stop-color="{palette.mid}"/></linearGradient>'
        f'<pattern id="{name}t" width="{motif.size}" height="{motif.size}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turn})scale({scale})"><path d="{motif.path}" fill="none" '
        f'stroke="{palette.thread}" stroke-width="{motif.stroke}"/></pattern></defs>'
        f'<path fill="url(#{name}g)" d="M0 0h920v88H0z"/>'
        f"{shape + tiles if scene.is_behind else tiles + shape}</svg>"
    )


def _pick(things: Mapping[str, Thing], number: int) -> Thing:
    return list(things.values())[number % len(things)]
