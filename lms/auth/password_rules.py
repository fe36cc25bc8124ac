"""Rules for passwords: not too short, not easy to guess, and without the owner's NIP or birth date.

There are no rules for mixtures of characters, which make passwords harder to
remember but not harder to guess (NIST SP 800-63B).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum

MIN_LENGTH = 10
MAX_LENGTH = 200
MIN_NIP_PART = 8
MIN_DIFFERENT_CHARACTERS = 4
"""Rules out ``aaaaaaaaaa`` and ``1212121212``."""
DEMO_PASSWORD = "belajar-asn-sorong"  # noqa: S105  (printed in the handbook)

_SEPARATORS = re.compile(r"[\W_]+")
_MONTHS = (
    ("januari", "jan", "january"),
    ("februari", "feb", "february"),
    ("maret", "mar", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("agustus", "agt", "agu", "ags", "august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("desember", "des", "december", "dec"),
)
_SEQUENCES = (
    "01234567890123456789",
    "1234567891011121314151617181920",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
)
"""Sequences of the alphabet, of digits and of the keyboard."""
_COMMON = """
    admin administrator alhamdulillah anakku asn assalamualaikum baseball basketball belajar belajarasn bismillah bkd
    bkpsdm bkpsdmsorong cantik changeme cinta cintaku cpns default demo doraemon dragon facebook football ganteng
    garuda google guru honorer iloveu iloveyou indonesia instagram insyaallah internet jakarta jayapura katasandi
    keluarga keluargaku komputer kotasorong letmein login manokwari master merdeka monkey naruto operator p4ssw0rd
    pancasila papua papuabarat papuabaratdaya passw0rd password passwordku pegawai pelatihan pemda pemkot
    pemkotsorong persija persipura pns pppk princess puskesmas qwerty rahasia rahasiaku rajaampat samsung sandi
    sayang sayangku sayangmama sayangkamu selamat selamatdatang semangat siasn sorong sorongkota sorongraya
    sunshine superman terserah test testing tuhanyesus tuhanyesusbaik user welcome whatsapp yesus yesuskristus
"""
_COMMON_WORDS = frozenset(_COMMON.split())


class PasswordProblem(Enum):
    """Why a password is refused. ``lms.auth.services.passwords`` has the texts."""

    SHORT = "short"
    LONG = "long"
    NIP = "nip"
    BIRTH_DATE = "birth-date"
    DEMO = "demo"
    ADDRESS = "address"
    OBVIOUS = "obvious"
    COMMON = "common"


def find_problem(
    password: str, *, nip: str | None = None, address: str | None = None, is_demo: bool = False
) -> PasswordProblem | None:
    """The first rule that a password breaks, or None. With ``nip``, the birth date in it is checked, too."""
    folded = password.casefold()
    joined = _SEPARATORS.sub("", folded)
    if len(password) < MIN_LENGTH:
        return PasswordProblem.SHORT
    if len(password) > MAX_LENGTH:
        return PasswordProblem.LONG
    if nip and _has_part_of(nip, joined):
        return PasswordProblem.NIP
    if nip and any(written in joined for written in _birth_dates(nip)):
        return PasswordProblem.BIRTH_DATE
    if folded.strip() == DEMO_PASSWORD:
        return None if is_demo else PasswordProblem.DEMO
    if address and folded in {address, address.split("@")[0]}:
        return PasswordProblem.ADDRESS
    if _is_obvious(folded) or (joined and _is_obvious(joined)):
        return PasswordProblem.OBVIOUS
    return PasswordProblem.COMMON if _is_common(joined) else None


def _has_part_of(nip: str, password: str) -> bool:
    starts = range(len(nip) - MIN_NIP_PART + 1)
    return any(nip[start : start + MIN_NIP_PART] in password for start in starts)


def _birth_dates(nip: str) -> Iterator[str]:
    """Common ways of writing the birth date, without separators."""
    try:
        born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        return
    day, month, year = f"{born.day:02}", f"{born.month:02}", str(born.year)
    yield from (day + month + year, year + month + day, month + day + year, f"{born.day}{born.month}{year}")
    yield from (day + month + year[2:], year[2:] + month + day)
    for name in _MONTHS[born.month - 1]:
        yield from (f"{number}{name}{tail}" for number in {day, str(born.day)} for tail in (year, year[2:]))


def _is_obvious(text: str) -> bool:
    """Few different characters, a repeated piece, or part of a sequence."""
    if len(set(text)) < MIN_DIFFERENT_CHARACTERS:
        return True
    if any(text in row + row or text in (row + row)[::-1] for row in _SEQUENCES):
        return True
    return any(_repeats(text, size) for size in range(1, len(text) // 2 + 1))


def _repeats(text: str, size: int) -> bool:
    """Whether the text repeats its first ``size`` characters, at most five, as ``abcd1abcd1`` does."""
    return size <= 5 and (text[:size] * len(text))[: len(text)] == text


def _is_common(joined: str) -> bool:
    """A common word, possibly with digits around it or repeated."""
    word = joined.strip("0123456789")
    half = word[: len(word) // 2]
    return word in _COMMON_WORDS or joined in _COMMON_WORDS or (half * 2 == word and half in _COMMON_WORDS)
