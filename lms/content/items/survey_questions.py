"""The questions of a survey: nothing is right or wrong. A kind is a subclass of ``SurveyQuestion``.

What is stored of an answer says itself what was answered, in words, so that it can be read beside any later revision.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from markupsafe import Markup

from lms.content.markdown.attributes import ID, Head
from lms.content.markdown.blocks import LISTS, Block, Passage, plain
from lms.content.markdown.fields import Fields
from lms.content.markdown.problems import Findings, say
from lms.content.markdown.references import DEFINITIONS, References
from lms.content.markdown.values import boolean, name, one_of, text_line, whole
from lms.content.questions.base import InvalidAnswer
from lms.content.questions.reading import QuestionBlock
from lms.content.registry import Registry
from lms.content.settings import read_settings, setting, settings_of
from lms.content.text import Text, with_html
from lms.lib.folding import visible

MIN_STEPS, MAX_STEPS = 2, 10
MIN_CHOICES, MAX_CHOICES = 2, 20
MAX_LABEL_LENGTH = 60
MAX_TEXT_LENGTH = 2_000
MAX_TITLE_LENGTH = 300
CHOICES, SCALES = frozenset({"type"}), frozenset({"scale", "low", "high"})

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_NEARLY_TASK = re.compile(r"\[\s*[xXvV✓✔√*]?\s*\]")


@dataclass(frozen=True)
class Bar:
    label: str
    count: int


@dataclass(frozen=True)
class Tally:
    """What was answered to one question. ``texts`` are in the order of their words, which says nothing of people."""

    count: int
    bars: tuple[Bar, ...] = ()
    mean: Decimal | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SurveyQuestion:
    """``stem`` is everything that is asked, the heading's words first; ``title`` the heading without markup."""

    kind: ClassVar[str]
    """The name of the kind in stored revisions. It must never change."""
    key: ClassVar[str]
    """What a stored answer of this kind has. It must never change."""
    registry: ClassVar[Registry[Any]] = Registry("kind")

    id: str = ""
    title: str
    stem: Text
    line: int = field(default=0, metadata={"stored": False})
    is_required: bool = setting(boolean, False, key="required")

    def answer_from(self, sent: Sequence[str]) -> Any:
        """The answer as JSON, or None.

        :raises InvalidAnswer: it is not an answer to this question.
        """
        raise NotImplementedError

    def fits(self, answer: Any) -> bool:
        """False for an answer that was given when the question was of another kind, or on another scale."""
        return self.key in answer

    def shown(self, answer: Any) -> tuple[str, ...]:
        """A stored answer as the form would send it: what is put back into its inputs."""
        raise NotImplementedError

    def words(self, answer: Any) -> str:
        """A stored answer in one cell of a table."""
        return "; ".join(self.shown(answer))

    def tally(self, answers: Sequence[Any]) -> Tally:
        """``answers``: those that were given and fit, as they are stored."""
        raise NotImplementedError

    def rendered(self, render: Callable[[Text], Text]) -> Self:
        return with_html(self, render)


@SurveyQuestion.registry.register
@dataclass(frozen=True, kw_only=True)
class Scale(SurveyQuestion):
    """A number from 1 to ``steps``. ``low`` and ``high`` say what its ends mean."""

    kind, key = "scale", "value"

    steps: int = setting(whole(MIN_STEPS, MAX_STEPS), 5, key="scale")
    low: str = setting(text_line(MAX_LABEL_LENGTH), "")
    high: str = setting(text_line(MAX_LABEL_LENGTH), "")

    @property
    def numbers(self) -> range:
        return range(1, self.steps + 1)

    def end_of(self, number: int) -> str:
        """What this number means, of those at the ends."""
        return {1: self.low, self.steps: self.high}.get(number, "")

    def label(self, number: int) -> str:
        said = self.end_of(number)
        return f"{number} – {said}" if said else str(number)

    def answer_from(self, sent: Sequence[str]) -> dict[str, int] | None:
        chosen = next(iter(sent), "")
        if not chosen:
            return None
        if chosen not in {str(number) for number in self.numbers}:
            raise InvalidAnswer(say("This choice is not part of the question. Please choose again."))
        return {"value": int(chosen), "of": self.steps}

    def fits(self, answer: Any) -> bool:
        return super().fits(answer) and answer["of"] == self.steps

    def shown(self, answer: Any) -> tuple[str, ...]:
        return (str(answer["value"]),)

    def tally(self, answers: Sequence[Any]) -> Tally:
        values = [one["value"] for one in answers]
        counts = Counter(values)
        mean = Decimal(sum(values)) / len(values) if values else None
        return Tally(len(values), tuple(Bar(self.label(number), counts[number]) for number in self.numbers), mean)


