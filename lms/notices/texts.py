"""The text of each kind of notice, in English with placeholders; ``services.wording`` translates it.

A placeholder that ends in ``_on`` is a date, one that ends in ``_at`` a timestamp, one that ends in ``score`` a
mark.
"""

from __future__ import annotations

from collections.abc import Callable

from lms.content.markdown.problems import Message, say
from lms.notices import staff_texts
from lms.notices.notice_text import Facts, NoticeText, sentence


def text_of(kind: str, facts: Facts) -> NoticeText:
    """:raises KeyError: there is no such kind."""
    return _KINDS[kind](facts)


def _enrolled(facts: Facts) -> NoticeText:
    title = say("You are enrolled in %(course)s", course=facts["course"])
    if facts.get("starts_on"):
        days = {"starts_on": facts["starts_on"], "due_on": facts["due_on"]}
        return NoticeText(title, say("It starts on %(starts_on)s and ends on %(due_on)s.", **days))
    if facts.get("due_on"):
        return NoticeText(title, say("You can start now. The deadline is %(due_on)s.", due_on=facts["due_on"]))
    return NoticeText(title, say("You can start now, and stop and continue at any time."))


def _graded(facts: Facts) -> NoticeText:
    """The mark is not in the title, which a phone shows on its locked screen."""
    if facts.get("is_quiz"):
        title = say("Your answers in “%(item)s” were marked", item=facts["item"])
    elif facts["number"] > 1:
        title = say("The mark of your assignment “%(item)s” was changed", item=facts["item"])
    else:
        title = say("Your assignment “%(item)s” was marked", item=facts["item"])
    values = {"score": facts["score"], "course": facts["course"]}
    return NoticeText(title, say("Mark: %(score)s. Open it to read the feedback. Course: %(course)s.", **values))


def _graded_together(facts: Facts) -> NoticeText:
    title = say("%(count)s of your works in %(course)s were marked", count=facts["count"], course=facts["course"])
    return NoticeText(title, say("Open it to read marks and feedback: %(items)s.", items=", ".join(facts["items"])))


def _returned(facts: Facts) -> NoticeText:
    title = say("“%(item)s” came back for revision", item=facts["item"])
    values = {"until_on": facts["until"], "course": facts["course"]}
    body = say(
        "There is no mark yet, and no deduction. Read what to improve and hand it in again until %(until_on)s."
        " Course: %(course)s.",
        **values,
    )
    return NoticeText(title, body)


def _regraded(facts: Facts) -> NoticeText:
    """No mark in the title, which a phone shows on its locked screen."""
    title = say("“%(item)s” was marked again", item=facts["item"])
    values = {
        "new_score": facts["new_score"],
        "reason": sentence(facts["reason"]),
        "course": facts["course"],
    }
    if facts["old_score"] == facts["new_score"]:
        body = say("The mark that counts is still %(new_score)s. Reason: %(reason)s Course: %(course)s.", **values)
    else:
        body = say(
            "The mark that counts: %(old_score)s → %(new_score)s. Reason: %(reason)s Your answers are unchanged."
            " Course: %(course)s.",
            old_score=facts["old_score"],
            **values,
        )
    return NoticeText(title, body)


def _due(facts: Facts) -> NoticeText:
    title = say("%(course)s: due on %(due_on)s", course=facts["course"], due_on=facts["due_on"])
    if facts["items"]:
        return NoticeText(title, say("Still to do by then: %(items)s.", items=", ".join(facts["items"])))
    return NoticeText(title, say("Please finish the rest of the course by then."))


def _overdue(facts: Facts) -> NoticeText:
    title = say("%(course)s: the deadline of %(due_on)s has passed", course=facts["course"], due_on=facts["due_on"])
    if facts["items"]:
        body = say(
            "Not done: %(items)s. Your saved work is kept. Ask your instructor what you can still do.",
            items=", ".join(facts["items"]),
        )
        return NoticeText(title, body)
    body = say(
        "Your work is kept. What is still open counts if you finish it; late work may lose marks, as its page says."
        " If you need more time, ask your instructor or the admin."
    )
    return NoticeText(title, body)


def _certificate(facts: Facts) -> NoticeText:
    title = say("Your certificate of %(course)s is ready", course=facts["course"])
    return NoticeText(title, _with_jp(facts))


def _with_jp(facts: Facts) -> Message:
    """What the certificate brings. Notices of older releases do not say it."""
    number, total, target = facts["number"], facts.get("total"), facts.get("target")
    if total is None:
        return say("Number %(number)s. You can download it at any time.", number=number)
    year = {"number": number, "total": total, "year": facts["year"]}
    if facts["jp"] is None:
        return say(
            "Number %(number)s. You completed this course before, so its JP do not count again. You have %(total)s JP"
            " for %(year)s.",
            **year,
        )
    if not target or total - facts["jp"] >= target:
        return say("Number %(number)s. You now have %(total)s JP for %(year)s.", **year)
    if total < target:
        return say("Number %(number)s. You now have %(total)s of %(target)s JP for %(year)s.", target=target, **year)
    return say("Number %(number)s. With it the target of %(target)s JP for %(year)s is reached.", target=target, **year)


