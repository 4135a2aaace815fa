"""Routes of discussions."""
