"""What ``check.js`` says beside a question to check oneself."""

from __future__ import annotations

from lms.core.i18n import lazy

WORDS = {
    "checking": lazy("Checking …"),
    "offline": lazy(
        "No connection. Your answer stays here and is checked as soon as the connection is back. “See the answer” "
        "works without it."
    ),
    "busy": lazy("Too many at once. Trying again automatically."),
}
