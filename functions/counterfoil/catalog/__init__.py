"""What can be exported, as data. Pure."""
