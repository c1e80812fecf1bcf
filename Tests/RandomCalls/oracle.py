"""What a call ought to do, judged by contents alone.

The oracle knows the files, the campaign, and for each step under which key it was last made. It never looks at what
the tool writes for itself. Where the documents leave open what is right, it takes both.
"""

from campaigns import Step, matching, steps_of


class Fault(Exception):
  """The tool did something else than it promises."""

  def __init__(self, kind, message):
    super().__init__(message)
    self.kind = kind


class Missing(Exception):
  """A file that is needed and that no rule makes is not there: the campaign is wrong."""


class Record:
  """How a step stands: the key under which its outputs were made or adopted, whether that is sure, and whether a
  build may have adopted an edit without our knowing (`open`)."""

  def __init__(self, key=None, outs=None, sure=False, adopted=False):
    self.key, self.outs, self.sure, self.adopted, self.open = key, outs, sure, adopted, False


class World:
  """The workspace as it ought to be."""

  def __init__(self):
    self.campaign = None
    self.disk = {}      # every file: path -> text
    self.records = {}   # step -> Record
    self.mine = {}      # what a person wrote into an output, until it is forced
    self.approved = {}  # what an output held when it was approved: path -> texts, the latest last

  def doubt(self):
    """After damage or a kill: steps may run again without a cause."""
    for record in self.records.values(): record.sure = False

  def settings(self, call):
    profile = self.campaign.profiles.get(call.profile, {})
    return {**self.campaign.settings, **profile, **dict(call.env), **dict(call.sets)}


class Walk:
  """Goes through what targets need, inputs first, once each. What a step comes to is said by `settle`."""

  def __init__(self, world, call):
    self.world, self.call, self.settings = world, call, world.settings(call)
    self.made = {path: rule for rule in world.campaign.rules if not rule.each for path in rule.outs(rule.pattern)}
    self.expanded, self.settled, self.steps, self.gates = {}, {}, {}, {}

  def everything(self):
    if self.call.targets:
      wanted = list(self.call.targets) + list(self.call.forced)
      for target in wanted:
        for path in self.world.campaign.names.get(target, (target,)): self.want(path)
    else:
      for rule in self.world.campaign.rules:
        for step in self.expand(rule) or (): self.settle_once(step)

  def want(self, path):
    if not path.endswith("/{p.id}"): return self.content(path)
    for step in self.expand(self.world.campaign.rule(path.split("/")[1])) or (): self.settle_once(step)

  def content(self, path):
    """What a file holds once it is current; None when it cannot be made."""
    rule = self.made.get(path)
    if not rule and path.startswith("build/") and path.count("/") == 2:
      rule = self.world.campaign.rule(path.split("/")[1])
    if rule and rule.each is None and path not in self.made: rule = None
    steps = self.expand(rule) if rule else ()
    if steps is None: return None
    for step in steps:
      if path in step.outs:
        outs = self.settle_once(step)
        return outs and outs[step.outs.index(path)]
    if path not in self.world.disk: raise Missing(path)
    return self.world.disk[path]

  def expand(self, rule):
    """The steps of a rule; None when its array cannot be made."""
    if rule.name not in self.expanded:
      array = self.content(rule.each) if rule.each else ""
      try: steps = None if array is None else list(steps_of(rule, array, self.matches, self.outputs_of))
      except LookupError: steps = None
      self.expanded[rule.name] = steps
    return self.expanded[rule.name]

  def outputs_of(self, name):
    rule = self.world.campaign.rule(name)
    if rule is None: raise Missing(name)
    steps = self.expand(rule)
    if steps is None: raise LookupError
    return [step.outs[0] for step in steps]

  def matches(self, pattern):
    found = matching(pattern, self.world.disk)
    if not found: raise Missing(pattern)
    return found

  def settle_once(self, step):
    if step.id not in self.settled:
      self.settled[step.id] = None  # against going in circles
      self.steps[step.id] = step
      contents = [self.content(path) for path in step.inputs]
      if None in contents: self.settled[step.id] = self.held_up(step)
      else:
        contents = tuple(contents)
        key = step.key(contents, self.settings)
        right = step.rule.makes(contents, self.settings, step.element)
        self.settled[step.id] = self.settle_gated(step, key, right)
      if "approve = yes" in step.rule.how and self.settled[step.id]: self.shut(step, self.settled[step.id][0])
    return self.settled[step.id]

  def shut(self, step, text):
    """Nothing is made from what is not approved; whether an earlier approval of the same still holds is left open."""
    approved = self.world.approved.get(step.id, [])
    if not approved or text != approved[-1]: self.gates[step.id] = "perhaps" if text in approved else "shut"

  def gate(self, step):
    """Whether a step waits for an approval: `shut`, `perhaps`, or None."""
    drawn = [path.split("/")[1] for path in step.rule.inputs if path.endswith("/{p.id}") and not step.element]
    arrays = [self.world.campaign.rule(name).each for name in drawn]
    gates = [self.gates.get(path) for path in step.inputs + (step.rule.each,)]
    if "shut" in gates: return "shut"
    return "perhaps" if any(gates) or any(self.gates.get(path) for path in arrays) else None

  def settle_gated(self, step, key, right): return self.settle(step, key, right)

  # What is known of a step before the call.

  def before(self, step): return tuple(self.world.disk.get(path) for path in step.outs)

  def forced(self, step):
    if self.call.all: return True
    names = self.world.campaign.names
    forced = [path for target in self.call.forced for path in names.get(target, (target,))]
    return any(path in step.outs or path == step.rule.pattern for path in forced)

  def edited(self, step):
    """Whether a person's text stands in an output, or stood there until it was deleted."""
    record = self.world.records.get(step.id)
    before = self.before(step)
    if record and record.sure and not record.adopted and before == record.outs: return False
    return any(path in self.world.mine for path in step.outs)

  def current(self, step, key):
    record = self.world.records.get(step.id)
    return record and record.sure and record.key == key and record.outs == self.before(step)


