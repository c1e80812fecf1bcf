"""Files: what clients upload, and what predictions have made."""

import base64
import hashlib
import json
import mimetypes
import re
import time

from .problems import BAD_GATEWAY, not_found, problem, stamp
from .web import Answer, Refusal, multipart


class Files:
    """The part of `ReplicateAPI` that keeps files."""

    def upload(self, request):
        match self.ways.first("upload.503", "upload.reset"):
            case "503":
                raise Refusal(Answer(503, BAD_GATEWAY, "text/html"))
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
                raise Refusal(Answer(503, BAD_GATEWAY, "text/html"))
            case "html":
                return Answer(200, BAD_GATEWAY, "text/html")
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
    on = api.routes.on

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
        if query.get("signature") != api.sign(text) or int(query["expiry"]) < time.time():
            raise not_found("File not found")
        return Answer(200, upload["content"], "application/octet-stream")
