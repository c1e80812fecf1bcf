"""Replicate's HTTP API, from its OpenAPI document, its public clients and their recorded traffic."""

import base64
import datetime
import hashlib
import hmac
import json
import math
import mimetypes
import re
import threading
import time
import urllib.request
from decimal import Decimal

from . import media, models
from .books import digest
from .web import Answer, Refusal, Routes, multipart

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
OVER = ("succeeded", "failed", "canceled", "aborted")
EVENTS = ("start", "output", "logs", "completed")
BROKEN = "Director: unexpected error handling prediction (E9828)"
REFUSED = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
NO_CREDIT = (
    "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase "
    "credit. Once you purchase credit, please wait a few minutes before trying again.")
WEBHOOK_KEY = base64.b64encode(b"a secret of the second fake").decode()
HTML = b"<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def moment_of(text):
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+")).timestamp()
    except ValueError:
        raise problem(400, "Bad Request", f"`{text}` is not an ISO 8601 date-time") from None


def problem(status, title, detail, **more):
    body = {"title": title, "detail": detail, "status": status} | more
    headers = {"Retry-After": str(more["retry_after"])} if "retry_after" in more else {}
    return Refusal(Answer.of(body, status, "application/problem+json", headers=headers))


def invalid(found):
    """The answer to a body with mistakes: (type, field, description)."""
    detail = "".join(f"- {field}: {text}\n" for _, field, text in found)
    fields = [{"type": kind, "field": field, "description": text} for kind, field, text in found]
    return problem(422, "Input validation failed", detail, invalid_fields=fields)


def not_found(what="The requested resource could not be found."):
    return problem(404, "Not Found", what)


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


