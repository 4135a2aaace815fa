"""The short link on posters leads to the chat."""
