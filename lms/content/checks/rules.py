"""The rules by name. An author switches one off by its name: ``lint-off`` of a question or of an item."""

from __future__ import annotations

from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.names import nearest, shorten
from lms.content.markdown.problems import Message, say, term
from lms.content.markdown.values import InvalidValue

EXAMPLE_TEXT = "example-text"
OF_QUESTIONS: dict[str, Message] = {
    "several-keys": term("One answer is asked for, but several are marked as right"),
    "all-keys": term("Every choice is marked as right"),
    "longest-key": term("The right answer is visibly the longest"),
    "all-of-the-above": term("“All of the above” among shuffled choices, or not in the last place"),
    "letters": term("A choice names other choices by their letters, which shuffling changes"),
    "double-negative": term("A double negative"),
    "same-options": term("Two choices say the same"),
    "same-stem": term("Two questions ask the same"),
    "repeats-check": term("A quiz repeats a question to check oneself"),
    "absolute": term("A wrong choice or statement gives itself away with “always” or “never”"),
    "stem-word": term("The right choice repeats a rare word of the question"),
    "long-question": term("A question takes long to read"),
}
OF_ITEMS: dict[str, Message] = {
    "key-length": term("Over a quiz, the right answers are the longest more often than by chance"),
    "key-position": term("Over a quiz, the right answers are in one position more often than by chance"),
    "pass-mark": term("A pass mark that nobody can reach, that allows no mistake, or that guessing reaches"),
    "few-questions": term("Fewer questions than the attempts draw"),
    "reading-level": term("A text that is hard to read"),
    EXAMPLE_TEXT: term("A module that still has an example text of the site"),
    "nothing-counts": term("A course in which nothing counts"),
    "jp-without-certificate": term("JP of a course without a certificate, by which they count"),
}
OF_PAGES: dict[str, Message] = {
    "shown-tag": term("An HTML tag is shown as text, or left out"),
    "shown-markup": term("Marks of another format are shown as text"),
    "missing-picture": term("A picture is not shown"),
    "dead-link": term("A link leads nowhere"),
    "include": term("A shared text is not included"),
}
RULES: dict[str, Message] = {**OF_QUESTIONS, **OF_ITEMS, **OF_PAGES}


def rules(value: YamlText) -> tuple[str, ...]:
    """Names of rules between commas, as an attribute has them."""
    return tuple(dict.fromkeys(_known(word.strip()) for word in value.text.split(",") if word.strip()))


def rule(value: YamlText) -> str:
    return _known(value.text.strip())


def _known(word: str) -> str:
    if word in RULES:
        return word
    what = say("there is no rule “%(name)s”", name=shorten(word))
    if near := nearest(word, RULES):
        raise InvalidValue(what, say("did you mean “%(near)s”?", near=near))
    raise InvalidValue(what, say("write the name shown with the suggestion, such as longest-key"))
