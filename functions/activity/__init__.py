"""Activity: how lively house chats are, by house, organisation and territory."""
