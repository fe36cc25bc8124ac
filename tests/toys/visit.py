"""An item type from outside of the package: a place to go to, done when one says that one was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lms.content.items.base import Item, ItemSource, Renderer
from lms.content.markdown.attributes import Head
from lms.content.markdown.problems import term
from lms.content.markdown.values import text_line
from lms.content.settings import setting
from lms.content.text import Text


@dataclass(frozen=True, kw_only=True)
class Visit(Item):
    type = "visit"
    label = term("Visit")
    icon = "M12 21c5-5 7-8 7-11a7 7 0 0 0-14 0c0 3 2 6 7 11zM12 8v4"

    directions: Text = field(default=Text(""), metadata={"stored": False})
    venue: str = setting(text_line(80), "", required=True)

    @property
    def body_html(self) -> str:
        return self.directions.html or ""

    @property
    def minutes(self) -> float:
        return 60

    @classmethod
    def read_body(cls, source: ItemSource, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Head, ...]]:
        return {"directions": source.body.text()}, ()

    def rendered(self, renderer: Renderer) -> Visit:
        return replace(self, directions=renderer.passage(self.directions))
