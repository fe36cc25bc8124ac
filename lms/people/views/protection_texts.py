"""Why an admin may not change a person: the roles that reach beyond the admin's scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.core.i18n import lazy
from lms.people.rights import Grant

REASONS = {
    "admin": lazy("manages the whole site"),
    "agency-admin": lazy("is admin of %(unit)s"),
    "head": lazy("is head or deputy of %(unit)s"),
    "instructor": lazy("teaches a course, which people of all agencies can take"),
    "committee": lazy("is on the committee of a cohort, which people of all agencies can join"),
}


def reasons(grants: Iterable[Grant], unit_names: Mapping[int, str]) -> list[str]:
    """What the person does, without repetitions, in the order of ``REASONS``."""
    order = list(REASONS)
    ordered = sorted(grants, key=lambda grant: order.index(grant.role))
    texts = [str(REASONS[grant.role]) % {"unit": unit_names.get(grant.unit_id or 0, "–")} for grant in ordered]
    return list(dict.fromkeys(texts))