@SurveyQuestion.registry.register
@dataclass(frozen=True, kw_only=True)
class Options(SurveyQuestion):
    """Choices, one or several of which can be picked. What is stored are their words."""

    kind, key = "options", "picked"

    choices: tuple[Text, ...] = ()
    kind_of_choice: Literal["multiple"] | None = setting(one_of(("multiple",)), None, key="type")

    @property
    def takes_several(self) -> bool:
        return self.kind_of_choice == "multiple"

    @property
    def offered(self) -> tuple[tuple[str, Text], ...]:
        """Each choice with its words."""
        return tuple((words_of(choice), choice) for choice in self.choices)

    def answer_from(self, sent: Sequence[str]) -> dict[str, list[str]] | None:
        offered, chosen = [words for words, _choice in self.offered], {words for words in sent if words}
        if not chosen <= set(offered):
            raise InvalidAnswer(say("This choice is not part of the question. Please choose again."))
        if len(chosen) > 1 and not self.takes_several:
            raise InvalidAnswer(say("Only one choice is possible here. Please choose one."))
        picked = [words for words in offered if words in chosen]
        return {"picked": picked} if picked else None

    def shown(self, answer: Any) -> tuple[str, ...]:
        return tuple(answer["picked"])

    def tally(self, answers: Sequence[Any]) -> Tally:
        """With the choices that are not offered any more, after those that are."""
        counts = Counter(words for one in answers for words in one["picked"])
        offered = [words for words, _choice in self.offered]
        gone = sorted(counts.keys() - set(offered))
        return Tally(len(answers), tuple(Bar(words, counts[words]) for words in (*offered, *gone)))


@SurveyQuestion.registry.register
@dataclass(frozen=True, kw_only=True)
class FreeText(SurveyQuestion):
    kind, key = "text", "text"

    def answer_from(self, sent: Sequence[str]) -> dict[str, str] | None:
        text = next(iter(sent), "").replace("\0", "").replace("\r\n", "\n").strip()
        if len(text) > MAX_TEXT_LENGTH:
            raise InvalidAnswer(
                say("Please shorten this answer to 2,000 characters. Nothing of it is lost on this page.")
            )
        return {"text": text} if visible(text).strip() else None

    def shown(self, answer: Any) -> tuple[str, ...]:
        return (answer["text"],)

    def tally(self, answers: Sequence[Any]) -> Tally:
        return Tally(len(answers), texts=tuple(sorted((one["text"] for one in answers), key=str.casefold)))


def words_of(text: Text) -> str:
    """A text without markup, which is the same before and after it is rendered."""
    return plain(text.source) if text.html is None else " ".join(Markup(text.html).striptags().split())  # noqa: S704 - it becomes text


def attribute_keys() -> tuple[str, ...]:
    kinds = SurveyQuestion.registry
    return tuple(dict.fromkeys(key for cls in (SurveyQuestion, *kinds) for key in settings_of(cls)))


def read_survey_question(
    head: Head, found: QuestionBlock, references: References, findings: Findings
) -> SurveyQuestion | None:
    """The question that ``head`` opens. None if its choices cannot be read; the reason is in ``findings``."""
    attributes = Fields(head.attributes, findings)
    choices_at = next((at for at, block in enumerate(found.blocks) if _is_choices(block)), None)
    kind = _kind(attributes, has_choices=choices_at is not None)
    told = len(findings.problems)
    id_ = attributes.get(ID, name, "")
    settings = read_settings(kind, attributes)
    _refuse_attributes_of_other_kinds(attributes, kind)
    attributes.finish()
    if not head.text:
        findings.error(
            found.head_position, say("the question has no text"), say("write what is asked after ##, in the same line")
        )
    end = found.inside.last
    more: dict[str, Any] = {}
    if choices_at is not None:
        end = found.blocks[choices_at].first - 1
        more["choices"] = _choices(found, choices_at, references, findings)
    else:
        _warn_of_list(kind, found, findings)
    if len(findings.problems) > told and any(not one.is_warning for one in findings.problems[told:]):
        return None
    return kind(
        id=id_,
        title=plain(head.text)[:MAX_TITLE_LENGTH],
        stem=references.completed(_stem(head, found.inside.between(found.inside.first, end).text())),
        line=head.line,
        **settings,
        **(more if kind is Options else {}),
    )


