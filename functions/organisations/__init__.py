"""Organisations: who they are, and for which houses they answer."""
