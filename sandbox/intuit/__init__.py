"""QuickBooks Online and Intuit's OAuth, simulated."""
