"""The settings of an item, a section or a course as fields of a form, and their values between form and file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lms.authoring.forms.meeting_lines import lines_of_meetings, meetings_of_lines
from lms.authoring.forms.review_table import CELLS, OWN, THING_NAMES, shown_cells, shown_choice, written_value
from lms.authoring.front_matter import Plain, Value, last_key, values_of, with_values
from lms.content.folder.outline import COURSE_FILE, INDEX_FILE
from lms.content.items.base import Item, item_types
from lms.content.items.survey import Survey
from lms.content.markdown.names import MAX_NAME_LENGTH, slugify
from lms.content.settings import settings_of
from lms.core.i18n import LazyString, lazy

Kind = Literal[
    "text",
    "name",
    "number",
    "minutes",
    "switch",
    "choice",
    "ticks",
    "table",
    "moment",
    "counts",
    "draws",
    "meetings",
    "percent",
]
Shown = str | bool | tuple[str, ...]
"""The value of a field in a form."""

_COUNTS = {
    "counts": re.compile(r"([a-z0-9-]{1,60}):? *([0-9]{1,4})"),
    "draws": re.compile(r"""(#?[^\s,:#{}\[\]"'][^,:{}\[\]"']{0,58}?) *: *([0-9]{1,5})"""),
}
"""A group (of a draw also a tag after ``#``) with its number, by the kind of field."""
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_DAYS = lazy(
    "Such as 15 December 2026, 15/12/2026 17:00, or 7 days after the beginning: "
    "the first day of the cohort, or of one's own enrolment."
)


@dataclass(frozen=True)
class SettingField:
    key: str
    label: LazyString
    kind: Kind
    hint: LazyString | None = None
    choices: tuple[tuple[str, LazyString], ...] = ()
    """A first empty one stands for "not written", the default."""
    default: Shown = ""
    """The value if the key is missing, for kinds without an empty value."""
    is_needed: bool = False
    part_of: str = ""
    """The key in the file, for one of two fields that share a value."""

    @property
    def name(self) -> str:
        return self.part_of or self.key

    @property
    def control(self) -> str:
        """The id of its first control on the page."""
        return f"set_{self.key}-0" if self.kind == "ticks" else f"set_{self.key}"


