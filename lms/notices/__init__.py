"""Notifies people of what happened and what is due, in their inbox and by mail; help pages and contacts.

Knows the packages below it; none of them knows that anyone is notified.
"""