def _revoked(facts: Facts) -> NoticeText:
    """The reason is not in the title, which a phone shows on its locked screen."""
    title = say("Your certificate of %(course)s is no longer valid", course=facts["course"])
    body = say(
        "Number %(number)s was revoked. Reason: %(reason)s Your progress and marks are kept. The JP count again once"
        " a replacement is issued. If anything is unclear, ask the admin.",
        number=facts["number"],
        reason=sentence(facts["reason"]),
    )
    return NoticeText(title, body)


def _reminder(facts: Facts) -> NoticeText:
    title = say("A reminder: %(course)s is waiting for you", course=facts["course"])
    if facts.get("is_past"):
        gone = say(
            "The deadline was %(due_on)s. Please finish the rest soon. Your work so far is kept.",
            due_on=facts["due_on"],
        )
        return NoticeText(title, gone)
    if facts.get("due_on"):
        return NoticeText(
            title,
            say("The deadline is %(due_on)s. Your work so far is kept.", due_on=facts["due_on"]),
        )
    return NoticeText(title, say("Please continue the course. Your work so far is kept."))


def _thanks(facts: Facts) -> NoticeText:
    body = say(
        "You have completed “%(course)s”. Thank you for the time and the care you gave it.", course=facts["course"]
    )
    return NoticeText(say("%(name)s thanks you", name=facts["name"]), body)


def _encouragement(facts: Facts) -> NoticeText:
    title = say("%(name)s invites you to learn", name=facts["name"])
    if not facts["target"]:
        return NoticeText(title, say("Go on with your course or choose one; a little at a time is enough."))
    values = {"jp": facts["jp"], "target": facts["target"], "year": facts["year"]}
    body = say(
        "You have %(jp)s of %(target)s JP in %(year)s. Go on with your course or choose one; a little at a time is"
        " enough.",
        **values,
    )
    return NoticeText(title, body)


def _factor_removed(_facts: Facts) -> NoticeText:
    title = say("The second step at sign-in was removed from your account")
    body = say(
        "An admin did this. Your password alone signs you in now."
        " If you did not ask for it, change your password and tell the admin of your agency."
    )
    return NoticeText(title, body)


def _number_changed(facts: Facts) -> NoticeText:
    title = say("You have a new number for signing in")
    body = say(
        "An admin has entered it: %(end)s. An older number no longer signs you in. Your password and everything you"
        " have learned stay. If this is not your number, tell the admin of your agency.",
        end=facts["end"],
    )
    return NoticeText(title, body)


def _group(facts: Facts) -> NoticeText:
    if not facts["group"]:
        title = say("You are in no group now")
        body = say(
            "You were taken out of the group “%(before)s”. What was handed in while you were in it stays yours."
            " Ask your instructor which group you will be in. Course: %(course)s.",
            before=facts["before"],
            course=facts["course"],
        )
        return NoticeText(title, body)
    title = say("You are in the group “%(group)s” now", group=facts["group"])
    if facts["before"]:
        body = say(
            "Until now you were in “%(before)s”; what was handed in there stays yours. From now on one of “%(group)s”"
            " hands in for you too. Course: %(course)s.",
            before=facts["before"],
            group=facts["group"],
            course=facts["course"],
        )
        return NoticeText(title, body)
    body = say(
        "At assignments of groups one member hands in for all. The page of the assignment says who is in the group."
        " Course: %(course)s.",
        course=facts["course"],
    )
    return NoticeText(title, body)


def _deadline(facts: Facts) -> NoticeText:
    """The dates of a course have changed, for one person or a cohort."""
    days = {name: facts[name] for name in ("starts_on", "due_on") if facts[name]}
    if not facts["is_other_end"]:
        title = say("%(course)s now starts on %(starts_on)s", course=facts["course"], starts_on=facts["starts_on"])
    elif not facts["due_on"]:
        title = say("%(course)s has no deadline any more", course=facts["course"])
    else:
        title = say("%(course)s: the deadline is now %(due_on)s", course=facts["course"], due_on=facts["due_on"])
    if len(days) == 2:
        return NoticeText(
            title, say("It starts on %(starts_on)s and ends on %(due_on)s. Your work so far is kept.", **days)
        )
    return NoticeText(title, say("The page of the course says what is due when. Your work so far is kept."))


_ITEM_MOMENTS = {
    "due_at": (
        say("The deadline of “%(item)s” is now %(moment_at)s"),
        say("“%(item)s” has no deadline any more"),
    ),
    "last_at": (
        say("“%(item)s” is now accepted until %(moment_at)s"),
        say("“%(item)s” is now accepted without end"),
    ),
    "opens_at": (say("“%(item)s” now opens on %(moment_at)s"), say("“%(item)s” is open now")),
}
"""With the moment, and without."""


