"""Chat completions as xAI and OpenAI serve them: vision, strict schemas, thinking, prices, refusals."""

import base64
import json
import re
import time
from decimal import Decimal

from . import models
from .books import digest
from .web import Answer, Refusal, Routes

TICKS = Decimal(10) ** 10
MEMBERS = {
    "model", "messages", "response_format", "temperature", "max_tokens", "max_completion_tokens", "reasoning_effort",
    "seed", "n", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "user", "top_p", "stop",
    "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "deferred", "store",
    "metadata", "service_tier", "search_parameters", "modalities", "prediction", "verbosity", "safety_identifier",
    "prompt_cache_key", "web_search_options",
}
XAI_CODES = {
    400: "Client specified an invalid argument", 401: "unauthenticated:bad-credentials",
    402: "The caller has no credits left", 403: "permission-denied", 404: "Some requested entity was not found",
    408: "Request timed out", 422: "Failed to deserialize the JSON body into the target type",
    429: "Some resource has been exhausted", 503: "The service is currently unavailable",
}


class ChatAPI:
    def __init__(self, ways, books, settings):
        self.ways, self.books, self.settings = ways, books, settings
        self.flavour = settings["chat_flavour"]
        self.routes = Routes()
        self.count = 0
        register(self)

    def answer(self, request):
        function, found = self.routes.find(request.method, request.path)
        if function is None:
            raise self.error(405 if found else 404, "the endpoint is not there")
        self.check_key(request)
        return function(request, **found)

    def check_key(self, request):
        key = request.bearer("Bearer")
        if not key:
            raise self.error(401, "No authorization header or an invalid authorization token is provided.")
        if key != self.settings["chat_key"]:
            hint = key[:2] + "***" + key[-2:]
            raise self.error(
                400 if self.flavour == "xai" else 401,
                f"Incorrect API key provided: {hint}. You can obtain an API key from https://console.x.ai.",
                code="invalid_api_key")

    def error(self, status, text, code=None, param=None):
        """xAI's flat errors, or OpenAI's nested ones."""
        if self.flavour == "xai":
            body = {"code": XAI_CODES.get(status, "internal"), "error": text}
        else:
            kind = {401: "authentication_error", 429: "rate_limit_error"}.get(status, "invalid_request_error")
            kind = "server_error" if status >= 500 else kind
            body = {"error": {"message": text, "type": kind, "param": param, "code": code}}
        headers = {"Retry-After": "1"} if status == 429 else {}
        return Refusal(Answer.of(body, status, headers=headers))

    def misfit(self, text, **more):
        """The answer to a body of the wrong form."""
        return self.error(422 if self.flavour == "xai" else 400, text, **more)

    def known_model(self, name):
        model = models.CHAT.get(name)
        if model is None or model["flavour"] != self.flavour:
            text = f"The model {name} does not exist or your team does not have access to it."
            raise self.error(404, text, code="model_not_found", param="model")
        return model

    # A question.

    def complete(self, request):
        body = request.json()
        if not request.body:
            raise self.error(415, "The request has no body.")
        if not isinstance(body, dict):
            raise self.misfit("The body is not a JSON object.")
        self.check_members(body)
        model = self.known_model(body["model"])
        self.check_settings(body, model)
        texts, images = self.check_messages(body["messages"])
        schema = self.check_format(body.get("response_format"))
        fault = self.ways.first(
            "chat.429", "chat.503", "chat.reset", "chat.refusal", "chat.length", "chat.prose")
        if fault == "429":
            raise self.error(429, "Too many requests for this model.", code="rate_limit_exceeded")
        if fault == "503":
            raise self.error(503, "The service is at capacity.")
        self.count += 1
        said = self.say(schema, texts, fault)
        usage, dollars = self.usage(model, body, texts, images, said)
        mark = f"{digest(request.body)[:8]}-{self.count}"
        usable = fault not in ("refusal", "length", "prose")
        self.books.write(
            "chat", id=mark, model=body["model"], key=digest(body), usd=str(dollars), usage=usage, usable=usable)
        time.sleep(self.settings["chat_seconds"] / self.settings["speed"])
        if fault == "reset":
            return Answer(wire="reset")
        view = self.view(body, mark, said, usage, fault)
        sent = lambda: self.books.write("arrived", id=mark)
        if body.get("stream"):
            return Answer(200, self.stream(view, said), "text/event-stream", after_sent=sent)
        return Answer.of(view, after_sent=sent)

    def check_members(self, body):
        for key, kind in {"model": str, "messages": list}.items():
            if not isinstance(body.get(key), kind):
                raise self.misfit(f"missing or wrong field `{key}`", param=key)
        for key in body.keys() - MEMBERS:
            if self.flavour == "openai":
                raise self.error(400, f"Unrecognized request argument supplied: {key}", param=key)
        numbers = {"temperature": (0, 2), "top_p": (0, 1), "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2)}
        for key, (low, high) in numbers.items():
            value = body.get(key)
            if value is not None and (not isinstance(value, (int, float)) or not low <= value <= high):
                raise self.error(400, f"`{key}` has to be from {low} to {high}", param=key)

    def check_settings(self, body, model):
        effort = body.get("reasoning_effort")
        if effort is not None and effort not in model["efforts"]:
            text = f"Model {body['model']} does not support reasoningEffort `{effort}`."
            raise self.error(400, text, code="unsupported_value", param="reasoning_effort")
        thinks = model.get("thinks") or (model["efforts"] and effort != "none")
        refused = ("presence_penalty", "frequency_penalty", "stop") + (
            ("temperature", "top_p", "logprobs", "max_tokens") if self.flavour == "openai" else ())
        for key in refused if thinks else ():
            if body.get(key) is not None and not (key == "temperature" and body[key] == 1):
                text = f"Unsupported parameter: '{key}' is not supported with this model."
                raise self.error(400, text, code="unsupported_parameter", param=key)

    def check_messages(self, messages):
        """All the text that is said, and how many tokens the pictures count for."""
        texts, tokens = [], 0
        for message in messages:
            if not isinstance(message, dict) or message.get("role") not in (
                    "system", "developer", "user", "assistant", "tool"):
                raise self.misfit("a message has no known role", param="messages")
            content = message.get("content")
            for part in [{"type": "text", "text": content}] if isinstance(content, str) else content or []:
                match part:
                    case {"type": "text", "text": str(text)}:
                        texts.append(text)
                    case {"type": "image_url", "image_url": {"url": str(url), **more}}:
                        tokens += self.picture(url, more.get("detail", "auto"))
                    case _:
                        raise self.misfit("a part of a message is of no known form")
        return texts, tokens

    def picture(self, url, detail):
        if detail not in ("auto", "low", "high"):
            raise self.misfit(f"unknown variant `{detail}` of detail")
        if re.match("https?://", url):
            return 256
        match = re.fullmatch(r"data:image/(jpeg|jpg|png);base64,(.+)", url, re.DOTALL)
        try:
            content = base64.b64decode(match[2], validate=True)
        except (TypeError, ValueError):
            raise self.error(400, "Invalid base64 image: only JPEG and PNG are supported.") from None
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")) or len(content) > 20 << 20:
            raise self.error(400, "The image is neither JPEG nor PNG, or larger than 20 MiB.")
        return 256 if detail == "low" else 512

    def check_format(self, asked):
        """The schema that the answer has to have, or None."""
        if asked is None or asked.get("type") in ("text", "json_object"):
            return None
        wrapped = asked.get("json_schema")
        if asked.get("type") != "json_schema" or not isinstance(wrapped, dict) or "schema" not in wrapped:
            raise self.error(400, "Invalid response_format.", param="response_format")
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wrapped.get("name") or ""):
            raise self.error(400, "Invalid response_format: json_schema.name", param="response_format")
        if wrapped.get("strict"):
            self.check_strict(wrapped["schema"], "")
        return wrapped["schema"]

    def check_strict(self, schema, path):
        """OpenAI's rules for strict schemas; xAI asks for less."""
        if schema.get("type") == "object" and self.flavour == "openai":
            keys = set(schema.get("properties", {}))
            if schema.get("additionalProperties") is not False or keys != set(schema.get("required", [])):
                raise self.error(
                    400, f"Invalid schema for response_format: in context=({path or 'root'}), 'additionalProperties' has "
                    "to be false and 'required' has to name every key in properties.", code="invalid_json_schema",
                    param="response_format")
        for key, value in schema.get("properties", {}).items():
            self.check_strict(value, f"{path}.{key}")
        if "items" in schema:
            self.check_strict(schema["items"], f"{path}[]")

    # The answer.

    def say(self, schema, texts, fault):
        if fault == "refusal":
            return ""
        if schema is None:
            return "I looked at it." if not texts else f"You said: {texts[-1][:40]}"
        said = json.dumps(Sample(texts).of(schema))
        if fault == "length":
            return said[: len(said) * 2 // 3]
        if fault == "prose":
            return "I cannot tell these photos apart, sorry."
        return said

    def usage(self, model, body, texts, images, said):
        """Tokens and dollars; what a model thinks is neither in the question nor in the answer."""
        text = sum(map(len, texts)) // 4 + 8
        thought = 90 if self.ways["reasoning"] == "some" or body.get("reasoning_effort", "none") != "none" else 0
        told = len(said) // 4 + 1
        cached = text // 2 if self.ways["ticks"] == "told" and self.count > 1 else 0
        inner = self.flavour == "openai"  # where the answer's tokens have the thoughts among them
        usage = {
            "prompt_tokens": text + images, "completion_tokens": told + (thought if inner else 0),
            "total_tokens": text + images + told + thought,
            "prompt_tokens_details": {
                "text_tokens": text, "image_tokens": images, "audio_tokens": 0, "cached_tokens": cached},
            "completion_tokens_details": {
                "reasoning_tokens": thought, "audio_tokens": 0, "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0},
        }
        dollars = (
            Decimal(model["in"]) * (text + images - cached) + Decimal(model["cached"]) * cached
            + Decimal(model["out"]) * (told + thought)) / 1_000_000
        if self.flavour == "xai":
            usage["num_sources_used"] = 0
            if self.ways["ticks"] == "told":
                usage["cost_in_usd_ticks"] = int(dollars * TICKS)
        return usage, dollars

    def view(self, body, mark, said, usage, fault):
        message = {"role": "assistant", "content": said, "refusal": None}
        if fault == "refusal":
            message |= {"content": None, "refusal": "I can't help with these photos."}
        reason = "length" if fault == "length" else "stop"
        return {
            "id": "chatcmpl-" + mark, "object": "chat.completion", "created": int(time.time()), "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
            "usage": usage, "system_fingerprint": "fp_second_fake", "service_tier": "default",
        }

    def stream(self, view, said):
        base = {key: view[key] for key in ("id", "created", "model", "system_fingerprint")}
        base["object"] = "chat.completion.chunk"
        pieces = [{"role": "assistant", "content": ""}] + [{"content": said[i : i + 8]} for i in range(0, len(said), 8)]
        chunks = [base | {"choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]
        chunks.append(base | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": view["usage"]})
        lines = ["data: " + json.dumps(chunk) for chunk in chunks] + ["data: [DONE]", ""]
        return "\n\n".join(lines).encode()


class Sample:
    """A value of a schema: an item for each word of an enumeration, and no other word twice.

    Where the question lists what may stand for a word, as in `- hook: pool-a pool-b`, that is taken.
    """

    def __init__(self, texts):
        self.left = {}
        self.lists = dict(re.findall(r"^- ([\w.-]+): ([^\n]+)$", "\n".join(texts), re.MULTILINE))

    def of(self, schema, word=None):
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.deal(schema["enum"], 1, word)[0]
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {key: self.of(value, word) for key, value in schema.get("properties", {}).items()}
        if kind == "array":
            return self.items(schema["items"], word)
        return {"string": "as it looks", "integer": 1, "number": 0.5, "boolean": True, "null": None}.get(kind)

    def items(self, item, word):
        if "enum" in item:
            return self.deal(item["enum"], 2, word)
        for key, value in item.get("properties", {}).items():
            if "enum" in value:
                return [self.item(item, key, each) for each in value["enum"]]
        return [self.of(item)]

    def item(self, schema, name, word):
        """An object whose one member is that word."""
        more = {key: value for key, value in schema["properties"].items() if key != name}
        return {name: word} | {key: self.of(value, word) for key, value in more.items()}

    def deal(self, words, count, word):
        listed = self.lists.get(word, "").split()
        left = self.left.setdefault(tuple(words), list(words))
        among = [each for each in listed if each in left] if listed and set(listed) <= set(words) else left
        dealt = among[:count] or words[:count]
        self.left[tuple(words)] = [each for each in left if each not in dealt]
        return dealt


def register(api):
    on = api.routes.on

    @on("POST", "/v1/chat/completions")
    def chat(request):
        return api.complete(request)

    def view(name):
        return {"id": name, "object": "model", "created": 1_760_000_000, "owned_by": api.flavour}

    def priced(name):
        model = models.CHAT[name]
        price = lambda key: int(Decimal(model[key]) * 10_000)
        return view(name) | {
            "version": "1.0", "input_modalities": ["text", "image"], "output_modalities": ["text"], "aliases": [],
            "prompt_text_token_price": price("in"), "cached_prompt_text_token_price": price("cached"),
            "prompt_image_token_price": price("in"), "completion_text_token_price": price("out")}

    def names():
        return [name for name, model in models.CHAT.items() if model["flavour"] == api.flavour]

    @on("GET", "/v1/models")
    def list_models(request):
        return Answer.of({"object": "list", "data": [view(name) for name in names()]})

    @on("GET", "/v1/models/{name}")
    def get_model(request, name):
        api.known_model(name)
        return Answer.of(view(name))

    @on("GET", "/v1/language-models")
    def list_language_models(request):
        return Answer.of({"models": [priced(name) for name in names()]})

    @on("GET", "/v1/api-key")
    def get_key(request):
        return Answer.of({"redacted_api_key": "xai-...fake", "api_key_blocked": False, "api_key_disabled": False})
