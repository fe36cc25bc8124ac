"""Flask's signed session cookie with one serializer for all requests."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class CachedSerializer(SecureCookieSessionInterface):
    """Flask makes a serializer per request, but the secret key of a running application never changes."""

    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


def set_up(app: Flask) -> None:
    app.session_interface = CachedSerializer()
