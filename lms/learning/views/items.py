"""An item of a course: each type's own view shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content.items.base import Item, Unavailable, item_type_of, item_types
from lms.core import clock
from lms.courses import queries as courses
from lms.learning import queries
from lms.learning.queries import Spot
from lms.learning.views.learner import bp
from lms.web.access import signed_in
from lms.web.request_limits import takes_files

ItemView = Callable[[Spot], Any]

_views: dict[type[Item], ItemView] = {}


def show_with(item_type: type[Item], view: ItemView) -> None:
    """Let ``view`` answer GET and POST for items of the type; access and locks are checked before."""
    _views[item_type] = view


def check_every_type_has_a_view() -> None:
    """:raises RuntimeError: a registered type has none."""
    missing = [item_type.type for item_type in item_types if item_type not in _views]
    if missing:
        raise RuntimeError(f"no view shows items of these types: {', '.join(missing)}")


@bp.route("/courses/<slug>/<item>", methods=["GET", "POST"])
@takes_files
@signed_in
def item(slug: str, item: str) -> Any:
    zone = current_app.config["TIMEZONE"]
    spot = queries.spot(current_user.id, slug, item, zone=zone, now=clock.now())
    if spot is None:
        return _not_enrolled(slug)
    if lock := spot.here.lock:
        return render_template("learning/locked.html", place=queries.place_at(spot), lock=lock)
    return _views[item_type_of(spot.entry.type)](spot)


def _not_enrolled(slug: str) -> Any:
    """Who knows the course but is not in it is shown how to join; other addresses do not exist."""
    if courses.published(slug) is None or request.method != "GET":
        abort(404)
    return redirect(url_for("learning.course", slug=slug))


def _unavailable(spot: Spot) -> Any:
    if request.method != "GET":
        abort(404)
    return render_template("learning/unavailable.html", place=queries.place_at(spot))


show_with(Unavailable, _unavailable)
