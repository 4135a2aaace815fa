"""Elders get their instructions."""
