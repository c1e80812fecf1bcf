"""replicate 2.0 beta, the client that is generated from the OpenAPI document, drives a fake of its service."""

import io
import json
import os
import tempfile
import urllib.request

import replicate
from checks import FILM, FILMS, HASH, MUSIC, check, expect, main, raises
from replicate import Replicate

base = os.environ["REPLICATE_ORIGIN"] + "/v1"
client = Replicate(base_url=base, max_retries=0)
films = dict(zip(("model_owner", "model_name"), FILMS.split("/")))
music = dict(zip(("model_owner", "model_name"), MUSIC.split("/")))


@check(core=True)
def account():
    expect(client.account.get().username, "an account has a name")


@check(core=True)
def a_wrong_key_is_refused():
    raises(401, Replicate(base_url=base, bearer_token="r8_wrong", max_retries=0).account.get)


@check(core=True)
def the_old_word_token_is_understood():
    request = urllib.request.Request(
        base + "/account", headers={"Authorization": "Token " + os.environ["REPLICATE_API_TOKEN"]})
    with urllib.request.urlopen(request) as answer:
        expect(json.load(answer)["username"], "it is the account")


@check(core=True)
def upload_with_all_its_members():
    told = client.files.create(
        content=("villa.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"), filename="villa.jpg", type="image/jpeg",
        metadata={"customer": "seven"})
    expect(told.content_type == "image/jpeg" and told.size == 4, f"{told.content_type}, {told.size} bytes")
    expect(told.metadata == {"customer": "seven"}, f"the metadata are {told.metadata}")
    expect(client.files.get(file_id=told.id).checksums.sha256 == told.checksums.sha256, "and they stay")
    expect(told.id in [file.id for file in client.files.list()], "it is listed")
    client.files.delete(file_id=told.id)
    raises(404, client.files.get, file_id=told.id)


@check(core=True)
def an_upload_without_a_name():
    expect(client.files.create(content=b"bare").size == 4, "it is taken")


@check(core=True)
def a_model_with_its_schema():
    model = client.models.get(**films)
    schemas = model.latest_version.openapi_schema["components"]["schemas"]
    expect("last_frame" in schemas["Input"]["properties"], "the inputs are told")


@check(core=True)
def versions():
    expect(HASH in [version.id for version in client.models.versions.list(**music)], "the version is listed")
    expect(client.models.versions.get(**music, version_id=HASH).id == HASH, "and can be had")


@check(core=True)
def every_form_of_a_version_runs():
    for version, given in ((FILMS, FILM), (f"{MUSIC}:{HASH}", {"duration": 1}), (HASH, {"duration": 1})):
        prediction = client.predictions.create(version=version, input=given)
        expect(client.predictions.wait(prediction.id).status == "succeeded", f"{version} ends well")


@check(core=True)
def the_members_of_a_prediction():
    prediction = client.models.predictions.create(**films, input=FILM, cancel_after="15m")
    done = client.predictions.wait(prediction.id)
    for member in ("id", "created_at", "data_removed", "input", "model", "output", "status", "urls", "version",
                   "started_at", "completed_at", "metrics", "deadline", "source"):
        expect(getattr(done, member) is not None, f"`{member}` is told")


@check(core=True)
def durations_of_cancel_after():
    for good in ("30", "30s", "5m", "1h", "2h30m", "1h30m45s"):
        expect(client.models.predictions.create(**films, input=FILM, cancel_after=good).id, f"{good} is a duration")
    for bad in ("4s", "1", "soon", "5 m", "-5m"):
        try:
            client.models.predictions.create(**films, input=FILM, cancel_after=bad)
        except replicate.APIStatusError:
            continue
        raise AssertionError(f"`{bad}` was taken for a duration")


@check(core=True)
def prefer_wait():
    prediction = client.models.predictions.create(**films, input=FILM, prefer="wait=60")
    expect(prediction.status in ("processing", "succeeded") and prediction.output, f"it is {prediction.status}")
    for bad in ("wait=0", "wait=61", "wait=x"):
        try:
            client.models.predictions.create(**films, input=FILM, prefer=bad)
        except replicate.APIStatusError:
            continue
        raise AssertionError(f"`{bad}` was taken")


@check(core=True)
def run_with_a_file():
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(b"\xff\xd8\xff\xe0 a photo")
        file.flush()
        output = client.run(FILMS, input=FILM | {"image": io.BytesIO(open(file.name, "rb").read())})
    expect(output, "there is an output")


@check(core=True)
def the_deprecated_member_stream_is_taken():
    expect(client.models.predictions.create(**films, input=FILM, stream=False).id, "it is accepted")


@check(core=True)
def unknown_members_are_refused():
    raises(422, client.models.predictions.create, **films, input=FILM, extra_body={"model": FILMS})


@check(core=True)
def cancel():
    prediction = client.models.predictions.create(**films, input=FILM)
    expect(client.predictions.cancel(prediction_id=prediction.id).status == "canceled", "it is canceled at once")


@check(core=True)
def lists_go_by_time():
    prediction = client.predictions.wait(client.models.predictions.create(**films, input=FILM).id)
    before = [each.id for each in client.predictions.list(created_before=prediction.created_at).results]
    after = [each.id for each in client.predictions.list(created_after=prediction.created_at).results]
    expect(prediction.id in after and prediction.id not in before, "from its time on it is listed")
    expect(len({each.id for each in client.predictions.list()}) > 5, "all pages can be had")


@check
def models_are_listed_searched_and_kept():
    expect(len(list(client.models.list())) > 5, "there are some")
    expect([model.name for model in client.models.search(body="musicgen")] == ["musicgen"], "and one is found")
    client.models.create(owner="someone", name="mine", visibility="private", hardware="cpu")
    mine = {"model_owner": "someone", "model_name": "mine"}
    expect(client.models.update(**mine, description="ours").description == "ours", "it is changed")
    client.models.delete(**mine)
    raises(404, client.models.get, **mine)


@check
def readme_and_examples():
    expect(MUSIC in client.models.readme.get(**music), "it has a text")
    expect(list(client.models.examples.list(**music)) == [], "and no examples")


@check
def search_collections_and_hardware():
    expect(client.search(query="veo").models, "something is found")
    slug = client.collections.list().results[0].slug
    expect(client.collections.get(collection_slug=slug).models, "a collection has models")
    expect([each.sku for each in client.hardware.list()], "there is hardware")


@check
def deployments():
    made = client.deployments.create(
        name="films", model=MUSIC, version=HASH, hardware="cpu", min_instances=0, max_instances=1)
    named = {"deployment_owner": made.owner, "deployment_name": "films"}
    expect(client.deployments.update(**named, max_instances=3).current_release.number == 2, "a change is a release")
    prediction = client.deployments.predictions.create(**named, input={"duration": 1})
    expect(client.predictions.wait(prediction.id).status == "succeeded", "it runs")
    expect(client.deployments.get(**named).name == "films" and list(client.deployments.list()), "it is listed")
    client.deployments.delete(**named)
    raises(404, client.deployments.get, **named)


@check
def trainings():
    client.models.create(owner="someone", name="trained", visibility="private", hardware="cpu")
    training = client.trainings.create(**music, version_id=HASH, destination="someone/trained", input={})
    expect(client.trainings.cancel(training_id=training.id).status == "canceled", "it is canceled")
    expect(client.trainings.get(training_id=training.id).id in [each.id for each in client.trainings.list()], "listed")


@check
def the_secret_of_webhooks():
    expect(client.webhooks.default.secret.get().key.startswith("whsec_"), "it has its form")


main()
