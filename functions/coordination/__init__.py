"""Coordination: one chat a municipality, for its staff and the elders of its houses."""
