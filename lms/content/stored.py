"""The JSON that a revision stores for an item, and upgrades of what older releases stored.

``dump`` writes the newest version. ``load`` reads any: an entry of ``UPGRADES`` turns one
version into the next. Entries are never changed once released, and stored rows are never
rewritten: revisions are immutable, and attempts and records point at them.

A new field with a default needs no step, for a missing key takes the default. A step is
for what is renamed, split, or means something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.content import checks_in_html, codec
from lms.content.course import CompletionRule
from lms.content.items.base import Item, item_type_of
from lms.content.items.review import PRESETS
from lms.content.when import When

VERSION = 5

Json = Mapping[str, Any]


class StoredByNewerRelease(Exception):
    """The JSON was written by a newer release."""


def dump(item: Item) -> dict[str, Any]:
    """The JSON for the fields that have no column of their own."""
    return {"version": VERSION, **codec.dump(item)}


def load(type_name: str, stored: Json, body_html: str = "", **columns: Any) -> Item:
    """An item from its JSON. ``columns`` are the values of fields with a column of their own.

    :param body_html: what the revision has as the item's HTML; old versions have values there alone.
    :raises StoredByNewerRelease: this release cannot read it.
    """
    return codec.load(item_type_of(type_name), upgrade(type_name, stored, body_html), **columns)


def upgrade(type_name: str, stored: Json, body_html: str = "") -> Json:
    version = stored.get("version", 1)  # the first releases wrote none
    if version > VERSION:
        raise StoredByNewerRelease(f"version {version} of stored content; this release knows {VERSION}")
    for number in range(version, VERSION):
        stored = UPGRADES[number](type_name, stored, body_html)
    return stored


def dump_when(when: When | None) -> dict[str, Any] | None:
    return codec.dump(when) if when else None


def load_when(stored: Json | None) -> When | None:
    return codec.load(When, stored) if stored else None


def dump_rule(rule: CompletionRule) -> dict[str, Any]:
    return codec.dump(rule)


def load_rule(stored: Json) -> CompletionRule:
    """``attendance``, which older releases stored and never applied, is left out."""
    return codec.load(CompletionRule, stored)


def _question_kinds(type_name: str, stored: Json, _body_html: str) -> Json:
    """1 to 2: each question kind gets its own fields, and the suffix ``_html`` is dropped."""
    if "questions" not in stored:
        return stored
    return {**stored, "questions": [_question(question) for question in stored["questions"]], **_feedback(stored)}


def _question(old: Json) -> Json:
    shared = {name: old[name] for name in ("id", "title", "points", "group")}
    texts = {"stem": old["stem_html"], "explanation": old["explanation_html"], "hints": old["hints_html"]}
    if old["kind"] == "short":
        return {"kind": "short_answer", **shared, **texts, "accepted": old["accepted"]}
    options = [
        {
            "id": option["id"],
            "text": option["html"],
            "is_correct": option["is_correct"],
            "feedback": option["feedback_html"],
            "keeps_last": option["keeps_last"],
        }
        for option in old["options"]
    ]
    several = {"takes_several": old["kind"] == "multiple", "scoring": old["scoring"]}
    return {"kind": "choice", **shared, **texts, "options": options, **several}


def _feedback(stored: Json) -> Json:
    """``tries`` was treated as ``immediate``."""
    return {"feedback": "immediate"} if stored.get("feedback") == "tries" else {}


def _checks_of_modules(type_name: str, stored: Json, body_html: str) -> Json:
    """2 to 3: a module has its questions as values, not in the HTML alone."""
    return {**stored, "checks": checks_in_html.questions(body_html)} if type_name == "module" else stored


def _answers_with_feedback(type_name: str, stored: Json, _body_html: str) -> Json:
    """3 to 4: an accepted short answer is an object, with feedback, instead of a pair of text and share."""
    lists = {name: list(map(_accepted_as_objects, stored[name])) for name in ("questions", "checks") if name in stored}
    return {**stored, **lists}


def _accepted_as_objects(old: Json) -> Json:
    if old["kind"] != "short_answer":
        return old
    return {**old, "accepted": [{"text": text, "share": share} for text, share in old["accepted"]]}


def _review_tables(_type_name: str, stored: Json, _body_html: str) -> Json:
    """4 to 5: what a quiz shows when is a table; before, it was the name of a preset, which is a row of that table."""
    return {**stored, "review": codec.dump(PRESETS[stored["review"]])} if "review" in stored else stored


UPGRADES: dict[int, Callable[[str, Json, str], Json]] = {
    1: _question_kinds,
    2: _checks_of_modules,
    3: _answers_with_feedback,
    4: _review_tables,
}
