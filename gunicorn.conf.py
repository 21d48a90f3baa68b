"""The production server: processes for the cores, threads for what waits on the database."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))

# A stop lets running requests end; a longer one would outlast the patience of most supervisors.
graceful_timeout = 25
keepalive = 5
# Heartbeats belong in memory: a busy disk must not look like a dead process.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - as documented
# Nobody steers a running server through a socket in somebody's home.
control_socket_disable = True

# Each process keeps its own figures in a file; /metrics adds them up. The folder must be named
# before anything imports prometheus_client, so it is named here.
_own_figures = "PROMETHEUS_MULTIPROC_DIR" not in os.environ
if _own_figures:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="weitan-metrics-")


def post_worker_init(worker: object) -> None:
    """What the process is made of stays to its end, and a list of acts makes many values and no
    cycles: looking for rubbish among them at every turn cost a quarter of a long request."""
    del worker
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def child_exit(server: object, worker: object) -> None:
    """A gone process keeps its counts, and no longer its gauges."""
    del server
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: object) -> None:
    """Leave nothing behind."""
    del server
    if _own_figures:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
