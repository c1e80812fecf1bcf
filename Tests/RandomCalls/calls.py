"""What a person does to a workspace - edits, calls, damage - as data that can be written down, played and replayed."""

import json
import os
import shlex
import shutil
import signal
import time
from dataclasses import dataclass, replace

from oracle import Fault, Foresight, Judgement, Missing, Record, World

@dataclass(frozen=True)
class Call:
  """One run of the program."""
  command: str
  targets: tuple = ()
  forced: tuple = ()
  all: bool = False
  keep_going: bool = False
  jobs: int = 0
  profile: str = None
  sets: tuple = ()    # (name, value)
  env: tuple = ()     # (name, value): as CAMPAIGN_NAME
  more: tuple = ()    # other words, as they are
  kill: float = None  # milliseconds until SIGKILL

  def words(self):
    words = [self.command]
    for target in self.forced: words += ["--force", target]
    if self.all: words.append("-B")
    if self.keep_going: words.append("-k")
    if self.jobs: words.append(f"-j{self.jobs}")
    if self.profile: words += ["--profile", self.profile]
    for name, value in self.sets: words += ["--set", f"{name}={value}"]
    return words + list(self.more) + list(self.targets)

  def variables(self): return {f"CAMPAIGN_{name.upper()}": value for name, value in self.env}

  def shell(self):
    env = "".join(f"{k}={v} " for k, v in self.variables().items())
    line = env + shlex.join(["campaign"] + self.words())
    if self.kill is None: return line
    return f"{line} & p=$!; sleep {self.kill / 1000:.4f}; kill -9 $p; wait $p; sleep .02"


