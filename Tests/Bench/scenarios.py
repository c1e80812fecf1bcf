"""What is measured. Each function fills rows of the table."""

import trees


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
        rounds = bench.rounds if size <= 1_000 else max(1, 3000 // size)

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


SCENARIOS = {"noop": noop, "instructions": instructions, "full": full}
