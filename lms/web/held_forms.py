"""Answers to the forms that ``held.js`` sends, which goes on to the next page itself.

A script cannot see where a redirect leads, so it is a header here. A redirect says that the form was accepted: the
script then deletes what it had kept on the device. Whatever refuses a form must answer with another status.
"""

from __future__ import annotations

from flask import Response, request

from lms.core.i18n import lazy

NEXT_PAGE = "X-Redirect"
NEW_TOKEN = "X-CSRF-Token"  # noqa: S105 - the name of a header
"""With 400: the form is its sender's own, and its token is of an earlier session. This one is accepted."""


WORDS = {
    "sending": lazy("Sending …"),
    "kept": lazy("The connection is lost or the server is busy. Stored on this device; it will be sent automatically."),
    "page": lazy(
        "The connection is lost or the server is busy. Not stored on this device: leave this page open and try again."
    ),
    "waiting": lazy("Not sent yet, stored on this device: {title}."),
    "send": lazy("Send now"),
    "remove": lazy("Delete from this device"),
    "sent": lazy("Sent: {title}"),
    "away": lazy("The connection is lost. This page stays open to read. Later, go on to:"),
}
"""What the script says."""


def is_held() -> bool:
    """True if ``held.js`` sends this form."""
    return request.headers.get("X-Requested-With") == "held"


def next_page(address: str) -> Response:
    """Instead of a redirect to ``address``."""
    return Response("{}", content_type="application/json", headers={NEXT_PAGE: address})
