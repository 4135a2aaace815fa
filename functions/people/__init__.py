"""Who may do what in a territory."""
