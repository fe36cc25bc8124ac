"""The catalogue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from lms.courses import queries
from lms.courses.cover import cover_svg
from lms.web.access import public
from lms.web.paging import paginate, paginate_or_near

bp = Blueprint("courses", __name__)
blueprints = [bp]


bp.add_app_template_global(cover_svg, "cover")


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
