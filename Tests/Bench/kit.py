"""What is measured and what it is measured with: programs built or found, and runs of them metered."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent
NINJA = "ninja==1.13.0"


@dataclass
class Usage:
    """One run of a program."""

    wall: float  # seconds
    cpu: float
    peak: int  # KiB
    code: int


def say(text):
    print(text, file=sys.stderr, flush=True)


class Kit:
    def __init__(self, folder, campaign=None):
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("floor", "spawn", "meter"):
            self._compile(name, "-pthread", "-static")
        self._compile("task", "-static", "-nostdlib", "-ffreestanding")
        self.campaign = str(Path(campaign).resolve()) if campaign else self._build()
        self.ninja = self._ninja()
        self.shake = self._shake()

    def program(self, name):
        return str(self.folder / name)

    def run(self, command, cwd, env=None, limits="", error=subprocess.DEVNULL):
        """Runs a command with the meter; its output is thrown away."""
        report = self.folder / f"usage-{os.getpid()}"
        command = [self.program("meter"), str(report), *command]
        if limits:
            command = ["/bin/sh", "-c", f'{limits}; exec "$@"', "sh", *command]
        quiet = subprocess.DEVNULL
        subprocess.run(command, cwd=cwd, env=env, stdin=quiet, stdout=quiet, stderr=error, check=True)
        wall, cpu, peak, code = map(int, report.read_text().split())
        report.unlink()
        return Usage(wall / 1e9, cpu / 1e9, peak, code)

    def instructions(self, command, cwd):
        """Instructions of the program itself, without its children; None without valgrind."""
        if not shutil.which("valgrind"):
            return None
        # Valgrind 3.19 gives up on Swift's debug information.
        bare = self.program("stripped")
        subprocess.run(["strip", "-o", bare, command[0]], check=True)
        valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        # Twice: another program in another environment trusts no answer that it did not write.
        for _ in range(2):
            text = subprocess.run([*valgrind, bare, *command[1:]], cwd=cwd, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True).stderr
        counts = [line.split()[-1] for line in text.splitlines() if "Collected" in line]
        return int(counts[0]) if counts else None

    def _compile(self, name, *options):
        source, made = HERE / f"c/{name}.c", self.folder / name
        if made.exists() and made.stat().st_mtime > source.stat().st_mtime:
            return
        subprocess.run(["cc", "-O2", *options, "-o", made, source], check=True)

    def _build(self):
        scratch = PACKAGE / ".build-release"
        say("Building campaign")
        subprocess.run(
            ["env", "CAMPAIGN_STATIC=yes", "swift", "build", "-c", "release", "--static-swift-stdlib",
             "--scratch-path", scratch, "--product", "campaign"], cwd=PACKAGE, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        return str(scratch / "release/campaign")

    def _ninja(self):
        """Exactly the version that is compared with, from PyPI."""
        made = self.folder / "ninja-1.13/bin/ninja"
        if not made.exists():
            say(f"Installing {NINJA}")
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target",
                            self.folder / "ninja-1.13", NINJA], stdout=sys.stderr)
        return str(made) if made.exists() else None

    def _shake(self):
        """The Shakefile, compiled; Debian's libghc-shake-dev is installed when it can be."""
        made, source = self.folder / "shake", HERE / "Shakefile.hs"
        if made.exists() and made.stat().st_mtime > source.stat().st_mtime:
            return str(made)
        if not Path("/var/lib/dpkg/info/libghc-shake-dev.list").exists() and os.geteuid() == 0:
            say("Installing ghc and libghc-shake-dev")
            subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "ghc", "libghc-shake-dev"],
                           stdout=sys.stderr)
        if not shutil.which("ghc"):
            return None
        subprocess.run(["ghc", "-O1", "-threaded", "-rtsopts", "-with-rtsopts=-N2", "-outputdir",
                        self.folder / "shake-objects", "-o", made, source], check=True, stdout=sys.stderr)
        return str(made)
