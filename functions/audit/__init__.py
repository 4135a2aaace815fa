"""Who did what, to what and when: shown, exported and verified."""
