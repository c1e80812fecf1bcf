"""A choice of pairs by `campaign` through litellm's proxy, a third server of OpenAI's kind, which answers as told."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
from witness import web, workspace

SCENES = {name: workspace.ROOMS[name] for name in ("hook", "bedroom")}
PAIRS = [{"scene": scene, "first": f"{room}-b", "last": f"{room}-a", "score": 0.8, "reason": "the same room"}
         for scene, room in SCENES.items()]
# The proxy says the same to every question, so that its one answer has to serve each stage of the choice.
ANSWER = {"scenes": [{"scene": scene, "photos": [f"{room}-a", f"{room}-b"]} for scene, room in SCENES.items()],
          "pairs": PAIRS}
CAMPAIGNFILE = """\
campaign litellm

model told
    provider = openai
    kind     = chat
    price    = "1.00 USD/Mtok in, 2.00 USD/Mtok out"
    priced   = 2026-11

build/manifest.json: photos/*.jpg photos.csv
    collect

build/pairs.json: build/manifest.json brief.md
    select-pairs
    by     = openai told
    scenes = all

"""


def proxy(folder, port):
    """Starts litellm's proxy; it is ready when it says that it lives."""
    parameters = {"model": "openai/told", "api_key": "none", "mock_response": json.dumps(ANSWER)}
    configuration = {
        "model_list": [{"model_name": "told", "litellm_params": parameters}],
        "general_settings": {"master_key": "sk-local"}}
    (folder / "litellm.yaml").write_text(json.dumps(configuration))
    process = subprocess.Popen(
        [pathlib.Path(sys.executable).with_name("litellm"), "--config", folder / "litellm.yaml", "--host", "127.0.0.1",
         "--port", str(port)],
        env=os.environ | {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(folder)}, stdin=subprocess.DEVNULL,
        stdout=open(folder / "litellm.log", "wb"), stderr=subprocess.STDOUT)
    until = time.time() + 120
    while time.time() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=5).close()
            return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    sys.exit("litellm does not start:\n" + (folder / "litellm.log").read_text()[-2000:])


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="second-fake-") as name:
        folder = pathlib.Path(name)
        workspace.make(folder / "workspace", SCENES)
        (folder / "workspace/Campaignfile").write_text(CAMPAIGNFILE + workspace.scene_blocks(SCENES))
        free = web.Site(None)
        port = free.server_address[1]
        free.server_close()
        process = proxy(folder, port)
        try:
            environment = {
                "PATH": os.environ["PATH"], "HOME": str(folder), "OPENAI_API_KEY": "sk-local",
                "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1", "CAMPAIGN_REHEARSAL_SPEED": "100"}
            build = lambda *words: subprocess.run(
                [programs / "campaign", *words], cwd=folder / "workspace", env=environment, stdin=subprocess.DEVNULL,
                capture_output=True, text=True)
            built = build("build", "--max-cost", "1")
            if built.returncode:
                sys.exit("  failed:\n" + built.stderr)
            pairs = json.loads((folder / "workspace/build/pairs.json").read_text())
            chosen = [(pair["scene"], pathlib.Path(pair["first"]).stem) for pair in pairs]
            assert chosen == [(pair["scene"], pair["first"]) for pair in PAIRS], chosen
            # What litellm tells of every answer that it was given: 10 tokens in, 20 out.
            cost = json.loads(build("cost", "--json").stdout)
            assert [request["usd"] for request in cost["requests"]] == [0.00005] * len(cost["requests"]), cost
            print(f"  {len(cost['requests'])} questions are answered and paid")
        finally:
            process.terminate()
            process.wait()


main()