class Foresight(Walk):
  """What a build would do: for each step `current`, `make`, `adopt`, `keep`, or `maybe` where that is not sure."""

  def __init__(self, world, call):
    super().__init__(world, call)
    self.verdicts, self.keys, self.wrong, self.vague = {}, {}, [], False
    self.everything()

  def held_up(self, step):
    self.verdicts[step.id] = "held up"

  def settle_gated(self, step, key, right):
    gate, settled = self.gate(step), self.settle(step, key, right)
    if gate and self.verdicts[step.id] in ("make", "maybe"):
      if gate == "perhaps" or self.verdicts[step.id] == "maybe": self.vague = True
      self.verdicts[step.id] = "wait"
      return None
    return settled

  def settle(self, step, key, right):
    before, record = self.before(step), self.world.records.get(step.id)
    self.keys[step.id] = key
    if self.edited(step) and not self.forced(step):
      if None in before or not record or not (record.sure or record.adopted): self.vague = True
      adopted = record and record.adopted and before == record.outs
      self.verdicts[step.id] = "maybe" if not record or not record.sure or record.open or None in before else \
        "keep" if key != record.key else "current" if adopted else "adopt"
      return before if None not in before else right
    if before != right: self.wrong.append(step)
    if self.forced(step) or before != right or right is None: verdict = "make"
    elif self.current(step, key): verdict = "current"
    elif record and record.sure: verdict = "make"
    else: verdict = "maybe"
    self.verdicts[step.id] = verdict
    return right


