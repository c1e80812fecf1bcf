import CampaignCore
import Glibc
import Testing

/// Kills a build at every call by which it leaves a trace outside of itself, and builds again: the clip is bought once.
@Suite struct CrashPointTests {
  struct Victim: Sendable, CustomTestStringConvertible {
    var program: String
    /// A write or send is done by half before the end.
    var cutsHalf: Bool
    /// This share of all points, of `shares`.
    var share: Int
    var testDescription: String {
      "\(program)\(cutsHalf ? ", half a write" : "") \(share + 1)/\(Self.shares)"
    }
    static let shares = 2
  }

  static let victims = ["campaign", "campaign-provider"].flatMap { program in
    [false, true].flatMap { half in
      (0..<Victim.shares).map { Victim(program: program, cutsHalf: half, share: $0) }
    }
  }

  @Test(arguments: victims)
  func `a crash anywhere buys nothing twice and loses nothing`(victim: Victim) throws {
    let shim = try Self.shim()
    defer { Files.remove(Files.folder(of: shim)!) }
    let count = try points(victim, shim)
    try #require(count > 20)
    for point in stride(from: 1 + victim.share, through: count, by: Victim.shares) {
      try crash(victim, at: point, shim)
    }
  }

  private func crash(_ victim: Victim, at point: Int, _ shim: String) throws {
    let shop = try Rehearsed()
    let half = victim.cutsHalf ? ["CRASH_HALF=1"] : []
    let environment =
      shop.environment + [
        "LD_PRELOAD=\(shim)", "CRASH_IN=\(victim.program)", "CRASH_AT=\(point)",
      ] + half
    let first = try shop.test.run(["build", "--max-cost", "5"], environment: environment)
    let again = try shop.test.run(["build", "--max-cost", "5"], environment: shop.environment)
    #expect(again.code == 0, "\(point): it said \(first.narration) and then \(again.narration)")
    let jobs = try shop.jobs
    #expect(jobs.count == 1, "\(point): it said \(first.narration) and then \(again.narration)")
    #expect(try shop.takes().count == 1, "\(point)")
    try shop.expectHonesty(spent: 5)
    #expect(try shop.build("--frozen").narration == "nothing to do: 2 targets are current\n", "\(point)")
  }

  /// How many calls a build makes that nobody disturbs.
  private func points(_ victim: Victim, _ shim: String) throws -> Int {
    let shop = try Rehearsed()
    let path = shop.test.folder + "/count"
    let run = try shop.test.run(
      ["build", "--max-cost", "5"],
      environment: shop.environment + [
        "LD_PRELOAD=\(shim)", "CRASH_IN=\(victim.program)", "CRASH_COUNT=\(path)",
      ])
    try #require(run.code == 0, "it said \(run.narration)")
    return try #require(Int(try Files.text(path).filter(\.isNumber)))
  }

  /// Compiles the library that does the killing.
  private static func shim() throws -> String {
    var template = Array("/tmp/campaign-shim-XXXXXX".utf8CString)
    let folder = String(
      decoding: template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) } == nil
        ? [] : template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let source = "\(#filePath)".replacing("CrashPointTests.swift", with: "crash.c")
    let result = try Command(["clang", "-shared", "-fPIC", "-w", "-o", folder + "/crash.so", source, "-ldl"])
      .run(
        log: "/dev/stderr", interrupt: Interrupt())
    try #require(result.code == 0)
    return folder + "/crash.so"
  }
}
