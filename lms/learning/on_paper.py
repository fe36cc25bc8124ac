"""The HTML of an item as a part of one printed page with all items of its course."""

from __future__ import annotations

import re

from lms.content.checks_in_html import pieces

_DETAILS = re.compile(r"<details><summary>")
_ANSWERS = re.compile(r"<details><summary>.*?</details>", re.DOTALL)
_TAG = re.compile(r"<[a-z][^<>]*>")
_NAMES = re.compile(r'(?<=\s)(id|for|aria-labelledby|aria-describedby|href)="(#?)([^"]+)"')


def on_paper(html: str, position: int, *, has_keys: bool) -> str:
    """What can be unfolded is open. Ids are those of this item alone. Questions to check oneself lose their answers."""
    parts = [_ANSWERS.sub("", one.html) if one.key and not has_keys else one.html for one in pieces(html)]
    opened = _DETAILS.sub("<details open><summary>", "".join(parts))
    return _with_own_ids(opened, f"m{position}-")


def _with_own_ids(html: str, prefix: str) -> str:
    def names(found: re.Match[str]) -> str:
        attribute, sign, value = found.groups()
        if attribute == "href":
            return f'href="#{prefix}{value}"' if sign else found[0]
        return f'{attribute}="{" ".join(prefix + one for one in value.split())}"'

    return _TAG.sub(lambda tag: _NAMES.sub(names, tag[0]), html)
