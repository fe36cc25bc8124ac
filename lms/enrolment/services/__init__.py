"""Services for cohorts, places, applications and deadline extensions."""

from lms.enrolment.services.applications import (
    AlreadyDecided,
    AsksElsewhere,
    admit_registered,
    approve,
    enrol_openly,
    join,
    propose,
    put_on_list,
    refuse,
    withdraw_application,
)
from lms.enrolment.services.archiving import archive, bring_back
from lms.enrolment.services.cohorts import (
    NameTaken,
    QuotaTooSmall,
    change_cohort,
    course_was_published,
    create_cohort,
    enrol_list,
    renew_deadlines,
    set_open,
    undated_cohort,
)
from lms.enrolment.services.extensions import UntilIsPast, extend
from lms.enrolment.services.histories import WouldStartOver, history_text
from lms.enrolment.services.login_lists import LoginList, read_login_list
from lms.enrolment.services.messages import not_ready_message, outcome_messages
from lms.enrolment.services.moving_up import withdraw
from lms.enrolment.services.places import (
    CohortFull,
    CohortOver,
    CourseArchived,
    EnrolmentOutcome,
    IsInside,
    NotInside,
    NotOpen,
    enrol,
    enrol_people,
    lock_cohort,
    substitute,
)

__all__ = [
    "AlreadyDecided",
    "AsksElsewhere",
    "CohortFull",
    "CohortOver",
    "CourseArchived",
    "EnrolmentOutcome",
    "IsInside",
    "LoginList",
    "NameTaken",
    "NotInside",
    "NotOpen",
    "QuotaTooSmall",
    "UntilIsPast",
    "WouldStartOver",
    "admit_registered",
    "approve",
    "archive",
    "bring_back",
    "change_cohort",
    "course_was_published",
    "create_cohort",
    "enrol",
    "enrol_list",
    "enrol_openly",
    "enrol_people",
    "extend",
    "history_text",
    "join",
    "lock_cohort",
    "not_ready_message",
    "outcome_messages",
    "propose",
    "put_on_list",
    "read_login_list",
    "refuse",
    "renew_deadlines",
    "set_open",
    "substitute",
    "undated_cohort",
    "withdraw",
    "withdraw_application",
]
