"""What this package stores about a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lms.auth import throttle
from lms.auth.models import Passkey, RecoveryCode, ResetCode, SecondFactor, SignIn
from lms.auth.services import codes, settings
from lms.core import settings as stored_settings
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.personal_data import OTHERS, SECRET, DataArea, Words, rows

BY_MACHINES = "how a browser and the key recognise each other; it says nothing about the person"
LIMITS = (settings.LEARNER_IDLE_DAYS, settings.LEARNER_DAYS, settings.OFFICE_IDLE_HOURS, settings.OFFICE_DAYS)


def _sign_ins(person_id: int) -> dict[str, Any]:
    devices = (
        select(
            SignIn.device,
            SignIn.created_at,
            SignIn.last_seen_at,
            SignIn.proven_at,
            SignIn.factor_proven_at,
            SignIn.ended_at,
            SignIn.remembered_until,
        )
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.id)
    )
    one_time_codes = (
        select(ResetCode.created_at, ResetCode.expires_at, ResetCode.used_at)
        .where(ResetCode.person_id == person_id)
        .order_by(ResetCode.id)
    )
    factor = select(SecondFactor.created_at).where(SecondFactor.person_id == person_id)
    passkeys = (
        select(Passkey.name, Passkey.created_at, Passkey.last_used_at)
        .where(Passkey.person_id == person_id)
        .order_by(Passkey.id)
    )
    recovery_codes = select(RecoveryCode.used_at).where(RecoveryCode.person_id == person_id).order_by(RecoveryCode.id)
    return {
        "devices": rows(devices),
        "one_time_codes": rows(one_time_codes),
        "authenticator_app": rows(factor),
        "passkeys": rows(passkeys),
        "recovery_codes": rows(recovery_codes),
    }


def _how_long() -> Words:
    limits = stored_settings.values(LIMITS)
    return _(
        "A sign-in ends after %(idle)s days without use and after %(days)s days in any case; with office rights after"
        " %(hours)s hours and %(office_days)s days. A one-time code works for %(code_hours)s hours, on a printed slip"
        " for %(slip_days)s days. Failed attempts count for %(failure_hours)s hours and are deleted with a later"
        " sign-in. The list of sign-ins and codes is not deleted automatically.",
        idle=limits[settings.LEARNER_IDLE_DAYS.name],
        days=limits[settings.LEARNER_DAYS.name],
        hours=limits[settings.OFFICE_IDLE_HOURS.name],
        office_days=limits[settings.OFFICE_DAYS.name],
        code_hours=codes.VALID_FOR // timedelta(hours=1),
        slip_days=codes.SLIPS_VALID_FOR.days,
        failure_hours=throttle.MEMORY // timedelta(hours=1),
    )


AREAS = (
    DataArea(
        name="sign-ins",
        title=lazy("Signing in"),
        what=lazy(
            "When and with which kind of device (such as “Chrome, Android”) somebody signed in and was last active;"
            " one-time codes, the authenticator app, passkeys and recovery codes. Passwords and codes cannot be read,"
            " since only a check value or an encrypted form is stored. Failed attempts, without the name."
        ),
        why=lazy("To let only the person in, to show on which devices, and to slow down guessing."),
        who=lazy("The person. Admins see that a code is valid or that sign-in is slowed down, but no code."),
        how_long=_how_long,
        tables=("sign_in", "sign_in_failure", "reset_code", "second_factor", "passkey", "recovery_code"),
        copied=_sign_ins,
        not_copied={
            "sign_in.token_hash": SECRET,
            "sign_in.remembered_hash": SECRET,
            "sign_in_failure": "holds keyed hashes, from which nobody can be told",
            "reset_code.code_hash": SECRET,
            "reset_code.created_by": OTHERS,
            "second_factor.sealed_secret": SECRET,
            "second_factor.last_step": SECRET,
            **{f"passkey.{name}": BY_MACHINES for name in ("credential_id", "public_key", "sign_count", "transports")},
            "recovery_code.code_hash": SECRET,
        },
    ),
)
