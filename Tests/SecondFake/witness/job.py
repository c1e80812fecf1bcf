"""A prediction as it goes on its way."""

import time

OVER = ("succeeded", "failed", "canceled", "aborted")
EVENTS = ("start", "output", "logs", "completed")


class Job:
    """A prediction. What becomes of it is settled when it is accepted; time only reveals it."""

    def __init__(self, name, given, start, end, deadline, fate):
        self.name, self.given, self.fate = name, given, fate
        self.created, self.start, self.end, self.deadline = time.time(), start, end, deadline
        self.status, self.completed, self.output, self.error = "starting", None, None, None
        self.metrics, self.webhook, self.events, self.source = {}, None, EVENTS, "api"
        self.deployment = self.canceled_by = None

    def advance(self, now, deadline_word):
        """Whether it has just begun to run or ended."""
        if self.status in OVER:
            return False
        if self.status == "starting" and self.deadline is not None and now >= self.deadline <= self.start:
            return self.finish(deadline_word, self.deadline)
        if self.status == "starting" and now >= self.start:
            self.status = "processing"
            return True
        if self.status == "processing" and self.deadline is not None and now >= self.deadline < self.end:
            return self.finish("canceled", self.deadline)
        if self.status == "processing" and now >= self.end:
            return self.finish(self.fate, self.end)
        return False

    def finish(self, status, moment):
        self.ran = max(0.0, moment - self.start) if self.status == "processing" else 0.0
        self.had_started = self.status == "processing"
        self.status, self.completed = status, moment
        return True
