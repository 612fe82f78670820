"""What the benchmarks of token life share."""
