"""What can be known without asking anyone. Pure: the standard library, no clock, no I/O."""
