"""Categories of Moodle as groups of questions, and tags as a quiz has them."""

from __future__ import annotations

from collections.abc import Iterable

from lms.content.checks.rules import RULES
from lms.content.markdown.names import is_name
from lms.content.questions.base import DIFFICULTIES, MAX_TAG_LENGTH, MAX_TAGS, Difficulty
from lms.lib.folding import fold_text

MAX_GROUP_LENGTH = 60
_TOP = ("top", "$course$", "$system$", "$module$", "$cat1$")
_OTHER_WORDS: dict[Difficulty, tuple[str, ...]] = {
    "mudah": ("easy", "gampang"),
    "sedang": ("medium", "moderate", "cukup"),
    "sulit": ("hard", "difficult", "sukar", "susah"),
}
_DEFAULT = ("default for ", "default kategori ", "baku untuk ")


def group_of(category: str) -> str:
    """The innermost part of the path that somebody has named; empty if there is none."""
    part = category.replace("//", "\0").split("/")[-1].replace("\0", "/")
    name = " ".join(part.replace('"', "").split())
    if name.casefold() in _TOP or name.casefold().startswith(_DEFAULT):
        return ""
    return name[:MAX_GROUP_LENGTH].strip()


def tags_of(names: Iterable[str]) -> tuple[str, ...]:
    """Names as tags: without what an attribute cannot hold, cut to length, and no more than a question may have."""
    found: dict[str, str] = {}
    for name in names:
        words = "".join(" " if one in ',"{}' else one for one in name).split()
        tag = " ".join(words).lstrip("# ")[:MAX_TAG_LENGTH].strip()
        if tag:
            found.setdefault(fold_text(tag), tag)
    return tuple(found.values())[:MAX_TAGS]


def difficulty_of(word: str) -> Difficulty | None:
    """The difficulty that a table or this site wrote; None for any other word."""
    plain = fold_text(word)
    return next((one for one in DIFFICULTIES if plain in (one, *_OTHER_WORDS[one])), None)


def pair_of(word: str) -> str | None:
    """The pair that this site wrote; None for what is no short name."""
    return word if is_name(word) else None


def rules_of(words: str) -> tuple[str, ...]:
    """The rules of suggestions between commas that this site knows."""
    return tuple(one for one in dict.fromkeys(word.strip() for word in words.split(",")) if one in RULES)


def category_of(group: str | None, *above: str) -> str:
    return "/".join(["$course$", "top", *(one.replace("/", "//") for one in (*above, group or "") if one)])
