"""A small copy of workspace/: some of its scenes, their photos at 64x36."""

import pathlib
import shutil
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[3] / "workspace"
ROOMS = {"hook": "exterior-pool", "bedroom": "bedroom", "dining": "dining", "outro": "exterior-dusk"}


def make(folder, scenes):
    """The photos of some scenes, small, and what is said of them."""
    (folder / "photos").mkdir(parents=True)
    names = [f"{room}-{view}.jpg" for room in scenes.values() for view in "ab"]
    for name in names:
        subprocess.run(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", SOURCE / "photos" / name, "-vf", "scale=64:36",
             folder / "photos" / name], check=True, stdin=subprocess.DEVNULL)
    lines = (SOURCE / "photos.csv").read_text().splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[0] in ("file", *names)]
    (folder / "photos.csv").write_text("".join(kept))
    shutil.copy(SOURCE / "brief.md", folder)


def scene_blocks(scenes):
    """What the Campaignfile says of these scenes."""
    blocks = (SOURCE / "Campaignfile").read_text().split("\nscene ")[1:]
    return "".join("scene " + block.split("\n#")[0] + "\n" for block in blocks if block.split()[0] in scenes)
