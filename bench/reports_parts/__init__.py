"""What the benchmark of reports runs in processes of its own."""
