"""Attempts scored again by the keys of another revision: what would change, before anything does.

A question is marked by the key of the published revision if its id still exists there and its answers can be told
apart by that key; otherwise as before. Which questions were drawn, in which order, and what was answered stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, Self

from lms.content.items.quiz import Quiz
from lms.content.questions.base import Question
from lms.quizzes.responses import Response
from lms.quizzes.scoring import AttemptScore, effective_score, passes, rounded, score_attempt

Mode = Literal["improved", "all", "chosen"]


@dataclass(frozen=True)
class Basis:
    """By what an attempt is scored besides its answers: an item revision's keys, and the rules of void questions."""

    revision_id: int
    voided: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None, item_revision_id: int) -> Self:
        """``item_revision_id`` is that with which the attempt began, which is the basis unless another is stored."""
        if not stored:
            return cls(item_revision_id)
        return cls(stored["revision"], stored["voided"])

    def to_json(self) -> dict[str, Any]:
        return {"revision": self.revision_id, "voided": dict(self.voided)}


@dataclass(frozen=True)
class KeyedQuestions:
    """The questions of an attempt, marked by a later key. ``gone`` are no longer in the quiz; the answers to
    ``unmatched`` cannot be told apart by the later key. Both are marked as before."""

    questions: Mapping[str, Question]
    gone: frozenset[str] = frozenset()
    unmatched: frozenset[str] = frozenset()


def keyed_questions(asked: Quiz, newer: Quiz, question_ids: Iterable[str]) -> KeyedQuestions:
    if newer is asked:
        return KeyedQuestions({id: asked.question(id) for id in question_ids})
    present = {question.id: question for question in newer.questions}
    questions, gone, unmatched = {}, set(), set()
    for id in question_ids:
        own = asked.question(id)
        found = own.with_key_of(present[id]) if id in present else None
        if id not in present:
            gone.add(id)
        elif found is None:
            unmatched.add(id)
        questions[id] = found or own
    return KeyedQuestions(questions, frozenset(gone), frozenset(unmatched))


class Result(NamedTuple):
    """The result of an attempt."""

    points: Decimal
    most: Decimal
    score: Decimal

    @classmethod
    def of(cls, scored: AttemptScore) -> Self:
        return cls(scored.total, scored.most, scored.score)

    @classmethod
    def stored(cls, points: Decimal | None, most: Decimal, score: Decimal | None) -> Self:
        """The stored result. While answers of the attempt wait for their marks, the score is what the others earned."""
        assert points is not None
        return cls(points, most, rounded(Fraction(points) / Fraction(most) * 100) if score is None else score)


@dataclass(frozen=True)
class MarkedAttempt:
    """A submitted attempt with all that scoring it again needs."""

    id: int
    enrolment_id: int
    number: int
    item_revision_id: int
    """With which it began."""
    question_ids: tuple[str, ...]
    basis: Basis
    old: Result
    answers: Mapping[str, Response]
    marks: Mapping[str, Decimal]


@dataclass(frozen=True)
class AttemptChange:
    attempt_id: int
    number: int
    old: Result
    new: Result

    @property
    def gain(self) -> Decimal:
        return self.new.score - self.old.score


@dataclass(frozen=True)
class PersonChange:
    """What scoring again would change for one person: the attempts concerned, and the quiz's score that counts.

    A person of whom only the key that is shown changes has equal scores.
    """

    enrolment_id: int
    attempts: tuple[AttemptChange, ...]
    old: Decimal
    new: Decimal
    improved: Decimal
    """The score that counts if only those attempts change that improve."""
    was_passed: bool
    is_passed: bool
    is_passed_if_improved: bool

    @property
    def gain(self) -> Decimal:
        return self.new - self.old

    @property
    def loses(self) -> bool:
        """True if some attempt would have a lower score."""
        return any(one.gain < 0 for one in self.attempts)

    @property
    def gains(self) -> bool:
        return any(one.gain > 0 for one in self.attempts)


def most_concerned_first(one: PersonChange) -> tuple[Any, ...]:
    """A sort key: who would lose, by the loss; who would gain, those who pass by it first; then the others."""
    group = 0 if one.loses else 1 if one.gains else 2
    return group, one.is_passed == one.was_passed, -abs(one.gain), one.enrolment_id


class KeyChange(NamedTuple):
    """A question as some attempts were marked, and as they would be marked."""

    before: Question
    after: Question


