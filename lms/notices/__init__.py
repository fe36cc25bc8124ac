"""Telling people what happened and what is due, in their inbox and by mail; and whom they can ask.

Knows all packages below; none of them knows that anybody is told.
"""
