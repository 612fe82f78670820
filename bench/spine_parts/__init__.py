"""The parts of `make bench ARGS=spine`: the simulated QuickBooks, its clients, the sheet."""
