"""replicate 1.x, the client that most programs use, drives a fake of its service."""

import io
import json
import os
import tempfile
import time
import urllib.error
import urllib.request

import replicate
from checks import FILM, FILMS, HASH, MUSIC, check, expect, main, raises

client = replicate.Client(base_url=os.environ["REPLICATE_ORIGIN"])


def photo():
    file = tempfile.NamedTemporaryFile(suffix=".jpg")
    file.write(b"\xff\xd8\xff\xe0 a photo")
    file.flush()
    return file


def first_url(output):
    output = output[0] if isinstance(output, list) else output
    return str(next(iter(output.values())) if isinstance(output, dict) else output)


@check(core=True)
def account():
    expect(client.accounts.current().username, "an account has a name")


@check(core=True)
def a_missing_key_is_refused():
    try:
        urllib.request.urlopen(os.environ["REPLICATE_ORIGIN"] + "/v1/account")
    except urllib.error.HTTPError as error:
        told = json.load(error)
        expect(error.code == 401 and told["title"] == "Unauthenticated", f"{error.code} {told}")
        return
    raise AssertionError("it went well")


@check(core=True)
def a_wrong_key_is_refused():
    raises(401, replicate.Client(api_token="r8_wrong", base_url=os.environ["REPLICATE_ORIGIN"]).accounts.current)


@check(core=True)
def upload_of_a_path():
    with photo() as file:
        told = client.files.create(file.name)
        expect(told.name == os.path.basename(file.name), f"its name is {told.name}")
    expect(told.content_type == "image/jpeg", f"its type is {told.content_type}")
    expect(told.size == 12 and told.etag and len(told.checksums["sha256"]) == 64, "size, etag and checksum")
    expect(told.urls["get"].endswith(told.id) and told.expires_at, "an address and an end")


@check(core=True)
def upload_with_metadata():
    told = client.files.create(io.BytesIO(b"x"), filename="x.bin", metadata={"customer": 7})
    expect(told.metadata == {"customer": 7}, f"the metadata are {told.metadata}")
    expect(client.files.get(told.id).metadata == {"customer": 7}, "and they stay")


@check(core=True)
def files_are_listed_and_deleted():
    told = client.files.create(io.BytesIO(b"y"), filename="y.bin")
    expect(told.id in [file.id for file in client.files.list()], "it is in the list")
    expect(client.files.delete(told.id), "it can be deleted")
    raises(404, client.files.get, told.id)


@check(core=True)
def a_model_with_its_schema():
    model = client.models.get(FILMS)
    inputs = model.latest_version.openapi_schema["components"]["schemas"]["Input"]["properties"]
    expect("prompt" in inputs and "last_frame" in inputs, "the inputs are told")
    expect(model.name == FILMS.split("/")[1], "the model has its name")


@check(core=True)
def a_model_that_is_not_there():
    raises(404, client.models.get, "nobody/nothing")


@check(core=True)
def versions():
    model = client.models.get(MUSIC)
    expect(HASH in [version.id for version in model.versions.list()], "the version is listed")
    expect(model.versions.get(HASH).id == HASH, "and can be had")


@check(core=True)
def an_official_model_runs():
    output = client.run(FILMS, input=FILM, wait=False)
    with urllib.request.urlopen(first_url(output)) as film:
        expect(b"ftyp" in film.read()[:12], "an MP4 comes out")


@check(core=True)
def a_pinned_version_runs():
    output = client.run(f"{MUSIC}:{HASH}", input={"prompt": "calm", "duration": 2}, wait=False)
    with urllib.request.urlopen(first_url(output)) as music:
        expect(music.read(4) == b"RIFF", "a WAV comes out")


@check(core=True)
def a_file_goes_in_by_its_handle():
    with photo() as file:
        prediction = client.models.predictions.create(FILMS, input=FILM | {"image": open(file.name, "rb")})
    prediction.wait()
    expect(prediction.status == "succeeded", f"it is {prediction.status}: {prediction.error}")


@check(core=True)
def prefer_wait_waits():
    prediction = client.models.predictions.create(FILMS, input=FILM, wait=60)
    expect(prediction.status in ("processing", "succeeded") and prediction.output, f"it is {prediction.status}")


