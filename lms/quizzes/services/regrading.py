"""Scoring attempts again: a dry run that changes nothing, then line by line. Results are added, never edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, insert, select

from lms.core import ledger
from lms.core.db import db, insert_if_missing
from lms.core.errors import Refusal
from lms.core.hooks import Hook
from lms.core.i18n import lazy
from lms.core.small_transactions import lock_unfinished, next_rows
from lms.courses import queries as courses
from lms.courses.models import CourseRevision
from lms.learning import services as learning
from lms.quizzes import queries, regrading, scoring
from lms.quizzes.models import QuestionVoid, Regrade, RegradeLine
from lms.quizzes.queries import regrades
from lms.quizzes.regrading import AttemptChange, Basis, DryRun, IssuedRecord, Mode, Result
from lms.quizzes.services import record_result, store_score
from lms.quizzes.services.marking import effective, lock_attempt, score_by

AT_ONCE = 8
"""Attempts in one transaction. Each takes about 10 ms, in which nobody else can write on SQLite."""

issued_records: Hook[[CourseRevision, int, Mapping[int, tuple[Decimal, bool]]], Mapping[int, IssuedRecord]] = Hook(
    "issued records after marks"
)
"""The valid certificates of people in a course, by enrolment, with what would be different in them if an item (by id)
had these scores and were passed or not."""


class ChangedMeanwhile(Refusal):
    message = lazy(
        "Nothing was marked again: somebody has published this quiz or marked it again since you opened the page. "
        "Below is what would change now."
    )


class NobodyChosen(Refusal):
    message = lazy("Choose at least one participant, or another way of marking again. Nothing was changed.")


class NothingChanges(Refusal):
    message = lazy("No mark would change. Nothing was recorded.")


@dataclass(frozen=True)
class Voiding:
    """A decision about a question, taken together with a regrade. ``rule``: see ``models.QuestionVoid``."""

    question: str
    rule: str


def voided_with(item_id: int, voiding: Voiding | None) -> dict[str, str]:
    """The rules of void questions as they would be after a decision."""
    voided = queries.voided(item_id)
    if voiding is None:
        return voided
    rest = {id: rule for id, rule in voided.items() if id != voiding.question}
    return rest if voiding.rule == scoring.COUNTS else rest | {voiding.question: voiding.rule}


def dry_run(item_id: int, item_revision_id: int, voiding: Voiding | None = None) -> DryRun:
    """What scoring again by the keys of ``item_revision_id`` would change. Reads only."""
    quiz, voided = queries.quiz_of_revision(item_revision_id), voided_with(item_id, voiding)
    mark = learning.pass_mark(quiz.pass_mark)
    by_enrolment, waiting = regrades.submitted_attempts(item_id)
    everything = [one for attempts in by_enrolment.values() for one in attempts]
    pairs = {(one.item_revision_id, one.basis.revision_id) for one in (*everything, *waiting)}
    found = {
        (asked, marked_by): regrading.revision_keys(
            queries.quiz_of_revision(asked), queries.quiz_of_revision(marked_by), quiz
        )
        for asked, marked_by in pairs
    }
    changes: dict[int, AttemptChange] = {}
    for one in (*everything, *waiting):
        basis = Basis(item_revision_id, regrading.voided_among(voided, one.question_ids))
        changed = regrading.attempt_change(one, found[one.item_revision_id, one.basis.revision_id], basis)
        if changed:
            changes[one.id] = changed
    people = [
        regrading.person_change(enrolment_id, attempts, changes, quiz, mark)
        for enrolment_id, attempts in by_enrolment.items()
        if any(one.id in changes for one in attempts)
    ]
    people.sort(key=regrading.most_concerned_first)
    after = [one.after for one in found.values()]
    return DryRun(
        tuple(people),
        len(everything),
        regrading.key_changes(found.values()),
        unmatched=frozenset().union(*(one.unmatched for one in after)),
        gone=frozenset().union(*(one.gone for one in after)),
        waiting=tuple(one.id for one in waiting if one.id in changes),
    )


def start_regrade(
    item_id: int,
    mode: Mode,
    reason: str,
    *,
    chosen: Collection[int] = (),
    voiding: Voiding | None = None,
    seen: tuple[int, int],
    actor_id: int,
    now: datetime,
) -> Regrade:
    """Queue the attempts of which something changes. Pressing twice starts one regrade, returned both times.

    ``chosen`` are enrolments. ``seen`` is the published item revision and the number of the newest regrade that the
    page showed. A decision about a question is taken in the same step, and holds for attempts handed in later too.

    :raises ChangedMeanwhile: the quiz was published or marked again meanwhile.
    :raises NobodyChosen: the mode is ``chosen``, and nobody was.
    :raises NothingChanges: no attempt would change, and nothing is decided.
    """
    revision_id, number = courses.published_item_id(item_id), seen[1] + 1
    started = regrades.regrade(item_id, number)
    if started is not None and (started.started_by, started.mode, started.reason) == (actor_id, mode, reason):
        return started
    if revision_id is None or seen != (revision_id, regrades.newest_number(item_id)):
        raise ChangedMeanwhile
    voided = voided_with(item_id, voiding)
    decides = voided != queries.voided(item_id)
    attempt_ids = _attempts_to_mark(item_id, revision_id, mode, chosen, voiding)
    if not attempt_ids and not decides:
        raise NothingChanges
    regrade_id = insert_if_missing(
        Regrade,
        ("item_id", "number"),
        item_id=item_id,
        item_revision_id=revision_id,
        number=number,
        voided=voided,
        mode=mode,
        reason=reason,
        started_by=actor_id,
        started_at=now,
        finished_at=None if attempt_ids else now,
    )
    if regrade_id is None:
        raise ChangedMeanwhile
    if decides and voiding is not None:
        _decide(item_id, voiding, reason, actor_id, now)
    regrade = db.session.get_one(Regrade, regrade_id)
    _queue(regrade, attempt_ids, now)
    return regrade


def _attempts_to_mark(
    item_id: int, revision_id: int, mode: Mode, chosen: Collection[int], voiding: Voiding | None
) -> tuple[int, ...]:
    """Those of the mode, then those that wait for a mark, whose key changes too."""
    found = dry_run(item_id, revision_id, voiding)
    attempt_ids = found.attempt_ids(mode, chosen)
    if mode == "chosen" and not attempt_ids:
        raise NobodyChosen
    return (*attempt_ids, *found.waiting)


def _queue(regrade: Regrade, attempt_ids: Collection[int], now: datetime) -> None:
    if attempt_ids:
        rows = [{"regrade_id": regrade.id, "attempt_id": one, "state": "waiting"} for one in attempt_ids]
        db.session.execute(insert(RegradeLine), rows)
    ledger.record(
        regrade.started_by,
        "regrade quiz",
        f"item:{regrade.item_id}",
        now=now,
        number=regrade.number,
        mode=regrade.mode,
        attempts=len(attempt_ids),
        item_revision=regrade.item_revision_id,
        voided=sorted(regrade.voided),
        reason=regrade.reason,
    )


def _decide(item_id: int, voiding: Voiding, reason: str, actor_id: int, now: datetime) -> None:
    number = regrades.newest_void(item_id, voiding.question) + 1
    db.session.add(
        QuestionVoid(
            item_id=item_id,
            question=voiding.question,
            number=number,
            rule=voiding.rule,
            reason=reason,
            decided_by=actor_id,
            decided_at=now,
        )
    )
    db.session.flush()
    facts = {"question": voiding.question, "void": voiding.rule, "reason": reason}
    ledger.record(actor_id, "void question", f"item:{item_id}", now=now, **facts)


def regrade_next(regrade_id: int, *, count: int = AT_ONCE, now: datetime) -> bool:
    """Score the next attempts of a regrade again. False if none is left, or if another worker does so just now."""
    regrade = lock_unfinished(Regrade, regrade_id)
    if regrade is None:
        return False
    lines = next_rows(_waiting(regrade_id), count)
    for line in lines:
        _regrade_line(regrade, line, now)
    if len(lines) < count:
        regrade.finished_at = now
    db.session.flush()
    return regrade.finished_at is None


def fail_next(regrade_id: int, *, now: datetime) -> None:
    """After an error: the next one is left as it is, so that the others are scored."""
    if lock_unfinished(Regrade, regrade_id) is not None:
        for line in next_rows(_waiting(regrade_id), 1):
            line.state, line.done_at = "failed", now
        db.session.flush()


def _waiting(regrade_id: int) -> Select[RegradeLine]:
    rows = select(RegradeLine).where(RegradeLine.regrade_id == regrade_id, RegradeLine.state == "waiting")
    return rows.order_by(RegradeLine.id)


def _regrade_line(regrade: Regrade, line: RegradeLine, now: datetime) -> None:
    attempt = lock_attempt(line.attempt_id)
    drawn = [one["id"] for one in attempt.selection]
    basis = Basis(regrade.item_revision_id, regrading.voided_among(regrade.voided, drawn))
    questions = queries.questions_as_marked(attempt, basis)
    new = score_by(attempt, questions, basis)
    old = Result.stored(attempt.points, attempt.most_points, attempt.score)
    line.old_points, line.old_most, line.old_score = old
    line.new_points, line.new_most, line.new_score = Result.of(new)
    line.done_at = now
    if regrade.mode == "improved" and new.score < old.score:
        line.state = "kept"
        return
    before, waited = effective(attempt), attempt.waits_for_mark
    attempt.basis = basis.to_json()
    store_score(attempt, new)
    if new.unmarked or (Result.of(new) == old and not waited):
        line.state = "same"
        return
    line.state = "changed"
    line.grade_number = record_result(
        attempt, graded_by=regrade.started_by, reason=regrade.reason, by_learner=False, now=now
    )
    line.old_effective, line.new_effective = before, effective(attempt)
