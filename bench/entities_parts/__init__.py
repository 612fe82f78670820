"""The parts of `make bench ARGS=entities`: our export of many columns, or of lines; its peers."""
