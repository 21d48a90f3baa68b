"""Benchmarks: how fast the service is on PostgreSQL, each figure beside a floor of the same run.

`python -m bench [NAME …]` starts a server of its own, measures, prints one table and leaves nothing
behind. `BENCH_SCALE` scales all sizes (1 by default: a million acts, ten million of history).
"""
