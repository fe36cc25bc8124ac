"""Events as a file to download, which a phone puts into its calendar."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Response, current_app

from lms.core import clock
from lms.lib.calendar_file import CalendarEvent, calendar_file
from lms.web.headers import set_disposition


def calendar_response(events: Iterable[CalendarEvent], name: str) -> Response:
    site = current_app.config
    file = calendar_file(events, urlsplit(site["BASE_URL"]).hostname or "", site["SITE_NAME"], clock.now())
    answer = Response(file, content_type="text/calendar; charset=utf-8")
    set_disposition(answer, "attachment", f"{name}.ics")
    return answer
