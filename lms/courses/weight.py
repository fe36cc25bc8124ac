"""The size budget of a module's page."""

from __future__ import annotations

import brotli

from lms.content.course import CourseContent
from lms.content.markdown.problems import Problem, say

FIRST_BUDGET = 14_336
"""Bytes of a first visit: page, styles, scripts and icon. A server may send ten packets of 1,460 bytes, TLS and headers
included, before it must wait for an acknowledgement (RFC 6928)."""

ASSETS = 7_743
"""Bytes of styles, scripts and icon; a test checks the figure."""

FOLLOWING_BUDGET = FIRST_BUDGET - ASSETS
"""Bytes of every page after the first; styles, scripts and icon are then cached by the browser."""

FRAME = 2_247
"""Bytes of a module's page without its text and the outline of its course, for somebody who has done this module and is
at different points of others; a test checks the figure."""

TOKENS = 20
"""Bytes by which a page differs from visit to visit, because tokens compress differently."""

PAGE_BUDGET = FOLLOWING_BUDGET - TOKENS


def packed_size(html: str) -> int:
    """Bytes of ``html`` compressed as the server sends it."""
    return len(brotli.compress(html.encode(), quality=5, lgwin=16))


def frame_size(course: CourseContent) -> int:
    """Bytes of a module's page without its text; the outline grows with the items and their titles."""
    items = (f'<li><a href="/courses/{course.slug}/{item.slug}">{item.title}</a></li>' for item in course.items)
    return FRAME + packed_size("".join(items))


def heavy_pages(course: CourseContent) -> list[Problem]:
    """A warning for each page whose text exceeds the size budget of a page."""
    most = PAGE_BUDGET - frame_size(course)
    sizes = ((item, packed_size(html)) for item in course.items for html in item.pages_html)
    return [
        Problem(
            item.path,
            1,
            1,
            say("The page would take %(size)s bytes on the wire; the budget is %(most)s", size=size, most=most),
            say("split the module in two"),
            is_warning=True,
        )
        for item, size in sizes
        if size > most
    ]