def _item_deadline(facts: Facts) -> NoticeText:
    with_moment, without = _ITEM_MOMENTS[facts["what"]]
    if facts["moment_at"]:
        title = say(with_moment.template, item=facts["item"], moment_at=facts["moment_at"])
    else:
        title = say(without.template, item=facts["item"])
    if facts["before_at"]:
        body = say(
            "Before it was %(before_at)s. Your draft is kept. Course: %(course)s.",
            before_at=facts["before_at"],
            course=facts["course"],
        )
        return NoticeText(title, body)
    return NoticeText(title, say("Your draft is kept. Course: %(course)s.", course=facts["course"]))


def _quiz_limits(facts: Facts) -> NoticeText:
    course = facts["course"]
    if not facts["item"]:
        title = say("You have other limits at the quizzes of “%(course)s”", course=course)
        return NoticeText(title, say("Each quiz says on its page what holds for you now."))
    if facts["further"]:
        title = say("You have a further attempt at “%(item)s”", item=facts["item"])
    else:
        title = say("The limits of “%(item)s” have changed for you", item=facts["item"])
    return NoticeText(
        title, say("The page of the quiz says what holds for you now. Course: %(course)s.", course=course)
    )


def _attempt_refused(facts: Facts) -> NoticeText:
    title = say("Your request at “%(item)s” was answered", item=facts["item"])
    body = say(
        "There is no further attempt. The answer: %(answer)s Your answers and marks are kept. Course: %(course)s.",
        answer=sentence(facts["answer"]),
        course=facts["course"],
    )
    return NoticeText(title, body)


def _application_refused(facts: Facts) -> NoticeText:
    """The decision is not in the title, which a phone shows on its locked screen."""
    title = say("Your application for %(course)s was decided", course=facts["course"])
    body = say(
        "It was not accepted. The reason: %(reason)s The page of the course says what is possible now.",
        reason=sentence(facts["reason"]),
    )
    return NoticeText(title, body)


def _meeting(facts: Facts) -> NoticeText:
    title = say("“%(item)s” begins on %(starts_at)s", item=facts["item"], starts_at=facts["starts"])
    return NoticeText(title, _place_of_meeting(facts))


def _meeting_moved(facts: Facts) -> NoticeText:
    title = say("“%(item)s” is now on %(starts_at)s", item=facts["item"], starts_at=facts["starts"])
    return NoticeText(title, _place_of_meeting(facts))


def _place_of_meeting(facts: Facts) -> Message:
    if facts["place"]:
        return say("Place: %(place)s. Course: %(course)s.", place=facts["place"], course=facts["course"])
    return say("The page of the session says where it is. Course: %(course)s.", course=facts["course"])


def _objection_answered(facts: Facts) -> NoticeText:
    """The answer is not in the title, which a phone shows on its locked screen."""
    if facts["is_question"]:
        title = say("Your report of a question of “%(item)s” was answered", item=facts["item"])
    else:
        title = say("Your objection to the mark of “%(item)s” was answered", item=facts["item"])
    values = {"answer": sentence(facts["answer"]), "course": facts["course"]}
    if facts["outcome"] == "changed":
        return NoticeText(title, say("It was put right. The answer: %(answer)s Course: %(course)s.", **values))
    return NoticeText(title, say("Nothing changes. The answer: %(answer)s Course: %(course)s.", **values))


def _inquiry_answered(facts: Facts) -> NoticeText:
    title = say("Your question was answered")
    values = {"answer": sentence(facts["answer"]), "course": facts["course"]}
    return NoticeText(title, say("%(answer)s Course: %(course)s.", **values))


def _announcement(facts: Facts) -> NoticeText:
    if not facts["title"]:
        title = say("An announcement was withdrawn")
        return NoticeText(title, say("What it said no longer holds. Course: %(course)s.", course=facts["course"]))
    title = say("Announcement: %(title)s", title=facts["title"])
    body = say("Course: %(course)s.\n\n%(text)s", course=facts["course"], text=facts["text"])
    return NoticeText(title, body)


_KINDS: dict[str, Callable[[Facts], NoticeText]] = {
    "enrolled": _enrolled,
    "graded": _graded,
    "graded-together": _graded_together,
    "returned": _returned,
    "regraded": _regraded,
    "due": _due,
    "overdue": _overdue,
    "certificate": _certificate,
    "revoked": _revoked,
    "reminder": _reminder,
    "thanks": _thanks,
    "encouragement": _encouragement,
    "factor-removed": _factor_removed,
    "number-changed": _number_changed,
    "handed-in": staff_texts.handed_in,
    "group": _group,
    "deadline": _deadline,
    "item-deadline": _item_deadline,
    "quiz-limits": _quiz_limits,
    "attempt-asked": staff_texts.attempt_asked,
    "attempt-refused": _attempt_refused,
    "application-refused": _application_refused,
    "meeting": _meeting,
    "meeting-moved": _meeting_moved,
    "objection-raised": staff_texts.objection_raised,
    "objection-answered": _objection_answered,
    "inquiry-asked": staff_texts.inquiry_asked,
    "inquiry-answered": _inquiry_answered,
    "announcement": _announcement,
    "published": staff_texts.published,
    "not-published": staff_texts.not_published,
}
KINDS = tuple(_KINDS)
