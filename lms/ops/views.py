"""The page for a monitor."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, request

from config import Config
from lms.core import clock
from lms.ops import queries
from lms.web.access import public
from lms.web.metrics import request_metrics

bp = Blueprint("ops", __name__)
blueprints = [bp]


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Metrics in Prometheus' text format; 404 for anyone but the monitor."""
    if not _is_a_monitor():
        abort(404)
    page = request_metrics().page(queries.gauges(clock.now()))
    return Response(page, content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_a_monitor() -> bool:
    """True for requests with the token, or if none is set, from this machine but not through a proxy on it."""
    config: Config = current_app.config["LMS"]
    if config.metrics_token:
        told = request.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {config.metrics_token}".encode())
    is_passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    try:
        return ip_address(request.remote_addr or "").is_loopback and not is_passed_on
    except ValueError:
        return False