_TITLE = SettingField("title", lazy("Title"), "text", is_needed=True)
OF_ITEMS = (
    _TITLE,
    SettingField("required", lazy("Required to complete the course"), "switch", default=True),
    SettingField("minutes", lazy("Minutes of practice beyond reading"), "number"),
    SettingField("jp", lazy("Lesson hours (JP)"), "number"),
    SettingField("weight", lazy("Weight in the final score"), "number", lazy("Empty: all count the same.")),
    SettingField(
        "extra",
        lazy("Extra credit"),
        "switch",
        lazy("Its score adds to the final score, at most its weight; the others make 100 without it."),
        default=False,
    ),
    SettingField(
        "score_group",
        lazy("Group for dropping lowest scores"),
        "name",
        lazy(
            "One of the groups that the settings of the course name under “Lowest scores left out of the final score”. "
            "In lower-case letters, with hyphens between words."
        ),
    ),
    SettingField(
        "mode",
        lazy("Kind of session"),
        "choice",
        choices=(("seminar", lazy("Seminar")), ("workshop", lazy("Workshop")), ("webinar", lazy("Webinar"))),
    ),
    SettingField(
        "meetings",
        lazy("Meetings"),
        "meetings",
        lazy(
            "One in each line: when it begins; how long it is; where. Such as: 1 day after the beginning 09:00; "
            "3 hours; Hall of the agency. Without a day, each cohort sets it: ; 3 hours. "
            "Each cohort can change time and place."
        ),
        is_needed=True,
    ),
    SettingField(
        "attendance",
        lazy("Meetings that must be attended (percent)"),
        "percent",
        lazy("Empty: all of them."),
    ),
    SettingField("link", lazy("Address of the online meeting"), "text", lazy("It begins with https://.")),
    SettingField("opens", lazy("Opens"), "moment", _DAYS),
    SettingField("closes", lazy("Closes"), "moment", _DAYS),
    SettingField("due", lazy("Due"), "moment", _DAYS),
    SettingField(
        "late_policy",
        lazy("Late work"),
        "choice",
        lazy(
            "Where a grader decides, late work is accepted, and each deduction has a reason that the participant reads."
        ),
        choices=(
            ("", lazy("as “late” in the file says; without it, not accepted")),
            ("decide", lazy("a grader decides what it costs")),
        ),
    ),
    SettingField("pass", lazy("Pass mark (0–100)"), "number", lazy("Empty: that of the site.")),
    SettingField("points", lazy("Points"), "number"),
    SettingField("attempts", lazy("Attempts"), "number", lazy("Empty: as often as one likes.")),
    SettingField(
        "marks",
        lazy("Participants are told their mark"),
        "choice",
        choices=(
            ("", lazy("as soon as it is given")),
            ("together", lazy("together, once released in the gradebook")),
        ),
    ),
    SettingField(
        "group",
        lazy("Handed in by groups"),
        "switch",
        lazy("One member hands in for the whole group. You form the groups under “Participants”."),
        default=False,
    ),
    SettingField(
        "anonymous",
        lazy("Graded without names"),
        "switch",
        lazy("Graders see a number instead of the name until the participant is told the mark."),
        default=False,
    ),
    SettingField("wait", lazy("Minutes to wait between two attempts"), "minutes"),
    SettingField("time_limit", lazy("Time limit in minutes"), "minutes", lazy("Empty: none.")),
    SettingField(
        "on_expiry",
        lazy("When time runs out"),
        "choice",
        choices=(
            ("", lazy("what was answered is handed in")),
            ("grace", lazy("it may be handed in a little later")),
            ("discard", lazy("what was not handed in does not count")),
        ),
    ),
    SettingField(
        "grade",
        lazy("Which attempt counts"),
        "choice",
        choices=(
            ("", lazy("the best one")),
            ("average", lazy("the average")),
            ("first", lazy("the first one")),
            ("last", lazy("the last one")),
        ),
    ),
    SettingField(
        "purpose",
        lazy("Purpose"),
        "choice",
        lazy("A pretest and a posttest of the same course show what people gained in between."),
        choices=(("", lazy("a quiz of its own")), ("pretest", lazy("pretest")), ("posttest", lazy("posttest"))),
    ),
    SettingField(
        "navigation",
        lazy("Order of answering"),
        "choice",
        choices=(("", lazy("free")), ("sequential", lazy("one after the other, without going back"))),
    ),
    SettingField(
        "feedback",
        lazy("Whether an answer was right is shown"),
        "choice",
        choices=(
            ("", lazy("after handing in")),
            ("immediate", lazy("after each question")),
            ("tries", lazy("after each try, with a hint")),
        ),
    ),
    SettingField(
        "penalty",
        lazy("What a wrong try costs (percent)"),
        "number",
        lazy("Empty: a third of the points of a question."),
    ),
    SettingField(
        "review",
        lazy("After handing in, learners see"),
        "choice",
        choices=(
            ("", lazy("marks; the key once passed or no attempt is left")),
            ("latihan", lazy("everything at once, as for practice")),
            ("ujian", lazy("the score alone, as in an exam")),
            (OWN, lazy("as it is ticked below")),
        ),
    ),
    SettingField(
        "review_table",
        lazy("What is shown when"),
        "table",
        lazy("The ticks are those that are saved; change them to show more or less at a moment."),
        choices=tuple((cell, THING_NAMES[cell.partition(":")[2]]) for cell in CELLS),
        part_of="review",
    ),
    SettingField(
        "draw",
        lazy("Questions drawn for each attempt"),
        "draws",
        lazy(
            "How many of all questions, such as: 10. Or how many of each group and tag, such as: mudah: 5, sulit: 3, "
            "#asas: 2. Empty: every attempt has all questions."
        ),
    ),
    SettingField(
        "shuffle",
        lazy("Shuffled"),
        "ticks",
        choices=(("questions", lazy("the questions")), ("answers", lazy("the options of a question"))),
        default=(),
    ),
    SettingField(
        "submit",
        lazy("What is handed in"),
        "ticks",
        choices=(("text", lazy("a text")), ("files", lazy("files")), ("link", lazy("a link"))),
        default=("text", "files"),
    ),
    SettingField(
        "complete",
        lazy("Completed"),
        "choice",
        choices=(
            ("", lazy("by reading to the end, or by the button")),
            ("manual", lazy("by the button only")),
            ("none", lazy("it does not count")),
        ),
    ),
)
OF_COURSES = (
    _TITLE,
    SettingField("summary", lazy("Short summary"), "text", is_needed=True),
    SettingField("code", lazy("Code"), "text"),
    SettingField("category", lazy("Category"), "name", lazy("The catalogue groups courses by it.")),
    SettingField(
        "competency",
        lazy("Kind of competence"),
        "choice",
        choices=(
            ("", lazy("not said")),
            ("teknis", lazy("technical")),
            ("manajerial", lazy("managerial")),
            ("sosial-kultural", lazy("socio-cultural")),
            ("pemerintahan", lazy("government")),
        ),
    ),
    SettingField("jp", lazy("Lesson hours (JP)"), "number"),
    SettingField(
        "drop_lowest",
        lazy("Lowest scores left out of the final score"),
        "counts",
        lazy("How many, or how many of each group, such as: mingguan: 1, praktik: 2. Empty: none; all scores count."),
    ),
    SettingField("certificate", lazy("Completing it gives a certificate"), "switch", default=True),
)
OF_SECTIONS = (_TITLE,)
OF_SURVEYS = {
    one.key: one
    for one in (
        SettingField(
            "anonymous",
            lazy("Answered without names"),
            "switch",
            lazy("Answers are stored without their authors, and shown only in groups. Once sent, they cannot change."),
            default=False,
        ),
        SettingField(
            "complete",
            lazy("Completed"),
            "choice",
            choices=(("", lazy("once the answers are sent")), ("none", lazy("it does not count"))),
        ),
    )
}
"""Fields that say something else of a survey than of other items."""
OF_SCORES = {"weight", "extra", "score_group"}


def fields_of(item_type: type[Item]) -> tuple[SettingField, ...]:
    """The fields of this item type; those about the final score only if items of it are marked."""
    known = set(settings_of(item_type)) - (set() if item_type.is_graded else OF_SCORES)
    own = OF_SURVEYS if item_type is Survey else {}
    return tuple(own.get(one.key, one) for one in OF_ITEMS if one.name in known)


def fields_of_file(path: str, raw: bytes) -> tuple[SettingField, ...]:
    """The fields of a file: of the course, a section, or an item of the type that the file says.

    :raises lms.authoring.front_matter.NotEditable: the front matter cannot be read.
    """
    if path == COURSE_FILE:
        return OF_COURSES
    if posixpath.basename(path) == INDEX_FILE:
        return OF_SECTIONS
    item_type = item_types.get(values_of(raw).get("type", "module"))
    return fields_of(item_type) if item_type else ()


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
