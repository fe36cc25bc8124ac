"""Languages, and dates and numbers in their formats.

The ``say_…`` functions are used instead of Flask-Babel's ``format_…``: they add what this site says everywhere, such as
the time zone beside each time of day. Templates have them as filters without ``say_``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta, get_day_names
from babel.support import Translations
from flask import Flask, current_app, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from config import LANGUAGES
from lms.content.markdown.problems import Message
from lms.core import clock

__all__ = [
    "LazyPlural",
    "LazyString",
    "gettext",
    "in_language",
    "language_code",
    "lazy",
    "lazy_ngettext",
    "ngettext",
    "say_coming",
    "say_date",
    "say_end",
    "say_lately",
    "say_length",
    "say_moment",
    "say_number",
    "say_time",
    "say_time_left",
    "say_wait",
    "set_up",
    "to_site_time",
    "today",
    "weekdays",
    "zone",
]

MINUTE, HOUR, DAY = 60, 3600, 86_400
CATALOGUE = "lms.catalogue"
LANGUAGE_KEY = "lms.language"
MINUS = "\N{MINUS SIGN}"


def _catalogue() -> Any:
    """The texts of the language spoken now, looked up once per request: a page asks for a hundred."""
    if has_request_context():
        known = request.environ
        return known.get(CATALOGUE) or known.setdefault(CATALOGUE, get_translations())
    if has_app_context():
        return get_translations()
    wanted = os.environ.get("LMS_LANGUAGE")
    return _catalogue_of(wanted if wanted in LANGUAGES else LANGUAGES[0])  # a wrong one is about to be refused


def language_code() -> str:
    """The code of the language spoken now, ``id`` or ``en``; looked up once per request."""
    if has_request_context():
        known = request.environ
        return str(known.get(LANGUAGE_KEY) or known.setdefault(LANGUAGE_KEY, str(get_locale())))
    return str(get_locale() or current_app.config["LANGUAGE"])


@cache
def _catalogue_of(language: str) -> Any:
    """The catalogue of a language, for commands without an application."""
    return Translations.load(str(Path(__file__).parents[1] / "translations"), [language])


def gettext(words: str, **variables: Any) -> str:
    text: str = _catalogue().ugettext(words)
    return _filled(text, variables) if variables else text


def ngettext(one: str, many: str, num: int, **variables: Any) -> str:
    text: str = _catalogue().ungettext(one, many, num)
    return _filled(text, {"num": num} | variables)


def _filled(text: str, variables: Mapping[str, Any]) -> str:
    """A name's title often ends with a full stop ("S.Kep."), which then ends the sentence as well."""
    for name, value in variables.items():
        if isinstance(value, str) and value.endswith("."):
            text = text.replace(f"%({name})s.", f"%({name})s")
    return text % variables


def say_message(message: Message) -> str:
    """A message of the content package, translated."""
    return _filled(gettext(message.template), dict(message.values))


def lazy(words: str, **variables: Any) -> LazyString:
    """Translated when it is shown."""
    return LazyString(gettext, words, **variables)


@dataclass(frozen=True)
class LazyPlural:
    """A text whose number is not known yet: ``text % {"count": 3}`` says it in the form for three."""

    one: str
    many: str
    counted: str

    def __mod__(self, values: Mapping[str, Any]) -> str:
        return ngettext(self.one, self.many, values[self.counted], **values)


def lazy_ngettext(one: str, many: str, counted: str) -> LazyPlural:
    """A plural text that is translated when it is shown. ``counted`` names the value that decides between the forms."""
    return LazyPlural(one, many, counted)


