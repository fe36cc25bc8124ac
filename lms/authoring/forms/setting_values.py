"""The values of settings, between a form and the front matter of a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lms.authoring.forms.meeting_lines import lines_of_meetings, meetings_of_lines
from lms.authoring.forms.review_table import shown_cells, shown_choice, written_value
from lms.authoring.forms.setting_fields import Kind, SettingField, Shown
from lms.authoring.front_matter import Plain, Value, last_key, values_of, with_values
from lms.content.markdown.names import MAX_NAME_LENGTH, slugify

_COUNTS = {
    "counts": re.compile(r"([a-z0-9-]{1,60}):? *([0-9]{1,4})"),
    "draws": re.compile(r"""(#?[^\s,:#{}\[\]"'][^,:{}\[\]"']{0,58}?) *: *([0-9]{1,5})"""),
}
"""A group (of a draw also a tag after ``#``) with its number, by the kind of field."""
_MINUTES = {"m": 1, "h": 60, "d": 1440}


def shown(fields: tuple[SettingField, ...], raw: bytes) -> dict[str, Shown]:
    """The values for a form. What stands in the file in a way that a form cannot show is missing.

    :raises lms.authoring.front_matter.NotEditable: the front matter cannot be read.
    """
    written = values_of(raw)
    found = {one.key: _shown(one, written.get(one.name, "")) for one in fields}
    return {key: value for key, value in found.items() if value is not None}


def changed(fields: tuple[SettingField, ...], raw: bytes, sent: Mapping[str, Shown]) -> bytes:
    """The file with the values of a form. What is the same as before keeps its bytes.

    :raises lms.authoring.front_matter.NotEditable: the front matter cannot be read.
    """
    before = shown(fields, raw)
    raw = _with_review(raw, before, sent)
    for one in fields:
        if one.name == "review":
            continue
        if one.key in before and one.key in sent and sent[one.key] != before[one.key]:
            value = _written(one, sent[one.key])
            is_default = one.kind == "switch" and sent[one.key] == one.default
            if is_default and one.key == last_key(raw):  # where a new key is put: it was not there before
                value = None
            raw = with_values(raw, {one.key: value})
    return raw


def _with_review(raw: bytes, before: Mapping[str, Shown], sent: Mapping[str, Shown]) -> bytes:
    keys = ("review", "review_table")
    if not all(key in before and key in sent for key in keys) or all(before[key] == sent[key] for key in keys):
        return raw
    return with_values(
        raw, {"review": written_value(*((str(one[keys[0]]), _ticks(one[keys[1]])) for one in (before, sent)))}
    )


def _ticks(value: Shown) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _shown(one: SettingField, written: Any) -> Shown | None:
    if one.name == "review":
        return shown_cells(written) if one.kind == "table" else shown_choice(written)
    if one.kind == "meetings":
        return lines_of_meetings(written)
    if one.kind == "ticks":
        return tuple(written) if isinstance(written, list) else one.default if written == "" else None
    if one.kind in _COUNTS and isinstance(written, dict):
        text = ", ".join(f"{group}: {count}" for group, count in written.items())
        return text if list(written) == list(counts_in(one.kind, text) or ()) else None
    if not isinstance(written, str):
        return None
    if one.kind == "switch":
        return {"": one.default, "true": True, "false": False}.get(written)
    if one.kind == "minutes" and written:
        found = re.fullmatch(r"([0-9]{1,6})([mhd])", written)
        return str(int(found[1]) * _MINUTES[found[2]]) if found else None
    if one.kind == "percent":
        return written.removesuffix("%").strip()
    if one.key == "attempts" and written == "unlimited":
        return ""
    if one.kind == "choice" and written not in dict(one.choices):
        return "" if written in ("submit", "highest", "free", "deferred", "read", "sent") else None
    return written


def _written(one: SettingField, sent: Shown) -> Value | None:
    if isinstance(sent, bool):
        return Plain("true" if sent else "false")
    if isinstance(sent, tuple):
        return sent if sent != one.default else None
    text = sent.strip()
    if not text:
        return None
    if one.kind == "meetings":
        return meetings_of_lines(text)
    if one.kind == "percent":
        return Plain(f"{text.removesuffix('%').strip()}%") if re.fullmatch(r"[0-9]{1,3} ?%?", text) else text
    if one.kind == "name":
        return slugify(text, MAX_NAME_LENGTH) or text
    if one.kind in _COUNTS:
        return Plain(text) if text.isascii() and text.isdecimal() else counts_in(one.kind, text) or text
    if one.kind in ("number", "minutes"):
        number = text.replace(",", ".", 1)
        return Plain(f"{number}m" if one.kind == "minutes" else number) if re.fullmatch(r"[0-9.]+", number) else text
    return Plain(text) if one.kind == "moment" and re.fullmatch(r"[0-9endd+: -]+", text) else text


def counts_in(kind: Kind, text: str) -> Mapping[str, Value] | None:
    """The number of each group; None for anything else, which stays a text that the check refuses."""
    found = [_COUNTS[kind].fullmatch(part.strip()) for part in text.strip("{} ").split(",")]
    groups = [one[1] for one in found if one]
    if len(groups) < len(found) or len(set(groups)) < len(groups):
        return None
    return {one[1]: Plain(one[2]) for one in found if one}
