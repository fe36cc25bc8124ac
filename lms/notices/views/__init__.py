"""Inbox and channels, failed mails, help and contact pages."""

from __future__ import annotations

from lms.notices.views import help, inbox, outbox, unsubscribing

blueprints = [inbox.bp, outbox.bp, help.bp, unsubscribing.bp]
