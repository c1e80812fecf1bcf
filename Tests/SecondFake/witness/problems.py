"""Times and errors as Replicate writes them."""

import datetime

from .web import Answer, Refusal

BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"


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
