"""Google identity, Sheets and the Apps Script services, simulated over one grid."""
