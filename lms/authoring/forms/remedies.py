"""The problems of the check, which speak of files, in the words of the forms that write these files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lms.authoring.forms.setting_fields import SettingField
from lms.authoring.questions.values import ATTRIBUTES
from lms.content.markdown.problems import Message, Problem, say

_OF_QUESTIONS: Mapping[str, Message] = {
    "write [x] before the right choice": say("tick “Right answer” at the choice that is right"),
    "mark one choice with [x], or ask for all that are right": say(
        "leave “Right answer” ticked at one choice only, or ask for all that are right"
    ),
    "add a choice that is wrong, or take the x out of the brackets of those that are": say(
        "add a choice that is wrong, or untick “Right answer” at those that are"
    ),
    "write {keep-last} after it": say("open its “Feedback” and tick “Stays last when choices are shuffled”"),
    "write the choice after the brackets": say("write the text of the choice"),
    "take it out, or write type=multiple": say("choose “All or nothing” there, or let participants choose several"),
    "write a number, such as = 20, = 20 ± 0.5, = 10..15 or = 7 km": say(
        "write a number, such as 20, 20 ± 0.5, 10..15 or 7 km"
    ),
    "write it without a sign, such as = 20 ± 0.5": say("write it without a sign, such as 20 ± 0.5"),
    "write the number out: = %(number)s": say("write the number out: %(number)s"),
    "give at least one answer without a percentage": say(
        "leave “Share of the points in percent” empty at one answer at least"
    ),
    "write a percentage above 0 and up to 100, such as {50%%}; {0%%} goes with feedback below it, as a quote indented"
    " by four spaces": say(
        "write a number above 0 and up to 100 into “Share of the points in percent”, or 0 and some feedback"
    ),
    "write each spelling that is right on a line of its own: = text": say(
        "write each spelling that is right as an accepted answer of its own"
    ),
    "write a task list (- [x] right, - [ ] wrong) or lines with “= ” below it": say("write the answers below it"),
    "add rows with other partners, or a distractor: a row with an empty left cell": say(
        "add rows with other partners, or a row whose left side is empty"
    ),
    "write more rows with both cells, or ask about a part of them": say(
        "write more rows with both sides, or ask about a part of them"
    ),
    "“%(text)s” is the partner of another row, and no distractor": say(
        "“%(text)s” stands without a left side, and belongs to another row too"
    ),
    "write what is asked above the answers": say("write what is asked into “Question”"),
    "write a row for each criterion and a column for each level: Baik (3)": say(
        "write at least one criterion and one level"
    ),
    "write its points in brackets after its name: Baik (3)": say("give each level a name and its points in digits"),
    "write what is judged in the first column": say("write what is judged, such as: Clarity"),
    "“pair” goes with questions of a pretest or a posttest only": say(
        "only a question of a pretest or a posttest has a pair with the other test"
    ),
    "take it out, or write “purpose: pretest” or “purpose: posttest” in the front matter": say(
        "empty “Pair with the other test”, or choose “pretest” or “posttest” as the purpose in the settings of the quiz"
    ),
    "write pair=%(pair)s at the question there that asks for the same": say(
        "write %(pair)s into “Pair with the other test” at the question there that asks for the same"
    ),
    "give it as group= one of the groups under “draw”": say(
        "write one of the groups that are drawn into “Group for drawing”"
    ),
    "give it as tags= one of the tags under “draw”": say("write one of the tags that are drawn into “Tags”"),
}
_OF_SETTINGS: Mapping[str, Message] = {
    "write one of: %(choices)s": say("choose one of those that are offered"),
    "add a line “%(key)s: …” to the front matter": say("fill in this field"),
    "write a value after the colon or take the line out": say("fill in this field"),
    "write digits only, with a decimal point where needed, such as 20 or 2.5": say("write digits only, such as 20"),
    "write minutes, hours or days as 20m, 3h or 2d; an hour and a half is 90m": say(
        "write the minutes in digits: an hour and a half is 90"
    ),
    "write at least 1m": say("write at least 1"),
    "write a number or “%(word)s”": say("write a number, or leave this field empty"),
    "write 2026-12-01, 2026-12-01 09:00, +7d, +7d 09:00 or end+90d": say(
        "write it like 15 December 2026, 15/12/2026 17:00, or 7 days after the beginning"
    ),
    "write them in braces: %(key)s: {key: value}": say(
        "write a number, or each group with its number, such as: mudah: 5, sulit: 3"
    ),
    "take “anonymous” out, or “group”": say("untick “Graded without names” or “Handed in by groups”"),
    "write “due: …” as well, or take “late” out": say("fill in “Due”, or take “late” out of the source text"),
    "write “due: …” as well, or take “late_policy” out": say("fill in “Due”, or choose otherwise under “Late work”"),
    "add “feedback: tries”": say(
        "choose “after each try, with a hint” under “Whether an answer was right is shown”, or empty this field"
    ),
    "“review” tells nobody during the attempt what is wrong, as in an exam": say(
        "as “After handing in, learners see” is set, nobody is told during the attempt what is wrong"
    ),
    "choose another “review”": say("choose otherwise there, or tick “Right or wrong” under “Once checked”"),
    "“marks: together” holds marks that people give, and this quiz has no essay": say(
        "marks that people give can be told together, and this quiz has no essay"
    ),
    "take “marks” out; what learners see of the answers, and when, is said by “review”": say(
        "choose “as soon as it is given”; what learners see of the answers is set under “After handing in, learners"
        " see”"
    ),
    "add “answers” to the list": say("tick “Questions and own answers” at the same moment"),
    "write strict; more time after the end is “grace”, and an instructor can mark an answer by hand": say(
        "leave it out in the source text; an instructor can mark an answer by hand"
    ),
    "write “purpose: %(other)s” in the quiz that belongs to it": say(
        "choose “%(other)s” as the purpose in the settings of the quiz that belongs to it"
    ),
    "take the line out of one of the two": say("choose “a quiz of its own” in one of the two"),
    "“pass: %(mark)s” allows no mistake: one wrong answer is too many": say(
        "the pass mark %(mark)s allows no mistake: one wrong answer is too many"
    ),
    "lower “pass”, or give each question an answer that earns all its points": say(
        "lower the pass mark, or give each question an answer that earns all its points"
    ),
    "raise “pass”, or ask more questions with more choices": say(
        "raise the pass mark, or ask more questions with more choices"
    ),
    "write shuffle: [answers] into the front matter, or change the order of the choices": say(
        "tick “the options of a question” under “Shuffled”, or change the order of the choices"
    ),
    "write “weight: 0” if that is meant, otherwise its weight": say("write 0 if that is meant, otherwise its weight"),
    "take “extra” out of those that count": say("untick “Extra credit” at those that count"),
    "take the line out": say("empty this field"),
    "add it to “drop_lowest” of course.md: {%(group)s: 1}": say(
        "write %(group)s: 1 into “Lowest scores left out of the final score” of the course, or empty this field"
    ),
    "write “score_group: %(group)s” into its items": say(
        "write %(group)s into “Group for dropping lowest scores” of its items"
    ),
    "write “jp: %(total)d” here, or correct the items": say("write %(total)d here, or correct the items"),
    "add “minutes: …” to the items that ask for practice, or correct the jp of the course and of its items": say(
        "fill in “Minutes of practice beyond reading” at the items that ask for practice, or correct the lesson hours"
        " of the course and of its items"
    ),
    "correct “jp”, correct “minutes”, or make the item shorter": say(
        "correct the lesson hours or “Minutes of practice beyond reading”, or make the item shorter"
    ),
    "state the practice that it asks for beyond that as “minutes: …”, or correct “jp”": say(
        "write the practice that it asks for beyond that into “Minutes of practice beyond reading”, or correct the"
        " lesson hours"
    ),
    "let at least one item count: take “complete: none” out, or mark one as required": say(
        "let at least one item count: choose otherwise than “it does not count” in its settings, or tick that it is"
        " required"
    ),
    "take “jp” out, also of the items, or “certificate: false”": say(
        "empty “Lesson hours (JP)”, also of the items, or tick “Completing it gives a certificate”"
    ),
}
_FIELD_BY_REMEDY: Mapping[str, str] = {
    "write shuffle: [answers] into the front matter, or change the order of the choices": "shuffle",
    "lower “pass”, or give each question an answer that earns all its points": "pass",
    "lower it, ask more questions, or write 100 if that is meant": "pass",
    "raise “pass”, or ask more questions with more choices": "pass",
    "write “weight: 0” if that is meant, otherwise its weight": "weight",
    "take “jp” out, also of the items, or “certificate: false”": "certificate",
    "let at least one item count: take “complete: none” out, or mark one as required": "title",
    "add “minutes: …” to the items that ask for practice, or correct the jp of the course and of its items": "jp",
    "correct “jp”, correct “minutes”, or make the item shorter": "minutes",
    "state the practice that it asks for beyond that as “minutes: …”, or correct “jp”": "minutes",
}
"""The field that corrects a fault which is not at the line of a setting."""


_ATTRIBUTE_OF_FAULT: Mapping[str, str] = {
    "“pair” goes with questions of a pretest or a posttest only": "pair",
    "the pair “%(pair)s” appears twice in this quiz": "pair",
    "no question of %(other)s has the pair “%(pair)s”": "pair",
    "give it as group= one of the groups under “draw”": "group",
    "give it as tags= one of the tags under “draw”": "tags",
    "“scoring” goes with several right choices only": "scoring",
}
"""Faults in the braces of a question's heading, with the field of the form for each."""
_OF_LISTS: Mapping[str, Message] = {
    "open each question with a line ## and what is asked": say(
        "choose a kind under “New question”, and write what is asked"
    ),
}