def set_up(app: Flask) -> None:
    """The language of a request is the person's, else the visitor's choice, else the site's."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LANGUAGE"]
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["TIMEZONE"]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_language)
    app.jinja_env.globals.update(_=_template_text, gettext=_template_text, ngettext=_template_plural)
    app.jinja_env.filters.update(coming=say_coming, date=say_date, lately=say_lately, moment=say_moment)
    app.jinja_env.filters.update(number=say_number, end=say_end, time_left=say_time_left, duration=say_length)
    app.jinja_env.globals.update(language_code=language_code, in_words=say_message)


@pass_eval_context
def _template_text(page: EvalContext, words: str, /, **variables: Any) -> str:
    """``gettext`` in templates: HTML into which variables are put escaped.

    Jinja's own ("newstyle") calls a function by way of the template and formats each text. A course has a hundred.
    """
    text = _html(page, _catalogue().ugettext(words))
    return _filled(text, variables) if variables or "%" in text else text


@pass_eval_context
def _template_plural(page: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
    return _filled(_html(page, _catalogue().ungettext(one, many, num)), {"num": num} | variables)


def _html(page: EvalContext, text: str) -> str:
    return Markup(text) if page.autoescape else text  # noqa: S704 - a text of the catalogue


def _language() -> Locale:
    if not has_request_context():
        return _locale(current_app.config["LANGUAGE"])
    own = getattr(current_user, "language", None)
    chosen = own or session.get("language") or current_app.config["LANGUAGE"]
    return _locale(str(chosen))


@cache
def _locale(name: str) -> Locale:
    """Cached, since Babel looks at the disk for a locale's data each time."""
    return Locale.parse(name)


@contextmanager
def in_language(language: str | None) -> Iterator[None]:
    """Texts in this block are in ``language`` (None: the site's).

    Pushes a request context, because in the application context the language would apply to all threads.
    """
    with current_app.test_request_context(), force_locale(language or current_app.config["LANGUAGE"]):
        yield


def read_languages() -> None:
    """Load catalogues and formats before forking, instead of in each process on its first page."""
    for code in LANGUAGES:
        with in_language(code):
            gettext("Home")
            say_date(date.min)
            say_number(Decimal("0.5"))
            say_wait(timedelta(days=1))


def zone() -> str:
    """The name of the site's time zone, such as ``Asia/Jayapura``."""
    return str(current_app.config["TIMEZONE"])


def to_site_time(moment: datetime) -> datetime:
    """The same moment in the site's time zone (WIT in Sorong)."""
    return moment.astimezone(ZoneInfo(zone()))


def at_site_time(day: date, at: time) -> datetime:
    """The moment, in UTC, when the site's clock shows it."""
    return datetime.combine(day, at, ZoneInfo(zone())).astimezone(UTC)


def today() -> date:
    """The date in the site's time zone."""
    return to_site_time(clock.now()).date()


def say_date(value: date | datetime | None) -> str:
    """``12 Agustus 2025``; for a datetime, its day in the site's time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = to_site_time(value).date()
    return str(format_date(value, "d MMMM yyyy", locale=get_locale() or "id"))


def say_moment(value: datetime | None) -> str:
    """``12 Agustus 2025 pukul 08.00 WIT``, always with the time zone."""
    if value is None:
        return ""
    here = to_site_time(value if value.tzinfo else value.replace(tzinfo=UTC))
    return f"{with_clock_time(say_date(here), here)} {here.tzname()}"


def with_clock_time(day: str, at: time | datetime) -> str:
    """``12 Agustus 2025 pukul 08.00``, in English ``12 August 2025, 08:00``. ``at`` is taken as it stands."""
    return f"{day}, {at:%H:%M}" if language_code() == "en" else f"{day} pukul {at:%H.%M}"


def say_time(moment: datetime) -> str:
    """``08.00``, in English ``08:00``: the time of day on the site's clock, for what is shown today."""
    return f"{to_site_time(moment):{'%H:%M' if language_code() == 'en' else '%H.%M'}}"


