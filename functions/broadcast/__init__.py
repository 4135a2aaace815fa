"""Broadcasts: one message to many house chats, in seconds, once, with a receipt for each."""
