"""From a list of houses to open chats."""
