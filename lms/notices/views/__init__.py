"""The inbox, the choice of channels, mails that failed; help and whom to ask."""

from __future__ import annotations

from lms.notices.views import help, inbox, outbox

blueprints = [inbox.bp, outbox.bp, help.bp]
