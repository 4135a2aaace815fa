"""Temporary discussions: the time that is named, the chat, who comes, the protocol."""
