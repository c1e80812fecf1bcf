"""Random campaigns, and what may come next in the life of one."""

import json
from dataclasses import replace

from calls import Call
from campaigns import FAILS, LARGE, SMALL, Campaign, Rule

SOURCES = ("src/0", "src/1", "src/2")   # are always there
GLOBBED = ("src/g/a", "src/g/b", "src/g/c", "src/g/d")
ARRAYS = ("src/x.json", "src/y.json")
FILES = ("cache", "plan")


class Chance:
  """Draws from a seed. Every draw is a plain operation, so that a life can be played again without it."""

  def __init__(self, random):
    self.random = random
    self.pick, self.odds = random.choice, lambda p: random.random() < p

  # Campaigns.

  def campaign(self):
    rules = []
    for number in range(self.random.randint(2, 7)): rules.append(self.rule("abcdefg"[number], rules))
    names = {"film": tuple(rule.pattern for rule in rules[-2:])} if self.odds(0.3) else {}
    profiles = {"draft": {"k1": str(self.random.randint(0, 9))}} if self.odds(0.5) else {}
    return Campaign(tuple(rules), {"k1": "1", "k2": "2"}, profiles, names)

  def rule(self, name, before):
    single = [out for rule in before if not rule.each for out in rule.outs(rule.pattern)]
    sums = [out for rule in before if not rule.each and not rule.array_of for out in rule.outs(rule.pattern)]
    arrays = [rule.pattern for rule in before if rule.array_of and not rule.each]
    each = self.pick(arrays * 2 + list(ARRAYS)) if self.odds(0.35) else None
    inputs = []
    for _ in range(self.random.randint(0 if each else 1, 3)):
      kinds = [self.pick(SOURCES)] + single[-3:] * 2 + ["src/g/*"]
      kinds += [rule.pattern for rule in before if rule.each and each in (None, rule.each)] * 2
      inputs.append(self.pick(kinds))
    if each and self.odds(0.7): inputs.append("{p.f}")
    array_of = ()
    if not each and self.odds(0.3):
      array_of = tuple(self.random.sample(SOURCES + tuple(sums[-2:]), self.random.randint(1, 3)))
    outputs = 1 if array_of or self.odds(0.8) else 2
    return Rule(name, tuple(dict.fromkeys(inputs)), each, outputs,
                tuple(k for k in ("k1", "k2") if self.odds(0.2)), bool(each) and self.odds(0.5),
                self.random.randint(0, 9), SMALL if self.odds(0.2) else LARGE, array_of,
                self.how(outputs), self.odds(0.15))

  def how(self, outputs):
    gated = outputs == 1 and self.odds(0.06)
    return (("costly = yes",) if self.odds(0.15) else ()) + (("approve = yes",) if gated else ())

  def another(self, campaign):
    """The campaign after a person has worked on it."""
    rules = list(campaign.rules)
    at = self.random.randrange(len(rules))
    rule, kind = rules[at], self.random.randrange(11)
    if kind == 0: rules[at] = replace(rule, salt=rule.salt + 1)
    elif kind == 1: rules[at] = replace(rule, settings=() if rule.settings else ("k1",))
    elif kind == 2: rules[at] = replace(rule, how=self.other_how(rule))
    elif kind == 3: rules[at] = replace(rule, included=not rule.included)
    elif kind == 4 and len(rule.inputs) > 1: rules[at] = replace(rule, inputs=rule.inputs[::-1])
    elif kind == 5 and len(rule.inputs) > 1: rules[at] = replace(rule, inputs=rule.inputs[1:])
    elif kind == 6 and self.pick(SOURCES) not in rule.inputs:
      rules[at] = replace(rule, inputs=tuple(dict.fromkeys(rule.inputs + (self.pick(SOURCES),))))
    elif kind == 7 and len(rules) > 2: return campaign.without(rule.name)
    elif kind == 8: return replace(campaign, remark=self.pick(["", "   # a remark", "  # another"]))
    elif kind == 9: return replace(campaign, turned=not campaign.turned)
    else:
      name = self.pick(list(campaign.settings))
      return replace(campaign, settings={**campaign.settings, name: str(self.random.randint(0, 9))})
    return replace(campaign, rules=tuple(rules))

  def other_how(self, rule):
    kept = tuple(line for line in rule.how if line.endswith("= yes"))
    return kept + self.pick([(), ("priority = 3",), ("pool = narrow",), ("timeout = 60s",)])

  # The beginning of a life.

  def beginning(self):
    yield "campaign", self.first
    for path in SOURCES + GLOBBED[:2]: yield "write", path, self.text(), "plain"
    for path in ARRAYS: yield "write", path, self.array(), "plain"

  def text(self):
    return f"{FAILS}\n" if self.odds(0.03) else f"{self.random.randint(0, 99) if self.odds(0.7) else self.random.randint(0, 3)}\n"

  def array(self):
    ids = self.random.sample("pqrst", self.random.randint(1, 4))
    elements = [{"id": i, "f": self.pick(SOURCES + self.early), "v": self.random.randint(0, 9)} for i in ids]
    if self.odds(0.3): elements[0]["note"] = self.random.randint(0, 9)
    return json.dumps(elements) + "\n"

  # What comes next.

  def life(self, world, length):
    self.first = self.campaign()
    first_each = next((n for n, rule in enumerate(self.first.rules) if rule.each in ARRAYS), 0)
    self.early = tuple(rule.pattern for rule in self.first.rules[:first_each] if not rule.each and not rule.array_of)
    yield from self.beginning()
    for _ in range(length):
      for _ in range(self.pick((0, 1, 1, 1, 2, 3))): yield self.edit(world)
      yield from self.calls(world)

  def edit(self, world):
    outputs = [path for path in world.disk if path.startswith("build/")]
    draw = self.random.random()
    if draw < 0.45 or not outputs: return self.edit_of_source(world)
    if draw < 0.60: return "campaign", self.another(world.campaign)
    if draw < 0.75: return "remove", self.pick(outputs)
    if draw < 0.88: return self.edit_of_output(world, self.pick(outputs))
    if draw < 0.93: return "date", self.pick(list(world.disk)), self.pick((-1e6, -5, 0, 5, 1e6))
    if draw < 0.95: return "keep", self.pick(FILES)
    return ("damage", self.pick(FILES), self.pick(("delete", "truncate", "flip", "zero", "older")),
            round(self.random.random(), 4), self.random.randint(1, 255))

  def sound_edit(self, world):
    """Of a source, and nothing fails of it."""
    if self.odds(0.3): return self.write(world, self.pick(ARRAYS), self.array())
    return self.write(world, self.pick(SOURCES), f"{self.random.randint(0, 99)}\n")

  def edit_of_source(self, world):
    draw = self.random.random()
    if draw < 0.5: return self.write(world, self.pick(SOURCES), self.text())
    if draw < 0.75: return self.write(world, self.pick(ARRAYS), self.array())
    if draw < 0.8: return "swap", *self.random.sample(SOURCES, 2)
    globbed = self.pick(GLOBBED)
    if self.odds(0.4) and sum(path in world.disk for path in GLOBBED) > 1: return "remove", globbed
    return self.write(world, globbed, self.text())

  def write(self, world, path, text):
    how = self.pick(("plain", "plain", "rename", "same date"))
    old = world.disk.get(path)
    if how == "same date" and old and old[:-1].isdigit() and len(old) != len(text): # a text of the same size, too
      text = old[:-2] + str((int(old[-2]) + 1) % 10) + "\n"
    return "write", path, text, how

  def edit_of_output(self, world, path):
    old = world.disk[path]
    if old.startswith("["):
      elements = json.loads(old)
      if len(elements) > 1 and self.odds(0.5): elements.pop(self.random.randrange(len(elements)))
      else: elements[0]["v"] = self.random.randint(0, 9)
      return self.write(world, path, json.dumps(elements) + "\n")
    return self.write(world, path, f"{self.random.randint(10000, 99999)}\n")

  def calls(self, world):
    """A build, with what ought to agree with it before and after; or something rarer."""
    gated = [rule.pattern for rule in world.campaign.rules if "approve = yes" in rule.how and not rule.each]
    if gated and self.odds(0.4): yield "call", self.approval(world, self.pick(gated))
    draw, call = self.random.random(), self.build(world)
    if draw < 0.08: yield "call", replace(call, kill=round(self.random.random() * 12, 2))
    elif draw < 0.12: yield "two", *self.two(world)
    elif draw < 0.15: yield "call", Call("verify")
    elif draw < 0.19:
      yield "call", Call("clean", more=(self.pick(("outputs", "orphans", "logs", "pieces")),) + (("-y",) if self.odds(0.8) else ()))
    elif draw < 0.21: yield "call", Call("gc", more=("--older-than", "0d", "-y"))
    elif draw < 0.24: yield from self.adoption(world)
    elif draw < 0.243: yield "watch", Call("watch", call.targets), tuple(self.sound_edit(world) for _ in range(2))
    else:
      looks = [Call("plan", more=("--json",)), Call("status", more=("--check",)), Call("explain", more=("--json",))]
      for look in looks:
        if self.odds(0.3): yield "call", self.like(look, call, world)
      yield "call", call
      for look in looks:
        if self.odds(0.2): yield "call", self.like(look, call, world)
      if self.odds(0.4): yield "call", replace(call, forced=(), all=False)

  def approval(self, world, path):
    if self.odds(0.2) and world.disk.get(path, "").startswith("["):
      return Call("approve", (path, self.pick(json.loads(world.disk[path]))["id"]), more=("--reject",))
    return Call("approve", (path,))

  def adoption(self, world):
    outputs = [path for path in world.disk if path.startswith("build/") and not world.disk[path].startswith("[")]
    if not outputs: return
    yield "write", "src/mine", f"{self.random.randint(10000, 99999)}\n", "plain"
    yield "call", Call("adopt", (self.pick(outputs),), more=("--from", "src/mine"))

  def like(self, look, call, world):
    """A call that only looks, at what a build was or will be asked for."""
    look = replace(look, profile=call.profile, sets=call.sets, env=call.env)
    if look.command == "explain":
      return replace(look, targets=self.targets(world, 1))
    return replace(look, targets=call.targets, forced=call.forced, all=call.all)

  def two(self, world):
    one, other = (replace(self.build(world), all=False) for _ in range(2))
    return one, replace(other, profile=one.profile, sets=one.sets, env=one.env, keep_going=one.keep_going)

  def build(self, world):
    """A build; most are of some targets only."""
    read = sorted({name for rule in world.campaign.rules for name in rule.settings})
    sets = ((self.pick(read), str(self.random.randint(0, 9))),) if read and self.odds(0.07) else ()
    env = ((self.pick(read), str(self.random.randint(0, 9))),) if read and self.odds(0.05) else ()
    profile = "draft" if "k1" in read and world.campaign.profiles and self.odds(0.1) else None
    targets = self.targets(world, self.pick((1, 1, 2, 3))) if self.odds(0.5) else ()
    forced = self.targets(world, 1) if self.odds(0.08) else ()
    return Call("build", targets, forced, self.odds(0.02), self.odds(0.3), self.pick((0, 0, 0, 1, 4)), profile, sets, env)

  def targets(self, world, count):
    drawn = [self.target(world) for _ in range(count)]
    return tuple(dict.fromkeys(target for target in drawn if target))

  def target(self, world):
    """A file that a rule surely makes, or a name; perhaps none."""
    campaign = world.campaign
    if self.odds(0.1) and campaign.names: return self.pick(list(campaign.names))
    rule = self.pick(campaign.rules)
    if not rule.each: return self.pick(rule.outs(rule.pattern))
    if rule.each not in ARRAYS or rule.each not in world.disk: return None
    return rule.pattern.replace("{p.id}", self.pick(json.loads(world.disk[rule.each]))["id"])
