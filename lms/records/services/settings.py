"""What the agency decides about certificates and hours: rules an admin edits, frozen into each record on issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from lms.accounts import nip
from lms.core import settings
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.records import numbering, qualification
from lms.records.certificate import SENTENCE, Signatory
from lms.records.models import Record
from lms.records.years import Meaning, Target

CERTIFICATES = lazy("Certificates")
HOURS = lazy("Lesson hours (JP)")
MEANINGS: dict[str, Meaning] = {"minimal": "floor", "maksimal": "ceiling"}
_MEANING_WORDS = (
    ("minimal", lazy("minimal (to be reached)")),
    ("maksimal", lazy("maksimal (the most that counts)")),
)

Check = Callable[[Any], str | None]
_LONGEST_KODE = 30
_LONGEST_COURSE_CODE = 40


def _text(most: int, *, may_be_empty: bool = True) -> Check:
    def check(value: str) -> str | None:
        if not value and not may_be_empty:
            return str(lazy("This cannot be empty: it is printed on every certificate."))
        if len(value) > most:
            return str(lazy("At most %(most)s characters.", most=most))
        return None if value.isprintable() else str(lazy("Write it in one line."))

    return check


def _pattern(value: str) -> str | None:
    faults = numbering.check(value)
    if faults:
        return str(lazy(faults[0].template, **dict(faults[0].values)))
    longest = numbering.make_number(
        value,
        kode="0" * _LONGEST_KODE,
        urut=999_999,
        issued_on=date(2028, 8, 1),
        kode_kursus="0" * _LONGEST_COURSE_CODE,
    )
    if len(longest) > Record.__table__.c.number.type.length:  # type: ignore[attr-defined]
        return str(lazy("Numbers of this pattern can become too long. Shorten its fixed parts."))
    return None


def _bands(value: str) -> str | None:
    try:
        qualification.read(value)
    except qualification.BadLine as error:
        return str(lazy("This line cannot be read: “%(line)s”. Write a score and a word.", line=error.line))
    return None


def _nip(value: str) -> str | None:
    return str(lazy("This is no NIP: it has 18 digits.")) if value and nip.complaint(value) else None


def _jp(value: int) -> str | None:
    return None if 0 <= value <= 1000 else str(lazy("Between 0 and 1,000."))


def _meaning(value: str) -> str | None:
    return None if value in MEANINGS else str(lazy("Write minimal or maksimal."))


def _rule(name: str, default: Any, label: LazyString, check: Check = lambda _value: None, **more: Any) -> Setting:
    return Setting(name, default, group=CERTIFICATES, label=label, check=check, **more)


NUMBER_PATTERN = _rule(
    "certificate_number_pattern",
    numbering.DEFAULT_PATTERN,
    lazy("Pattern of the number"),
    _pattern,
    hint=lazy(
        "{kode} classification, {urut} running number ({urut:4} with zeros), {bulan_romawi} or {bulan} month, "
        "{tahun} year, {kode_kursus} the course's code. The running number begins again each year."
    ),
)
KODE = _rule(
    "certificate_kode",
    "800",
    lazy("Classification code"),
    _text(_LONGEST_KODE, may_be_empty=False),
    hint=lazy("Stands for {kode} in the number. 800 is personnel; ask the records office for the exact code."),
)
TITLE = _rule(
    "certificate_title",
    "SERTIFIKAT",
    lazy("Name of the document"),
    _text(60, may_be_empty=False),
    hint=lazy("SERTIFIKAT, or SURAT TANDA TAMAT PELATIHAN where the agency may issue one."),
)
ISSUER = _rule(
    "certificate_issuer",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    lazy("Issuing organisation"),
    _text(160, may_be_empty=False),
    hint=lazy("In full, with the name of the city, regency or province."),
)
ORGANISER = _rule(
    "certificate_organiser",
    "",
    lazy("Organiser of the training"),
    _text(160),
    hint=lazy("Empty: the issuing organisation."),
)
LEGAL_SENTENCE = _rule(
    "certificate_sentence",
    SENTENCE,
    lazy("Legal sentence"),
    _text(600),
    hint=lazy("Follows the name of the organisation and ends in “menyatakan bahwa:”."),
    is_long=True,
)
GRADED_STATEMENT = _rule(
    "certificate_graded_statement",
    "TELAH MENGIKUTI",
    lazy("Statement for training with marks"),
    _text(40, may_be_empty=False),
    hint=lazy("TELAH MENGIKUTI, or LULUS where the agency's rules say so. Training without marks: TELAH MENGIKUTI."),
)
METHOD = _rule(
    "certificate_method",
    "pembelajaran daring",
    lazy("Method"),
    _text(80),
    hint=lazy("Printed after “melalui”; empty: not printed."),
)
SHOW_QUALIFICATION = _rule(
    "certificate_shows_qualification",
    False,
    lazy("Print the qualification"),
    hint=lazy("The word for the final score; only for training with marks."),
)
QUALIFICATIONS = _rule(
    "certificate_qualifications",
    qualification.LAN_SCALE,
    lazy("Qualifications"),
    _bands,
    hint=lazy("One per line: the lowest score and its word."),
    is_long=True,
)
PLACE = _rule("certificate_place", "Sorong", lazy("Place of issue"), _text(80, may_be_empty=False))
SIGNATORY_OFFICE = _rule(
    "signatory_office",
    "",
    lazy("Office of the signatory"),
    _text(160),
    hint=lazy("As it stands above the signature. While these four are empty, lines are left to write on."),
)
SIGNATORY_NAME = _rule("signatory_name", "", lazy("Name of the signatory, with titles"), _text(160))
SIGNATORY_RANK = _rule("signatory_rank", "", lazy("Rank of the signatory"), _text(80))
SIGNATORY_NIP = _rule("signatory_nip", "", lazy("NIP of the signatory"), _nip)


def _target(name: str, jp: int, meaning: str, label: LazyString, meaning_label: LazyString) -> tuple[Setting, Setting]:
    hint = lazy("0: no target is shown.")
    return (
        Setting(f"jp_target_{name}", jp, group=HOURS, label=label, hint=hint, check=_jp),
        Setting(f"jp_meaning_{name}", meaning, HOURS, meaning_label, check=_meaning, choices=_MEANING_WORDS),
    )


_PNS = _target("pns", 20, "minimal", lazy("PNS and CPNS: JP a year"), lazy("PNS and CPNS: meaning"))
_PPPK = _target("pppk", 24, "maksimal", lazy("PPPK: JP a year"), lazy("PPPK: meaning"))
_OTHERS = _target("others", 0, "minimal", lazy("All others: JP a year"), lazy("All others: meaning"))
TARGETS = {"pns": _PNS, "cpns": _PNS, "pppk": _PPPK, "pppk-paruh-waktu": _PPPK}


TARGET_RULES = (*_PNS, *_PPPK, *_OTHERS)


def targets(values: Mapping[str, Any], statuses: Iterable[str]) -> dict[str, Target]:
    """The targets of several statuses at once; ``values`` are those of ``TARGET_RULES`` (``settings.values``)."""
    pairs = {status: TARGETS.get(status, _OTHERS) for status in statuses}
    return {one: Target(int(values[jp.name]), MEANINGS[values[meaning.name]]) for one, (jp, meaning) in pairs.items()}


def jp_target(status: str) -> tuple[int, Meaning]:
    """The JP of a year for an employment status, and whether they are a floor or a ceiling; 0: no target."""
    jp, meaning = TARGETS.get(status, _OTHERS)
    found = settings.values((jp, meaning))
    return int(found[jp.name]), MEANINGS[found[meaning.name]]


def target(status: str) -> Target:
    return Target(*jp_target(status))


def signatory() -> Signatory:
    return Signatory(
        office=settings.value(SIGNATORY_OFFICE),
        name=settings.value(SIGNATORY_NAME),
        rank=settings.value(SIGNATORY_RANK),
        nip=nip.normalise(settings.value(SIGNATORY_NIP)),
    )
