"""Posters for entrances and lifts."""
