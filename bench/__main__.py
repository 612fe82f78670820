"""`python -m bench <name>`: runs one benchmark; without a name it lists them."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench

# Modules that other processes of a benchmark run, or that serve them.
PARTS = frozenset({"__main__", "machine"})


def names() -> list[str]:
    return [
        module.name
        for module in pkgutil.iter_modules(bench.__path__)
        if not module.ispkg and module.name not in PARTS
    ]


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in names():
        sys.stderr.write(f"There are: {', '.join(names())}. Run one with make bench ARGS=<name>.\n")
        return 2
    return int(importlib.import_module(f"bench.{name}").main(sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
