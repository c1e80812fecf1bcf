import CampaignCore
import CampaignEngine
import Testing

/// Costly outputs come back for nothing; a person's edits are never overwritten unasked.
struct StoreTests {
  let lab = Lab()
  let film = recipe(make("clip", from: ["photo"], isCostly: true), make("final", from: ["clip"]))

  init() {
    lab.write("photo", "P")
    lab.build(film)
  }

  @Test func revertedInputRestores() {
    lab.write("photo", "Q")
    #expect(lab.build(film).ran == ["clip", "final"])
    lab.write("photo", "P")
    let run = lab.build(film)
    #expect(run.restored == ["clip"])
    #expect(run.ran == ["final"])
    #expect(lab.read("clip") == "0(P)")
  }

  @Test func deletedOutputRestoresAndNothingAfterItRuns() {
    lab.remove("clip")
    let run = lab.build(film)
    #expect(run.restored == ["clip"])
    #expect(run.ran == [])
  }

  @Test func damagedOutputRestores() {
    lab.write("clip", "garbage")
    let run = lab.build(film)
    #expect(run.restored == ["clip"])
    #expect(run.reasons["clip"] == [.outputDamaged("clip", "it holds garbage")])
    lab.write("clip", "")
    #expect(lab.build(film).restored == ["clip"])
  }

  @Test func lostCacheCostsNothingCostly() {
    lab.remove(".campaign/cache")
    #expect(lab.build(film).ran == ["final"])
    lab.remove(".campaign/cache")
    lab.remove("clip")
    let run = lab.build(film)
    #expect(run.restored == ["clip"])
  }

  @Test func damagedStoreIsSeenAndMadeAnew() {
    lab.remove("clip")
    for folder in Files.names(in: lab.root + "/.campaign/store/objects") {
      for name in Files.names(in: lab.root + "/.campaign/store/objects/" + folder) {
        lab.write(".campaign/store/objects/\(folder)/\(name)", "rot")
      }
    }
    let run = lab.build(film)
    #expect(run.failed == [] && run.ran == ["clip"])
    #expect(run.notices == ["the store's copy of `clip` was damaged; it is made anew"])
    #expect(lab.read("clip") == "0(P)")
  }

  @Test func editIsAdoptedAndUsed() {
    lab.write("clip", "mine")
    let run = lab.build(film)
    #expect(run.adopted == ["clip"])
    #expect(run.ran == ["final"])
    #expect(lab.read("final") == "0(mine)")
    #expect(lab.build(film).ran == [])
  }

  @Test func editStaysWhenInputsChange() {
    lab.write("clip", "mine")
    lab.build(film)
    lab.write("photo", "Q")
    let run = lab.build(film)
    #expect(run.ran == [])
    #expect(run.notices.count == 1)
    #expect(lab.read("clip") == "mine")
    #expect(lab.build(film) { $0.forced = [.file("clip")] }.ran == ["clip", "final"])
    #expect(lab.read("final") == "0(0(Q))")
  }

  @Test func editTogetherWithAnInputStaysToo() {
    lab.write("clip", "mine")
    lab.write("photo", "Q")
    let run = lab.build(film)
    #expect(run.adopted == ["clip"])
    #expect(lab.build(film).notices.count == 1)
    #expect(lab.read("final") == "0(mine)")
  }

  @Test func editedOutputThatWasDeletedComesBack() {
    lab.write("final", "cut by hand")
    lab.build(film)
    lab.remove("final")
    #expect(lab.build(film).restored == ["final"])
    #expect(lab.read("final") == "cut by hand")
  }

  @Test func strangerInTheWayIsKept() {
    lab.write("new", "someone's work")
    let run = lab.build(recipe(make("new", from: ["photo"])))
    #expect(run.notices.count == 1)
    #expect(lab.read("new") == "0(P)")
  }

  @Test func forceMakesANewTakeAndKeepsTheOld() {
    #expect(lab.build(film) { $0.forced = [.file("clip")] }.ran == ["clip"])
    #expect(Files.names(in: lab.root + "/.campaign/store/takes").count == 1)
  }
}
