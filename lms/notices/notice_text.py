"""The title and body of a notice, and the facts that they are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.markdown.problems import Message

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class NoticeText:
    """``title`` is the subject of the mail and the line in the inbox."""

    title: Message
    body: Message


def sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
