"""What the node can do, measured as ratios within one run: `python -m benchmarks`.

Every figure compares the node with something measured beside it on the same machine: DuckDB
writing the same rows, a route of the same server with a fixed body, another library. So the figures
mean the same on a laptop and on a server.
"""
