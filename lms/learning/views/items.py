"""The page of an item, shown by the view of its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content.items.base import item_types
from lms.core import clock
from lms.core.hooks import KeyedHook
from lms.courses import queries as courses
from lms.learning import queries
from lms.learning.queries import ItemAccess
from lms.learning.views.learner import bp
from lms.web.access import signed_in
from lms.web.request_limits import takes_files

ItemView = Callable[[ItemAccess], Any]
"""Answers GET and POST for items of a type. Access and locks are checked before it runs."""

item_views: KeyedHook[ItemView] = KeyedHook("item_views", lambda: [item_type.type for item_type in item_types])
"""By the item type."""


@bp.route("/courses/<slug>/<item>", methods=["GET", "POST"])
@takes_files
@signed_in
def item(slug: str, item: str) -> Any:
    zone = current_app.config["TIMEZONE"]
    access = queries.item_access(current_user.id, slug, item, zone=zone, now=clock.now())
    if access is None:
        return _not_enrolled(slug)
    if lock := access.row.lock:
        page = render_template("learning/locked.html", context=queries.item_context(access), lock=lock)
        return page, 200 if request.method == "GET" else 409
    view = item_views.get(access.item.type) or _unavailable
    return view(access)


def _not_enrolled(slug: str) -> Any:
    """Redirect to the course page, which says how to join; 404 if there is no such course."""
    if courses.published(slug) is None or request.method != "GET":
        abort(404)
    return redirect(url_for("learning.course", slug=slug))


def _unavailable(access: ItemAccess) -> Any:
    if request.method != "GET":
        abort(404)
    return render_template("learning/unavailable.html", context=queries.item_context(access))