def for_question_list(one: Problem) -> Problem | None:
    """The problem in the words of the list of a quiz's questions; None if it is corrected elsewhere."""
    return replace(one, fix=_said(one.fix, _OF_LISTS)) if one.fix.template in _OF_LISTS else None


def for_question_form(one: Problem) -> Problem:
    return replace(one, what=_said(one.what, _OF_QUESTIONS), fix=_said(one.fix, _OF_QUESTIONS))


def for_settings_form(one: Problem, fields: Iterable[SettingField]) -> Problem:
    labels = {field.key: field.label for field in fields}
    what = _said(one.what, _OF_SETTINGS)
    values = tuple((name, labels.get(value, value) if name == "key" else value) for name, value in what.values)
    return replace(one, what=Message(what.template, values), fix=_said(one.fix, _OF_SETTINGS))


def attribute_of(one: Problem) -> str:
    """The field of a fault in the braces of a heading; empty for any other fault."""
    key = dict(one.what.values).get("key")
    named = (_ATTRIBUTE_OF_FAULT.get(said.template, "") for said in (one.what, one.fix))
    return key if key in ATTRIBUTES else "".join(named)


def setting_of(one: Problem, fields: Iterable[SettingField], keys: Mapping[int, str]) -> SettingField | None:
    """The field of a fault. ``keys``: what is set in which line of the file."""
    named = dict(one.what.values).get("key") if one.line == 1 else None
    key = _FIELD_BY_REMEDY.get(one.fix.template) or keys.get(one.line) or named
    return next((field for field in fields if field.name == key), None)


def _said(message: Message, words: Mapping[str, Message]) -> Message:
    found = words.get(message.template)
    return Message(found.template, message.values) if found else message
