"""Rendered items of courses that were checked lately: checking a course again renders only what has changed."""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import astuple, replace
from threading import Lock

from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.rendering import markdown_html
from lms.content.rendering.course import render_course
from lms.content.rendering.media import Medium
from lms.core import isolated

MOST_BYTES = 4 * 1024 * 1024
"""In each process, compressed: some courses of 100 long modules."""
LARGEST = MOST_BYTES // 8

_kept: OrderedDict[bytes, bytes] = OrderedDict()
_lock = Lock()


def rendered_course(
    course: CourseContent, media: Mapping[str, Medium], files: Mapping[str, bytes], *, seconds: float
) -> CourseContent:
    """The course as ``render_course`` makes it, in a child process.

    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason.
    :raises lms.core.isolated.TookTooLong: also for one item, whose path it begins with.
    :raises lms.core.isolated.BrokeDown: it needed too much memory, or aborted.
    """
    keys = _keys(course, media, files)
    known = {path: item for path, key in keys.items() if (item := _get(key))}
    wanted = frozenset(keys) - frozenset(known)
    found = isolated.run(render_course, course, media, isolated.limited, wanted, seconds=seconds)
    for item in found.items:
        if item.path in wanted:
            _keep(keys[item.path], item)
    sections = (replace(one, items=tuple(known.get(item.path, item) for item in one.items)) for one in found.sections)
    return replace(found, sections=tuple(sections))


def forget() -> None:
    """For tests."""
    with _lock:
        _kept.clear()


def _keys(course: CourseContent, media: Mapping[str, Medium], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """An item is made of its file alone; its links and pictures depend on the other items and on the media."""
    around = [
        [markdown_html.VERSION, course.slug, course.language],
        sorted((item.path, item.slug) for item in course.items),
        sorted(str(astuple(one)) for one in media.values()),
    ]
    shared = hashlib.sha256(json.dumps(around).encode()).digest()
    return {
        item.path: hashlib.sha256(shared + item.path.encode() + b"\0" + files[item.path]).digest()
        for item in course.items
    }


def _get(key: bytes) -> Item | None:
    with _lock:
        packed = _kept.get(key)
        if packed is None:
            return None
        _kept.move_to_end(key)
    found: Item = pickle.loads(zlib.decompress(packed))  # noqa: S301 - made by this process
    return found


def _keep(key: bytes, item: Item) -> None:
    packed = zlib.compress(pickle.dumps(item), 1)
    if len(packed) > LARGEST:
        return
    with _lock:
        _kept[key] = packed
        while sum(map(len, _kept.values())) > MOST_BYTES:
            _kept.popitem(last=False)