@check(core=True)
def a_prediction_is_polled_and_listed():
    prediction = client.predictions.create(version=HASH, input={"prompt": "calm", "duration": 1})
    expect(prediction.status == "starting" and prediction.created_at, f"it begins as {prediction.status}")
    expect(prediction.id in [each.id for each in client.predictions.list()], "it is in the list")
    prediction.wait()
    expect(prediction.metrics["predict_time"] >= 0 and prediction.completed_at, "it tells its time")
    expect(client.predictions.get(prediction.id).output == prediction.output, "it can be had again")


@check(core=True)
def pages_follow_one_another():
    for _ in range(101):
        client.predictions.create(version=HASH, input={"prompt": "many", "duration": 1})
    pages = list(replicate.paginate(client.predictions.list))
    ids = [each.id for page in pages for each in page.results]
    expect(len(pages) > 1 and len(pages[0].results) == 100, "a page has a hundred")
    expect(len(ids) == len(set(ids)), "nothing is listed twice")


@check(core=True)
def canceling_while_it_starts():
    prediction = client.models.predictions.create(FILMS, input=FILM)
    prediction.cancel()
    expect(prediction.status == "canceled", f"it is {prediction.status}")


@check(core=True)
def canceling_what_is_done_changes_nothing():
    prediction = client.models.predictions.create(FILMS, input=FILM)
    prediction.wait()
    prediction.cancel()
    expect(prediction.status == "succeeded", f"it is {prediction.status}")


@check(core=True)
def mistakes_in_an_input_are_all_named():
    error = raises(422, client.models.predictions.create, FILMS, input={"duration": 5, "camera": "low"})
    for word in ("prompt is required", "duration", "camera"):
        expect(word in error.detail, f"`{word}` is not in {error.detail!r}")


@check(core=True)
def a_version_that_is_not_there():
    raises(422, client.predictions.create, version="0" * 64, input={})


@check(core=True)
def an_official_model_by_the_endpoint_of_versions():
    prediction = client.predictions.create(version=FILMS, input=FILM)
    expect(prediction.status == "starting", f"it is {prediction.status}")


@check(core=True)
def a_webhook_can_be_named():
    prediction = client.models.predictions.create(
        FILMS, input=FILM, webhook="https://example.com/hook", webhook_events_filter=["completed"])
    expect(prediction.id, "it is accepted")
    raises(422, client.models.predictions.create, FILMS, input=FILM, webhook="not an address")


@check
def models_are_listed_and_searched():
    expect(len(client.models.list().results) > 3, "there are some")
    expect([model.name for model in client.models.search("musicgen")] == ["musicgen"], "and one is found")


@check
def a_model_is_made():
    model = client.models.create("someone", "own-model", visibility="private", hardware="cpu")
    expect(client.models.get("someone/own-model").visibility == model.visibility == "private", "it is there")


@check
def hardware():
    expect("cpu" in [each.sku for each in client.hardware.list()], "there is a CPU")


@check
def collections():
    slug = client.collections.list().results[0].slug
    expect(len(client.collections.get(slug).models) > 1, "a collection has models")


@check
def deployments():
    made = client.deployments.create(
        name="films", model=MUSIC, version=HASH, hardware="cpu", min_instances=0, max_instances=1)
    expect(client.deployments.get(f"{made.owner}/films").current_release.configuration.max_instances == 1, "it is there")
    changed = client.deployments.update(made.owner, "films", max_instances=2)
    expect(changed.current_release.number == 2, "a change is a release")
    prediction = made.predictions.create(input={"prompt": "calm", "duration": 1})
    prediction.wait()
    expect(prediction.status == "succeeded", f"it is {prediction.status}")
    expect(len(client.deployments.list().results) == 1, "it is listed")
    expect(client.deployments.delete(made.owner, "films"), "it can be deleted")


@check
def trainings():
    client.models.create("someone", "trained", visibility="private", hardware="cpu")
    training = client.trainings.create(
        model=MUSIC, version=HASH, destination="someone/trained", input={"data": "https://example.com/d.zip"})
    training.cancel()
    expect(client.trainings.get(training.id).status == "canceled", "it is canceled")
    expect(len(client.trainings.list().results) == 1, "it is listed")


@check
def webhooks_are_signed():
    import http.server
    import threading

    got = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        client.models.predictions.create(FILMS, input=FILM, webhook=url, webhook_events_filter=["completed"]).wait()
        until = time.time() + 5
        while not got and time.time() < until:
            time.sleep(0.02)
        server.shutdown()
    headers, body = got[0]
    headers = {name.lower(): value for name, value in headers.items()}
    client.webhooks.validate(headers=headers, body=body.decode(), secret=client.webhooks.default.secret())


main()
