# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""A place of its own for one test: a home for the ledger, a folder to work in, and the program under test."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "AgencyCommandsTests" / "Fixtures"
AGENCY = os.environ.get("AGENCY", "")


class Bench:
    """A folder in which commands are started; nothing of the person's own settings or keys is used."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="agency-desk-"))
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.root),
            "TMPDIR": tempfile.gettempdir(),
            "AGENCY_HOME": str(self.root / "home"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "USER": "ada",
            "LOGNAME": "ada",
        }

    def __enter__(self):
        return self

    def __exit__(self, kind=None, *_):
        try:
            if kind:
                log = self.root / "worker.log"
                print(self.agency("status", "latest", status=range(256))[:3000])
                print(log.read_text(errors="replace")[-3000:] if log.exists() else "no worker was there")
        finally:
            shutil.rmtree(self.root, ignore_errors=True)

    def agency(self, *arguments, status=0):
        """Runs a command that must end with a status, and returns what it printed."""
        done = subprocess.run(
            [AGENCY, *arguments], cwd=self.root, env=self.environment, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
        )
        allowed = (status,) if isinstance(status, int) else status
        if done.returncode not in allowed:
            raise AssertionError(
                f"agency {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            )
        return done.stdout

    def events(self, run="latest"):
        """The events of a run."""
        listed = self.agency("events", run, "--json")
        return [json.loads(line) for line in listed.split("\n") if line]

    def types(self, run="latest"):
        """The types of the events of a run, in order."""
        return [event["type"] for event in self.events(run)]

    def state(self, run="latest"):
        """What is known of a run."""
        return json.loads(self.agency("status", run, "--json"))

    @contextlib.contextmanager
    def worker(self):
        """Lets a worker carry out whatever is due meanwhile."""
        with open(self.root / "worker.log", "ab") as log:
            worker = subprocess.Popen(
                [AGENCY, "worker"], cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            yield worker
        finally:
            end(worker)

    def prepare_workspace(self, name):
        """Makes a folder with a list and a database of customers in it, under version control."""
        workspace = self.root / name
        workspace.mkdir()
        (workspace / "list.txt").write_text("Ada Lovelace\nGrace Hopper\nAlan Turing\nCher\nDonald Knuth\n")
        identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-C", workspace]
        for command in (
            [sys.executable, "-B", FIXTURES / "shop.py", workspace / "shop.db"],
            ["git", *identity, "init", "-q", "-b", "main"], ["git", *identity, "add", "-A"],
            ["git", *identity, "commit", "-q", "-m", "As it was"],
        ):
            subprocess.run(command, env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=60)

    def begin(self, runs=1):
        """Begins runs of the small board, which come to wait for a choice; returns their names."""
        self.prepare_workspace("ws")
        command = f"[{sys.executable}, -B, {FIXTURES / 'role.py'}, {self.root / 'diary'}]"
        (self.root / "agency.yaml").write_text(f"profiles:\n  player: {{provider: program, command: {command}, concurrency: 2}}\n")
        names = []
        for _ in range(runs):
            self.agency("run", str(FIXTURES / "brief.md"), "-a", str(FIXTURES / "board.yaml"), "-w", "ws", status=75)
            names.append(self.state()["run"])
        return names

    def prepare_demonstration(self):
        """Makes the shop of the schema migration and files a run of it, which recorded answers perform."""
        example = ROOT / "Examples" / "schema-migration"
        workspace = self.root / "app"
        subprocess.run(
            [example / "prepare", workspace], env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=120
        )
        self.agency(
            "run", str(example / "migrate.md"), "-a", "change-board", "--enqueue", "-w", str(workspace),
            "--replay", str(example / "recordings"),
            status=(0, 75),
        )


def choices(bench, run="latest"):
    """The options that were chosen in a run, with reasons, in order; `none` and the like where none was."""
    made = [event["body"]["choice"] for event in bench.events(run) if event["type"] == "choice_recorded"]
    verdicts = [choice["verdict"] for choice in made]
    return [
        (verdict.get("option") if isinstance(verdict, dict) else verdict, choice["reason"])
        for verdict, choice in zip(verdicts, made)
    ]


def end(process, signal=None):
    """Ends a process that a test started, and waits for it."""
    if process.poll() is None:
        process.terminate() if signal is None else process.send_signal(signal)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait(what, is_so, seconds=60):
    """Waits until something is so, and returns it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := is_so():
            return found
        time.sleep(0.1)
    raise AssertionError(f"in {seconds} s it did not come to this: {what}")
