"""Rate limits per IP address, far above what an office behind one address reaches: they stop floods, not people.

With ``LMS_REDIS_URL`` all servers count together; while Redis is down each
process counts for itself.
"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config import Config


class RateLimiter(Limiter):
    """Checks views that have a rate. The original also looks for application-wide limits in each request."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RateLimiter(get_remote_address, headers_enabled=False)


def set_up(app: Flask) -> None:
    config: Config = app.config["LMS"]
    url = config.redis_url.replace("unix://", "redis+unix://", 1)  # the scheme that the library limits expects
    app.config["RATELIMIT_STORAGE_URI"] = url or "memory://"
    if config.redis_url:
        app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter.init_app(app)
