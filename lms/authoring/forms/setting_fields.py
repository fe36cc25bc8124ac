"""The settings of an item, a section or a course as fields of a form."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Literal

from lms.authoring.forms.review_table import CELLS, OWN, THING_NAMES
from lms.authoring.front_matter import values_of
from lms.content.folder.outline import COURSE_FILE, INDEX_FILE
from lms.content.items.base import Item, item_types
from lms.content.items.survey import Survey
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
