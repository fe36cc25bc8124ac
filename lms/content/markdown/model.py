"""What a course folder says, as values: the course, its sections, items and questions.

Texts are Markdown source here; turning them into HTML is the business of
``lms.lib.prose`` when a revision is published. Every part remembers the line
it began on, so that a later complaint can still name the place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

Kind = Literal["single", "multiple", "short"]
Scoring = Literal["exact", "each-answer", "net-correct", "correct-only"]
Complete = Literal["read", "manual", "none"]
Grade = Literal["highest", "average", "first", "last"]
OnExpiry = Literal["submit", "grace", "discard"]
Navigation = Literal["free", "sequential"]
FeedbackMode = Literal["deferred", "immediate", "tries"]
Review = Literal["latihan", "kuis", "ujian"]
Shuffled = Literal["questions", "answers"]
Purpose = Literal["pretest", "posttest"]
LatePolicy = Literal["strict", "trust", "decide"]
Submitted = Literal["text", "files", "link"]
Competency = Literal["teknis", "manajerial", "sosial-kultural", "pemerintahan"]


@dataclass(frozen=True)
class When:
    """A moment as an author writes it: fixed, or relative to the cohort (or the enrolment).

    ``+7d 09:00`` is ``When(base="start", days=7, at=time(9))``; ``end+90d`` has
    base ``end``; a fixed one has base ``fixed`` and ``moment`` (naive, in the
    site's zone). ``at`` is None where only a day was written: then the moment
    is 00:00:00 when it opens something and 23:59:59 when it closes something.
    """

    base: Literal["fixed", "start", "end"]
    moment: datetime | None = None
    days: int = 0
    at: time | None = None


@dataclass(frozen=True)
class Text:
    """A stretch of Markdown and the line of its file on which it begins (from 1)."""

    source: str
    line: int


@dataclass(frozen=True)
class Completion:
    """What it takes to finish: which items, what final score (0-100), what attendance.

    ``items`` is ``all``, ``required`` or a whole percentage as an int. ``score``
    and ``attendance`` are None where the course leaves it to the site.
    """

    items: Literal["all", "required"] | int = "all"
    score: float | None = None
    attendance: int | None = None


@dataclass(frozen=True)
class Option:
    """One choice of a question. ``id`` is stable within the question (a, b, c ... as written)."""

    id: str
    text: Text
    is_correct: bool
    feedback: Text | None = None
    keeps_last: bool = False


@dataclass(frozen=True)
class Question:
    """A question of a quiz, or of a module to check oneself.

    ``kind`` is ``single``, ``multiple`` or ``short``. ``options`` belong to the
    first two; ``accepted`` (text, share of the points from 0 to 1) to the last.
    ``id`` is None until the file has one (see ``lms.content.markdown.ids``). ``stem`` is
    everything that is asked, the heading's words first; ``title`` is the first
    line of it without markup, a name for lists. ``pair`` joins a question of
    the pretest with its sister in the posttest; ``lint_off`` names the advice
    an author does not want to hear about this question.
    """

    id: str | None
    kind: Kind
    title: str
    stem: Text
    line: int
    options: tuple[Option, ...] = ()
    accepted: tuple[tuple[str, float], ...] = ()
    explanation: Text | None = None
    hints: tuple[Text, ...] = ()
    points: float = 1
    scoring: Scoring = "exact"
    group: str | None = None
    tags: tuple[str, ...] = ()
    objective: str | None = None
    difficulty: str | None = None
    pair: str | None = None
    lint_off: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item:
    """What all items share. ``key`` is the id written in the file, else the slug: it outlives edits.

    ``after`` holds the slugs of the items to be done before, as written.
    """

    path: str
    slug: str
    title: str
    id: str | None = None
    jp: int = 0
    is_required: bool = True
    after: tuple[str, ...] = ()
    opens: When | None = None
    closes: When | None = None
    weight: float | None = None

    @property
    def key(self) -> str:
        return self.id or self.slug


@dataclass(frozen=True, kw_only=True)
class Module(Item):
    """Something to read. ``parts`` are prose and check-yourself questions in their order."""

    complete: Complete = "read"
    parts: tuple[Text | Question, ...] = ()
    type: Literal["module"] = "module"


@dataclass(frozen=True, kw_only=True)
class Quiz(Item):
    """Questions with marks. ``attempts`` is None for unlimited; times are in seconds.

    ``draw`` is None (all), ``{"": n}`` (n of all) or a number per group.
    ``pass_mark`` is a percentage, None where the site's default holds.
    """

    intro: Text
    questions: tuple[Question, ...]
    pass_mark: float | None = None
    attempts: int | None = None
    grade: Grade = "highest"
    time_limit: int | None = None
    on_expiry: OnExpiry = "submit"
    grace: int | None = None
    wait: int = 0
    navigation: Navigation = "free"
    feedback: FeedbackMode = "deferred"
    review: Review = "kuis"
    shuffle: frozenset[Shuffled] = frozenset()
    draw: dict[str, int] | None = None
    purpose: Purpose | None = None
    late_policy: LatePolicy = "trust"
    type: Literal["quiz"] = "quiz"


@dataclass(frozen=True)
class Level:
    """One level of a criterion and the points it earns."""

    title: str
    points: float
    description: str


@dataclass(frozen=True)
class Criterion:
    """A row of a rubric: levels in the order of the table's columns."""

    title: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Late:
    """Until when a late submission is taken, and what each day begun costs (percent of the mark)."""

    until: When | None = None
    penalty: float = 0


@dataclass(frozen=True)
class FileRules:
    """How many files, how large each (bytes), and which kinds (extensions, lower case)."""

    most: int = 3
    size: int = 10 * 1024 * 1024
    types: tuple[str, ...] = ("pdf", "docx", "xlsx", "jpg", "png")


@dataclass(frozen=True, kw_only=True)
class Assignment(Item):
    """Work to hand in. ``attempts`` is None for unlimited."""

    body: Text
    points: float = 100
    due: When | None = None
    late: Late | None = None
    submit: frozenset[Submitted] = frozenset({"text", "files"})
    files: FileRules = field(default_factory=FileRules)
    attempts: int | None = None
    rubric: tuple[Criterion, ...] = ()
    pass_mark: float | None = None
    type: Literal["assignment"] = "assignment"


@dataclass(frozen=True)
class Section:
    """A chapter: items in order.

    Items at the course's root stand between the chapters by their numbers: each
    run of them is a section with slug and title ``""``.
    """

    slug: str
    title: str
    intro: Text | None
    items: tuple[Module | Quiz | Assignment, ...]


@dataclass(frozen=True, kw_only=True)
class Course:
    """A whole course folder, checked: it exists only where there was no error."""

    slug: str
    title: str
    summary: str
    description: Text
    code: str | None = None
    category: str | None = None
    competency: Competency | None = None
    language: str = "id"
    jp: int = 0
    prerequisites: tuple[str, ...] = ()
    completion: Completion = field(default_factory=Completion)
    certificate: bool = True
    sections: tuple[Section, ...] = ()

    @property
    def items(self) -> tuple[Module | Quiz | Assignment, ...]:
        return tuple(item for section in self.sections for item in section.items)
