"""Replicate's HTTP API, from its OpenAPI document, its public clients and their recorded traffic."""

import base64
import hashlib
import hmac
import threading
import urllib.parse

from . import catalogue, files, predictions
from .problems import not_found, problem
from .web import Answer, Routes

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SIGNING_KEY = base64.b64encode(b"a secret of the second fake")


class ReplicateAPI(predictions.Predictions, files.Files):
    def __init__(self, ways, books, settings):
        self.ways, self.books, self.settings = ways, books, settings
        self.jobs, self.uploads, self.outputs, self.deployments, self.trainings = {}, {}, {}, {}, {}
        self.lock = threading.RLock()
        self.creates = []
        self.routes = Routes()
        self.origin = self.delivery = None  # set once the sites are there
        for part in (predictions, files, catalogue):
            part.register(self)
        register(self)

    def answer(self, request):
        function, found = self.routes.find(request.method, request.path)
        if function is None:
            if found:
                raise problem(405, "Method Not Allowed", f"Method \"{request.method}\" not allowed.")
            if request.path.startswith("/v1/files/"):
                return self.own_output(request)
            raise not_found()
        if function.__name__ != "download_file":
            self.check_key(request)
        with self.lock:
            answer = function(request, **found)
        remaining = "599" if function.__name__.startswith("create_prediction") else "2999"
        answer.headers = {"ratelimit-remaining": remaining, "ratelimit-reset": "1"} | answer.headers
        return answer

    def check_key(self, request):
        key = request.bearer("Bearer", "Token")
        if not key:
            raise problem(401, "Unauthenticated", "You did not pass an authentication token")
        if key != self.settings["replicate_key"]:
            raise problem(401, "Unauthenticated", "Invalid or expired API token.")

    def pause(self, seconds):
        """A time of the service in our time."""
        return seconds / self.settings["speed"]

    def sign(self, text):
        return base64.b64encode(hmac.new(base64.b64decode(SIGNING_KEY), text, hashlib.sha256).digest()).decode()

    def token(self, length=26):
        return "".join(self.ways.chance.choice(LETTERS) for _ in range(length))

    def page(self, request, items, view, size=100):
        """A page of a list, the newest first; the cursor counts what was told already."""
        try:
            begin = int(base64.urlsafe_b64decode(request.query.get("cursor", "MA==")))
        except ValueError:
            raise problem(400, "Bad Request", "Invalid cursor") from None
        rest = {key: value for key, value in request.query.items() if key != "cursor"}

        def address(position):
            cursor = base64.urlsafe_b64encode(str(position).encode()).decode()
            return f"{self.origin}{request.path}?{urllib.parse.urlencode(rest | {'cursor': cursor})}"

        return Answer.of({
            "next": address(begin + size) if begin + size < len(items) else None,
            "previous": address(max(0, begin - size)) if begin else None,
            "results": [view(item) for item in items[begin : begin + size]],
        })


def register(api):
    on = api.routes.on

    @on("GET", "/v1/account")
    def get_account(request):
        return Answer.of({
            "type": "organization", "username": "second-fake", "name": "Second Fake", "github_url": None,
            "avatar_url": None})

    @on("GET", "/v1/webhooks/default/secret")
    def get_secret(request):
        return Answer.of({"key": "whsec_" + SIGNING_KEY.decode()})

    @on("GET", "/v1/hardware")
    def list_hardware(request):
        return Answer.of([{"name": "CPU", "sku": "cpu"}, {"name": "Nvidia A100 (80GB) GPU", "sku": "gpu-a100-large"}])
