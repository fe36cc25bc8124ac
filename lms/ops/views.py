"""What a monitor reads."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, request

from config import Config
from lms.core import clock
from lms.ops import queries
from lms.web import metrics as counters
from lms.web.access import public

bp = Blueprint("ops", __name__)
blueprints = [bp]


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Numbers without names, in Prometheus' text format; for everybody else there is no such page."""
    if not _is_a_monitor():
        abort(404)
    return Response(counters.page(queries.gauges(clock.now())), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_a_monitor() -> bool:
    """Who has the token; where none is set, this machine, unless a proxy on it asks for others."""
    config: Config = current_app.config["LMS"]
    if config.metrics_token:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {config.metrics_token}".encode())
    is_passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    try:
        return ip_address(request.remote_addr or "").is_loopback and not is_passed_on
    except ValueError:
        return False
