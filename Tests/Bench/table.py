"""Rows of figures: median, ratio to another tool in the same round, goal; as text and as JSON."""

import json
import math
from statistics import median


class Table:
    def __init__(self):
        self.rows = []

    def add(self, scenario, tool, value, unit, size=None, ratio=None, to=None, goal=None, met=None, note=""):
        self.rows.append(dict(scenario=scenario, size=size, tool=tool, value=value, unit=unit, ratio=ratio, to=to,
                              goal=goal, met=met, note=note))

    def compare(self, scenario, size, samples, goals=(), unit="ms"):
        """Adds a row for each tool of a round robin. `goals`: (tool, limit) for the ratio of ours to that tool."""
        ours = samples.get("campaign")
        for tool, values in samples.items():
            limit = dict(goals).get(tool)
            ratio = median(a / b for a, b in zip(ours, values)) if ours and tool != "campaign" else None
            self.add(scenario, tool, median(values), unit, size, ratio, tool if ratio else None,
                     f"<= {limit:g}x" if limit else None, ratio <= limit if limit and ratio else None)

    def judge(self, scenario, value, unit, limit, size=None, most=True, note=""):
        """A figure of ours that has a goal of its own."""
        met = value <= limit if most else value >= limit
        self.add(scenario, "campaign", value, unit, size, goal=f"{'<=' if most else '>='} {limit:g} {unit}", met=met,
                 note=note)

    def text(self):
        heads = ["scenario", "N", "tool", "median", "ours/tool", "goal", "met", ""]
        lines = [heads] + [
            [
                row["scenario"], f"{row['size']:,}" if row["size"] else "", row["tool"],
                f"{figure(row['value'])} {row['unit']}".strip(), f"{row['ratio']:.2f}" if row["ratio"] else "",
                row["goal"] or "", {True: "yes", False: "NO", None: ""}[row["met"]], row["note"],
            ] for row in self.rows
        ]
        widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
        return "\n".join(
            "  ".join(cell.rjust(width) if i in (1, 3, 4) else cell.ljust(width)
                      for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)

    def write(self, path):
        with open(path, "w") as file:
            json.dump(self.rows, file, indent=1)
            file.write("\n")


def figure(value):
    """Three digits, whole numbers whole."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def slope(points):
    """Of log(value) against log(size), by least squares."""
    logs = [(math.log(size), math.log(value)) for size, value in points]
    x, y = (sum(axis) / len(logs) for axis in zip(*logs))
    return sum((a - x) * (b - y) for a, b in logs) / sum((a - x) ** 2 for a, _ in logs)
