import Runs
import Testing

@Suite struct TrainingStopTests {
  /// What is said at the end is what became of the checkpoints.
  @Test func theLastWordsSayWhatIsKept() {
    let kept = TrainingStop.Outcome(unsaved: 0).sentence
    #expect(kept == "what is finished is kept, and the same command goes on from there")
    let full = TrainingStop.Outcome(unsaved: 1, reason: "no space left on device").sentence
    #expect(full.contains("one training could leave no checkpoint now (no space left on device)"))
    let slow = TrainingStop.Outcome(unsaved: 2).sentence
    #expect(slow.contains("2 trainings") && slow.contains("in the midst of a long step"))
    #expect(!full.contains("goes on from there") && !slow.contains("goes on from there"))
  }
}
