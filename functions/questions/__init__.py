"""Questions: raised in a house, voted on, answered by officials, closed."""
