"""The sample list of houses that the local stack starts with."""
