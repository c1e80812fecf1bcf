"""The campaign-shaped graph for each tool: 200 photos -> manifest -> pairs -> N clips -> combined -> final."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

PHOTOS = 200


def photo(number):
    return f"photos/p{number % PHOTOS:03}.jpg"


def clips(count):
    """(name, first, last) of each clip; every photo is in one clip of a hundred."""
    return [(f"c{i:06}", photo(i), photo(i * 7 + 1)) for i in range(count)]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class Tree:
    """A folder with the graph for one tool. Subclasses say how the tool is fed, run and made to forget."""

    name = ""
    state = ()  # What the tool keeps besides the targets.
    pairs = "pairs.txt"

    def __init__(self, kit, folder, count):
        self.kit, self.count = kit, count
        self.root = Path(folder) / f"{self.name}-{count}"

    @classmethod
    def missing(cls, kit):
        """Why it cannot be measured here; None if it can."""

    def ensure(self):
        """Writes the sources once."""
        if (self.root / "params.json").exists():
            return
        (self.root / "photos").mkdir(parents=True, exist_ok=True)
        for i in range(PHOTOS):
            (self.root / photo(i)).write_bytes(bytes([i]) * 4096)
        shutil.copy(self.kit.program("task"), self.root / "t")
        write(self.root / "music.m4a", "music")
        write(self.root / self.pairs, self.pairs_text())
        self.feed()
        write(self.root / "params.json", '{"camera": "push-in"}\n')

    def pairs_text(self):
        return "".join(f"{name} {first} {last}\n" for name, first, last in clips(self.count))

    def feed(self):
        """Writes what the tool reads."""

    def command(self, *options):
        raise NotImplementedError

    def forget(self):
        """So that the next build is a full one. What was made is moved away and deleted at the end: for minutes ext4
        passes over every inode that was freed, which costs the next to make files more than its own work."""
        trash = self.root.parent / "trash" / f"{self.root.name}-{time.monotonic_ns()}"
        trash.mkdir(parents=True)
        for name in ("build", *self.state):
            if (self.root / name).exists():
                (self.root / name).rename(trash / name)

    def is_built(self):
        return (self.root / "build/final.mp4").exists()

    def sources(self):
        return [photo(i) for i in range(PHOTOS)] + [self.pairs, "params.json", "music.m4a"]

    def targets(self):
        made = [f"build/clips/{name}.mp4" for name, _, _ in clips(self.count)]
        return made + [f"build/{name}" for name in ("manifest.json", self.pairs, "combined.mp4", "final.mp4")]


class Campaign(Tree):
    name = "campaign"
    state = (".campaign", "Campaignfile.lock")
    pairs = "pairs.json"

    def pairs_text(self):
        rows = [{"id": name, "first": first, "last": last} for name, first, last in clips(self.count)]
        return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"

    def feed(self):
        write(self.root / "Campaignfile", """\
campaign bench

build/manifest.json: photos/*.jpg
    $ ./t "$out" $in

build/pairs.json: build/manifest.json pairs.json
    $ cp "$in2" "$out"

build/clips/{pair.id}.mp4: {pair.first} {pair.last} params.json for pair in build/pairs.json
    $ ./t "$out" "$in1" "$in2" "$in3"

build/combined.mp4: build/pairs.json build/clips/{pair.id}.mp4
    $ ./t "$out" "$in_list"

build/final.mp4: build/combined.mp4 music.m4a
    $ ./t "$out" "$in1" "$in2"
""")

    def command(self, *options):
        return [self.kit.campaign, "build", "-j2", "--quiet", *options]


class Ninja(Tree):
    name = "ninja"
    state = (".ninja_log", ".ninja_deps", ".ninja_lock")

    @classmethod
    def missing(cls, kit):
        return None if kit.ninja else "pip install ninja==1.13.0"

    def feed(self):
        photos = " ".join(photo(i) for i in range(PHOTOS))
        lines = [
            "rule t\n  command = ./t $out $in", "rule t1\n  command = ./t $out build/pairs.txt",
            "rule cp\n  command = cp pairs.txt $out", f"build build/manifest.json: t {photos}",
            "build build/pairs.txt: cp build/manifest.json pairs.txt",
        ]
        names = clips(self.count)
        lines += [f"build build/clips/{name}.mp4: t {first} {last} params.json" for name, first, last in names]
        every = " ".join(f"build/clips/{name}.mp4" for name, _, _ in names)
        lines += [
            f"build build/combined.mp4: t1 build/pairs.txt {every}",
            "build build/final.mp4: t build/combined.mp4 music.m4a", "default build/final.mp4",
        ]
        write(self.root / "build.ninja", "\n".join(lines) + "\n")

    def command(self, *options):
        return [self.kit.ninja, "-j2", "--quiet", *options]


class Make(Tree):
    name = "make"

    @classmethod
    def missing(cls, kit):
        return None if shutil.which("make") else "apt-get install make"

    def feed(self):
        (self.root / "build/clips").mkdir(parents=True, exist_ok=True)
        photos = " ".join(photo(i) for i in range(PHOTOS))
        names = clips(self.count)
        every = " ".join(f"build/clips/{name}.mp4" for name, _, _ in names)
        lines = [
            "MAKEFLAGS += -r", "build/final.mp4: build/combined.mp4 music.m4a\n\t./t $@ $^",
            f"build/combined.mp4: build/pairs.txt {every}\n\t./t $@ build/pairs.txt",
            "build/pairs.txt: build/manifest.json pairs.txt\n\tcp pairs.txt $@",
            f"build/manifest.json: {photos}\n\t./t $@ $^",
        ]
        lines += [
            f"build/clips/{name}.mp4: {first} {last} params.json\n\t./t $@ $^" for name, first, last in names
        ]
        write(self.root / "Makefile", "\n".join(lines) + "\n")

    def forget(self):
        super().forget()
        (self.root / "build/clips").mkdir(parents=True)

    def command(self, *options):
        return ["make", "-j2", "-s", *options]


class Shake(Tree):
    name = "shake"
    state = (".shake",)

    @classmethod
    def missing(cls, kit):
        return None if kit.shake else "apt-get install ghc libghc-shake-dev"

    def command(self, *options):
        return [self.kit.shake, *options]


class Floor(Tree):
    """Two threads that start all commands, and the C program that asks for every file's status."""

    name = "floor"
    state = ("cache",)

    def feed(self):
        photos = " ".join(photo(i) for i in range(10))
        lines = [f"./t build/manifest.json {photos}", "/bin/cp pairs.txt build/pairs.txt"]
        lines += [
            f"./t build/clips/{name}.mp4 {first} {last} params.json" for name, first, last in clips(self.count)
        ]
        lines += ["./t build/combined.mp4 pairs.txt", "./t build/final.mp4 params.json music.m4a"]
        write(self.root / "commands", "\n".join(lines) + "\n")

    def forget(self):
        super().forget()
        (self.root / "build/clips").mkdir(parents=True)

    def command(self, *options):
        if not self.is_built():
            return ["/bin/sh", "-c", f"exec {self.kit.program('spawn')} 2 < commands"]
        if not (self.root / "cache").exists():
            paths = "\n".join(self.sources() + self.targets()) + "\n"
            subprocess.run([self.kit.program("floor"), "record", "cache"], cwd=self.root, input=paths.encode(),
                           check=True)
        return [self.kit.program("floor"), "check", "cache"]


TOOLS = [Campaign, Ninja, Make, Shake, Floor]
