"""Workspaces, servers and a fake provider for the tests of the page. What is started here is ended by its own pid."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time

PROGRAMS = os.environ["CAMPAIGN_PROGRAMS"]


def program(name):
    return os.path.join(PROGRAMS, name)


def until(condition, what, seconds=30):
    """Waits for a condition, and gives back what it gives."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds}s: {what}")
        time.sleep(0.03)


class Rehearsal:
    """The fake of the providers; its time runs faster."""

    def __init__(self, speed=200):
        self.process = subprocess.Popen(
            [program("campaign-rehearsal"), "--speed", str(speed), "--while-stdin"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tempfile.gettempdir())
        self.api = json.loads(self.process.stdout.readline())["api"]
        self.environment = {
            "REPLICATE_BASE_URL": self.api + "/v1", "REPLICATE_API_TOKEN": "r8_rehearsal_0123456789",
            "XAI_BASE_URL": self.api + "/v1", "XAI_API_KEY": "xai-rehearsal-0123456789",
            "CAMPAIGN_REHEARSAL_SPEED": str(speed),
        }

    def ask(self, path, body=None):
        data = ["--data", json.dumps(body)] if body is not None else []
        return json.loads(subprocess.check_output(["curl", "-sS", *data, self.api + path]))

    @property
    def jobs(self):
        return len(self.ask("/_ledger")["jobs"])

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Workspace:
    """A folder with a campaign, or with files that a test writes itself."""

    def __init__(self, campaignfile=None, environment=None):
        self.folder = tempfile.mkdtemp(prefix="campaign-page-")
        self.environment = {**os.environ, **(environment or {})}
        if campaignfile:
            self.write("Campaignfile", campaignfile)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def photos(self, **colours):
        """Photos of one colour each."""
        os.makedirs(self.path("photos"), exist_ok=True)
        for name, colour in colours.items():
            subprocess.check_call(
                ["ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-f", "lavfi", "-i", f"color=c={colour}:s=160x90:d=1",
                 "-frames:v", "1", self.path(f"photos/{name}.jpg")])

    def start(self, *arguments):
        return subprocess.Popen(
            [program("campaign"), *arguments], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def campaign(self, *arguments, code=0):
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == code, f"campaign {arguments} left with {process.returncode}: {said}"
        return said

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """`campaign serve` for a workspace."""

    def __init__(self, workspace, port=0):
        self.workspace = workspace
        self.process = workspace.start("serve", "--port", str(port))
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            found = re.search(r"(http://\S+?:(\d+)/\S*#token=\S+)", line)
            if found:
                self.address, self.port = found[1], int(found[2])
                self.token = self.address.split("token=")[1]
                return
        raise AssertionError(f"campaign serve said no address: {self.said}")

    def end(self):
        self.process.terminate()
        self.process.stdout.close()
        self.process.wait()
