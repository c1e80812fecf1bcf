"""Predictions: accepted, run by the clock, told, canceled, listed and billed."""

import base64
import json
import math
import re
import threading
import time
import urllib.request
from decimal import Decimal

from . import media, models
from .books import digest
from .job import EVENTS, OVER, Job
from .problems import BAD_GATEWAY, invalid, moment_of, not_found, problem, stamp
from .web import Answer, Refusal

BROKEN = "Director: unexpected error handling prediction (E9828)"
REFUSED = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
NO_CREDIT = (
    "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase "
    "credit. Once you purchase credit, please wait a few minutes before trying again.")


class Predictions:
    """The part of `ReplicateAPI` that sells."""

    def create(self, request, name, extra=(), deployment=None):
        body = request.json()
        if not isinstance(body, dict):
            raise problem(400, "Bad Request", "The request body must be a JSON object.")
        self.check_body(body, extra)
        wait = self.prefer(request)
        life = self.cancel_after(request)
        self.throttle()
        fault = self.ways.first(
            "create.429", "create.500 before", "create.reset before", "create.reset after", "create.502 after",
            "create.garbage after", "create.hang after")
        if fault == "429":
            raise problem(
                429, "Too Many Requests", "Request was throttled. Expected available in 1 second.", retry_after=1)
        if fault == "500 before":
            raise Refusal(Answer(500, BAD_GATEWAY, "text/html"))
        if fault == "reset before":
            return Answer(wire="reset")
        job = self.accept(name, body, life)
        job.deployment = deployment
        return self.told(job, request, wait, fault)

    def told(self, job, request, wait, fault):
        """The answer to a create, in time or late, or lost."""
        if fault in ("reset after", "hang after"):
            return Answer(wire=fault.split()[0])
        if fault == "502 after":
            return Answer(502, BAD_GATEWAY, "text/html")
        if fault == "garbage after":
            return Answer(201, b'{"id": "' + job.id.encode()[:9])
        if self.ways["id"] == "late":
            self.without_lock(self.pause(15))
        if wait is None:
            return Answer.of(self.view(job), 201)
        until = time.time() + self.pause(wait)
        while job.status not in OVER and time.time() < until:
            self.without_lock(0.01)
            self.advance()
        view = self.view(job)
        if job.status == "succeeded":  # who waits is told so, with the output
            view["status"] = "processing"
        status = 201 if job.status in OVER else 202
        return Answer.of(view, status, headers={"Preference-Applied": f"wait={wait}"})

    def without_lock(self, seconds):
        self.lock.release()
        try:
            time.sleep(seconds)
        finally:
            self.lock.acquire()

    def check_body(self, body, extra):
        known = ("input", "stream", "webhook", "webhook_events_filter", *extra)
        found = [
            ("additional_property_not_allowed", "(root)", f"Additional property {key} is not allowed")
            for key in body if key not in known]
        if not isinstance(body.get("input"), dict):
            found.append(("required", "(root)", "input is required"))
        if "webhook" in body and not re.match(r"https://|http://127\.0\.0\.1[:/]", str(body["webhook"])):
            found.append(("format", "webhook", "must be an HTTPS URL"))
        events = body.get("webhook_events_filter", [])
        if not isinstance(events, list) or any(event not in EVENTS for event in events):
            found.append(("enum", "webhook_events_filter", f"must be some of {', '.join(EVENTS)}"))
        if found:
            raise invalid(found)

    def prefer(self, request):
        """How long to wait for the output, in seconds, or None."""
        text = request.headers.get("Prefer")
        if text is None or text == "respond-async":
            return None
        match = re.fullmatch(r"wait(?:=([1-9]|[1-5][0-9]|60))?", text)
        if not match:
            raise problem(422, "Unprocessable Entity", f"Prefer: `{text}` is not `wait` or `wait=n`, n from 1 to 60")
        return int(match[1] or 60)

    def cancel_after(self, request):
        """The life of a job in seconds, or None: `90`, `30s`, `5m`, `2h30m`; 5 s at least."""
        text = request.headers.get("Cancel-After")
        if text is None:
            return None
        match = re.fullmatch(r"(\d+)|(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
        if not match or not text:
            raise problem(422, "Unprocessable Entity", f"Cancel-After: `{text}` is not a duration")
        plain, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        life = plain + 3600 * hours + 60 * minutes + seconds
        if life < 5:
            raise problem(422, "Unprocessable Entity", "Cancel-After: the minimum is 5 seconds")
        return life

    def throttle(self):
        """600 creates a minute; with little credit 6, one at a time."""
        now, low = time.time(), self.ways["credit"] == "little"
        if self.ways.happens("create.402"):
            raise problem(402, "Insufficient credit", NO_CREDIT)
        minute, most = self.pause(60), 6 if low else 600
        self.creates = [moment for moment in self.creates if moment > now - minute]
        spaced = not low or not self.creates or now - self.creates[-1] >= self.pause(10)
        if len(self.creates) >= most or not spaced:
            seconds = max(1, math.ceil(10 if low else 1))
            text = (
                "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute "
                f"with a burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in "
                f"~{seconds}s." if low else f"Request was throttled. Expected available in {seconds} second.")
            raise problem(429, "Too Many Requests", text, retry_after=seconds)
        self.creates.append(now)

    def accept(self, name, body, life):
        given = body["input"]
        if found := models.mistakes(name, given):
            raise invalid(found)
        now = time.time()
        fate, error = self.fate(given)
        long = self.ways["queue"] == "long"
        start = now + self.pause(self.ways.chance.uniform(40, 80) if long else self.ways.chance.uniform(1, 3))
        end = start + self.pause(self.ways.chance.uniform(10, 30))
        job = Job(name, given, start, end, life and now + self.pause(life), fate)
        job.id, job.error_to_be = self.token(), error
        job.webhook = body.get("webhook")
        job.events = body.get("webhook_events_filter") or EVENTS
        self.jobs[job.id] = job
        contents = self.by_content(given)
        self.books.write(
            "accepted", id=job.id, model=name, input=given, life=life, files=contents[1],
            key=digest([name, contents[0]]))
        return job

    def fate(self, given):
        """How it will end: files that are not there fail it, as may chance."""
        for url in self.addresses(given):
            if url.startswith(self.origin) and self.upload_at(url) is None:
                return "failed", f"Input validation error: 404 Client Error: Not Found for url: {url}"
        match self.ways.first("job.refused", "job.broken"):
            case "refused":
                return "failed", REFUSED
            case "broken":
                return "failed", BROKEN
        return "succeeded", None

    def addresses(self, value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [url for item in value for url in self.addresses(item)]
        return [value] if isinstance(value, str) and re.match(r"(https?|data):", value) else []

    def upload_at(self, url):
        upload = self.uploads.get(url.rsplit("/", 1)[1])
        return upload if upload and upload["until"] > time.time() else None

    def by_content(self, value):
        """An input without its seed, files by content; and the files that were found so."""
        files = {}

        def plain(value):
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items() if key != "seed"}
            if isinstance(value, list):
                return [plain(item) for item in value]
            if isinstance(value, str) and value.startswith("data:"):
                return digest(base64.b64decode(value.partition(",")[2]))
            if isinstance(value, str) and value.startswith(self.origin) and (upload := self.upload_at(value)):
                files[value] = upload["view"]["checksums"]["sha256"]
                return files[value]
            return value

        return plain(value), files

    def advance(self):
        """Lets time pass for all jobs."""
        now, word = time.time(), self.ways["deadline"]
        with self.lock:
            for job in list(self.jobs.values()):
                while job.advance(now, word):
                    self.changed(job)

    def changed(self, job):
        if job.status == "processing":
            return self.notify(job, "start")
        if job.status == "failed":
            job.error = job.error_to_be
        if job.status == "succeeded":
            self.make(job)
        self.books.write(
            "ended", id=job.id, status=job.status, usd=format(self.cost(job), "f"), canceled_by=job.canceled_by)
        self.notify(job, "completed")

    def cost(self, job):
        """The bill: what was made; what was ended while it ran as if it had been made; nothing else."""
        if job.status == "canceled" and job.had_started and self.ways["canceled_costs"] == "all":
            seconds = models.length(job.name, job.given)
        elif job.status == "succeeded":
            seconds = job.metrics.get("video_output_duration_seconds", models.length(job.name, job.given))
        else:
            return Decimal(0)
        return models.cost(job.name, job.given, seconds, round(job.ran * self.settings["speed"], 3))

    def make(self, job):
        """The output of a job, and what it tells of it."""
        full, makes = models.complete(job.name, job.given), models.REPLICATE[job.name]["makes"]
        compute = round(job.ran * self.settings["speed"], 3)
        job.metrics = {"predict_time": compute, "total_time": round(compute + 0.4, 3)}
        if makes == "text":
            job.output = "hello " + job.given["text"]
            return
        seconds = models.length(job.name, job.given)
        if makes == "video":
            if self.ways["seconds"] != "untold":
                told = seconds + 0.04 * (self.ways["seconds"] == "fractions") * self.ways.chance.choice((-1, 1))
                job.metrics |= {"video_output_count": 1, "video_output_duration_seconds": round(float(told), 3)}
                job.metrics |= {"with_audio": full.get("generate_audio", False)}
                job.metrics |= {"resolution_target": full["resolution"]} if "resolution" in full else {}
            width, height = (side // self.settings["shrink"] // 2 * 2 for side in media.size(full))
            fps = full.get("fps") or full.get("frames_per_second") or 24
            sound = full.get("generate_audio", False)
            content = media.film(self.settings["media"], job.id, width, height, fps, seconds, sound)
            ending = "mp4"
        else:
            ending = full.get("output_format") or "mp3"
            content = media.music(self.settings["media"], job.id, seconds, ending)
            job.metrics |= {"audio_output_count": 1} if models.is_official(job.name) else {}
        job.output = self.publish(job, content, ending)

    def publish(self, job, content, ending):
        place = f"{self.token(20)}/tmp{self.token(8)}.{ending}"
        self.outputs[place] = {"content": content, "job": job.id, "until": time.time() + self.settings["output_life"]}
        at = self.ways["output_at"]
        url = f"{self.delivery}/xezq/{place}" if at == "delivery" else f"{self.origin}/v1/files/{place}"
        key = "video" if ending == "mp4" else "audio"
        return {"string": url, "list": [url], "object": {key: url}}[self.ways["output"]]

    def view(self, job, in_list=False):
        """A prediction as the API tells it: outputs and inputs are gone after an hour."""
        removed = job.completed is not None and time.time() > job.completed + self.settings["output_life"]
        official = models.is_official(job.name)
        internal = self.ways["model"] == "internal" and official
        root = f"{self.origin}/v1/predictions/{job.id}"
        given = {key: self.echoed(job.given[key]) for key in sorted(job.given)}
        view = {
            "id": job.id,
            "model": "replicate-internal/" + job.name.split("/")[1] if internal else job.name,
            "version": self.version(job),
            "input": {} if removed else given,
            "logs": f"Using seed: {job.given.get('seed', 7)}\n" if job.status != "starting" and not removed else "",
            "output": None if removed else job.output,
            "data_removed": removed,
            "error": job.error,
            "source": job.source,
            "status": job.status,
            "created_at": stamp(job.created),
            "urls": {"cancel": root + "/cancel", "get": root, "web": f"https://replicate.com/p/{job.id}",
                     "stream": f"https://stream.replicate.com/v1/files/{job.id}"},
        }
        if job.status != "starting" and time.time() >= job.start:
            view["started_at"] = stamp(job.start)
        if job.completed is not None:
            view["completed_at"] = stamp(job.completed)
        if job.metrics:
            view["metrics"] = job.metrics
        if job.deadline is not None:
            view["deadline"] = stamp(job.deadline)
        if job.deployment:
            view["deployment"] = job.deployment
        if in_list and self.ways["list_inputs"] == "left out":
            del view["input"], view["output"]
        return view

    def version(self, job):
        if not models.is_official(job.name) or self.ways["version"] == "hash":
            return models.version_of(job.name)
        return "hidden"

    def echoed(self, value):
        """Part of an input as it is told: addresses as they came or moved, inline files not at all."""
        if isinstance(value, list):
            return [self.echoed(item) for item in value]
        if self.ways["inputs"] == "rewritten" and isinstance(value, str) and value.startswith(self.origin):
            return f"https://replicate.delivery/pbxt/{digest(value)[:40]}/photo.jpg"
        return value

    def notify(self, job, event):
        if not job.webhook or (event not in job.events and event != "completed"):
            return
        body = json.dumps(self.view(job)).encode()
        for _ in range(2 if self.ways["webhook"] == "twice" else 1):
            threading.Thread(target=self.post, args=(job.webhook, body), daemon=True).start()

    def post(self, url, body):
        mark, moment = f"msg_{digest(body)[:24]}", str(int(time.time()))
        headers = {
            "Content-Type": "application/json", "webhook-id": mark, "webhook-timestamp": moment,
            "webhook-signature": "v1," + self.sign(f"{mark}.{moment}.".encode() + body)}
        for _ in range(3):
            try:
                return urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5).close()
            except OSError:
                time.sleep(0.1)

    def job(self, id):
        if id not in self.jobs:
            raise not_found()
        return self.jobs[id]


def register(api):
    on = api.routes.on

    @on("POST", "/v1/predictions")
    def create_prediction(request):
        body = request.json() or {}
        version = body.get("version") if isinstance(body, dict) else None
        if not isinstance(version, str):
            raise invalid([("required", "(root)", "version is required")])
        name, _, hash = version.rpartition(":") if ":" in version else (version, "", "")
        by_hash = {models.version_of(model): model for model in models.REPLICATE}
        if "/" not in version:
            name, hash = by_hash.get(version, ""), version
        known = name in models.REPLICATE and (hash == models.version_of(name) if hash else models.is_official(name))
        if not known:
            raise problem(
                422, "Invalid version or not permitted",
                "The specified version does not exist (or perhaps you don't have permission to use it?)")
        return api.create(request, name, extra=("version",))

    @on("POST", "/v1/models/{owner}/{name}/predictions")
    def create_prediction_of_model(request, owner, name):
        full = f"{owner}/{name}"
        if full not in models.REPLICATE or not models.is_official(full):
            raise not_found()
        return api.create(request, full)

    @on("POST", "/v1/deployments/{owner}/{name}/predictions")
    def create_prediction_of_deployment(request, owner, name):
        full = f"{owner}/{name}"
        if full not in api.deployments:
            raise not_found()
        return api.create(request, api.deployments[full]["current_release"]["model"], deployment=full)

    @on("GET", "/v1/predictions")
    def list_predictions(request):
        if api.ways.happens("list.500"):
            return Answer(500, BAD_GATEWAY, "text/html")
        api.advance()
        now, lag = time.time(), api.pause(30) if api.ways["list"] == "lagging" else 0
        after = moment_of(request.query["created_after"]) if "created_after" in request.query else 0
        before = moment_of(request.query["created_before"]) if "created_before" in request.query else math.inf
        if request.query.get("source", "web") != "web":
            raise problem(400, "Bad Request", "source must be `web`")
        jobs = [
            job for job in reversed(api.jobs.values())
            if after <= job.created < before and job.created <= now - lag and "source" not in request.query]
        return api.page(request, jobs, lambda job: api.view(job, in_list=True))

    @on("GET", "/v1/predictions/{id}")
    def get_prediction(request, id):
        match api.ways.first("poll.500", "poll.html", "poll.reset", "poll.404"):
            case "500":
                return Answer.of({"detail": "Internal server error", "status": 500}, 500)
            case "html":
                return Answer(200, BAD_GATEWAY, "text/html")
            case "reset":
                return Answer(wire="reset")
            case "404":
                raise not_found()
        api.advance()
        return Answer.of(api.view(api.job(id)))

    @on("POST", "/v1/predictions/{id}/cancel")
    def cancel_prediction(request, id):
        api.advance()
        job = api.job(id)
        if job.status not in OVER:
            job.canceled_by = "client"
            job.finish("canceled", time.time())
            api.changed(job)
        return Answer.of(api.view(job))
