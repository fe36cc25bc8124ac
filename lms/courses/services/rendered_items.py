"""Cache of rendered items, so that checking a course again renders only what has changed.

It is in the database, where all web processes and jobs share it. Rows may be deleted at any time: what is missing is
rendered again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from lms.content.course import CourseContent
from lms.content.items.base import Item
from lms.content.rendering import markdown_html
from lms.content.rendering.course import render_frame, render_texts, slugs_of, with_items
from lms.content.rendering.media import Medium, PictureVersions, content_type
from lms.content.rendering.rendered_texts import RenderedText, TextsDiffer, restored_item
from lms.core import isolated
from lms.core.db import db, in_batches, insert_statement
from lms.core.separate_transaction import separate_transaction, session_is_writing
from lms.courses.models import RenderedItem

log = logging.getLogger(__name__)

LARGE = 256 * 1024
"""Bytes of sources that take one to two seconds to render: more than that, and people are told how far it is."""
KEPT = timedelta(days=30)
MAX_BYTES = 128 * 1024 * 1024
"""Compressed: some hundred courses of 100 long modules."""
MAX_BYTES = 1024 * 1024
AT_ONCE = 100_000
"""Bytes of sources that one child process renders: about half a second."""

_LIBRARIES = ("bleach", "latex2mathml", "markdown", "markdown-it-py", "mdformat", "mdit-py-plugins", "pygments")

Progress = Callable[[int, int], None]
"""Called with how many items are rendered, of how many."""


def no_progress(_done: int, _total: int) -> None:
    pass


def rendered_course(
    course: CourseContent,
    media: Mapping[str, Medium],
    *,
    seconds: float,
    keys: Mapping[str, str] | None = None,
    progress: Progress = no_progress,
) -> CourseContent:
    """The course as ``render_course`` makes it, in child processes.

    :param seconds: for each child process, so that a large course on a busy machine is not taken for a hostile text.
    :param keys: what each item is kept by (``item_keys``), by its path; None: nothing is kept or looked for.
    :raises lms.content.rendering.markdown_html.TextTooComplex: a text is nested beyond reason.
    :raises lms.core.isolated.TookTooLong: also for one item, whose path it begins with.
    :raises lms.core.isolated.BrokeDown: it needed too much memory, or aborted.
    """
    names, slugs = keys or {}, slugs_of(course)
    done = _known_items(course, names)
    progress(len(done), len(course.items))
    frame = isolated.run(render_frame, course, media, seconds=seconds)
    for some in _batches([one for one in course.items if one.path not in done]):
        shared = course.slug, slugs, media, course.language, isolated.time_limit
        texts = isolated.run(render_texts, some, *shared, seconds=seconds)
        found = {one.path: made for one, made in zip(some, texts, strict=True)}
        done |= {one.path: restored_item(one, found[one.path], course.language) for one in some}
        _keep({names[path]: made for path, made in found.items() if path in names})
        progress(len(done), len(course.items))
    return with_items(frame, done)


def item_keys(
    slug: str,
    language: str,
    slugs: Mapping[str, str],
    hashes: Mapping[str, str],
    pictures: Mapping[str, PictureVersions],
) -> dict[str, str]:
    """Cache keys by path. An item depends on its file and, for links and pictures, on the other items and the media.

    :param slugs: those of the items, by path.
    :param hashes: SHA-256 of all files of the course, by path.
    :param pictures: the versions of pictures by the hash of their file.
    """
    shown = [path for path in hashes if content_type(path) is not None]
    media = [
        [path, hashes[path], astuple(pictures[hashes[path]]) if hashes[path] in pictures else None] for path in shown
    ]
    around = [renderer(), slug, language, sorted(slugs.items()), sorted(media, key=str)]
    shared = hashlib.sha256(json.dumps(around).encode()).hexdigest()
    return {path: hashlib.sha256(f"{shared} {hashes[path]} {path}".encode()).hexdigest() for path in slugs}


def cached_keys(keys: Collection[str]) -> set[str]:
    """Return the keys that are in the cache."""
    found: set[str] = set()
    for some in in_batches(keys):
        found.update(db.session.scalars(select(RenderedItem.key).where(RenderedItem.key.in_(some))))
    return found


def delete_old(now: datetime) -> None:
    """Delete rows older than ``KEPT``, and the oldest of the others beyond ``MAX_BYTES``."""
    db.session.execute(delete(RenderedItem).where(RenderedItem.made_at < now - KEPT))
    newer = func.sum(RenderedItem.size).over(order_by=(RenderedItem.made_at.desc(), RenderedItem.key))
    sums = select(RenderedItem.key, newer.label("bytes")).subquery()
    db.session.execute(
        delete(RenderedItem).where(RenderedItem.key.in_(select(sums.c.key).where(sums.c.bytes > MAX_BYTES)))
    )


@cache
def renderer() -> str:
    """Identifies the renderer: it changes whenever the same text may give different HTML."""
    parts = [str(markdown_html.VERSION), *map(version, _LIBRARIES)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _known_items(course: CourseContent, keys: Mapping[str, str]) -> dict[str, Item]:
    texts = _kept(keys.values())
    found = {}
    for item in course.items:
        if (known := texts.get(keys.get(item.path, ""))) is not None:
            with suppress(TextsDiffer):
                found[item.path] = restored_item(item, known, course.language)
    return found


def _batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Split items so that one child process renders about ``AT_ONCE`` bytes."""
    some: list[Item] = []
    size = 0
    for item in items:
        some.append(item)
        size += len(repr(item))
        if size > AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _kept(keys: Iterable[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for some in in_batches(keys):
        rows = db.session.execute(select(RenderedItem.key, RenderedItem.texts).where(RenderedItem.key.in_(some)))
        found |= {key: json.loads(zlib.decompress(packed)) for key, packed in rows}
    return found


def _keep(found: Mapping[str, Sequence[RenderedText]]) -> None:
    """Failing costs time later, and nothing else."""
    packed = {key: zlib.compress(json.dumps(texts).encode(), 1) for key, texts in found.items()}
    rows = [{"key": key, "texts": data, "size": len(data)} for key, data in packed.items() if len(data) <= MAX_BYTES]
    if not rows or session_is_writing():
        return
    try:
        with separate_transaction() as connection:
            connection.execute(insert_statement(RenderedItem, ("key",), connection.dialect.name), rows)
    except SQLAlchemyError as error:
        log.warning("rendered items could not be kept (%s)", type(error).__name__)
