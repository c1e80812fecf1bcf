"""What is measured. Each function fills rows of the table."""

import os
import pty
import shutil
import struct
import threading
import time
from statistics import median

import trees
from kit import HERE, PACKAGE
from table import slope


class Bench:
    def __init__(self, kit, table, folder, sizes, rounds, say):
        self.kit, self.table, self.folder = kit, table, folder
        self.sizes, self.rounds, self.say = sizes, rounds, say
        self.tools = []
        for tool in trees.TOOLS:
            why = tool.missing(kit)
            if why:
                table.add("missing", tool.name, None, "", note=why)
            else:
                self.tools.append(tool)

    def trees(self, size, only=None):
        """Trees of all tools, sources written."""
        made = [tool(self.kit, self.folder, size) for tool in self.tools if not only or tool.name in only]
        for tree in made:
            tree.ensure()
        return made

    def run(self, tree, *options):
        usage = self.kit.run(tree.command(*options), tree.root)
        if usage.code:
            raise SystemExit(f"{tree.name} failed with code {usage.code} in {tree.root}")
        return usage

    def built(self, tree):
        """Brings a tree to the state in which there is nothing to do."""
        if not tree.is_built():
            self.say(f"building {tree.root.name}")
            tree.forget()
            self.run(tree)
        self.run(tree)
        return tree

    def round_robin(self, runs, rounds):
        """`runs`: name -> function that gives a sample. One of each per round, so that a ratio is of one minute."""
        samples = {name: [] for name in runs}
        for _ in range(rounds):
            for name, sample in runs.items():
                samples[name].append(sample())
        return samples


NOOP_GOALS = {
    100: [("ninja", 0.8)], 1_000: [("ninja", 0.55)], 10_000: [("ninja", 0.32)],
    100_000: [("ninja", 0.26), ("floor", 1.25)],
}


