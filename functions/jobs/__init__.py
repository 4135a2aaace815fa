"""Long work of all kinds in one shape: how far it is, what failed, stop and retry."""
