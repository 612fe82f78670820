"""QuickBooks, Intuit's sign-in, Google identity and Sheets on one machine. Never deployed."""
