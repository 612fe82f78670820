"""The benchmarks: each prints its figures as its last line, one JSON object."""
