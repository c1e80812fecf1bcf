"""Campaigns as data: what a Campaignfile says, how it is written, and what its steps make of their inputs.

All steps are lines of shell without a program in them, so that they are fast, and all of their files hold one line.
What they make is computed here once more, in Python: that is the oracle.
"""

import json
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

FAILS = "bad"           # a step that reads this line fails
LARGE, SMALL = 9973, 3  # sums are taken modulo this; a small one often gives what was there before


@dataclass(frozen=True)
class Rule:
  """A rule. Its inputs are paths, globs, `{p.f}`, or `build/NAME/{p.id}`: what another rule makes for the same element,
  or for all elements where the rule itself stands for none."""
  name: str
  inputs: tuple
  each: str = None       # the array that it stands for
  outputs: int = 1       # how many files a step makes
  settings: tuple = ()   # those that the script reads
  reads_v: bool = False  # whether the script reads the element's `v`
  salt: int = 0
  modulus: int = LARGE
  array_of: tuple = ()   # makes an array whose elements have these files in `f`
  how: tuple = ()        # lines that do not shape what is made, as `costly = yes`
  included: bool = False

  @property
  def pattern(self):
    return f"build/{self.name}/{{p.id}}" if self.each else f"build/{self.name}"

  def text(self):
    each = f" for p in {self.each}" if self.each else ""
    head = " ".join(self.outs(self.pattern)) + ": " + " ".join(self.inputs) + each
    return "\n".join([head.rstrip()] + ["    " + line for line in self.how] + ["    $ " + self.script()]) + "\n"

  def outs(self, first):
    return (first,) + tuple(f"{first}.{n}" for n in range(2, self.outputs + 1))

  def script(self):
    terms = "".join(f" + ${name}" for name in self.settings) + (" + $p_v" if self.reads_v else "")
    log = f'build/{self.name}/$p_id' if self.each else f'build/{self.name}'
    return (f'echo "{log}" >>"$RUNS"; s=$(({self.salt}{terms})); for f in $in; do read -r l <"$f"; '
            f'case $l in {FAILS}) exit 1;; [0-9]*) ;; *) l=${{#l}};; esac; s=$(((s * 31 + l) % {self.modulus})); done; '
            + (self.array_script() if self.array_of else self.sum_script()))

  def sum_script(self):
    if self.outputs == 1: return 'echo "$s" >"$out"'
    return "; ".join(f'echo "$((s + {n}))" >"$out{n + 1}"' for n in range(self.outputs))

  def array_script(self):
    cases = "".join(f"{n}) f={path};; " for n, path in enumerate(self.array_of[1:], 1))
    return (f'i=$((s % 2)); c=; a=; while [ $i -lt $((1 + s % 4)) ]; do case $(((s + i) % {len(self.array_of)})) in '
            f'{cases}*) f={self.array_of[0]};; esac; a="$a$c{{\\"id\\":\\"e$i\\",\\"f\\":\\"$f\\",\\"v\\":$((s % 5 + i))}}"; '
            'c=,; i=$((i + 1)); done; echo "[$a]" >"$out"')

  def makes(self, contents, settings, element):
    """The files that a step makes of the contents of its inputs, or None when it fails."""
    s = self.salt + sum(int(settings[name]) for name in self.settings) + (element["v"] if self.reads_v else 0)
    for content in contents:
      line = content[:-1]
      if line == FAILS: return None
      s = (s * 31 + (int(line) if line[:1].isdigit() else len(line))) % self.modulus
    if not self.array_of: return tuple(f"{s + n}\n" for n in range(self.outputs))
    elements = [f'{{"id":"e{i}","f":"{self.array_of[(s + i) % len(self.array_of)]}","v":{s % 5 + i}}}'
                for i in range(s % 2, 1 + s % 4)]
    return ("[" + ",".join(elements) + "]\n",)


@dataclass(frozen=True)
class Campaign:
  """All that a Campaignfile says. Rules stand after those whose files they need."""
  rules: tuple
  settings: dict
  profiles: dict = field(default_factory=dict)
  names: dict = field(default_factory=dict)  # name -> paths
  remark: str = ""
  turned: bool = False                       # whether the rules are written in the opposite order

  def files(self):
    """The texts of the Campaignfile and of what it includes."""
    read = {name for rule in self.rules for name in rule.settings}
    order = self.rules[::-1] if self.turned else self.rules
    main, more = (self.blocks([rule for rule in order if rule.included == included]) for included in (False, True))
    head = f"campaign r{self.remark}\n" + "".join(f"{k} = {v}\n" for k, v in self.settings.items() if k in read)
    head += "include more\n" if more else ""
    names = [f"{name}: " + " ".join(paths) + "\n" for name, paths in self.names.items()]
    profiles = [f"profile {name}\n" + "".join(f"    {k} = {v}\n" for k, v in values.items() if k in read)
                for name, values in self.profiles.items() if read & set(values)]
    pools = ["pool narrow\n    width = 1\n"] if any("pool = narrow" in rule.how for rule in self.rules) else []
    return {"Campaignfile": "\n".join([head] + main + names + pools + profiles), "more": "\n".join(more)}

  def blocks(self, rules):
    return [rule.text() for rule in rules]

  def rule(self, name):
    return next((rule for rule in self.rules if rule.name == name), None)

  def without(self, name):
    """The campaign without a rule, and without the uses of what it makes."""
    gone = self.rule(name)
    if not gone: return self
    made = set(gone.outs(gone.pattern))
    keep = lambda paths: tuple(path for path in paths if path not in made)
    rules = tuple(replace(rule, inputs=keep(rule.inputs), array_of=keep(rule.array_of) or rule.array_of and ("src/0",))
                  for rule in self.rules if rule is not gone and rule.each not in made)
    lost = [rule for rule in self.rules if rule is not gone and rule.each in made]
    names = {k: keep(v) for k, v in self.names.items()}
    rest = replace(self, rules=rules, names={k: v for k, v in names.items() if v})
    for rule in lost: rest = replace(rest, rules=rest.rules + (rule,)).without(rule.name)
    return rest


@dataclass
class Step:
  """One concrete step: what a rule stands for, for one element."""
  rule: Rule
  outs: tuple
  inputs: tuple
  element: dict

  @property
  def id(self): return self.outs[0]

  def key(self, contents, settings):
    """Everything that may shape what the step makes."""
    element = self.element and (self.element["id"], self.element["v"] if self.rule.reads_v else None)
    return (self.rule.script(), tuple(settings[name] for name in self.rule.settings), element, self.inputs, contents)


def steps_of(rule, array, matches, sibling):
  """The steps of a rule. `array` is the text of its array, `matches` gives the files of a glob, and `sibling` the
  outputs of all steps of a rule of that name."""
  elements = json.loads(array) if rule.each else [None]
  for element in elements:
    inputs = []
    for path in rule.inputs:
      if path == "{p.f}": inputs.append(element["f"])
      elif element and "{" in path: inputs.append(path.replace("{p.id}", element["id"]))
      elif path.endswith("/{p.id}"): inputs += sibling(path.split("/")[1])
      elif "*" in path: inputs += matches(path)
      else: inputs.append(path)
    first = rule.pattern.replace("{p.id}", element["id"] if element else "")
    yield Step(rule, rule.outs(first), tuple(inputs), element)


def matching(pattern, paths):
  """Which paths a glob matches; its star stays within a name."""
  folder, name = pattern.rsplit("/", 1)
  return sorted(path for path in paths if path.rsplit("/", 1)[0] == folder and fnmatchcase(path.rsplit("/", 1)[1], name))