class ReplicateAPI:
    def __init__(self, ways, books, settings):
        self.ways, self.books, self.settings = ways, books, settings
        self.jobs, self.uploads, self.outputs, self.deployments, self.trainings = {}, {}, {}, {}, {}
        self.lock = threading.RLock()
        self.creates = []
        self.routes = Routes()
        self.origin = self.delivery = None  # set once the sites are there
        register(self)

    # What every request passes.

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

    def token(self, length=26):
        return "".join(self.ways.chance.choice(LETTERS) for _ in range(length))

    # Predictions.

    def create(self, request, name, extra=()):
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
            raise Refusal(Answer(500, HTML, "text/html"))
        if fault == "reset before":
            return Answer(wire="reset")
        job = self.accept(name, body, life)
        return self.told(job, request, wait, fault)

    def told(self, job, request, wait, fault):
        """The answer to a create, in time or late, or lost."""
        if fault in ("reset after", "hang after"):
            return Answer(wire=fault.split()[0])
        if fault == "502 after":
            return Answer(502, HTML, "text/html")
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
        now, low = time.time(), self.settings["credit"] < 5
        if self.settings["credit"] <= 0:
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
        signed = hmac.new(base64.b64decode(WEBHOOK_KEY), f"{mark}.{moment}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json", "webhook-id": mark, "webhook-timestamp": moment,
            "webhook-signature": "v1," + base64.b64encode(signed).decode()}
        for _ in range(3):
            try:
                return urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5).close()
            except OSError:
                time.sleep(0.1)

    def job(self, id):
        if id not in self.jobs:
            raise not_found()
        return self.jobs[id]

    def page(self, request, items, view, size=100):
        """A page of a list, the newest first; the cursor counts what was told already."""
        try:
            begin = int(base64.urlsafe_b64decode(request.query.get("cursor", "MA==")))
        except ValueError:
            raise problem(400, "Bad Request", "Invalid cursor") from None
        rest = {key: value for key, value in request.query.items() if key != "cursor"}

        def address(position):
            cursor = base64.urlsafe_b64encode(str(position).encode()).decode()
            query = "&".join(f"{key}={urllib.request.quote(value)}" for key, value in (rest | {"cursor": cursor}).items())
            return f"{self.origin}{request.path}?{query}"

        return Answer.of({
            "next": address(begin + size) if begin + size < len(items) else None,
            "previous": address(max(0, begin - size)) if begin else None,
            "results": [view(item) for item in items[begin : begin + size]],
        })

    # Files.

    def upload(self, request):
        match self.ways.first("upload.503", "upload.reset"):
            case "503":
                raise Refusal(Answer(503, HTML, "text/html"))
            case "reset":
                return Answer(wire="reset")
        parts = multipart(request)
        if not parts or "content" not in parts:
            raise problem(400, "Bad Request", "Missing content")
        name, kind, content = parts["content"]
        if len(content) > 100 * 1024 * 1024:
            raise problem(413, "Content Too Large", "Files must be less than 100MB in size")
        name = parts["filename"][2].decode() if "filename" in parts else name
        kind = parts["type"][2].decode() if "type" in parts else kind
        if name is not None and len(name.encode()) > 255:
            raise problem(400, "Bad Request", "The filename must not be longer than 255 bytes")
        metadata = self.metadata(parts)
        now, id = time.time(), base64.urlsafe_b64encode(self.token(36).encode()).decode().rstrip("=")
        sums = {"sha256": hashlib.sha256(content).hexdigest(), "md5": hashlib.md5(content).hexdigest()}
        view = {
            "id": id, "name": name or "file", "content_type": kind or "application/octet-stream",
            "size": len(content), "etag": sums["md5"], "checksums": sums, "metadata": metadata,
            "created_at": stamp(now), "expires_at": stamp(now + 86400),
            "urls": {"get": f"{self.origin}/v1/files/{id}"},
        }
        self.uploads[id] = {"view": view, "content": content, "until": now + 86400}
        return Answer.of(view, 201)

    def metadata(self, parts):
        """One part of JSON; or, from a client that spells out objects, a part `metadata[key]` for each member."""
        if "metadata" in parts:
            try:
                value = json.loads(parts["metadata"][2] or b"{}")
            except ValueError:
                value = None
            if not isinstance(value, dict):
                raise problem(400, "Bad Request", "metadata must be a JSON object")
            return value
        spelt = [(re.fullmatch(r"metadata\[(.+)\]", name), part[2]) for name, part in parts.items()]
        return {match[1]: value.decode() for match, value in spelt if match}

    def file(self, id):
        if id not in self.uploads or self.uploads[id]["until"] < time.time():
            raise not_found("File not found")
        return self.uploads[id]

    def own_output(self, request):
        """An output at the API's own origin: only with the key; or a redirect to where it lies."""
        place = request.path.removeprefix("/v1/files/")
        if place not in self.outputs or request.method not in ("GET", "HEAD"):
            raise not_found("File not found")
        if request.bearer("Bearer", "Token") != self.settings["replicate_key"]:
            if self.ways["no_key"] == "401":
                raise problem(401, "Unauthenticated", "You did not pass an authentication token")
            raise not_found("File not found")
        if self.ways["output_at"] == "redirect":
            return Answer(302, headers={"Location": f"{self.delivery}/xezq/{place}"})
        return self.deliver(request, place)

    def delivered(self, request):
        """The other origin, where outputs lie for everyone who knows their address."""
        if "Authorization" in request.headers:
            self.books.write("violation", what="the key was sent to the delivery host")
        if request.method not in ("GET", "HEAD"):
            raise Refusal(Answer(405, b"", "text/plain"))
        return self.deliver(request, request.path.removeprefix("/xezq/"))

    def deliver(self, request, place):
        output = self.outputs.get(place)
        if output is None or output["until"] < time.time():
            raise Refusal(Answer(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml"))
        content, wire = output["content"], None
        match self.ways.first("download.503", "download.reset", "download.cut", "download.html"):
            case "503":
                raise Refusal(Answer(503, HTML, "text/html"))
            case "html":
                return Answer(200, HTML, "text/html")
            case "reset" | "cut" as fault:
                wire = fault
        kind = mimetypes.guess_type(place)[0] or "application/octet-stream"
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{hashlib.md5(content).hexdigest()}"'}
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range") or "")
        if part and request.headers.get("If-Range") in (None, headers["ETag"]):
            first, last = int(part[1]), min(int(part[2] or len(content) - 1), len(content) - 1)
            if first > last:
                raise Refusal(Answer(416, b"", kind, {"Content-Range": f"bytes */{len(content)}"}))
            headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            return Answer(206, content[first : last + 1], kind, headers, wire)
        if request.method == "GET" and wire is None:
            self.books.write("delivered", id=output["job"], bytes=len(content))
        return Answer(200, content, kind, headers, wire)


def register(api):
    """The endpoints that the official clients have."""
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
        full = known_model(owner, name)
        if not models.is_official(full):
            raise not_found()
        return api.create(request, full)

    @on("POST", "/v1/deployments/{owner}/{name}/predictions")
    def create_prediction_of_deployment(request, owner, name):
        deployment = known_deployment(owner, name)
        answer = api.create(request, deployment["current_release"]["model"])
        if api.jobs:
            list(api.jobs.values())[-1].deployment = f"{owner}/{name}"
        return answer

    @on("GET", "/v1/predictions")
    def list_predictions(request):
        if api.ways.happens("list.500"):
            return Answer(500, HTML, "text/html")
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
                return Answer(200, HTML, "text/html")
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

    @on("POST", "/v1/files")
    def create_file(request):
        return api.upload(request)

    @on("GET", "/v1/files")
    def list_files(request):
        now = time.time()
        files = [upload for upload in reversed(api.uploads.values()) if upload["until"] > now]
        return api.page(request, files, lambda upload: upload["view"])

    @on("GET", "/v1/files/{id}")
    def get_file(request, id):
        return Answer.of(api.file(id)["view"])

    @on("DELETE", "/v1/files/{id}")
    def delete_file(request, id):
        api.file(id)
        del api.uploads[id]
        return Answer(204)

    @on("GET", "/v1/files/{id}/download")
    def download_file(request, id):
        query, upload = request.query, api.file(id)
        text = f"{query.get('owner')} {id} {query.get('expiry')}".encode()
        signed = hmac.new(base64.b64decode(WEBHOOK_KEY), text, hashlib.sha256).digest()
        right = query.get("signature") == base64.b64encode(signed).decode()
        if not right or int(query["expiry"]) < time.time():
            raise not_found("File not found")
        return Answer(200, upload["content"], "application/octet-stream")

    @on("GET", "/v1/account")
    def get_account(request):
        return Answer.of({
            "type": "organization", "username": "second-fake", "name": "Second Fake", "github_url": None,
            "avatar_url": None})

    @on("GET", "/v1/webhooks/default/secret")
    def get_secret(request):
        return Answer.of({"key": "whsec_" + WEBHOOK_KEY})

    @on("GET", "/v1/hardware")
    def list_hardware(request):
        return Answer.of([{"name": "CPU", "sku": "cpu"}, {"name": "Nvidia A100 (80GB) GPU", "sku": "gpu-a100-large"}])

    # Models: the table, and what clients have created.

    own = {}

    def known_model(owner, name):
        full = f"{owner}/{name}"
        if full not in models.REPLICATE:
            raise not_found()
        return full

    def model_view(full):
        owner, name = full.split("/")
        view = {
            "url": f"https://replicate.com/{full}", "owner": owner, "name": name, "description": "of the second fake",
            "visibility": "public", "is_official": full in models.REPLICATE and models.is_official(full),
            "github_url": None, "paper_url": None, "license_url": None, "run_count": 7, "cover_image_url": None,
            "default_example": None, "latest_version": None,
        }
        return view | ({"latest_version": version_view(full)} if full in models.REPLICATE else own[full])

    def version_view(full):
        return {
            "id": models.version_of(full), "created_at": "2026-10-01T00:00:00.000000Z", "cog_version": "0.16.9",
            "openapi_schema": models.openapi(full)}

    def either_model(owner, name):
        full = f"{owner}/{name}"
        if full not in models.REPLICATE and full not in own:
            raise not_found()
        return full

    @on("GET", "/v1/models")
    def list_models(request):
        return api.page(request, [*models.REPLICATE, *own], model_view, size=25)

    @on("QUERY", "/v1/models")
    def search_models(request):
        words = request.body.decode().strip('"').lower()
        return api.page(request, [full for full in models.REPLICATE if words in full], model_view, size=25)

    @on("POST", "/v1/models")
    def create_model(request):
        body = request.json() or {}
        needed = ("owner", "name", "visibility", "hardware")
        if found := [("required", "(root)", f"{key} is required") for key in needed if key not in body]:
            raise invalid(found)
        own[f"{body['owner']}/{body['name']}"] = {key: value for key, value in body.items() if key != "hardware"}
        return Answer.of(model_view(f"{body['owner']}/{body['name']}"), 201)

    @on("GET", "/v1/models/{owner}/{name}")
    def get_model(request, owner, name):
        return Answer.of(model_view(either_model(owner, name)))

    @on("PATCH", "/v1/models/{owner}/{name}")
    def update_model(request, owner, name):
        full = either_model(owner, name)
        own.setdefault(full, {}).update(request.json() or {})
        return Answer.of(model_view(full))

    @on("DELETE", "/v1/models/{owner}/{name}")
    def delete_model(request, owner, name):
        if own.pop(f"{owner}/{name}", None) is None:
            raise not_found()
        return Answer(204)

    @on("GET", "/v1/models/{owner}/{name}/examples")
    def list_examples(request, owner, name):
        known_model(owner, name)
        return api.page(request, [], None)

    @on("GET", "/v1/models/{owner}/{name}/readme")
    def get_readme(request, owner, name):
        return Answer(200, f"# {known_model(owner, name)}\n".encode(), "text/plain; charset=utf-8")

    @on("GET", "/v1/models/{owner}/{name}/versions")
    def list_versions(request, owner, name):
        return api.page(request, [known_model(owner, name)], version_view)

    @on("GET", "/v1/models/{owner}/{name}/versions/{id}")
    def get_version(request, owner, name, id):
        full = known_model(owner, name)
        if id != models.version_of(full):
            raise not_found()
        return Answer.of(version_view(full))

    @on("DELETE", "/v1/models/{owner}/{name}/versions/{id}")
    def delete_version(request, owner, name, id):
        get_version(request, owner, name, id)
        raise problem(403, "Forbidden", "You can only delete versions of your own models.")

    @on("GET", "/v1/collections")
    def list_collections(request):
        return api.page(request, ["text-to-video"], lambda slug: collection(slug, whole=False))

    @on("GET", "/v1/collections/{slug}")
    def get_collection(request, slug):
        if slug != "text-to-video":
            raise not_found()
        return Answer.of(collection(slug, whole=True))

    def collection(slug, whole):
        view = {"name": "Text to video", "slug": slug, "description": "Films"}
        films = [full for full in models.REPLICATE if models.REPLICATE[full]["makes"] == "video"]
        return view | ({"full_description": None, "models": [model_view(full) for full in films]} if whole else {})

    @on("GET", "/v1/search")
    def search(request):
        words = request.query.get("query", "").lower()
        found = [full for full in models.REPLICATE if words in full]
        results = [{"model": model_view(full), "metadata": {"score": 1.0, "tags": []}} for full in found]
        return Answer.of({"query": words, "models": results, "collections": [], "pages": []})

    # Deployments and trainings: enough for their clients.

    def known_deployment(owner, name):
        if f"{owner}/{name}" not in api.deployments:
            raise not_found()
        return api.deployments[f"{owner}/{name}"]

    @on("GET", "/v1/deployments")
    def list_deployments(request):
        return api.page(request, list(reversed(api.deployments.values())), lambda deployment: deployment)

    @on("POST", "/v1/deployments")
    def create_deployment(request):
        body = request.json() or {}
        needed = ("name", "model", "version", "hardware", "min_instances", "max_instances")
        if found := [("required", "(root)", f"{key} is required") for key in needed if key not in body]:
            raise invalid(found)
        known_model(*body["model"].split("/"))
        api.deployments[f"second-fake/{body['name']}"] = deployment = {
            "owner": "second-fake", "name": body["name"], "current_release": {
                "number": 1, "model": body["model"], "version": body["version"], "created_at": stamp(time.time()),
                "created_by": {
                    "type": "organization", "username": "second-fake", "name": "Second Fake", "github_url": None,
                    "avatar_url": None},
                "configuration": {key: body[key] for key in ("hardware", "min_instances", "max_instances")}}}
        return Answer.of(deployment)

    @on("GET", "/v1/deployments/{owner}/{name}")
    def get_deployment(request, owner, name):
        return Answer.of(known_deployment(owner, name))

    @on("PATCH", "/v1/deployments/{owner}/{name}")
    def update_deployment(request, owner, name):
        release = known_deployment(owner, name)["current_release"]
        changes = request.json() or {}
        release["configuration"] |= {k: v for k, v in changes.items() if k in release["configuration"]}
        release |= {"number": release["number"] + 1, "version": changes.get("version", release["version"])}
        return Answer.of(known_deployment(owner, name))

    @on("DELETE", "/v1/deployments/{owner}/{name}")
    def delete_deployment(request, owner, name):
        known_deployment(owner, name)
        del api.deployments[f"{owner}/{name}"]
        return Answer(204)

    def training_view(training):
        root = f"{api.origin}/v1/trainings/{training['id']}"
        return training | {"urls": {"get": root, "cancel": root + "/cancel"}}

    def known_training(id):
        if id not in api.trainings:
            raise not_found()
        return api.trainings[id]

    @on("POST", "/v1/models/{owner}/{name}/versions/{version}/trainings")
    def create_training(request, owner, name, version):
        get_version(request, owner, name, version)
        body = request.json() or {}
        destination = body.get("destination")
        if destination not in own and destination not in models.REPLICATE:
            raise problem(
                404, "The specified training destination does not exist",
                "The destination model does not exist, or you don't have access to it.")
        id = api.token()
        api.trainings[id] = {
            "id": id, "model": f"{owner}/{name}", "version": version, "input": body.get("input", {}), "logs": "",
            "error": None, "status": "starting", "source": "api", "created_at": stamp(time.time()), "output": None}
        return Answer.of(training_view(api.trainings[id]), 201)

    @on("GET", "/v1/trainings")
    def list_trainings(request):
        return api.page(request, list(reversed(api.trainings.values())), training_view)

    @on("GET", "/v1/trainings/{id}")
    def get_training(request, id):
        return Answer.of(training_view(known_training(id)))

    @on("POST", "/v1/trainings/{id}/cancel")
    def cancel_training(request, id):
        known_training(id)["status"] = "canceled"
        return Answer.of(training_view(known_training(id)))
