"""How long people stay signed in, and when they are asked again: settings that an admin edits."""

from __future__ import annotations

from lms.auth import second_factor, session_limits
from lms.core.i18n import LazyString, lazy
from lms.core.settings import Setting, whole_number

GROUP = lazy("Signing in")


def _limit(name: str, most: int, label: LazyString, hint: LazyString) -> Setting:
    return _number(name, session_limits.DEFAULTS[name], most, label, hint)


def _number(name: str, default: int, most: int, label: LazyString, hint: LazyString) -> Setting:
    return whole_number(name, default, (1, most), group=GROUP, label=label, hint=hint)


LEARNER_IDLE_DAYS = _limit(
    session_limits.LEARNER_IDLE_DAYS,
    365,
    lazy("Learners: signed out after so many days without use"),
    lazy("For people with no rights beyond learning."),
)
LEARNER_DAYS = _limit(
    session_limits.LEARNER_DAYS,
    365,
    lazy("Learners: sign in again after so many days at the latest"),
    lazy("Also if the device is used every day."),
)
OFFICE_IDLE_HOURS = _limit(
    session_limits.OFFICE_IDLE_HOURS,
    168,
    lazy("People with office rights: signed out after so many hours without use"),
    lazy("For admins, instructors, heads and committees. 12 hours: they sign in once per working day."),
)
OFFICE_DAYS = _limit(
    session_limits.OFFICE_DAYS,
    30,
    lazy("People with office rights: sign in again after so many days at the latest"),
    lazy("Also if the device is used all the time, so that a stolen session ends."),
)
PROOF_MINUTES = _number(
    "proof_minutes",
    15,
    720,
    lazy("Ask for the password again after so many minutes"),
    lazy("Before rights, codes, settings or certificates are changed. The sign-in counts, too."),
)
SECOND_FACTOR = Setting(
    second_factor.SETTING,
    "optional",
    group=GROUP,
    label=lazy("Second step at sign-in: an authenticator app or a passkey"),
    hint=lazy(
        "Learners may use it, but need not."
        " Required: people with office rights can only learn until they have set it up."
    ),
    choices=(
        ("off", lazy("Off: nobody is asked for it")),
        ("optional", lazy("Whoever wants it")),
        (second_factor.REQUIRED, lazy("Required for people with office rights")),
    ),
)
