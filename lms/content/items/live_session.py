"""A live session: a seminar, a workshop or a webinar, done by being there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Literal, get_args

from lms.content.items.base import CompletesBy, Item, ItemSource, Renderer, item_types
from lms.content.markdown.attributes import Head
from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.links import check_links
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import say, term
from lms.content.markdown.references import References
from lms.content.markdown.values import InvalidValue, duration, one_of, text_line, when, whole_percent
from lms.content.settings import read_settings, setting, setting_of_keys
from lms.content.text import Text
from lms.content.when import When
from lms.lib.links import is_https

Mode = Literal["seminar", "workshop", "webinar"]

MAX_MEETING_SECONDS = 24 * 3600


def _meeting_length(value: YamlText) -> int:
    seconds = duration(lowest=60)(value)
    if seconds > MAX_MEETING_SECONDS:
        raise InvalidValue(
            say("“%(text)s” is out of range", text=value.text),
            say("write at most 24h; what takes several days is several meetings"),
        )
    return seconds


def _share(value: YamlText) -> int:
    found = whole_percent(value)
    if found < 1:
        raise InvalidValue(
            say("“%(text)s” is out of range", text=value.text), say("write a percentage from 1%% to 100%%")
        )
    return found


def _link(value: YamlText) -> str:
    text = value.text.strip()
    if not is_https(text):
        raise InvalidValue(
            say("“%(text)s” is not a complete address", text=shorten(text)),
            say("write an address that begins with https://"),
        )
    return text


@dataclass(frozen=True)
class Meeting:
    """One of the meetings of a session, as the course plans it; a cohort may hold it at another time and place.

    ``starts`` is None where each cohort sets it. ``duration`` is in seconds.
    """

    starts: When | None = setting(when, None)
    duration: int = setting(_meeting_length, 3600, required=True)
    place: str = setting(text_line(), "")


def _meetings(fields: Fields, key: str) -> tuple[Meeting, ...]:
    found = []
    for inner in fields.several_inner(key):
        found.append(Meeting(**read_settings(Meeting, inner)))
        inner.finish()
    return tuple(found)


@item_types.register
@dataclass(frozen=True, kw_only=True)
class LiveSession(Item):
    """``attendance`` is the percentage of the meetings that a learner must attend."""

    type = "session"
    label = term("Live session")
    own_time = term("meetings of %(own)s min")
    icon = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4"

    mode: Mode = setting(one_of(get_args(Mode)), "seminar", required=True)
    meetings: tuple[Meeting, ...] = setting_of_keys(_meetings, ())
    attendance: int = setting(_share, 100)
    link: str | None = setting(_link, None)
    body: Text = field(default=Text(""), metadata={"stored": False})

    @property
    def meetings_needed(self) -> int:
        return ceil(len(self.meetings) * self.attendance / 100)

    @property
    def prose(self) -> str:
        return self.body.source

    @property
    def body_html(self) -> str:
        return self.body.html or ""

    @property
    def own_minutes(self) -> float:
        return sum(one.duration for one in self.meetings) / 60

    @property
    def completes_by(self) -> CompletesBy:
        return "attendance"

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        fields, body = source.fields, source.body
        if not settings["meetings"] and fields.is_sound("meetings"):
            fields.fault(
                "meetings",
                say("there is no meeting that anybody could attend"),
                say("write one: meetings: [{starts: +7d 09:00, duration: 3h, place: Aula}]"),
            )
        check_links(body, fields.findings, source.targets)
        references = References(body, body.blocks(), fields.findings)
        return {"body": references.completed(body.text())}, ()

    def rendered(self, renderer: Renderer) -> LiveSession:
        return replace(self, body=renderer.passage(self.body))
