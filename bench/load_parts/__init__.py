"""What the load benchmark runs beside itself, and how it is set up."""
