"""The models that the providers have: what they take, what they make, and what it costs."""

import json
import pathlib
import re
from decimal import Decimal

TABLE = json.loads(pathlib.Path(__file__).with_name("models.json").read_text())
REPLICATE = TABLE["replicate"]
CHAT = TABLE["chat"]

KINDS = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}


def is_official(name):
    """Official models run without a version; the others have one that has to be said."""
    return "version" not in REPLICATE[name]


def version_of(name):
    from .books import digest

    return REPLICATE[name].get("version") or digest(name.encode())


def complete(name, given):
    """The input with the defaults of what is left out."""
    defaults = {key: schema["default"] for key, schema in REPLICATE[name]["input"].items() if "default" in schema}
    return defaults | given


def mistakes(name, given):
    """What is wrong with an input, in the words of the provider: (type, field, description)."""
    model = REPLICATE[name]
    found = [("required", "input", f"{key} is required") for key in model["required"] if key not in given]
    for key, value in given.items():
        if key not in model["input"]:
            found.append(("additional_property_not_allowed", "input", f"Additional property {key} is not allowed"))
        elif problem := mismatch(model["input"][key], value):
            found.append((problem[0], f"input.{key}", problem[1]))
    return found


def mismatch(schema, value):
    right = isinstance(value, KINDS[schema["type"]]) and not (isinstance(value, bool) and schema["type"] != "boolean")
    if not right:
        names = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}
        return "invalid_type", f"Invalid type. Expected: {schema['type']}, given: {names.get(type(value), 'null')}"
    if "enum" in schema and value not in schema["enum"]:
        words = ", ".join(json.dumps(word) for word in schema["enum"])
        return "enum", f"must be one of the following: {words}"
    if value is not True and value is not False and "minimum" in schema and value < schema["minimum"]:
        return "number_gte", f"Must be greater than or equal to {schema['minimum']}"
    if value is not True and value is not False and "maximum" in schema and value > schema["maximum"]:
        return "number_lte", f"Must be less than or equal to {schema['maximum']}"
    if len(value) > schema["maxLength"] if "maxLength" in schema else False:
        return "string_lte", f"String length must be less than or equal to {schema['maxLength']}"
    if len(value) > schema["maxItems"] if "maxItems" in schema else False:
        return "array_max_items", f"Array must have at most {schema['maxItems']} items"
    if schema.get("format") == "uri" and not re.match(r"(https?://|data:)", value):
        return "format", "Does not match format 'uri'"
    for item in value if schema["type"] == "array" else []:
        if problem := mismatch(schema["items"], item):
            return problem
    return None


def length(name, given):
    """The seconds of what is made."""
    model, full = REPLICATE[name], complete(name, given)
    if "num_frames" in full:
        return full["num_frames"] / full["frames_per_second"]
    return full.get("duration") or model.get("seconds") or 0


def cost(name, given, seconds, compute):
    """What a job costs that made so many seconds in so many seconds of computing."""
    price, full = REPLICATE[name]["price"], complete(name, given)
    row = next(row for row in price["rows"] if all(full.get(k) == v for k, v in row.get("when", {}).items()))
    units = {"second": seconds, "compute second": compute}.get(price["unit"], 1)
    return Decimal(row["usd"]) * Decimal(str(units))


def openapi(name):
    """The schema that the service publishes of a model, as far as clients read it."""
    model = REPLICATE[name]
    properties = {
        key: {"title": key.replace("_", " ").title(), "x-order": order} | schema
        for order, (key, schema) in enumerate(model["input"].items())
    }
    made = {"type": "string", "title": "Output"} | ({} if model["makes"] == "text" else {"format": "uri"})
    return {
        "openapi": "3.0.2",
        "info": {"title": "Cog", "version": "0.1.0"},
        "paths": {},
        "components": {"schemas": {
            "Input": {"type": "object", "title": "Input", "required": model["required"], "properties": properties},
            "Output": made,
        }},
    }
