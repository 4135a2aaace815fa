"""Limits: how large what people send may be; the mini-app is told them."""

LARGEST_LIST = 20 * 1024 * 1024
"""Bytes of an uploaded list."""
