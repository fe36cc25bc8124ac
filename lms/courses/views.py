"""The catalogue."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g, render_template, request

from lms.courses import queries
from lms.courses.cover import cover_svg
from lms.web.access import public
from lms.web.paging import paginate, paginate_or_near

bp = Blueprint("courses", __name__)
blueprints = [bp]
_DEFINITIONS = re.compile("<defs>.*</defs>")


@bp.app_template_global()
def cover(slug: str, *, wide: bool = False) -> str:
    """What a cover defines stands on a page once, even if somebody takes a course again and it is there twice."""
    drawn: set[tuple[str, bool]] = g.setdefault("covers", set())
    svg = cover_svg(slug, wide=wide)
    if (slug, wide) in drawn:
        return _DEFINITIONS.sub("", svg)
    drawn.add((slug, wide))
    return svg


@bp.get("/courses")
@public
def catalogue() -> Any:
    search = request.args.get("q", "").strip()[:100]
    category = request.args.get("category", "")
    page, meant = paginate_or_near(
        search,
        lambda words: paginate(queries.catalogue(words, category), queries.PER_PAGE),
        lambda: queries.words_meant(search),
    )
    return render_template(
        "courses/catalogue.html",
        page=page,
        meant=meant,
        search=search,
        category=category,
        categories=queries.categories(),
    )
