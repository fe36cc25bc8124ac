"""Pictures in several widths, players for videos and recordings, and links to those of other hosts.

This is finished HTML that goes in after sanitizing: every value is escaped here, and every address was made by the site
or has a scheme that links may have.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from lms.content.rendering.clips import Clip
from lms.content.rendering.escaping import one_line, tag
from lms.content.rendering.media import content_type, extension
from lms.content.rendering.state import LinkTarget, RendererLabels

SIZES = "(min-width:44rem) 40rem,100vw"
"""How wide a picture is on a page: the measure of a text, or the screen."""
MEGABYTES_PER_MINUTE = 5
"""What a video of 480 lines takes from the large hosts."""

_HOSTS = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "drive.google.com": "Google Drive",
    "tiktok.com": "TikTok",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
}
_FILES = frozenset({"mp4", "webm", "mov", "mp3", "m4a", "ogg"})
_LENGTH = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


def picture(target: LinkTarget, description: str, title: str) -> str:
    """A browser takes the smallest version that is sharp on its screen, in the first format that it knows."""
    sources = []
    for kind in ("avif", "webp"):
        widths = [width for one, width, _size in target.versions if one == kind]
        if widths:
            addresses = ",".join(f"{target.versions_at}{width}.{kind} {width}w" for width in sorted(widths))
            sizes = SIZES if len(widths) > 1 else None
            sources.append(tag("source", type=f"image/{kind}", srcset=addresses, sizes=sizes))
    image = tag(
        "img",
        src=target.plain_url,
        alt=description,
        title=title or None,
        width=target.width,
        height=target.height,
        loading="lazy",
        decoding="async",
    )
    return tag("picture", "".join(sources) + image)


def player(target: LinkTarget, source: str, description: str, labels: RendererLabels) -> str:
    """Nothing is fetched before it is played."""
    kind = target.element
    clip = target.clip or Clip(0)
    tracks = [
        tag(
            "track",
            kind="captions",
            src=address,
            srclang=language or "id",
            label=f"{labels.captions} {language}".strip(),
        )
        for language, address in target.captions
    ]
    media = tag("source", src=target.url, type=content_type(f"x.{extension(source)}"))
    element = tag(
        kind,
        media + "".join(tracks),
        controls=True,
        preload="none",
        width=clip.width if kind == "video" else None,
        height=clip.height if kind == "video" else None,
        aria_label=description or None,
    )
    facts = [labels.video if kind == "video" else labels.audio]
    if clip.seconds is not None:
        facts.append(length(clip.seconds))
    if clip.size:
        facts.append(size(clip.size, labels.decimal_mark))
    download = tag("a", labels.download, href=target.url, download=True)
    return tag("span", element + _caption(description, [*map(_plain, facts), download]), class_="player")


def host_of(address: str) -> str:
    """The name of a host of videos, or the host of a video file elsewhere; empty for all other addresses."""
    if not address.lower().startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(address)
        name = (parts.hostname or "").lower()
    except ValueError:  # such as an address of version 6 without its bracket
        return ""
    for known, words in _HOSTS.items():
        if name == known or name.endswith(f".{known}"):
            return words
    return name if extension(parts.path) in _FILES else ""


def elsewhere(address: str, host: str, description: str, title: str, labels: RendererLabels) -> str:
    """A picture of a player that leads to the other host. ``title`` may say how long it is: ``7:30``."""
    symbol = tag("span", "▶", aria_hidden="true")
    words = f"{symbol} {_plain(description or host)}"
    link = tag("a", words, href=address, rel="noopener nofollow")
    facts = [labels.elsewhere % host]
    if found := _LENGTH.fullmatch(title.strip()):
        hours, minutes, seconds = (int(one or 0) for one in found.groups())
        total = hours * 3600 + minutes * 60 + seconds
        facts += [length(total), labels.cost % max(1, round(total * MEGABYTES_PER_MINUTE / 60))]
    else:
        facts.append(labels.cost_per_minute % MEGABYTES_PER_MINUTE)
    return tag("span", link + _caption("", list(map(_plain, facts))), class_="player")


def length(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def size(count: int, mark: str) -> str:
    if count < 1_048_576:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1_048_576:.1f} MB".replace(".", mark)


def _caption(description: str, facts: list[str]) -> str:
    name = tag("b", _plain(description)) + "<br>" if description else ""
    return tag("span", name + " · ".join(facts))


def _plain(text: str) -> str:
    return html.escape(one_line(text), quote=False)
