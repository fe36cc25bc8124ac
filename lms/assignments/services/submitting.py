"""A draft becomes a submission, which is never edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.assignments import queries
from lms.assignments.lateness import Deadline, deadline_in, latest
from lms.assignments.models import Draft, GroupPaper, Submission
from lms.assignments.plain_text import as_paragraphs
from lms.assignments.queries import groups
from lms.assignments.queries.attempts import attempts_left, attempts_used
from lms.assignments.queries.groups import OwnGroup
from lms.assignments.services import drafts, numbering
from lms.assignments.services.drafts import DraftContent
from lms.core import ledger, storage
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.i18n import lazy, say_moment
from lms.enrolment.models import Enrolment
from lms.journal import services as journal
from lms.learning import services as learning
from lms.learning.queries import ItemContext
from lms.lib.links import is_https


class NothingToSubmit(Refusal):
    message = lazy("There is nothing to hand in yet: write something or add a file first.")


class LinkNotHttps(Refusal):
    message = lazy("The link must be a complete address that begins with https://. It is kept in your draft.")


class DeadlineOver(Refusal):
    message = lazy(
        "It is too late to hand in. Your text and files are kept as a draft. "
        "If something held you up, please talk to your instructor."
    )


class NoSubmissionsLeft(Refusal):
    message = lazy("You have used all your attempts. Your text and files are kept as a draft.")


class SubmittedElsewhere(Refusal):
    message = lazy(
        "This assignment was handed in from another page or device in the meantime. Your work here was not handed in; "
        "it is kept as a draft. Compare both, then decide."
    )


class HandedInByMember(Refusal):
    message = lazy(
        "%(name)s handed in for your group on %(moment)s, before you did. Your work was not handed in; it is kept as "
        "your draft. Read the paper of your group above, then decide."
    )


class InNoGroup(Refusal):
    message = lazy(
        "This assignment is handed in by groups, and you are in none yet. Your text and files are kept as a draft. "
        "Ask your instructor to put you in a group, then hand in."
    )


def deadline_of(context: ItemContext, newest: Submission | None = None) -> Deadline:
    """The assignment's deadline for this learner. ``newest`` is the latest submission: if it was returned, its
    revision has its own time."""
    assignment = queries.assignment_of(context.item_revision.id)
    windows = [context.window]
    if assignment.group and (group := groups.own_group(context.enrolment_id)):
        windows += [window for window in groups.windows(group) if window != context.window]
    closes = context.summary.closes
    own = latest(deadline_in(window, context.summary.item_id, assignment, closes) for window in windows)
    return own.extended(context.window.end_of(newest.returned.until)) if newest and newest.returned else own


@dataclass(frozen=True)
class SubmissionLimits:
    """Until when and how often a learner may submit. ``attempts_left`` is None without a limit."""

    deadline: Deadline
    attempts_left: int | None

    def allow(self, now: datetime) -> bool:
        return not self.deadline.is_over(now) and self.attempts_left != 0


def limits_of(context: ItemContext, submissions: Sequence[Submission], group: OwnGroup | None) -> SubmissionLimits:
    """``submissions``: all of the learner, the newest first. ``group`` is theirs at an assignment for groups."""
    assignment, item_id = queries.assignment_of(context.item_revision.id), context.item_revision.item_id
    return SubmissionLimits(
        deadline_of(context, submissions[0] if submissions else None),
        attempts_left(assignment, item_id, submissions, group),
    )


def submit_assignment(context: ItemContext, content: DraftContent, *, number: int, now: datetime) -> Submission:
    """Submit the content of the form and the draft as this learner's submission ``number``.

    The same content again (a double click, a repeated request) returns the existing submission. If the submission is
    refused, ``content`` is saved as the draft, so the caller commits in any case.

    :raises Refusal: one of this module or of ``drafts``.
    """
    is_for_group = queries.assignment_of(context.item_revision.id).group
    group = groups.own_group_locked(context.enrolment_id) if is_for_group else None
    draft = drafts.open_draft(context, now=now)
    earlier = queries.submissions(context.enrolment_id, context.item_revision.item_id)
    same = next((submission for submission in earlier if submission.number == number), None)
    if same is not None and _is_same(same, draft, content):
        return same
    drafts.update_draft(draft, context, content if same is None else drafts.unchecked_if_empty(draft, content), now=now)
    if same is not None:
        raise _refusal_of_second(same, context)
    if is_for_group and group is None:
        raise InNoGroup
    newest = earlier[0] if earlier else None
    due = deadline_of(context, newest)
    _check(context, draft, due, used=attempts_used(context.item_revision.item_id, earlier, group), now=now)
    if group is not None:
        return _submit_for_group(context, draft, due, group, now=now)
    _supersede(earlier)
    return _submit(context, draft, due, number=len(earlier) + 1, now=now)


def _refusal_of_second(same: Submission, context: ItemContext) -> Refusal:
    paper = same.paper
    if paper is None or paper.handed_in_by == context.person_id:
        return SubmittedElsewhere()
    name = queries.full_names([paper.handed_in_by])[paper.handed_in_by]
    return HandedInByMember(name=name, moment=say_moment(paper.handed_in_at))


def _is_same(submission: Submission, draft: Draft, content: DraftContent) -> bool:
    """True if ``content`` equals the submission. An untouched draft is empty, because its files have moved."""
    text, link = drafts.normalise_content(content)
    upload = content.upload
    return (
        (text, link) == (submission.text, submission.link)
        and not (draft.text or draft.link or draft.files)
        and (
            upload is None
            or storage.stored_file_for(upload.data, "work").key in {file.key for file in submission.files}
        )
    )


def _check(context: ItemContext, draft: Draft, due: Deadline, *, used: int, now: datetime) -> None:
    assignment = queries.assignment_of(context.item_revision.id)
    if not (draft.text or draft.link or draft.files):
        raise NothingToSubmit
    if draft.link and not is_https(draft.link):
        raise LinkNotHttps
    if due.is_over(now):
        raise DeadlineOver
    if assignment.attempts is not None and used >= assignment.attempts:
        raise NoSubmissionsLeft


def _submit(context: ItemContext, draft: Draft, due: Deadline, *, number: int, now: datetime) -> Submission:
    submission = _submission(context, draft, due, number=number, now=now)
    _take_from(draft, submission)
    _record(context, draft, [submission], now=now)
    return submission


def _submit_for_group(
    context: ItemContext, draft: Draft, due: Deadline, group: OwnGroup, *, now: datetime
) -> Submission:
    """Each member gets a submission of their own; only the draft of the one who hands in is used up."""
    item_id = context.item_revision.item_id
    paper = GroupPaper(
        group_id=group.group.id,
        item_id=item_id,
        number=groups.next_number(group.group.id, item_id),
        group_name=group.group.name,
        handed_in_by=context.person_id,
        handed_in_at=now,
        is_returned=False,
    )
    db.session.add(paper)
    before = queries.submissions_by_item([member.enrolment.id for member in group.members])
    submissions = {}
    for member in group.members:
        earlier = before.get((member.enrolment.id, item_id), [])
        _supersede(earlier)
        number = earlier[-1].number + 1 if earlier else 1
        submissions[member.enrolment.id] = _submission(
            context, draft, due, number=number, now=now, paper=paper, member=member.enrolment
        )
    own = submissions[context.enrolment_id]
    for submission in submissions.values():
        if submission is not own:
            submission.files += [drafts.copy_of(file, submission.person_id, now=now) for file in draft.files]
    _take_from(draft, own)
    _record(context, draft, [own, *(other for other in submissions.values() if other is not own)], now=now)
    return own


def _submission(
    context: ItemContext,
    draft: Draft,
    due: Deadline,
    *,
    number: int,
    now: datetime,
    paper: GroupPaper | None = None,
    member: Enrolment | None = None,
) -> Submission:
    submission = Submission(
        enrolment_id=member.id if member else context.enrolment_id,
        person_id=member.person_id if member else context.person_id,
        item_id=context.item_revision.item_id,
        item_revision_id=context.item_revision.id,
        number=number,
        text=draft.text,
        text_html=as_paragraphs(draft.text),
        link=draft.link,
        submitted_at=now,
        late_days=due.days_late(now),
        is_graded=False,
        is_superseded=False,
        paper=paper,
    )
    db.session.add(submission)
    return submission


def _supersede(earlier: Iterable[Submission]) -> None:
    for submission in earlier:
        submission.is_superseded = submission.is_superseded or not submission.is_graded


def _take_from(draft: Draft, submission: Submission) -> None:
    for file in list(draft.files):
        draft.files.remove(file)
        submission.files.append(file)
    draft.text, draft.link = "", ""
    if queries.assignment_of(submission.item_revision_id).anonymous:
        numbering.draw_number(submission.enrolment_id, submission.item_id)
    db.session.flush()


def _record(context: ItemContext, draft: Draft, submissions: list[Submission], *, now: datetime) -> None:
    """``submissions``: that of the learner who hands in, then those of the others in the group."""
    own = submissions[0]
    body = {"number": own.number, "files": [file.key for file in own.files]}
    journal.append(context.person_id, subject=queries.subject(draft), kind="submit", body=body, now=now)
    entries: dict[str, dict[str, object]] = {}
    for submission in sorted(submissions, key=lambda submission: submission.enrolment_id):
        learning.record_waiting(submission.enrolment_id, context.item_revision, now=now)
    for submission in submissions:
        files = len(submission.files)
        facts: dict[str, object] = {"number": submission.number, "late_days": submission.late_days, "files": files}
        if submission.paper is not None:
            paper = submission.paper
            facts |= {"paper": paper.id, "group": paper.group_name, "enrolment": submission.enrolment_id}
        entries[queries.work_name(submission)] = facts
    ledger.record_all(context.person_id, "hand in", entries, now=now)
