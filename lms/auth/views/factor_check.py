"""Asking for the second factor, at the sign-in and before it is changed."""

from __future__ import annotations

from datetime import datetime

from lms.auth import passkey, throttle
from lms.auth import queries as auth_queries
from lms.auth.forms import FactorForm
from lms.auth.services import passkeys, second_factors, sign_ins
from lms.auth.views import entering, passkey_challenges
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.people.models import Person


def request_options(person_id: int, now: datetime) -> str:
    """The options that passkey.js needs; empty if the person has no passkey."""
    known, site = passkeys.ways(person_id), passkey_challenges.site()
    if not known or site is None:
        return ""
    return passkey.request_options(site, passkey_challenges.current("get", person_id, now), known)


def fit_to(form: FactorForm, person_id: int) -> FactorForm:
    form.has_app = auth_queries.has_app(person_id)
    return form


def is_right(person: Person, form: FactorForm, failures: throttle.Bucket, *, now: datetime) -> bool:
    """Whether the form holds a second factor of this person. Counted; if it does not, the form says why.

    :raises sign_ins.MustWait: there were too many failed attempts.
    :raises passkeys.OutdatedChallenge: the page was open for too long; not counted.
    :raises passkeys.CountWentBack: the passkey may have been copied.
    :raises second_factors.FactorUnreadable: the site's secret key has changed.
    """
    answer, site = form.passkey.data, passkey_challenges.site()
    challenge = passkey_challenges.take("get", person.id, now) if answer else None
    if answer and challenge is None:
        raise passkeys.OutdatedChallenge
    sign_ins.record_failure(failures, now=now)
    db.session.commit()
    if answer:
        fits = site is not None and passkeys.accept(person, answer, challenge, site=site, now=now)
        words = _("The passkey does not fit. Please try again, or use another way.")
    else:
        fits = second_factors.accept(person, form.typed, now=now)
        words = (
            _("The code is wrong or was already used. Please enter the code that the app shows now.")
            if form.has_app
            else _("The recovery code is wrong or was already used.")
        )
    if not fits:
        db.session.rollback()
        form.form_errors.append(words + entering.wait_text(failures, now))
        return False
    sign_ins.clear_failures(failures, now=now)
    return True
