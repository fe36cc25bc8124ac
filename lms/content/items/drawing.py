"""Which questions an attempt has, where a quiz draws some: of all, of groups, of tags.

A key of ``Quiz.draw`` is a group, a tag after ``#``, or empty for all questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from lms.content.markdown.fields import Fields
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Message, say
from lms.content.questions.base import Question
from lms.lib.folding import fold_text

TAG = "#"


def belongs_to(question: Question, key: str) -> bool:
    """Whether the question can be drawn for ``key``. Groups are compared as they are written, tags folded."""
    if not key or question.group == key:
        return True
    return key.startswith(TAG) and fold_text(key[1:]) in map(fold_text, question.tags)


def drawn(
    draw: Mapping[str, int], questions: Sequence[Question], random: Random, seen: Mapping[str, int] | None = None
) -> list[Question]:
    """The questions of one attempt, in file order. None counts for two keys.

    ``seen``: how often the learner has had each, by its id; those that were had least often come first.

    A key with too few questions gets all that there are. Where a question belongs to several keys, one that was drawn
    for another key is exchanged rather than a key left short.
    """
    pools = {key: [at for at, one in enumerate(questions) if belongs_to(one, key)] for key in sorted(draw)}
    owners: dict[int, str] = {}
    for key, pool in pools.items():
        free = [at for at in pool if at not in owners]
        shuffled = random.sample(free, len(free))
        chosen = sorted(shuffled, key=lambda at: (seen or {}).get(questions[at].id, 0))[: draw[key]]
        owners |= dict.fromkeys(chosen, key)
        for _missing in range(draw[key] - len(chosen)):
            if not _gain(key, pools, owners, set()):
                break
    return [one for at, one in enumerate(questions) if at in owners]


def _gain(key: str, pools: Mapping[str, Sequence[int]], owners: dict[int, str], seen: set[int]) -> bool:
    """One more question for the key: a free one, or that of another key which then gains one itself."""
    for at in pools[key]:
        if at in seen or owners.get(at) == key:
            continue
        seen.add(at)
        owner = owners.get(at)
        if owner is None or _gain(owner, pools, owners, seen):
            owners[at] = key
            return True
    return False


def check_draw(draw: Mapping[str, int], questions: Sequence[Question], fields: Fields) -> None:
    """Report a draw of more questions than there are: in the quiz, of a group, with a tag, or of all keys together."""
    if "" in draw:
        if draw[""] > len(questions):
            what = say(
                "more questions are drawn (%(wanted)d) than there are (%(count)d)",
                wanted=draw[""],
                count=len(questions),
            )
            fields.fault("draw", what, _FEWER)
        return
    keys = fields.inner("draw")
    sizes = {key: sum(belongs_to(one, key) for one in questions) for key in draw}
    short = [key for key, wanted in draw.items() if wanted > sizes[key]]
    for key in short:
        if keys:
            keys.fault(key, _too_few(key, draw[key], sizes[key]), _fix(key, questions))
    if not short and (count := len(drawn(draw, questions, Random(0)))) < sum(draw.values()):  # noqa: S311
        what = say(
            "%(wanted)d questions are drawn, and no question is drawn twice: together the groups and tags have"
            " %(count)d",
            wanted=sum(draw.values()),
            count=count,
        )
        fields.fault("draw", what, _FEWER)
    has_groups = any(one.group in draw for one in questions)
    for question in questions:
        if not any(belongs_to(question, key) for key in draw):
            fields.findings.warn(
                (question.line, 1),
                say("this question is never drawn"),
                say("give it as group= one of the groups under “draw”")
                if has_groups
                else say("give it as tags= one of the tags under “draw”"),
            )


_FEWER = say("draw fewer or write more questions")


def _too_few(key: str, wanted: int, count: int) -> Message:
    if key.startswith(TAG):
        return say(
            "more questions are drawn with the tag “%(tag)s” (%(wanted)d) than have it (%(count)d)",
            tag=shorten(key[1:]),
            wanted=wanted,
            count=count,
        )
    return say(
        "more questions are drawn from the group “%(group)s” (%(wanted)d) than it has (%(count)d)",
        wanted=wanted,
        group=shorten(key),
        count=count,
    )


def _fix(key: str, questions: Sequence[Question]) -> Message:
    groups = [one.group for one in questions if one.group]
    near = nearest(key, [*groups, *(f"{TAG}{tag}" for one in questions for tag in one.tags)])
    return say("did you mean “%(near)s”?", near=near) if near and near != key else _FEWER