def noop(bench):
    """Nothing to do."""
    for size in bench.sizes:
        made = [bench.built(tree) for tree in bench.trees(size)]
        rounds = bench.rounds if size >= 100_000 else bench.rounds * 3
        usages = bench.round_robin({tree.name: lambda tree=tree: bench.run(tree) for tree in made}, rounds)
        walls = {name: [usage.wall * 1e3 for usage in list] for name, list in usages.items()}
        bench.table.compare("nothing to do", size, walls, NOOP_GOALS.get(size, ()))
        if size == 100:
            bench.table.judge("nothing to do", sorted(walls["campaign"])[rounds // 2], "ms", 2.5, size)
        peak = usages["campaign"][0].peak / 1024
        bench.table.judge("peak memory, nothing to do", peak, "MiB", 28, size)


def instructions(bench):
    """Instructions of a run with nothing to do."""
    for size in bench.sizes:
        for tree in bench.trees(size, ("campaign", "ninja")):
            bench.built(tree)
            count = bench.kit.instructions(tree.command(), tree.root)
            bench.table.add("instructions, nothing to do", tree.name, (count or 0) / 1e6, "M", size,
                            note="" if count else "needs valgrind")


def full(bench):
    """Everything to do, with steps that do next to nothing."""
    for size in bench.sizes:
        rounds = bench.rounds if size <= 1_000 else max(1, 30_000 // size)

        def fresh(tree):
            tree.forget()
            return bench.run(tree)

        made = bench.trees(size)
        usages = bench.round_robin({tree.name: lambda tree=tree: fresh(tree) for tree in made}, rounds)
        walls = {name: [usage.wall * 1e3 for usage in list] for name, list in usages.items()}
        goals = [("make", 1.2)] + ([("ninja", 0.35)] if size <= 1_000 else [])
        bench.table.compare("everything to do, -j2", size, walls, goals)
        over = [(a - b) / size * 1e3 for a, b in zip(walls["campaign"], walls["floor"])]
        bench.table.judge("a step over two bare spawners", sorted(over)[len(over) // 2], "us", 40, size)
        if size == 100_000:
            bench.table.judge("everything to do", min(walls["campaign"]) / 1e3, "s", 20, size)
        bench.table.judge("peak memory, everything to do", usages["campaign"][-1].peak / 1024, "MiB", 300, size)


def touched(bench):
    """A photo touched, its bytes the same."""
    for size in bench.sizes:
        made = [bench.built(tree) for tree in bench.trees(size, ("campaign", "ninja", "make", "shake"))]

        def touch(tree):
            os.utime(tree.root / trees.photo(0))
            return bench.run(tree)

        runs = {tree.name: lambda tree=tree: touch(tree) for tree in made}
        runs["noop"] = lambda: bench.run(made[0])
        usages = bench.round_robin(runs, bench.rounds if size <= 10_000 else 3)
        walls = {name: [usage.wall * 1e3 for usage in list] for name, list in usages.items()}
        noop = walls.pop("noop")
        bench.table.compare("a photo touched", size, walls)
        over = median(a / b for a, b in zip(walls["campaign"], noop))
        bench.table.judge("a photo touched, over nothing to do", over, "x", 1.05, size,
                          note="reruns nothing" if is_untouched(made[0]) else "RERAN STEPS")


def is_untouched(tree):
    """Whether the last build left the film as it was before the photo was touched."""
    return (tree.root / "build/final.mp4").stat().st_mtime < (tree.root / trees.photo(0)).stat().st_mtime


def changed(bench):
    """A photo changed: how soon the first step starts, and how long the build takes."""
    for size in bench.sizes:
        tools = bench.trees(size, ("campaign", "ninja", "make", "shake"))
        made = [bench.built(tree) for tree in tools]
        serial = iter(range(1 << 30))

        def change(tree):
            content = struct.pack("<Q", time.time_ns() + next(serial))
            (tree.root / trees.photo(0)).write_bytes(content * 512)
            (tree.root / ".first").unlink(missing_ok=True)
            start = time.time_ns()
            usage = bench.run(tree)
            seconds, nanoseconds = struct.unpack("<qq", (tree.root / ".first").read_bytes())
            return (seconds * 10**9 + nanoseconds - start) / 1e6, usage.wall * 1e3

        runs = {tree.name: lambda tree=tree: change(tree) for tree in made}
        runs["noop"] = lambda: (bench.run(made[0]).wall * 1e3,) * 2
        samples = bench.round_robin(runs, bench.rounds if size <= 10_000 else 3)
        noop = [first for first, _ in samples.pop("noop")]
        first = {name: [sample[0] for sample in list] for name, list in samples.items()}
        bench.table.compare("first step after a changed photo", size, first)
        over = median(a / b for a, b in zip(first["campaign"], noop))
        bench.table.judge("first step, over nothing to do", over, "x", 1.5, size)
        whole = {name: [sample[1] for sample in list] for name, list in samples.items()}
        bench.table.compare("a changed photo, whole build", size, whole)


def questions(bench):
    """plan, status and explain beside a build with nothing to do."""
    commands = {"plan": ["plan"], "status": ["status"], "explain": ["explain", "build/final.mp4"]}
    for size in bench.sizes:
        tree = bench.built(bench.trees(size, ("campaign",))[0])
        runs = {
            name: lambda words=words: bench.kit.run([bench.kit.campaign, *words], tree.root).wall * 1e3
            for name, words in commands.items()
        }
        runs["noop"] = lambda: bench.run(tree).wall * 1e3
        samples = bench.round_robin(runs, bench.rounds)
        noop = samples.pop("noop")
        for name, walls in samples.items():
            over = median(a / b for a, b in zip(walls, noop))
            bench.table.judge(f"{name}, over nothing to do", over, "x", 1.1, size, note=f"{median(walls):.1f} ms")


# Graphs of their own, for one question each.


def workspace(bench, name, rules, files=()):
    """An empty workspace with a Campaignfile."""
    root = bench.folder / name
    shutil.rmtree(root, ignore_errors=True)
    trees.write(root / "Campaignfile", "campaign bench\n\n" + rules)
    for path, content in dict(files).items():
        trees.write(root / path, content)
    return root


def wide(bench):
    """600 sleeping children at once within 1,024 file descriptors."""
    rules = "\n".join(f'build/{i}: a\n    $ sleep 1; echo > "$out"\n' for i in range(600))
    root = workspace(bench, "wide", rules, {"a": ""})
    usage = bench.kit.run([bench.kit.campaign, "build", "-j512", "--quiet"], root, limits="ulimit -n 1024")
    note = "two rounds of a second are the least" if usage.code == 0 else f"FAILED with code {usage.code}"
    bench.table.add("600 sleepers, -j512, ulimit -n 1024", "campaign", usage.wall, "s", 600, met=usage.code == 0,
                    goal="ends well", note=note)


def schedule(bench):
    """Twelve short steps written before a chain of four, two at once: greedy order loses a quarter."""
    step = 0.25
    body = f'    $ sleep {step}; echo > "$out"\n'
    rules = "".join(f"build/short{i}: a\n{body}" for i in range(12))
    rules += "".join(f"build/chain{i}: {f'build/chain{i - 1}' if i else 'a'}\n{body}" for i in range(4))
    root = workspace(bench, "schedule", rules, {"a": ""})
    build = [bench.kit.campaign, "build", "-j2", "--quiet"]
    # The best there is: a shell for each of two halves that starts the same commands one after the other.
    half = f"for i in 1 2 3 4 5 6 7 8; do sh -euc 'sleep {step}; echo > $1' sh /dev/null; done"
    best = ["/bin/sh", "-c", f"{half} & {half}; wait"]
    first = bench.kit.run(build, root).wall
    samples = bench.round_robin(
        {"ours": lambda: bench.kit.run([*build, "-B"], root).wall, "best": lambda: bench.kit.run(best, root).wall}, 5)
    ratio = median(a / b for a, b in zip(samples["ours"], samples["best"]))
    bench.table.judge("longest path first, over the best schedule", ratio, "x", 1.03,
                      note=f"greedy 1.25x; without records {first / median(samples['best']):.2f}x")


def display(bench):
    """What the live display costs: a build at a terminal beside a quiet one."""
    tree = bench.trees(1000, ("campaign",))[0]

    def fresh(command, terminal):
        tree.forget()
        if not terminal:
            return bench.kit.run(command, tree.root).cpu * 1e3
        return at_terminal(bench.kit, command, tree.root).cpu * 1e3

    command = [bench.kit.campaign, "build", "-j2"]
    samples = bench.round_robin(
        {"quiet": lambda: fresh([*command, "--quiet"], False), "live": lambda: fresh(command, True)}, bench.rounds)
    ratio = median(a / b for a, b in zip(samples["live"], samples["quiet"]))
    bench.table.judge("live display, CPU over --quiet", ratio, "x", 1.02, 1000)


def at_terminal(kit, command, cwd):
    """Runs a command with a terminal of 100 columns as its standard error."""
    ours, theirs = pty.openpty()
    os.set_inheritable(theirs, True)

    def drain():
        try:
            while os.read(ours, 1 << 16):
                pass
        except OSError:
            pass

    reader = threading.Thread(target=drain)
    reader.start()
    try:
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        environment.pop("CI", None)
        return kit.run(command, cwd, environment, error=theirs)
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def hashing(bench):
    """Hashing of 1 MiB photos whose times changed, by one thread."""
    count = 1024
    root = bench.folder / "hashing"
    if not root.exists():
        workspace(bench, "hashing", 'build/list: photos/*.jpg\n    $ wc -l < "$in_list" > "$out"\n')
        (root / "photos").mkdir()
        for i in range(count):
            (root / f"photos/{i}.jpg").write_bytes(os.urandom(1 << 20))
    build = ["taskset", "-c", "0", bench.kit.campaign, "build", "--quiet"]
    bench.kit.run(build, root)
    rates = []
    for _ in range(bench.rounds):
        noop = bench.kit.run(build, root).wall
        for i in range(count):
            os.utime(root / f"photos/{i}.jpg")
        rates.append(count * (1 << 20) / 1e9 / (bench.kit.run(build, root).wall - noop))
    bench.table.judge("hashing, 1 MiB files, one thread", median(rates), "GB/s", 12, most=False)


def growth(bench):
    """How time, memory and files grow with the number of clips."""
    rows = bench.table.rows
    for size in bench.sizes:
        state = bench.trees(size, ("campaign",))[0].root / ".campaign"
        if state.exists():
            files = [file for file in state.rglob("*") if file.is_file() and "logs" not in file.parts]
            cache = (state / "cache").stat().st_size if (state / "cache").is_file() else 0
            bench.table.add("cache", "campaign", cache / 1e6, "MB", size)
            bench.table.add("all state", "campaign", sum(file.stat().st_size for file in files) / 1e6, "MB", size)
    for scenario in ("nothing to do", "everything to do, -j2", "peak memory, everything to do", "cache"):
        points = {
            row["size"]: row["value"] for row in rows
            if row["scenario"] == scenario and row["tool"] == "campaign" and row["unit"] != "s" and row["size"] in
            bench.sizes and row["size"] >= 1000
        }
        if len(points) > 1:
            bench.table.judge(f"growth from 1,000: {scenario}", slope(points.items()), "", 1.05)


def film(bench):
    """The sample film, made from nothing, beside the script `film.sh` that makes the same one with ffmpeg alone."""
    root = bench.folder / "film"
    music, made = bench.folder / "music.m4a", bench.folder / "by-hand.mp4"

    def ours():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        for name in ("Campaignfile", "brief.md", "photos.csv"):
            shutil.copy(PACKAGE / "workspace" / name, root)
        shutil.copytree(PACKAGE / "workspace/photos", root / "photos")
        usage = measured([bench.kit.campaign, "build", "--quiet", "film"])
        shutil.copy(root / "build/music.m4a", music)
        return usage

    def by_hand():
        return measured([str(HERE / "film.sh"), "photos", str(music.resolve()), str(made.resolve())])

    def measured(command):
        usage = bench.kit.run(command, root)
        if usage.code:
            raise SystemExit(f"{command[0]} failed with code {usage.code}")
        return usage

    usages = bench.round_robin({"campaign": ours, "script": by_hand}, min(bench.rounds, 3))
    walls = {name: [usage.wall for usage in list] for name, list in usages.items()}
    bench.table.compare("the sample film", None, walls, [("script", 1.15)], unit="s")
    cpu = {name: [usage.cpu for usage in list] for name, list in usages.items()}
    bench.table.compare("the sample film, CPU", None, cpu, unit="s")


SCENARIOS = {
    "noop": noop, "instructions": instructions, "touched": touched, "changed": changed, "questions": questions,
    "full": full, "wide": wide, "schedule": schedule, "display": display, "hashing": hashing, "growth": growth,
    "film": film,
}
