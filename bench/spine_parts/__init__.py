"""The processes of `make bench ARGS=spine`: the simulated QuickBooks and its three clients."""
