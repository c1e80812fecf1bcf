"""Models, collections, deployments and trainings: what the official clients ask for beside predictions and files."""

import time

from . import models
from .problems import invalid, not_found, problem, stamp
from .web import Answer


def register(api):
    on = api.routes.on
    own = {}  # models that clients have created

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
