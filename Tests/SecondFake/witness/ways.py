"""What the documents leave open, each with the ways in which it may be; and what may go wrong."""

import random

# The first way of each is the one that the documents make more likely.
OPEN = {
    "model": ["echo", "internal"],  # how a prediction names the model: as asked, or `replicate-internal/...`
    "version": ["hidden", "hash"],  # what it says of the version of an official model
    "inputs": ["kept", "rewritten"],  # addresses of files in the input of a prediction
    "list": ["prompt", "lagging"],  # when a new prediction appears in the list
    "list_inputs": ["told", "left out"],  # whether the list tells inputs
    "output_at": ["delivery", "api", "redirect"],  # where outputs lie; `api` and `redirect` need the key
    "no_key": ["404", "401"],  # what an output at the API's own origin says without the key
    "deadline": ["aborted", "canceled"],  # what a job is called that its deadline ends before it has started
    "canceled_costs": ["all", "nothing"],  # a job that was ended after it had started
    "id": ["prompt", "late"],  # when the answer to a create comes
    "queue": ["short", "long"],  # how long a job stays `starting`
    "output": ["string", "list", "object"],
    "seconds": ["whole", "fractions", "untold"],  # the billed length in the metrics
    "webhook": ["once", "twice"],
    "credit": ["plenty", "little"],  # with little of it jobs are taken one at a time, six a minute
    "ticks": ["told", "untold"],  # whether a chat says its price
    "reasoning": ["none", "some"],  # tokens that a chat thinks with although asked not to
}

# Each has a probability, 0 when it is not named. `before`: not accepted; `after`: accepted all the same.
FAULTS = [
    "create.402", "create.429", "create.500 before", "create.reset before", "create.reset after", "create.502 after",
    "create.garbage after", "create.hang after", "poll.500", "poll.html", "poll.reset", "poll.404",
    "list.500", "upload.503", "upload.reset", "download.503", "download.reset", "download.cut", "download.html",
    "job.refused", "job.broken", "chat.429", "chat.503", "chat.reset", "chat.refusal", "chat.length",
    "chat.prose",
]


class Ways:
    """The chosen ways and faults; all chance comes from one seed."""

    def __init__(self, chosen, faults, seed):
        for name, way in chosen.items():
            if way not in OPEN.get(name, []):
                raise SystemExit(f"no such way: {name}={way}; there are {OPEN.get(name) or ', '.join(OPEN)}")
        for name in faults:
            if name not in FAULTS:
                raise SystemExit(f"no such fault: {name}; there are {', '.join(FAULTS)}")
        self.chosen = {name: ways[0] for name, ways in OPEN.items()} | chosen
        self.faults = faults
        self.chance = random.Random(seed)

    def __getitem__(self, name):
        return self.chosen[name]

    def happens(self, fault):
        return self.chance.random() < self.faults.get(fault, 0)

    def first(self, *faults):
        """The first of the faults that happens, or None."""
        return next((fault.split(".", 1)[1] for fault in faults if self.happens(fault)), None)
