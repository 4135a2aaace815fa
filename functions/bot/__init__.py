"""What the bot does for residents, elders and staff in chats and private dialogs."""
