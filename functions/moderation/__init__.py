"""Messages that break the rules of a chat: reported by residents, decided by elders or staff."""
