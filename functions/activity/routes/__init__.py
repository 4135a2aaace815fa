"""Routes of activity."""