class Judgement(Walk):
  """Holds a build against what it ought to have done, and writes down how the world stands after it.

  `ran` counts the runs of each step, `after` reads a file; `cut` says that the build was not brought to its end.
  """

  def __init__(self, world, call, ran, after, cut):
    super().__init__(world, call)
    self.ran, self.after, self.cut = ran, after, cut
    self.failed, self.waiting, self.perhaps, self.outcome = [], [], False, {}
    self.everything()

  def held_up(self, step):
    self.unchanged(step, "its input could not be made")

  def unchanged(self, step, why):
    before, after = self.before(step), self.now(step)
    if step.id in self.ran: raise Fault("ran without a cause", f"{step.id} ran although {why}")
    if after != before: raise Fault("changed", f"{step.id} is {shown(after)}, was {shown(before)}, although {why}")

  def now(self, step):
    after = tuple(self.after(path) for path in step.outs)
    self.outcome[step.id] = (step, after)
    return after

  def settle_gated(self, step, key, right):
    gate = self.gate(step)
    record, before = self.world.records.get(step.id), self.before(step)
    stays = self.edited(step) and None not in before or self.current(step, key)
    if not gate or stays and not self.forced(step): return self.settle(step, key, right)
    if gate == "perhaps" or record and not record.sure: self.perhaps = self.cut = True
    if gate == "perhaps" and step.id in self.ran: return self.settle(step, key, right)
    self.unchanged(step, "what it is made from is not approved")
    self.waiting.append(step)
    return right if self.cut and before == right else None

  def settle(self, step, key, right):
    forced = self.forced(step)
    if self.edited(step) and not forced: return self.settle_edit(step, key, right)
    if self.current(step, key) and not forced and right is not None:
      self.unchanged(step, "nothing has changed")
      if self.before(step) != right: raise Fault("wrong", f"{step.id} is {shown(self.before(step))}: {self.want_text(right)}")
      return right
    if right is None: return self.settle_failure(step)
    return self.settle_run(step, key, right, forced)

  def settle_edit(self, step, key, right):
    before, record, world = self.before(step), self.world.records.get(step.id), self.world
    sure = record and (record.adopted or record.sure)
    if None not in before and sure:
      if self.now(step) != before or step.id in self.ran:
        raise Fault("lost an edit", f"{step.id} is {shown(self.now(step))}; a person wrote {shown(before)}"
                    + (", and it ran" if step.id in self.ran else ""))
      if self.cut: record.open = True
      else:
        world.records[step.id] = Record(record.key, before, True, True)
        world.records[step.id].open = record.open or not record.sure or record.key != key and record.outs != before
      return before
    return self.settle_doubtful_edit(step, key, right, sure)

  def settle_doubtful_edit(self, step, key, right, sure):
    """An edit that was deleted in part or as a whole, or that no build has seen before the cache was damaged: it may
    stay or come back, and what a build knows to be a person's and is there has to stay."""
    before, after, world = self.before(step), self.now(step), self.world
    for path, was, now, new in zip(step.outs, before, after, right or before):
      allowed = {world.mine.get(path), new} | ({was} if was is not None or self.cut or right is None else set())
      if sure and was is not None and was == world.mine.get(path): allowed = {was}
      if now not in allowed:
        raise Fault("lost an edit", f"{path} is {shown((now,))}; a person wrote {shown((world.mine.get(path),))}")
      if now not in (None, world.mine.get(path)): world.mine.pop(path, None)
    if right is None and after == before: self.failed.append(step)
    mine = any(path in world.mine for path in step.outs)
    if not mine and not self.cut and right is not None and after != right:
      raise Fault("wrong", f"{step.id} is {shown(after)}: {self.want_text(right)}, and no edit is there any more")
    complete = not self.cut and None not in after
    world.records[step.id] = Record(key, after, complete, mine and complete)
    world.records[step.id].open = mine
    return after if None not in after else None

  def settle_failure(self, step):
    before, after = self.before(step), self.now(step)
    if after != before: raise Fault("changed", f"{step.id} failed and is {shown(after)}, was {shown(before)}")
    self.failed.append(step)
    return None

  def settle_run(self, step, key, right, forced):
    before, after, ran = self.before(step), self.now(step), self.ran.get(step.id, 0)
    record = self.world.records.get(step.id)
    if self.cut:
      if after != right and after != before and not mixed(after, before, right):
        raise Fault("wrong", f"{step.id} is {shown(after)}: {self.want_text(right)}, or {shown(before)} as before")
      if ran or after != before: self.world.records[step.id] = Record(key, after)
      self.forget(step, after)
      return right if after == right else None
    if after != right: raise Fault("wrong", f"{step.id} is {shown(after)}: {self.want_text(right)}")
    if ran == 0:
      if forced: raise Fault("did not run", f"{step.id} was forced and did not run")
      costly = "costly = yes" in step.rule.how
      if record and record.sure and record.key != key and not costly and before == after and not record.adopted:
        raise Fault("did not run", f"{step.id} did not run although its inputs have changed")
    self.forget(step, after)
    self.world.records[step.id] = Record(key, after, True)
    return right

  def forget(self, step, after):
    for path, now in zip(step.outs, after):
      if not self.cut or now not in (None, self.world.mine.get(path)): self.world.mine.pop(path, None)

  def want_text(self, right): return f"a clean build makes {shown(right)}"


def mixed(after, before, right):
  """Whether each of several outputs is as it was or as it should be: a kill may fall between two renames."""
  return len(after) > 1 and all(a in (b, r) for a, b, r in zip(after, before, right))


def shown(texts):
  if texts is None: return "nothing"
  return ", ".join("missing" if text is None else text.rstrip("\n") for text in texts)
