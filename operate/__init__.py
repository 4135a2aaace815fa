"""What an operator does by a command: one file a command, on the running or the deployed system."""