@dataclass(frozen=True)
class DryRun:
    """``people`` are those of whom something changes, with the greatest losses first, then the greatest gains."""

    people: tuple[PersonChange, ...]
    attempts: int
    """All that were looked at."""
    changed: tuple[KeyChange, ...] = ()
    unmatched: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    waiting: tuple[int, ...] = ()
    """Attempts of which something changes, and that have no score yet because people have still to mark them."""

    @property
    def moving(self) -> tuple[PersonChange, ...]:
        """Those of whom some attempt gets another score."""
        return tuple(one for one in self.people if one.gains or one.loses)

    @property
    def same(self) -> int:
        return len(self.people) - len(self.moving)

    @property
    def up(self) -> int:
        return sum(one.gains for one in self.people)

    @property
    def down(self) -> int:
        return sum(one.loses for one in self.people)

    @property
    def passing(self) -> int:
        return sum(one.is_passed and not one.was_passed for one in self.people)

    @property
    def failing(self) -> int:
        return sum(one.was_passed and not one.is_passed for one in self.people)

    def attempt_ids(self, mode: Mode, enrolment_ids: Collection[int] = ()) -> list[int]:
        """The attempts that a regrade in this mode takes, those that it keeps for ``improved`` included."""
        wanted = [one for one in self.people if mode != "chosen" or one.enrolment_id in enrolment_ids]
        return sorted(attempt.attempt_id for one in wanted for attempt in one.attempts)


@dataclass(frozen=True)
class RevisionKeys:
    """The questions of a quiz as one revision asked them, marked by the keys of another, and what that changes."""

    after: KeyedQuestions
    changed: frozenset[str]
    """The questions whose key, points or explanation would be others than those by which attempts were marked."""
    before: Mapping[str, Question]


def revision_keys(asked: Quiz, marked_by: Quiz, newer: Quiz) -> RevisionKeys:
    ids = [question.id for question in asked.questions]
    before, after = keyed_questions(asked, marked_by, ids), keyed_questions(asked, newer, ids)
    changed = frozenset(id for id in ids if before.questions[id] != after.questions[id])
    return RevisionKeys(after, changed, before.questions)


def key_changes(found: Iterable[RevisionKeys]) -> tuple[KeyChange, ...]:
    """Each changed question once, as some of the attempts were marked."""
    changed = {id: KeyChange(one.before[id], one.after.questions[id]) for one in found for id in sorted(one.changed)}
    return tuple(changed.values())


def attempt_change(attempt: MarkedAttempt, found: RevisionKeys, basis: Basis) -> AttemptChange | None:
    """What scoring an attempt by ``basis`` changes; None if it is scored by the same keys and rules already."""
    is_same = dict(basis.voided) == dict(attempt.basis.voided)
    if is_same and found.changed.isdisjoint(attempt.question_ids):
        return None
    questions = (found.after.questions[id] for id in attempt.question_ids)
    scored = score_attempt(questions, attempt.answers, voided=basis.voided, marks=attempt.marks)
    return AttemptChange(attempt.id, attempt.number, attempt.old, Result.of(scored))


def voided_among(voided: Mapping[str, str], question_ids: Collection[str]) -> dict[str, str]:
    return {id: rule for id, rule in sorted(voided.items()) if id in question_ids}


def person_change(
    enrolment_id: int,
    attempts: Sequence[MarkedAttempt],
    changes: Mapping[int, AttemptChange],
    quiz: Quiz,
    mark: float,
) -> PersonChange:
    """``attempts`` are all submitted ones of the enrolment, in order; ``changes`` by attempt. ``quiz`` is in force."""
    old = effective_score([one.old.score for one in attempts], quiz.grade)
    new = effective_score([_after(one, changes).score for one in attempts], quiz.grade)
    best = [max(one.old.score, _after(one, changes).score) for one in attempts]
    improved = effective_score(best, quiz.grade)
    return PersonChange(
        enrolment_id,
        tuple(changes[one.id] for one in attempts if one.id in changes),
        old=old,
        new=new,
        improved=improved,
        was_passed=passes(old, mark),
        is_passed=passes(new, mark),
        is_passed_if_improved=passes(improved, mark),
    )


def _after(attempt: MarkedAttempt, changes: Mapping[int, AttemptChange]) -> Result:
    return changes[attempt.id].new if attempt.id in changes else attempt.old


class IssuedRecord(NamedTuple):
    """A valid certificate of somebody whose mark changes. ``differences`` in words: what it would say otherwise."""

    record_id: int
    number: str
    differences: Sequence[str]