class Workspace:
  """A folder with a campaign in it, on which operations are played; a fault is raised where one shows."""

  def __init__(self, program, folder, env={}):
    self.program, self.folder = program, folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder + "/ws/src/g")
    os.makedirs(folder + "/kept")
    os.chdir(folder + "/ws")
    self.world, self.counts, self.seen = World(), {}, 0
    self.log = os.open(folder + "/runs", os.O_CREAT | os.O_RDWR | os.O_APPEND)
    self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "NO_COLOR": "1", "RUNS": folder + "/runs", **env}
    self.written = {}

  def close(self):
    os.close(self.log)
    os.chdir("/")
    shutil.rmtree(self.folder, ignore_errors=True)

  def play(self, op): getattr(self, "do_" + op[0])(*op[1:])

  # Edits of files.

  def do_campaign(self, campaign):
    self.world.campaign = campaign
    for path, text in campaign.files().items():
      if self.written.get(path) != text:
        put(path, text)
        self.written[path] = text

  def do_write(self, path, text, how):
    """Writes a source, or a person's text into an output."""
    if not os.path.isdir(os.path.dirname(path)): return
    stands = os.stat(path) if how == "same date" and os.path.exists(path) else None
    if how == "rename":
      put(path + ".new", text)
      os.rename(path + ".new", path)
    else: put(path, text)
    if stands: os.utime(path, ns=(stands.st_atime_ns, stands.st_mtime_ns))
    self.world.disk[path] = text
    if path.startswith("build/"): self.world.mine[path] = text

  def do_date(self, path, seconds):
    """Sets the date of a file back or forth; its content stays."""
    if path not in self.world.disk: return
    now = time.time() + seconds
    os.utime(path, (now, now))

  def do_remove(self, path):
    if path not in self.world.disk: return
    os.unlink(path)
    del self.world.disk[path]

  def do_swap(self, one, other):
    """Two files change names."""
    disk = self.world.disk
    if one not in disk or other not in disk: return
    os.rename(one, "swap")
    os.rename(other, one)
    os.rename("swap", other)
    disk[one], disk[other] = disk[other], disk[one]

  # Damage to what the tool writes for itself.

  def do_keep(self, name):
    """Keeps a copy of a file of the tool, to be put back later."""
    if os.path.exists(".campaign/" + name): shutil.copy(".campaign/" + name, "../kept/" + name)

  def do_damage(self, name, kind, where, value):
    path = ".campaign/" + name
    if not os.path.exists(path): return
    size = os.path.getsize(path)
    at = int(size * where)
    if kind == "delete": os.unlink(path)
    elif kind == "older":
      if not os.path.exists("../kept/" + name): return
      shutil.copy("../kept/" + name, path)
    elif kind == "truncate": os.truncate(path, at)
    elif size:
      with open(path, "r+b") as file:
        file.seek(at)
        old = file.read(1 if kind == "flip" else value)
        file.seek(at)
        file.write(bytes([old[0] ^ (value or 1)]) if kind == "flip" else bytes(len(old)))
    if name == "cache": self.world.doubt()  # without the plan, nothing but speed is lost

  # Calls.

  def do_call(self, call):
    process = self.start(call)
    if call.kill is not None:
      time.sleep(call.kill / 1000)
      os.kill(process, signal.SIGKILL)
    code = self.end(process, call)
    if call.kill is not None: time.sleep(0.004)  # for what it leaves behind to end
    getattr(self, "judge_" + call.command)(call, code)

  def do_two(self, one, other):
    """Two builds at once."""
    first, second = self.start(one, 0), self.start(other, 1)
    codes = self.end(first, one), self.end(second, other)
    every = one.targets + other.targets if one.targets and other.targets else ()
    both = replace(one, targets=every, forced=one.forced + other.forced, all=one.all or other.all,
                   keep_going=one.keep_going and other.keep_going)
    if max(codes) > 1 and set(codes) - {0, 4}: raise Fault("exit code", f"two builds at once end with {codes}")
    self.judge_build(both, max(codes), twice=True)

  def do_watch(self, call, edits):
    """A watch, and edits while it runs; it builds as soon as something is to be done."""
    rights = self.rights(call)
    if not rights: return
    process = self.start(call)
    try:
      seen = self.watched(call, 0)
      for edit in edits:
        self.play(edit)
        before, rights = rights, self.rights(call)
        if not rights: break
        if rights != before: seen = self.watched(call, seen)
    finally: os.kill(process, signal.SIGINT)
    code = self.end(process, call)
    if code != 130: raise Fault("exit code", f"{call.shell()} ends with {code}: {self.said()}")

  def rights(self, call):
    """What is to be made; None when something will fail or wait."""
    seen = self.foresight(call)
    return seen.settled if seen and None not in seen.settled.values() else None

  def watched(self, call, seen):
    """Waits until the watch has built what is to be built, and judges that."""
    began = time.monotonic()
    while time.monotonic() < began + 5:
      told = get(self.folder + "/err0")
      if len(told) > seen and told.endswith("ends it\n"):
        self.judge_build(replace(call, command="build"), 1 if "\nfailed after" in told[seen:] else 0)
        return len(told)
      time.sleep(0.005)
    raise Fault("watch", f"{call.shell()} does not build within 5 s: {self.said()}")

  def start(self, call, slot=0):
    self.counts[call.command] = self.counts.get(call.command, 0) + 1
    env = {**self.env, **call.variables()} if call.env else self.env
    out, err = f"{self.folder}/out{slot}", f"{self.folder}/err{slot}"
    flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
    return os.posix_spawn(self.program, ["campaign"] + call.words(), env, file_actions=[
      (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
      (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600)])

  def end(self, process, call):
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0 and call.kill is None: raise Fault("crash", f"{call.shell()} ends by signal {-code}: {self.said()}")
    return code

  def said(self, slot=0):
    return (get(f"{self.folder}/out{slot}") + get(f"{self.folder}/err{slot}")).strip()

  def result(self):
    try: return json.loads(get(self.folder + "/out0"))
    except ValueError: raise Fault("output", f"no JSON: {self.said()}") from None

  def ran(self):
    """How often each step has run since this was last asked."""
    text = os.pread(self.log, 1 << 20, self.seen)
    self.seen += len(text)
    runs = {}
    for name in text.decode().split(): runs[name] = runs.get(name, 0) + 1
    return runs

  # What each call ought to have done.

  def judge_build(self, call, code, twice=False):
    ran, killed = self.ran(), call.kill is not None
    if code not in (0, 1, 2, 4, -9): raise Fault("exit code", f"{call.shell()} ends with {code}: {self.said()}")
    if code == 2: return self.judge_refusal(call, ran)
    if not self.foresight(call): return self.judge_missing(call, code, ran)
    failed = code == 1 and not call.keep_going
    try: judgement = Judgement(self.world, call, ran, get_or_none, killed or failed)
    except Fault as fault:
      fault.args = (f"{fault}\n  {call.shell()} ended with {code}: {self.said()}",)
      raise
    if not killed: self.judge_code(call, code, judgement)
    for name, count in ran.items():
      if name not in judgement.outcome:
        raise Fault("ran without a cause", f"{name} ran and was not wanted by {call.shell()}: {self.said()}")
      if count > 1 and not twice: raise Fault("ran without a cause", f"{name} ran {count} times in {call.shell()}")
    self.take_over(judgement)

  def judge_code(self, call, code, judgement):
    failed, waiting = ([step.id for step in steps] for steps in (judgement.failed, judgement.waiting))
    right = {1} if failed else set() if not waiting else {4}
    if failed and waiting: right = {1, 4}
    if judgement.perhaps: right |= {0, 4}
    if code not in (right or {0}):
      raise Fault("exit code", f"{call.shell()} ends with {code}; to fail: {failed}, to wait: {waiting}: {self.said()}")

  def take_over(self, judgement):
    """Makes what was judged the state of the world, and looks at all that was not wanted."""
    disk = self.world.disk
    for step, after in judgement.outcome.values():
      for path, text in zip(step.outs, after):
        if text is None: disk.pop(path, None)
        else: disk[path] = text
    self.look()

  def look(self):
    for path, text in self.world.disk.items():
      if path.startswith("build/") and get_or_none(path) != text:
        raise Fault("changed", f"{path} is {get_or_none(path)!r}, was {text!r}, and was not wanted: {self.said()}")

  def compare_with_clone(self):
    """Holds the oracle itself against a clean build of the same sources, when no person has edited an output."""
    world = self.world
    gated = any("approve = yes" in rule.how for rule in world.campaign.rules)
    if world.mine or gated or not (seen := self.foresight(Call("build"))) or "held up" in seen.verdicts.values(): return
    clone = self.folder + "/clone"
    made = {path for step in seen.steps.values() for path in step.outs}
    for path, text in {**world.disk, **world.campaign.files()}.items():
      if path in made: continue
      os.makedirs(os.path.dirname(f"{clone}/{path}") or clone, exist_ok=True)
      put(f"{clone}/{path}", text)
    build = Call("build", more=("-C", clone, "-k"))
    self.end(self.start(build), build)
    self.ran()
    for step in seen.steps.values():
      texts = tuple(get_or_none(f"{clone}/{path}") for path in step.outs)
      right = seen.settled[step.id]
      if right is not None and texts != right:
        raise Fault("oracle", f"a clean build of a clone makes {step.id} {texts}, the oracle {right}: {self.said()}")

  def judge_refusal(self, call, ran):
    try: Foresight(self.world, Call("build", profile=call.profile, sets=call.sets, env=call.env))
    except Missing: pass
    else:
      try: Foresight(self.world, call)
      except Missing: pass
      else: raise Fault("exit code", f"{call.shell()} finds a mistake where there is none: {self.said()}")
    if ran: raise Fault("ran without a cause", f"{call.shell()} ends with 2 and ran {', '.join(ran)}")
    self.look()

  def judge_missing(self, call, code, ran):
    """A file is not there that only an array names: steps before it may have run."""
    if code == 0: raise Fault("exit code", f"{call.shell()} succeeds, but a file is not there: {self.said()}")
    world = self.world
    for step, record in world.records.items():
      if step in ran: record.sure = False
    for path in list(ran) + [path for path in world.disk if path.startswith("build/")]:
      now, before = get_or_none(path), world.disk.get(path)
      if now == before: continue
      record = world.records.get(path)
      sure = record and (record.sure or record.adopted) and not call.forced and not call.all
      if sure and world.mine.get(path) == before is not None:
        raise Fault("lost an edit", f"{path} is {now!r}; a person wrote {before!r}")
      if now is None: del world.disk[path]
      else: world.disk[path] = now
    for path in ran: world.records[path] = Record()

  def foresight(self, call):
    try: return Foresight(self.world, call)
    except Missing: return None

  def judge_plan(self, call, code):
    self.judge_reading(call, code, (0,))
    seen = self.foresight(call)
    if code != 0 or not seen or seen.vague: return
    plan = self.result()
    told = {step["outputs"][0]: step["verdict"] for step in plan["steps"]}
    for name, verdict in told.items(): self.judge_verdict(call, name, verdict, seen)
    if plan["current"]: self.judge_current(call, seen)
    for name, verdict in seen.verdicts.items():
      if name not in told and verdict in ("make", "adopt", "keep") and not plan["pending"]:
        raise Fault("plan", f"{call.shell()} does not tell of {name}, which is to {verdict}")

  def judge_verdict(self, call, name, verdict, seen):
    right = seen.verdicts.get(name)
    fine = {"current": ("current", "maybe", "held up"), "stale": ("make", "maybe"), "awaiting": ("wait", "held up"), "restorable": ("make", "maybe"),
            "edited": ("adopt", "maybe"), "kept": ("keep", "maybe")}.get(verdict)
    if fine and right not in fine and name in seen.verdicts:
      raise Fault("plan", f"{call.shell()} says of {name}: {verdict}; it is to {right}")

  def judge_current(self, call, seen):
    wrong = [step.id for step in seen.wrong]
    todo = [name for name, verdict in seen.verdicts.items() if verdict in ("make", "adopt", "wait", "held up")]
    if wrong or todo:
      raise Fault("not current", f"{call.shell()} says all is current, but {', '.join(wrong + todo)}: {self.said()}")

  def judge_status(self, call, code):
    self.judge_reading(call, code, (0, 3))
    seen = self.foresight(call)
    if code == 2 or not seen or seen.vague: return
    if code == 0: self.judge_current(call, seen)
    if code == 3 and all(verdict in ("current", "keep") for verdict in seen.verdicts.values()):
      raise Fault("not stale", f"{call.shell()} says that something is stale: {self.said()}")

  def judge_explain(self, call, code):
    if code == 2: return self.judge_reading(call, code, (0, 2))  # an element that is gone, or no film yet
    self.judge_reading(call, code, (0,))
    seen = self.foresight(call)
    if code != 0 or not seen or seen.vague: return
    told = self.result()
    step = told["step"]
    self.judge_verdict(call, step["outputs"][0], step["verdict"], seen)
    changed = [field["name"] for field in told["fields"] if field["changed"]] \
      + [file["path"] for file in told["inputs"] if file["change"] not in ("unchanged", "unknown")]
    if step["verdict"] == "current" and changed and seen.verdicts.get(step["outputs"][0]) == "current" \
        and not any(path in self.world.mine for path in step["outputs"]):
      raise Fault("explain", f"{call.shell()} says current, and that {', '.join(changed)} changed")

  def judge_adopt(self, call, code):
    """A person's file is taken for an output, or nothing happens."""
    if self.ran(): raise Fault("ran without a cause", f"{call.shell()} ran something")
    if code not in (0, 1, 2): raise Fault("exit code", f"{call.shell()} ends with {code}: {self.said()}")
    seen, world, path = self.foresight(call), self.world, call.targets[0]
    if code == 0:
      world.disk[path] = world.mine[path] = world.disk[call.more[1]]
      step = next((step for step in seen.steps.values() if path in step.outs), None) if seen else None
      if not step: raise Fault("exit code", f"{call.shell()} adopts what no rule makes: {self.said()}")
      world.records[step.id] = Record(seen.keys[step.id], seen.before(step), True, True)
    self.look()

  def judge_approve(self, call, code):
    """An approval, or with --reject an edit that takes an element out of an array."""
    path, world = call.targets[0], self.world
    if code == 0 and "--reject" in call.more:
      old, text = json.loads(world.disk[path]), get(path)
      if json.loads(text) != [element for element in old if element["id"] != call.targets[1]]:
        raise Fault("changed", f"{call.shell()} makes {text!r} of {old}")
      world.disk[path] = world.mine[path] = text
      if path in world.records: world.records[path].open = True
      if path in world.approved: world.approved[path].insert(0, text)  # whether that holds for the rest is left open
    elif code == 0: world.approved.setdefault(path, []).append(world.disk.get(path))
    self.judge_reading(call, code, (0, 1, 2))

  def judge_verify(self, call, code): self.judge_reading(call, code, (0,))

  def judge_gc(self, call, code): self.judge_reading(call, code, (0,))

  def judge_reading(self, call, code, codes):
    """A call that changes nothing."""
    if code == 2 and not self.foresight(Call("build", profile=call.profile, sets=call.sets, env=call.env)): pass
    elif code not in codes: raise Fault("exit code", f"{call.shell()} ends with {code}: {self.said()}")
    ran = self.ran()
    if ran: raise Fault("ran without a cause", f"{call.shell()} ran {', '.join(ran)}")
    self.look()

  def judge_clean(self, call, code):
    if self.ran(): raise Fault("ran without a cause", f"{call.shell()} ran something")
    world, what = self.world, call.more
    wanted = self.foresight(Call("build"))
    if code == 2 and not wanted: return self.look()
    if code != 0: raise Fault("exit code", f"{call.shell()} ends with {code}: {self.said()}")
    made = {path for step in wanted.steps.values() for path in step.outs} if wanted else set()
    needed = {path for step in wanted.steps.values() for path in step.inputs} if wanted else set()
    for path in [path for path in world.disk if path.startswith("build/")]:
      now = get_or_none(path)
      if now == world.disk[path]: continue
      if now is not None: raise Fault("changed", f"{call.shell()} changed {path}")
      if "-y" not in what: raise Fault("changed", f"{call.shell()} removed {path}")
      if "outputs" not in what and path in made: raise Fault("changed", f"{call.shell()} removed {path}, which is made")
      if path in needed and path not in made: raise Fault("changed", f"{call.shell()} removed {path}, a source")
      if world.mine.get(path) == world.disk[path] and not in_store(world.disk[path]):
        raise Fault("lost an edit", f"{call.shell()} removed {path}; a person wrote {world.disk[path]!r}")
      del world.disk[path]


def put(path, text):
  with open(path, "w") as file: file.write(text)


def get(path):
  with open(path) as file: return file.read()


def get_or_none(path):
  try: return get(path)
  except FileNotFoundError: return None


def in_store(text):
  for folder, _, names in os.walk(".campaign/store"):
    if any(get_bytes(f"{folder}/{name}") == text.encode() for name in names): return True
  return False


def get_bytes(path):
  with open(path, "rb") as file: return file.read()
