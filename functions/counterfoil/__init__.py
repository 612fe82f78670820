"""Counterfoil's backend: QuickBooks Online, read-only, into the open Google Sheet.

The data's way: request → user → connection → fresh token → pages → rows → operations → sheet.
Imports run one way: main → wiring → adapters → core and main → web → flows → catalog → core.
"""
