"""HTTP as far as a fake needs it: requests in, answers out, and answers that go wrong on the wire."""

import json
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: object
    body: bytes

    def json(self):
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def bearer(self, *schemes):
        """The key behind one of the schemes, or None."""
        scheme, _, key = (self.headers.get("Authorization") or "").partition(" ")
        return key.strip() if scheme in schemes else None


@dataclass
class Answer:
    """`wire` says what goes wrong: None, "reset" (nothing arrives), "cut" (half of the body does) or "hang"."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)
    wire: str | None = None
    after_sent: object = None

    @staticmethod
    def of(value, status=200, kind="application/json", **more):
        return Answer(status, json.dumps(value).encode(), kind, **more)


class Refusal(Exception):
    """Ends the handling of a request with an answer."""

    def __init__(self, answer):
        self.answer = answer


class Routes:
    """Handlers by method and pattern: `/files/{id}` hands over what stands at `{id}`."""

    def __init__(self):
        self.table = []

    def on(self, method, pattern):
        expression = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + "$")

        def register(function):
            self.table.append((method, expression, function))
            return function

        return register

    def find(self, method, path):
        """The handler and its arguments; or the methods that the path does have."""
        allowed = []
        for known, expression, function in self.table:
            match = expression.match(path)
            if match and known == method:
                return function, {name: unquote(value) for name, value in match.groupdict().items()}
            if match:
                allowed.append(known)
        return None, allowed


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "second-fake"
    sys_version = ""
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def read_body(self):
        if "chunked" in (self.headers.get("Transfer-Encoding") or ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def handle_any(self):
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        request = Request(self.command, url.path, query, self.headers, self.read_body())
        try:
            answer = self.server.answer(request)
        except Refusal as refusal:
            answer = refusal.answer
        self.send(request, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_QUERY = handle_any

    def send(self, request, answer):
        if answer.wire == "hang":
            time.sleep(2)
        if answer.wire in ("reset", "hang"):
            return self.reset()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if request.method != "HEAD":
            cut = answer.wire == "cut"
            self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
            self.wfile.flush()
            if cut:
                return self.reset()
        if answer.after_sent:
            answer.after_sent()

    def reset(self):
        """Ends the connection by a reset: the client cannot take it for a whole answer."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.to_reset.add(self.connection)


class Site(ThreadingHTTPServer):
    """One origin: a free port of the loopback, and the function that answers there."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.answer = answer
        self.to_reset = set()
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"

    def start(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def shutdown_request(self, request):
        if request in self.to_reset:
            self.to_reset.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """A client that goes away is no fault of ours; anything else is, and is shown."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def multipart(request):
    """The parts of a form, by name: (file name or None, content type or None, bytes)."""
    match = re.search(r'boundary="?([^";]+)"?', request.headers.get("Content-Type") or "")
    if not match:
        return None
    parts = {}
    for piece in request.body.split(b"--" + match[1].encode())[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        fields = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in lines if ":" in line}
        disposition = fields.get("content-disposition", "")
        name = re.search(r'[; ]name="([^"]*)"', disposition)
        file_name = re.search(r'filename="([^"]*)"', disposition)
        if name:
            parts[name[1]] = (file_name and file_name[1], fields.get("content-type"), content.removesuffix(b"\r\n"))
    return parts
