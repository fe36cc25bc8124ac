"""Relative dates in words."""

from __future__ import annotations

from datetime import time

import pytest
from flask_babel import force_locale

from lms.content.when import When
from lms.enrolment.views.relative_dates import in_words


def when(base="start", days=0, at=None):
    return When(base, days=days, at=time.fromisoformat(at) if at else None)


@pytest.mark.parametrize(
    ("what", "is_dated", "text"),
    [
        (when(days=14), True, "14 days after the first day"),
        (when(days=14), False, "14 days after enrolling"),
        (when(days=0), True, "on the first day"),
        (when(days=0), False, "on the day of enrolling"),
        (when(days=-2), True, "2 days before the first day"),
        (when(days=7, at="09:00"), True, "7 days after the first day, 09:00"),
        (when("end", 90), True, "90 days after the last day"),
        (when("end", -1), True, "1 day before the last day"),
        (when("end"), True, "on the last day"),
        (when("fixed"), True, None),
        (None, True, None),
    ],
)
def test_a_relative_date_is_said_in_words(app, what, is_dated, text):
    with app.test_request_context(), force_locale("en"):
        assert in_words(what, is_dated=is_dated) == text
