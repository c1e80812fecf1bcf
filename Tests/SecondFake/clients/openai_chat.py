"""openai, which drives any service of this kind, asks a fake of one."""

import base64
import json
import os

import openai
from checks import check, expect, main, raises

xai = os.environ.get("FLAVOUR", "xai") == "xai"
model = "grok-4.3" if xai else "gpt-4.1-mini"
client = openai.OpenAI(base_url=os.environ["CHAT_BASE"], api_key=os.environ["CHAT_KEY"], max_retries=0)
PIXEL = base64.b64encode(bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc00000000301010018"
    "dd8db00000000049454e44ae426082")).decode()
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["pairs"], "properties": {"pairs": {
        "type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["scene", "first"], "properties": {
                "scene": {"type": "string", "enum": ["hook", "outro"]},
                "first": {"type": "string", "enum": ["pool", "dusk"]}}}}}}


def ask(**more):
    return client.chat.completions.create(
        **{"model": model, "messages": [{"role": "user", "content": "What is this?"}]} | more)


def strict(schema, strict=True):
    return {"type": "json_schema", "json_schema": {"name": "pairs", "strict": strict, "schema": schema}}


@check(core=True)
def an_answer_and_its_tokens():
    answer = ask()
    usage = answer.usage
    expect(answer.choices[0].message.content and answer.choices[0].finish_reason == "stop", "there is an answer")
    expect(usage.prompt_tokens and usage.total_tokens >= usage.prompt_tokens + usage.completion_tokens, f"{usage}")


@check(core=True)
def pictures_and_a_strict_schema():
    content = [
        {"type": "text", "text": "photo pool: the pool"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + PIXEL, "detail": "low"}},
        {"type": "text", "text": "photo dusk: at dusk"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + PIXEL}}]
    answer = ask(messages=[{"role": "system", "content": "Choose."}, {"role": "user", "content": content}],
                 response_format=strict(SCHEMA), temperature=0.2)
    pairs = json.loads(answer.choices[0].message.content)["pairs"]
    expect({pair["scene"] for pair in pairs} <= {"hook", "outro"}, "the answer has the schema")


@check(core=True)
def a_picture_that_is_none():
    part = {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,bm90IGEgcGljdHVyZQ=="}}
    raises(400, ask, messages=[{"role": "user", "content": [part]}])


@check(core=True)
def models_are_listed():
    expect(model in [each.id for each in client.models.list()], "the model is listed")
    expect(client.models.retrieve(model).id == model, "and can be had")


@check(core=True)
def a_wrong_key():
    wrong = openai.OpenAI(base_url=os.environ["CHAT_BASE"], api_key="xai-wrong", max_retries=0)
    raises(400 if xai else 401, wrong.models.list)


@check(core=True)
def a_model_that_is_not_there():
    raises(404, ask, model="grok-nothing")


@check(core=True)
def a_thinking_model_takes_no_penalty():
    raises(400, ask, model="grok-4.7" if xai else "gpt-5-mini", presence_penalty=0.5)


@check(core=True)
def temperatures_have_an_end():
    raises(400, ask, temperature=3)


@check(core=True)
def a_schema_needs_its_name():
    raises(400, ask, response_format={"type": "json_schema", "json_schema": {"schema": SCHEMA}})


@check
def a_stream():
    chunks = list(ask(stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    expect(text.startswith("You said"), f"it says {text!r}")


@check
def what_only_openai_refuses():
    if xai:
        return
    raises(400, ask, model="gpt-5-mini", temperature=0.2)
    raises(400, ask, response_format=strict({"type": "object", "properties": {"a": {"type": "string"}}}))
    raises(400, ask, extra_body={"unheard_of": 1})
    expect(ask(response_format=strict({"type": "object", "properties": {}}, strict=False)).id, "lax schemas are taken")


@check
def what_only_xai_tells():
    if not xai:
        return
    usage = ask(reasoning_effort="low").usage
    expect(usage.total_tokens > usage.prompt_tokens + usage.completion_tokens, "thoughts are not in the answer")
    expect(usage.model_extra["cost_in_usd_ticks"] > 0, "the price is told")


main()
