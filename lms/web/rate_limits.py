"""Rates per address, far above what an office behind one address reaches; they stop floods, not people.

With ``LMS_REDIS_URL`` all servers count together; while Redis is gone each
process counts for itself.
"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config import Config


class Rates(Limiter):
    """Looks only where a view has a rate. There is none for all pages, yet each would be searched for one."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = Rates(get_remote_address, headers_enabled=False)


def set_up(app: Flask) -> None:
    config: Config = app.config["LMS"]
    url = config.redis_url.replace("unix://", "redis+unix://", 1)  # as the counting library calls it
    app.config["RATELIMIT_STORAGE_URI"] = url or "memory://"
    if config.redis_url:
        app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter.init_app(app)
