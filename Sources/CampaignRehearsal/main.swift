import CPlatform
import CampaignCore
import Glibc

campaign_begin()

let usage = """
  usage: campaign-rehearsal [--script FILE] [--speed N] [--while-stdin]

  A fake of Replicate and of a chat model, for rehearsing a production for nothing. The first line that it prints says
  where it listens. A script is a JSON list of faults, e.g. [{"on": "create", "nth": 2, "do": "accept_then_reset"}]:

  \(Fault.names)

  """

var speed = 1.0
var script: [Fault] = []
var waitsForInput = false
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
  switch option {
  case "--speed": speed = max(1, arguments.popFirst().flatMap { Double($0) } ?? 1)
  case "--while-stdin": waitsForInput = true
  case "--script":
    let text = arguments.popFirst().flatMap { try? Files.read($0) } ?? []
    script = ((try? JSON.parse(text))?.array ?? []).compactMap(Fault.init)
  default:
    print(usage)
    exit(option == "--help" ? 0 : 2)
  }
}

let signals = campaign_signal_pipe()
let rehearsal: Rehearsal
do { rehearsal = try Rehearsal(speed: speed, script: script) } catch {
  print("error: \(error)")
  exit(1)
}
print(JSON.members(["api": .string(rehearsal.api), "delivery": .string(rehearsal.delivery)]).compact)
fflush(nil)

var polled = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
if waitsForInput { polled.append(pollfd(fd: 0, events: Int16(POLLIN | POLLHUP), revents: 0)) }
while poll(&polled, nfds_t(polled.count), -1) < 0 && errno == EINTR {}
print(rehearsal.summary, terminator: "")
fflush(nil)
rehearsal.end()
exit(0)
