import Forecasts
import Testing

@Suite struct StepTimeTests {
  /// A clock that a step of so many images moves on, with now and then a step that other work stretches.
  private final class Machine {
    var now = 0.0
    var images: [Int] = []
    let fixed: Double
    let perImage: Double
    init(fixed: Double, perImage: Double) { (self.fixed, self.perImage) = (fixed, perImage) }

    func step(_ count: Int) {
      images.append(count)
      now += fixed + perImage * Double(count) + (images.count % 5 == 0 ? 3 : 0)
    }
  }

  private func measured(_ machine: Machine, images: Int, budget: Double) -> StepTime {
    StepTime.measure(images: images, budget: budget, now: { machine.now }, machine.step)
  }

  @Test func findsWhatAStepTakesWhateverStretchesSingleOnes() {
    let machine = Machine(fixed: 0.01, perImage: 0.002)
    let time = measured(machine, images: 100, budget: 20)
    #expect(abs(time.fixed - 0.01) < 1e-9 && abs(time.perImage - 0.002) < 1e-9)
    #expect(machine.images.contains(100))
    // The mean of the same steps would be more than twice that.
    #expect(machine.now / Double(machine.images.count) > 2 * time.seconds(images: 100))
  }

  /// Long steps are tried with fewer images: not one of them takes more than half of the budget.
  @Test func longStepsAreTriedWithFewerImages() {
    let machine = Machine(fixed: 0.1, perImage: 1)
    let time = measured(machine, images: 100, budget: 40)
    #expect(machine.images.max()! > 4 && machine.images.max()! <= 20)
    #expect(abs(time.seconds(images: 100) - 100.1) < 0.01)
  }

  @Test func readingsThatDoNotRiseGoThroughZero() {
    #expect(StepTime([(4, 2), (8, 2)]) == StepTime(fixed: 0, perImage: 0.25))
    #expect(StepTime([(4, 1), (8, 3)]) == StepTime(fixed: 0, perImage: 0.375))
    #expect(StepTime([(8, 2)]) == StepTime(fixed: 0, perImage: 0.25))
    #expect(StepTime([(2, 2), (8, 5)]) == StepTime(fixed: 1, perImage: 0.5))
  }

  /// A pass over 25 images in batches of 10 has three steps.
  @Test func aPassCountsItsSteps() {
    #expect(StepTime(fixed: 1, perImage: 0.5).seconds(images: 25, batch: 10) == 3 + 12.5)
    #expect(WorkAmounts.steps(20, 10) == 2 && WorkAmounts.steps(21, 10) == 3)
  }

  @Test func jobsAreTakenInTurn() {
    #expect(WorkAmounts.span([3, 1, 1, 4], workers: 2) == 6)
    #expect(WorkAmounts.span([3, 1, 1, 4], workers: 1) == 9)
    #expect(WorkAmounts.span([3, 1, 1, 4], workers: 8) == 4)
    #expect(WorkAmounts.span([], workers: 2) == 0)
  }
}
