"""Issuing as an instructor does: choose, look at the page before issuing, press its button."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = re.compile(r'<input(?: id="\w+")?(?: type="hidden")? name="(\w+)"(?: type="hidden")? value="([^"]*)">')


def looked_at(client: Any, path: str, **chosen: Any) -> dict[str, list[str]]:
    """What the button of the page before issuing sends; nothing if it has none. ``path`` is that of the list."""
    return hidden_in(client.get(f"{path}/ready", query_string=chosen).get_data(as_text=True))


def hidden_in(page: str) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(page.partition("<main")[2]):
        sent.setdefault(name, []).append(value)
    return sent


def issue_looked_at(client: Any, path: str, **chosen: Any) -> Any:
    return client.post(path, data=looked_at(client, path, **chosen))