def say_lately(value: datetime, now: datetime) -> str:
    """``hari ini pukul 08.00 WIT`` or ``kemarin pukul …``; earlier as ``say_moment``."""
    here = to_site_time(value)
    days = (to_site_time(now).date() - here.date()).days
    if days not in {0, 1}:
        return say_moment(value)
    time = f"{say_time(here)} {here.tzname()}"
    return gettext("yesterday at %(time)s", time=time) if days else gettext("today at %(time)s", time=time)


def weekdays() -> list[str]:
    """Monday first."""
    names = get_day_names("wide", locale=get_locale())
    return [str(names[day]) for day in range(7)]


def say_coming(value: datetime, now: datetime) -> str:
    """``hari ini pukul 08.00 WIT`` or ``besok pukul …``; other days as ``Selasa, 1 Desember 2026 pukul 08.00 WIT``."""
    here = to_site_time(value)
    days = (here.date() - to_site_time(now).date()).days
    if days not in {0, 1}:
        return f"{weekdays()[here.weekday()]}, {say_moment(value)}"
    time = f"{say_time(here)} {here.tzname()}"
    return gettext("tomorrow at %(time)s", time=time) if days else gettext("today at %(time)s", time=time)


def say_time_left(ends_at: datetime, now: datetime | None = None) -> str:
    """``3 hari lagi``; of the last day ``5 jam lagi``, of the last hour ``40 menit lagi``. Rounded down.

    Of days, the date belongs beside it: ``say_end``. Empty once the end has passed.
    """
    seconds = int((ends_at - (now or clock.now())).total_seconds())
    if seconds < 0:
        return ""
    if seconds >= DAY:
        return ngettext("%(num)s day left", "%(num)s days left", seconds // DAY)
    if seconds >= HOUR:
        return ngettext("%(num)s hour left", "%(num)s hours left", seconds // HOUR)
    if seconds >= MINUTE:
        return ngettext("%(num)s minute left", "%(num)s minutes left", seconds // MINUTE)
    return gettext("less than a minute left")


def say_end(ends_at: datetime | None, now: datetime | None = None) -> str:
    """``5 Desember 2026 pukul 23.59 WIT (3 hari lagi)``; an end that has passed without the time left."""
    left = say_time_left(ends_at, now) if ends_at else ""
    return f"{say_moment(ends_at)} ({left})" if left else say_moment(ends_at)


def say_length(seconds: int) -> str:
    """``20 menit``, ``1 jam 30 menit``, ``3 hari``: whole minutes, the two largest units."""
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    text = [ngettext("%(num)s day", "%(num)s days", days)] if days else []
    text += [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    text += [ngettext("%(num)s minute", "%(num)s minutes", minutes)] if minutes or not text else []
    return " ".join(text[:2])


def say_wait(left: timedelta) -> str:
    """``30 detik`` or ``2 menit``, rounded up, so that it is never too short a time."""
    seconds = -(-left // timedelta(seconds=1))
    rounded = timedelta(seconds=seconds) if seconds < 60 else timedelta(minutes=-(-seconds // 60))
    return str(format_timedelta(rounded, threshold=1, locale=get_locale() or "id"))


def say_number(value: Decimal | float | int | None, digits: int = 2) -> str:
    """``1.085,50``: whole numbers without decimals, others with ``digits``, in the language's format.

    By Python's formatting with the language's signs: Babel reads its pattern anew for each number, and a board has a
    thousand.
    """
    if value is None:
        return "–"
    is_whole = value == int(value)
    if is_whole and -1000 < value < 1000:
        return str(int(value)).replace("-", MINUS)
    text = f"{int(value):,}" if is_whole else f"{Decimal(str(value)):,.{digits}f}"
    return text.translate(_number_separators(language_code()))


@cache
def _number_separators(code: str) -> dict[int, str]:
    """A table for ``str.translate``: the language's signs instead of those that Python writes."""
    signs = _locale(code).number_symbols["latn"]
    return {ord(","): signs["group"], ord("."): signs["decimal"], ord("-"): MINUS}
