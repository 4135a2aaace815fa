"""Routes of the bot, a module a resource."""
