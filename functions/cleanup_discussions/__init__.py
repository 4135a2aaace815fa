"""Emptying the chats of discussions that are over, and no others."""
