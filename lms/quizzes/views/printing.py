"""A quiz on paper, for those who teach it: worksheet, sheet for the answers, key."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content.items.quiz import Quiz
from lms.core.i18n import lazy
from lms.learning.queries.teaching import taught_item
from lms.quizzes.views.attempt import bp
from lms.quizzes.worksheet import LETTERS, variants
from lms.web.access import role
from lms.web.request_limits import row_number

PARTS = {"worksheet": lazy("Worksheet"), "answers": lazy("Sheet for the answers"), "key": lazy("Key")}
SEEDS = 10_000


@bp.get("/teach/courses/<slug>/items/<item>/print")
@role("instructor", "admin")
def printed(slug: str, item: str) -> Any:
    """``set`` is the seed: the page of an address always shows the same variants of a revision."""
    own = taught_item(slug, item, current_user, Quiz) or abort(404)
    seed = request.args.get("set", type=row_number)
    if seed is None or seed >= SEEDS:
        query: dict[str, Any] = {**request.args.to_dict(flat=False), "set": secrets.randbelow(SEEDS - 1) + 1}
        return redirect(url_for(".printed", slug=slug, item=item, **query))
    count = request.args.get("variants", 2, type=row_number)
    wanted = [name for name in PARTS if name in request.args.getlist("part")] or list(PARTS)
    count = min(max(count, 1), len(LETTERS))
    return render_template(
        "quizzes/printed.html",
        own=own,
        seed=seed,
        count=count,
        most=len(LETTERS),
        parts=PARTS,
        wanted=wanted,
        variants=variants(own.content, seed, count),
        code=lambda variant: f"{own.revision.number}-{seed}-{variant.letter}",
    )