def _warn_of_list(kind: type[SurveyQuestion], found: QuestionBlock, findings: Findings) -> None:
    last = found.blocks[-1] if found.blocks else None
    if kind is FreeText and last and last.kind in LISTS:
        findings.warn(
            found.inside.position(last.first),
            say("this list is part of the question, which is answered with a text"),
            say("if these are choices, write each as “- [ ] …”"),
        )


def _kind(attributes: Fields, *, has_choices: bool) -> type[SurveyQuestion]:
    if "scale" not in attributes:
        return Options if has_choices else FreeText
    if has_choices:
        attributes.fault(
            "scale",
            say("the question has a scale and choices"),
            say("take “scale” out, or the choices: their numbers are made by the site"),
        )
    return Scale


def _refuse_attributes_of_other_kinds(attributes: Fields, kind: type[SurveyQuestion]) -> None:
    for key in attribute_keys():
        if key in settings_of(kind) or attributes.ask(key) is None:
            continue
        if key in SCALES:
            fix = say("write scale=5 as well, or take it out")
        else:
            fix = say("write the choices below, each as “- [ ] …”, or take it out")
        attributes.fault(key, say("“%(key)s” does not go with this kind of question", key=key), fix)


def _stem(head: Head, below: Text) -> Text:
    return Text(f"{head.text}\n\n{below.source}" if below.source else head.text, head.line)


def _is_choices(block: Block) -> bool:
    return block.kind in LISTS and any(_NEARLY_TASK.match(_first_words(item)) for item in block.children)


def _first_words(item: Block) -> str:
    first = item.children[0] if item.children else None
    return first.text if first and first.kind == "paragraph" else ""


def _choices(found: QuestionBlock, at: int, references: References, findings: Findings) -> tuple[Text, ...]:
    block, passage = found.blocks[at], found.inside
    _refuse_text_below(found.blocks[at + 1 :], passage, findings)
    if not MIN_CHOICES <= len(block.children) <= MAX_CHOICES:
        findings.error(
            passage.position(block.first),
            say(
                "a question of a survey has %(least)d to %(most)d choices, and this one has %(count)d",
                least=MIN_CHOICES,
                most=MAX_CHOICES,
                count=len(block.children),
            ),
            say("add choices or take some out, or take the list out to ask for a text"),
        )
        return ()
    choices = [_choice(item, passage, findings) for item in block.children]
    known: set[str] = set()
    for one in filter(None, choices):
        if words_of(one) in known:
            findings.error(
                passage.position(one.line),
                say("this choice appears twice"),
                say("reword one of the two or take it out"),
            )
        known.add(words_of(one))
    return tuple(references.completed(one) for one in choices if one)


def _choice(item: Block, passage: Passage, findings: Findings) -> Text | None:
    position = passage.position(item.first)
    task = _TASK.match(_first_words(item))
    if not task or task[1] != " ":
        findings.error(
            position,
            say("no choice of a survey is right or wrong") if task else say("this choice does not begin with [ ]"),
            say("write it as “- [ ] …”"),
        )
        return None
    inner = passage.inside_item(item)
    first, *others = inner.lines
    text = Passage((first.lstrip()[task.end() :], *others), inner.first).text()
    if not text.source:
        findings.error(position, say("this choice has no text"), say("write the choice after the brackets"))
        return None
    if len(item.children) > 1:
        findings.error(
            position, say("this choice has more than one paragraph"), say("write it in one line, and the rest above")
        )
    return text


def _refuse_text_below(blocks: Iterable[Block], passage: Passage, findings: Findings) -> None:
    strange = next((one for one in blocks if one.kind not in DEFINITIONS), None)
    if strange:
        findings.error(
            passage.position(strange.first),
            say("there is text below the choices"),
            say("move it above them"),
        )


def rendered_question(number: int, question: SurveyQuestion, phrase: Callable[[Text, str], Text]) -> SurveyQuestion:
    """With an id in any case, since the preview of a draft has questions without one."""
    key = question.id or f"q{number}"
    return replace(question, id=key).rendered(lambda text: phrase(text, f"{key}-"))
