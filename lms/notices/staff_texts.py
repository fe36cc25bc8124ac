"""Texts of notices to instructors and admins, as ``texts`` has those to learners."""

from __future__ import annotations

from lms.content.markdown.problems import say
from lms.notices.notice_text import Facts, NoticeText


def handed_in(facts: Facts) -> NoticeText:
    """The name is not in the title, which a phone shows on its locked screen."""
    title = say("“%(item)s” was handed in for your group", item=facts["item"])
    body = say(
        "%(name)s handed in for the group “%(group)s”. You can read it on the page of the assignment; its mark will be"
        " yours too. Course: %(course)s.",
        name=facts["name"],
        group=facts["group"],
        course=facts["course"],
    )
    return NoticeText(title, body)


def attempt_asked(facts: Facts) -> NoticeText:
    """The name is not in the title, which a phone shows on its locked screen."""
    title = say("A participant asks for a further attempt at “%(item)s”", item=facts["item"])
    if not facts["name"]:
        return NoticeText(title, say("A participant waits for your answer."))
    return NoticeText(title, say("%(name)s waits for your answer.", name=facts["name"]))


def objection_raised(facts: Facts) -> NoticeText:
    """The name is not in the title, which a phone shows on its locked screen."""
    if facts["is_question"]:
        title = say("A participant reports a question of “%(item)s” as faulty", item=facts["item"])
    else:
        title = say("A participant objects to the mark of “%(item)s”", item=facts["item"])
    return NoticeText(title, say("%(name)s waits for your answer.", name=facts["name"]))


def inquiry_asked(facts: Facts) -> NoticeText:
    """The name is not in the title, which a phone shows on its locked screen."""
    title = say("A participant of %(course)s asks something", course=facts["course"])
    return NoticeText(title, say("%(name)s waits for your answer.", name=facts["name"]))


def published(facts: Facts) -> NoticeText:
    title = say("%(course)s was published as scheduled", course=facts["course"])
    return NoticeText(title, say("Learners see revision %(number)s now.", number=facts["number"]))


_NOT_PUBLISHED = {
    "no-right": say(
        "Whoever scheduled it may no longer publish this course. The draft is kept: an instructor of the course or an"
        " admin can publish it."
    ),
    "overtaken": say(
        "Another revision was published in the meantime, and the draft would have taken its place. The draft is kept:"
        " look at what changes now, then publish it."
    ),
    "faults": say(
        "The check finds faults by now, although the draft had none when it was scheduled. The draft is kept: look at"
        " them, then publish it."
    ),
    "heavy": say(
        "The course is heavier than the limit of this site by now. The draft is kept: say why it must be, then"
        " publish it."
    ),
    "failed": say("An error on the server stopped it. The draft is kept: look at it and publish it again."),
}


def not_published(facts: Facts) -> NoticeText:
    values = {"course": facts["course"], "moment_at": facts["moment_at"]}
    title = say("%(course)s was not published on %(moment_at)s", **values)
    return NoticeText(title, _NOT_PUBLISHED[facts["refusal"]])
