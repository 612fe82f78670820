"""QuickBooks, Intuit's sign-in, Google identity and Google Sheets on one machine. Never deployed."""
