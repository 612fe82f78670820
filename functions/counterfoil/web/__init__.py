"""HTTP in, JSON out: the one boundary between the web and the flows."""
