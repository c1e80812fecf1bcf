import CampaignCore
import Glibc
import Testing

/// What is encoded and what is decoded for a film, counted by programs that stand before ffmpeg and ffprobe on the path.
@Suite struct FilmTests {
  let test: CommandTest
  private let colours = ["red", "orange", "yellow", "pink", "gray", "brown"]
  private var clips: Int { colours.count }

  init() throws {
    test = try CommandTest(
      """
      size = 64x36
      fps  = 10
      loud = -14 LUFS

      build/manifest.json: photos/*
          collect

      build/clips/{pair.id}.mp4: {pair.first} {pair.last} for pair in pairs.json
          generate-clip
          duration = 1s

      build/combined.mp4: build/clips/{pair.id}.mp4
          combine
          transition = crossfade 200ms

      build/final.mp4: build/combined.mp4 music.wav
          mix-audio
          loudness = $loud

      profile tall
          size = 36x64
      """)
    try Files.makeFolder(test.path("photos"))
    for clip in 0..<clips {
      try photo("\(clip)-a.jpg", colours[clip])
      try photo("\(clip)-b.png", "blue")
    }
    let pairs = (0..<clips).map {
      "{\"id\": \"clip\($0)\", \"first\": \"photos/\($0)-a.jpg\", \"last\": \"photos/\($0)-b.png\"}"
    }
    try test.write("[" + pairs.joined(separator: ",\n") + "]", to: "pairs.json")
    try music("sine=440")
    try before("ffmpeg", says: "case \" $* \" in *\" libx264 \"*) say encode $last;; esac; decoded \"$@\"")
    try before("ffprobe", says: "case \" $* \" in *\" -show_frames \"*) decoded \"$@\";; esac")
  }

  @Test func `a changed clip of many encodes itself and two transitions`() throws {
    let calls = try build()
    #expect(calls.filter { $0 == "encode clip" }.count == clips)
    // The transitions, and a frame to compare the clips with.
    #expect(calls.filter { $0 == "encode piece" }.count == clips - 1 + 1)
    try photo("3-a.jpg", "green")
    #expect(try build().filter { $0.hasPrefix("encode") } == ["encode clip", "encode piece", "encode piece"])
    #expect(try build() == [])
  }

  @Test func `other music or loudness encodes no picture`() throws {
    try build()
    try music("sine=660")
    #expect(try build() == [])
    #expect(try build("--set", "loud=-20 LUFS") == [])
  }

  @Test func `a second shape decodes every photo once`() throws {
    try build()
    let calls = try build("--profile", "tall")
    let photos = (0..<clips).flatMap { ["decode \($0)-a.jpg", "decode \($0)-b.png"] }
    #expect(calls.filter { $0.hasPrefix("decode") } == photos)
    #expect(calls.filter { $0 == "encode clip" }.count == clips)
  }

  @Test func `a new photo is the only one that is decoded`() throws {
    try build()
    try photo("new.png", "white")
    #expect(Set(try build()) == ["decode new.png"])
  }

  // MARK: - Counting

  /// Builds, and returns what was encoded and decoded, sorted.
  @discardableResult
  private func build(_ arguments: String...) throws -> [String] {
    let path = try #require(getenv("PATH").map { String(cString: $0) })
    let run = try test.run(["build"] + arguments, environment: ["PATH=\(test.folder)/bin:\(path)"])
    try #require(run.code == 0, "it said: \(run.narration)")
    let log = test.folder + "/calls"
    defer { Files.remove(log) }
    return Files.exists(log) ? try Files.text(log).split(separator: "\n").map(String.init).sorted() : []
  }

  /// Puts a script on the path that notes something and then is the program itself.
  private func before(_ program: String, says note: String) throws {
    let folder = test.folder + "/bin"
    try Files.makeFolder(folder)
    try Files.write(
      """
      #!/bin/sh
      say() { echo "$*" >> '\(test.folder)/calls'; }
      decoded() { for word; do case $word in file:photos/*) say decode "${word##*/}";; esac; done; }
      for last; do :; done
      case $last in */making-*) last=piece;; *) last=clip;; esac
      \(note)
      PATH=${PATH#*:} exec \(program) "$@"
      """, to: folder + "/" + program)
    #expect(chmod(folder + "/" + program, 0o755) == 0)
  }

  private func photo(_ name: String, _ colour: String) throws {
    try ffmpeg("color=\(colour):s=80x80", ["-frames:v", "1", test.path("photos/\(name)")])
  }

  private func music(_ source: String) throws { try ffmpeg(source, ["-t", "6", test.path("music.wav")]) }

  private func ffmpeg(_ source: String, _ output: [String]) throws {
    let command = Command(["ffmpeg", "-nostdin", "-y", "-v", "error", "-f", "lavfi", "-i", source] + output)
    #expect(try command.run(log: "/dev/null", interrupt: Interrupt()).code == 0)
  }
}
