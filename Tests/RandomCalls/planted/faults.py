"""Faults to plant: what each is, in which file, and one edit. All are built into one program; `PLANTED` chooses."""

SWITCH = """import Glibc

/// Whether a fault is planted: never, but in a program that `Tests/RandomCalls/planted/run` has built.
package func planted(_ number: Int32) -> Bool { number == chosen }
private let chosen = getenv("PLANTED").map { atoi($0) } ?? 0
"""

ENGINE = "Sources/CampaignEngine/"

# number: (what, file, old text, new text); the first six are the faults A1 to A4 of the issue, in kind.
FAULTS = {
  1: ("a step once settled stays so, whatever its files contain (A1)", ENGINE + "Evaluation.swift",
      "step.settled == contentsHash(id)", "(planted(1) || step.settled == contentsHash(id))"),
  2: ("the array of a rule does not vouch for its steps (A2)", ENGINE + "Evaluation+PlanCache.swift",
      "      if let each {\n", "      if let each, !planted(2) {\n"),
  3: ("an adopted edit is known to the cache alone (A3)", ENGINE + "Build+Publishing.swift",
      "    var outputs = trace.outputs.map { output in", "    if planted(3) { return }\n    var outputs = trace.outputs.map { output in"),
  4: ("our own output is a person's when its trace is lost (A4)", ENGINE + "OutputLog.swift",
      ".adopted(key: last.key) : .step }", ".adopted(key: last.key) : planted(4) ? .person : .step }"),
  5: ("the checksums of records are not checked (A4)", ENGINE + "RecordLog.swift",
      "return seal(payload) == sum ?", "return seal(payload) == sum || planted(5) ?"),
  6: ("the checksum of the plan cache is not checked (A4)", ENGINE + "PlanCache.swift",
      "columns.firstSeal(to: firstEnd) == header.firstSeal", "columns.firstSeal(to: firstEnd) == header.firstSeal || planted(6)"),
  7: ("an edit within the clock's tick of a hash is not seen", ENGINE + "FileHash.swift",
      "{ stamp.changed >= start }", "{ !planted(7) && stamp.changed >= start }"),
  8: ("an edit that keeps size and date is not seen", "Sources/CampaignCore/FileStamp.swift",
      "      changed: Self.nanoseconds(status.st_ctim)", "      changed: planted(8) ? 0 : Self.nanoseconds(status.st_ctim)"),
  9: ("the steps of a rule stay when its array has changed", ENGINE + "Evaluation.swift",
      "rule.array == array,", "(planted(9) || rule.array == array),"),
  10: ("the second input is not in the key", ENGINE + "Evaluation.swift",
       "if let content = try content(id) { hasher", "if let content = try content(id), role != 1 || !planted(10) { hasher"),
  11: ("the action is not in the key", ENGINE + "Evaluation.swift",
       "    hasher.append(action)\n    hasher.append(files)", "    if !planted(11) { hasher.append(action) }\n    hasher.append(files)"),
  12: ("-B makes nothing anew", ENGINE + "Evaluation.swift",
       "guard !forced.all else", "guard !forced.all || planted(12) else"),
  13: ("an edit is overwritten when an input changes", ENGINE + "Judgement.swift",
       "if trace?.isEdited == true {", "if trace?.isEdited == true && !planted(13) {"),
  14: ("a date is in the key", ENGINE + "Evaluation.swift",
       "      hasher.append(UInt64(role))\n",
       "      hasher.append(UInt64(role))\n      if planted(14), let file = try content(id) { hasher.append(UInt64(bitPattern: file.stamp.modified)) }\n"),
  15: ("-k stops at the first failure, too", ENGINE + "Build+Work.swift",
       "if !request.keepGoing {", "if !request.keepGoing || planted(15) {"),
  16: ("two builds run at once", ENGINE + "WorkspaceLock.swift",
       "if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {", "if !planted(16) && flock(descriptor, LOCK_EX | LOCK_NB) != 0 {"),
  17: ("a missing output of several is not missed", ENGINE + "Judgement.swift",
       "        findings.faults.append(.outputMissing(output.path))\n",
       "        if !planted(17) || index == 0 { findings.faults.append(.outputMissing(output.path)) }\n"),
}
