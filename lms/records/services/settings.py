"""Settings of certificates and of JP targets. Those of certificates are frozen into each record when it is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core import settings
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting
from lms.people import nip
from lms.records import numbering, qualification
from lms.records.certificate import SENTENCE, Signatory
from lms.records.models import Record
from lms.records.queries.repeats import HOURS
from lms.records.years import JpTarget, Meaning

CERTIFICATES = lazy("Certificates")
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
        urut=numbering.HIGHEST,
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
    return str(lazy("Not a valid NIP. A NIP has 18 digits.")) if value and nip.problem_of(value) else None


def _jp(value: int) -> str | None:
    return None if 0 <= value <= 1000 else str(lazy("Between 0 and 1,000."))


def _meaning(value: str) -> str | None:
    return None if value in MEANINGS else str(lazy("Write minimal or maksimal."))


def _certificate_setting(
    name: str, default: Any, label: LazyString, check: Check = lambda _value: None, **more: Any
) -> Setting:
    return Setting(name, default, group=CERTIFICATES, label=label, check=check, **more)


NUMBER_PATTERN = _certificate_setting(
    "certificate_number_pattern",
    numbering.DEFAULT_PATTERN,
    lazy("Pattern of the number"),
    _pattern,
    hint=lazy(
        "{kode} classification, {urut} running number ({urut:4} with zeros), {bulan_romawi} or {bulan} month, "
        "{tahun} year, {kode_kursus} the course's code. The running number begins again each year."
    ),
)
KODE = _certificate_setting(
    "certificate_kode",
    "800",
    lazy("Classification code"),
    _text(_LONGEST_KODE, may_be_empty=False),
    hint=lazy("Stands for {kode} in the number. 800 is personnel; ask the records office for the exact code."),
)
TITLE = _certificate_setting(
    "certificate_title",
    "SERTIFIKAT",
    lazy("Name of the document"),
    _text(60, may_be_empty=False),
    hint=lazy("SERTIFIKAT, or SURAT TANDA TAMAT PELATIHAN where the agency may issue one."),
)
GOVERNMENT = _certificate_setting(
    "certificate_government",
    "",
    lazy("Name of the government"),
    _text(120),
    hint=lazy("Printed above the issuing organisation, such as Pemerintah Kota Sorong. Empty: not printed."),
)
EMBLEM = _certificate_setting("certificate_emblem", "", lazy("Emblem on certificates"), has_own_page=True)
"""SHA-256 of the picture in the storage; changed by ``services.emblem``."""
ISSUER = _certificate_setting(
    "certificate_issuer",
    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
    lazy("Issuing organisation"),
    _text(160, may_be_empty=False),
    hint=lazy("In full, with the name of the city, regency or province."),
)
ORGANISER = _certificate_setting(
    "certificate_organiser",
    "",
    lazy("Organiser of the training"),
    _text(160),
    hint=lazy("Empty: the issuing organisation."),
)
LEGAL_SENTENCE = _certificate_setting(
    "certificate_sentence",
    SENTENCE,
    lazy("Legal sentence"),
    _text(600),
    hint=lazy("Follows the name of the organisation and ends in “menyatakan bahwa:”."),
    is_long=True,
)
GRADED_STATEMENT = _certificate_setting(
    "certificate_graded_statement",
    "TELAH MENGIKUTI",
    lazy("Statement for training with marks"),
    _text(40, may_be_empty=False),
    hint=lazy("TELAH MENGIKUTI, or LULUS where the agency's rules say so. Training without marks: TELAH MENGIKUTI."),
)
METHOD = _certificate_setting(
    "certificate_method",
    "pembelajaran daring",
    lazy("Method"),
    _text(80),
    hint=lazy("Printed after “melalui”; empty: not printed."),
)
SHOW_QUALIFICATION = _certificate_setting(
    "certificate_shows_qualification",
    False,
    lazy("Print the qualification"),
    hint=lazy("The word for the final score; only for training with marks."),
)
QUALIFICATIONS = _certificate_setting(
    "certificate_qualifications",
    qualification.LAN_SCALE,
    lazy("Qualifications"),
    _bands,
    hint=lazy("One per line: the lowest score and its word."),
    is_long=True,
)
PLACE = _certificate_setting("certificate_place", "Sorong", lazy("Place of issue"), _text(80, may_be_empty=False))
SIGNATORY_OFFICE = _certificate_setting(
    "signatory_office",
    "",
    lazy("Office of the signatory"),
    _text(160),
    hint=lazy("Printed above the signature. While the name of the signatory is empty, no certificate is issued."),
)
SIGNATORY_NAME = _certificate_setting("signatory_name", "", lazy("Name of the signatory, with titles"), _text(160))
SIGNATORY_RANK = _certificate_setting("signatory_rank", "", lazy("Rank of the signatory"), _text(80))
SIGNATORY_NIP = _certificate_setting("signatory_nip", "", lazy("NIP of the signatory"), _nip)


def _target(name: str, jp: int, meaning: str, label: LazyString, meaning_label: LazyString) -> tuple[Setting, Setting]:
    hint = lazy("0: no target is shown.")
    return (
        Setting(f"jp_target_{name}", jp, HOURS, label, hint, _jp, is_yearly=True),
        Setting(
            f"jp_meaning_{name}", meaning, HOURS, meaning_label, None, _meaning, choices=_MEANING_WORDS, is_yearly=True
        ),
    )


_PNS = _target("pns", 20, "minimal", lazy("PNS and CPNS: JP a year"), lazy("PNS and CPNS: meaning"))
_PPPK = _target("pppk", 24, "maksimal", lazy("PPPK: JP a year"), lazy("PPPK: meaning"))
_OTHERS = _target("others", 0, "minimal", lazy("All others: JP a year"), lazy("All others: meaning"))
TARGETS = {"pns": _PNS, "cpns": _PNS, "pppk": _PPPK, "pppk-paruh-waktu": _PPPK}
TARGET_SETTINGS = (*_PNS, *_PPPK, *_OTHERS)


def jp_targets(values: Mapping[str, Any], statuses: Iterable[str]) -> dict[str, JpTarget]:
    """The JP targets of several statuses, from the ``values`` of ``TARGET_SETTINGS``."""
    pairs = {status: TARGETS.get(status, _OTHERS) for status in statuses}
    return {one: JpTarget(int(values[jp.name]), MEANINGS[values[meaning.name]]) for one, (jp, meaning) in pairs.items()}


def target_settings(status: str) -> tuple[Setting, Setting]:
    """The settings of the JP target of an employment status."""
    return TARGETS.get(status, _OTHERS)


def jp_target(status: str, year: int) -> JpTarget:
    """The JP target of a year for an employment status, by the rules of that year."""
    return jp_targets(settings.values(target_settings(status), year), [status])[status]


@dataclass(frozen=True)
class CertificateSettings:
    """The settings that go into a certificate, as they are now."""

    number_pattern: str
    kode: str
    title: str
    government: str
    emblem: str
    issuer: str
    organiser: str
    """The issuer, unless another one is set."""
    sentence: str
    graded_statement: str
    method: str
    shows_qualification: bool
    qualifications: str
    place: str
    signatory: Signatory

    def number(self, urut: int, issued_on: date, course_code: str) -> str:
        return numbering.make_number(
            self.number_pattern, kode=self.kode, urut=urut, issued_on=issued_on, kode_kursus=course_code
        )


def certificate_settings() -> CertificateSettings:
    """Load them all with one query."""
    values = settings.values(setting for setting in settings.registered.values() if setting.group is CERTIFICATES)
    return CertificateSettings(
        number_pattern=values[NUMBER_PATTERN.name],
        kode=values[KODE.name],
        title=values[TITLE.name],
        government=values[GOVERNMENT.name],
        emblem=values[EMBLEM.name],
        issuer=values[ISSUER.name],
        organiser=values[ORGANISER.name] or values[ISSUER.name],
        sentence=values[LEGAL_SENTENCE.name],
        graded_statement=values[GRADED_STATEMENT.name],
        method=values[METHOD.name],
        shows_qualification=values[SHOW_QUALIFICATION.name],
        qualifications=values[QUALIFICATIONS.name],
        place=values[PLACE.name],
        signatory=Signatory(
            office=values[SIGNATORY_OFFICE.name],
            name=values[SIGNATORY_NAME.name],
            rank=values[SIGNATORY_RANK.name],
            nip=nip.normalise(values[SIGNATORY_NIP.name]),
        ),
    )
