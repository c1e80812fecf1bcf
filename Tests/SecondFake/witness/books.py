"""The provider's own books: all that was accepted and what it cost, on the disk before it is told."""

import bisect
import hashlib
import json
import os
import threading
import time
from decimal import ROUND_HALF_UP, Decimal

MICRO = Decimal("0.000001")


def rounded(usd):
    """Dollars to the micro-dollar."""
    return Decimal(usd).quantize(MICRO, ROUND_HALF_UP)


def digest(value):
    text = value if isinstance(value, bytes) else json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()


class Books:
    def __init__(self, path):
        self.file = open(path, "ab", buffering=0)
        self.lock = threading.Lock()

    def write(self, event, **more):
        line = json.dumps({"t": round(time.time(), 3), "event": event} | more).encode() + b"\n"
        with self.lock:
            self.file.write(line)
            os.fsync(self.file.fileno())


def read(path):
    with open(path, "rb") as file:
        return [json.loads(line) for line in file]


class Verdict:
    """What the books say: the bill, and what was bought again although it ran or had been paid.

    Two purchases are the same when their inputs are, but for the seed and the addresses of uploads: files count by
    content. Buying again what has ended for nothing, or what the client itself has canceled, is no repetition; nor
    is asking a chat again whose answer was never sent, or was of no use, for a chat has no name to fetch it by. What
    its own deadline has ended is bought again by nobody but a person: in another build, of which `builds` are the
    beginnings.
    """

    def __init__(self, events, builds=()):
        self.builds = builds
        self.jobs, self.chats = {}, []
        self.repeats, self.asked_twice, self.violations = [], [], []
        for event in events:
            getattr(self, event["event"], lambda _: None)(event)

    def accepted(self, event):
        for job in self.jobs.values():
            if job["key"] == event["key"] and job["usd"] != Decimal(0) and not self.given_up(job, event):
                state = "ran" if job["usd"] is None else f"had cost ${job['usd']}"
                self.repeats.append(f"{event['id']} of {event['model']} was bought while {job['id']} {state}")
                break
        self.jobs[event["id"]] = event | {"usd": None}

    def given_up(self, job, event):
        """Whether a person has, by canceling it, or by building again after its deadline."""
        build_of = lambda moment: bisect.bisect(self.builds, moment)
        late = job.get("status") == "canceled" and build_of(job["t"]) != build_of(event["t"])
        return job.get("canceled_by") or late

    def ended(self, event):
        self.jobs[event["id"]] |= event | {"t": self.jobs[event["id"]]["t"], "usd": rounded(event["usd"])}

    def chat(self, event):
        before = [chat for chat in self.chats if chat["key"] == event["key"]]
        if any(chat["arrived"] and chat["usable"] for chat in before):
            self.asked_twice.append(f"{event['id']} asks what {before[-1]['id']} had answered")
        self.chats.append(event | {"arrived": False, "usd": rounded(event["usd"])})

    def arrived(self, event):
        for chat in self.chats:
            if chat["id"] == event["id"]:
                chat["arrived"] = True

    def violation(self, event):
        self.violations.append(event["what"])

    @property
    def running(self):
        return [job["id"] for job in self.jobs.values() if job["usd"] is None]

    @property
    def clients_cancels(self):
        return [job["id"] for job in self.jobs.values() if job.get("canceled_by")]

    @property
    def bill(self):
        return sum((job["usd"] or 0 for job in self.jobs.values()), Decimal(0))

    @property
    def bill_of_chats(self):
        return sum((chat["usd"] for chat in self.chats), Decimal(0))
