"""Makes a life in which a fault shows shorter, and writes it down as a shell script."""

import shlex
from dataclasses import replace

from calls import Call, Workspace
from oracle import Fault


def replay(program, folder, env, ops):
  """The fault that a life shows, or None; and how many operations were played."""
  workspace = Workspace(program, folder, env)
  try:
    for count, op in enumerate(ops, 1):
      try: workspace.play(op)
      except Fault as fault: return fault, count
    return None, len(ops)
  finally: workspace.close()


class Shrinker:
  """Tries simpler lives, and keeps those that show a fault of the same kind."""

  def __init__(self, program, folder, env, kind, tries=1):
    self.program, self.folder, self.env, self.kind, self.tries = program, folder, env, kind, tries
    self.fault = None

  def shows(self, ops):
    if not all(op[1].rules for op in ops if op[0] == "campaign") or ops[:1] and ops[0][0] != "campaign": return None
    for _ in range(self.tries):
      try: fault, count = replay(self.program, self.folder, self.env, ops)
      except (LookupError, OSError, ValueError, StopIteration, AttributeError, TypeError): continue
      if fault and fault.kind == self.kind:
        self.fault = fault
        return ops[:count]
    return None

  def shrunk(self, ops):
    """The shortest life that was found, or None when the fault does not show again."""
    ops = self.shows(ops)
    if not ops: return None
    while True:
      before = repr(ops)
      ops = self.fewer(ops)
      ops = self.simpler_campaigns(ops)
      ops = self.simpler_calls(ops)
      if repr(ops) == before: return ops

  def fewer(self, ops):
    size = max(len(ops) // 2, 1)
    while True:
      at = len(ops)
      while at > 0:
        at = max(at - size, 0)
        if found := self.shows(ops[:at] + ops[at + size:]): ops = found
        at = min(at, len(ops))
      if size == 1: return ops
      size //= 2

  def simpler_campaigns(self, ops):
    campaigns = [op[1] for op in ops if op[0] == "campaign"]
    for name in dict.fromkeys(rule.name for campaign in campaigns for rule in campaign.rules):
      ops = self.changed(ops, lambda campaign: campaign.without(name))
    for name in dict.fromkeys(rule.name for campaign in campaigns for rule in campaign.rules):
      for simpler in SIMPLER: ops = self.changed(ops, lambda campaign: with_rule(campaign, name, simpler))
      longest = max((len(c.rule(name).inputs) for c in campaigns if c.rule(name)), default=0)
      for at in range(longest - 1, -1, -1):
        ops = self.changed(ops, lambda campaign: with_rule(campaign, name, lambda rule: without_input(rule, at)))
    for simpler in ({"profiles": {}}, {"names": {}}, {"remark": ""}, {"turned": False}):
      ops = self.changed(ops, lambda campaign: replace(campaign, **simpler))
    return ops

  def changed(self, ops, change):
    other = [(op[0], change(op[1])) if op[0] == "campaign" else op for op in ops]
    return ops if other == ops else self.shows(other) or ops

  def simpler_calls(self, ops):
    plain = Call("build")
    for at in range(len(ops)):
      for name in ("targets", "forced", "all", "keep_going", "jobs", "profile", "sets", "env", "kill"):
        if at < len(ops) and ops[at][0] == "call":
          call = replace(ops[at][1], **{name: getattr(plain, name)})
          if call != ops[at][1]: ops = self.shows(ops[:at] + [("call", call)] + ops[at + 1:]) or ops
      if at < len(ops) and ops[at][0] == "write" and ops[at][3] != "plain":
        ops = self.shows(ops[:at] + [(*ops[at][:3], "plain")] + ops[at + 1:]) or ops
    return ops


SIMPLER = (
  lambda rule: replace(rule, included=False), lambda rule: replace(rule, how=()), lambda rule: replace(rule, settings=()),
  lambda rule: replace(rule, reads_v=False), lambda rule: replace(rule, outputs=1), lambda rule: replace(rule, modulus=9973),
)


def with_rule(campaign, name, change):
  return replace(campaign, rules=tuple(change(rule) if rule.name == name else rule for rule in campaign.rules))


def without_input(rule, at):
  inputs = rule.inputs[:at] + rule.inputs[at + 1:]
  return replace(rule, inputs=inputs) if inputs or rule.each else rule


def script(ops, fault, seed):
  """A life as a script for `sh`, which needs `campaign` on the PATH."""
  lines = ["#!/bin/sh", f"# {fault.kind}, seed {seed}:"] + [f"#   {line}" for line in str(fault).splitlines()]
  lines += ['w=$(mktemp -d); export RUNS="$w/runs" NO_COLOR=1; mkdir -p "$w/ws/src/g" "$w/kept"; cd "$w/ws"', ""]
  written = {}
  for op in ops: lines += SHELL[op[0]](*op[1:]) if op[0] != "campaign" else campaign_lines(op[1], written)
  return "\n".join(lines + ['echo "exit code $?"; grep -r . build src; echo "ran:"; cat "$RUNS"']) + "\n"


def campaign_lines(campaign, written):
  lines = []
  for path, text in campaign.files().items():
    if text and written.get(path) != text: lines += [f"cat >{path} <<'END'", text.rstrip("\n"), "END"]
    written[path] = text
  return lines


def write_lines(path, text, how):
  said = "echo " + shlex.quote(text.rstrip("\n"))
  if how == "rename": return [f"{said} >{path}.new; mv {path}.new {path}"]
  if how == "same date": return [f"touch -r {path} ../date; {said} >{path}; touch -r ../date {path}"]
  return [f"{said} >{path}"]


def damage_lines(name, kind, where, value):
  file = f".campaign/{name}"
  at = f"$(($(stat -c %s {file}) * {round(where * 10000)} / 10000))"
  if kind == "delete": return [f"rm {file}"]
  if kind == "older": return [f"cp ../kept/{name} {file}"]
  if kind == "truncate": return [f"truncate -s {at} {file}"]
  change = f"bytes([b[at] ^ {value or 1}])" if kind == "flip" else f"bytes(len(b[at:at + {value}]))"
  return [f"python3 -c 'b = bytearray(open(\"{file}\", \"rb\").read()); at = int(len(b) * {where}); "
          f"n = {change}; b[at:at + len(n)] = n; open(\"{file}\", \"r+b\").write(b)'"]


SHELL = {
  "write": write_lines,
  "damage": damage_lines,
  "date": lambda path, seconds: [f"touch -d @$(($(date +%s) + {int(seconds)})) {path}"],
  "remove": lambda path: [f"rm {path}"],
  "swap": lambda one, other: [f"mv {one} swap; mv {other} {one}; mv swap {other}"],
  "keep": lambda name: [f"cp .campaign/{name} ../kept/{name}"],
  "call": lambda call: [call.shell()],
  "watch": lambda call, edits: [f"{call.shell()} & p=$!; sleep 1"] +
    [line for edit in edits for line in SHELL[edit[0]](*edit[1:]) + ["sleep 1"]] + ["kill -INT $p; wait $p"],
  "two": lambda one, other: [f"{one.shell()} & {other.shell()}; wait"],
}
