"""The words of a text without its markup, and words that matter to the checks, in Indonesian and English."""

from __future__ import annotations

import re

from lms.lib.folding import fold_text

_CODE = re.compile(r"(`+).*?\1", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"<[^<>]*>")
_MARKS = re.compile(r"[*_~`#>|\\]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")

COMMON = frozenset(
    """
    adalah agar akan antara apabila apakah atau bagaimana bagi bahwa berikut berikutnya besar bukan dalam dapat dari
    dengan disebut dilakukan digunakan harus ialah jika kapan karena kepada ketika manakah mengapa menjadi menurut
    merupakan namun oleh pada paling pernyataan saat salah sebagai sebelum sebuah sehingga seorang sesuai setelah
    setiap siapa suatu supaya tepat terhadap tersebut tetapi tidak untuk yaitu yakni yang
    about according after because before between correct following question should statement their there these
    which would
    """.split()  # noqa: SIM905 - a list of words reads better like this
)


def plain(source: str) -> str:
    """Markdown as it is read, near enough to count and compare words."""
    text = _CODE.sub(lambda found: found[0].strip("`"), source)
    text = _TAG.sub(" ", _LINK.sub(r"\1", text))
    return _MARKS.sub(" ", text)


def same(source: str) -> str:
    """What is equal in texts that ask or say the same: no markup, no case, no punctuation."""
    return " ".join(re.findall(r"[^\W_]+|[<>=≠≤≥±+/%-]", fold_text(plain(source))))


def words(source: str) -> list[str]:
    return _WORD.findall(plain(source).casefold())


def sentences(source: str) -> list[str]:
    found = (" ".join(one.split()) for one in _SENTENCE.split(plain(source)))
    return [one for one in found if _WORD.search(one)]
