import Foundation
import Geometry
import Randomness
import Synchronization
import Testing

@Suite struct HamiltonianMonteCarloTests {
  private let stream = RandomStream(seed: 11, purpose: "test")

  private func transition(
    _ stepSize: Double, _ steps: Int, scales: [Double]? = nil
  ) throws -> HMCTransition<VolumeDensity> {
    HMCTransition(
      target: VolumeDensity(try randomMetric(centroids: 20, dimension: 4, tau: 0.02)), rows: 20, stepSize: stepSize,
      leapfrogSteps: steps, scales: scales)
  }

  private static let masses: [[Double]?] = [nil, [0.5, 2, 1, 1.3]]

  @Test(arguments: masses) func trajectoriesRunBackwards(scales: [Double]?) throws {
    var transition = try transition(0.05, 40, scales: scales)
    let starts = transition.target.metric.centroids
    var state = transition.state(at: starts)
    let first = state
    var velocities = randomMatrix(rows: 20, columns: 4, seed: 3)
    let drawn = velocities
    transition.integrate(&state, velocities: &velocities)
    let moved = zip(state.positions.values, starts.values).map { abs($0 - $1) }.max()!
    #expect(moved > 1)
    velocities = Matrix(rows: 20, columns: 4, values: velocities.values.map { -$0 })
    transition.integrate(&state, velocities: &velocities)
    for (value, expected) in zip(state.positions.values, starts.values) { #expect(abs(value - expected) < 1e-10) }
    for (value, expected) in zip(velocities.values, drawn.values) { #expect(abs(value + expected) < 1e-11) }
    for (value, expected) in zip(state.evaluation.logDensity, first.evaluation.logDensity) {
      #expect(abs(value - expected) < 1e-11)
    }
  }

  /// Half the step, a quarter of the energy error, on trajectories of one length.
  @Test(arguments: masses) func energyErrorShrinksWithTheSquareOfTheStep(scales: [Double]?) throws {
    let velocities = randomMatrix(rows: 20, columns: 4, seed: 4)
    func error(_ steps: Int) throws -> Double {
      var transition = try transition(0.64 / Double(steps), steps, scales: scales)
      var state = transition.state(at: transition.target.metric.centroids)
      let before = state.evaluation.logDensity
      var moving = velocities
      transition.integrate(&state, velocities: &moving)
      return (0..<20).reduce(0.0) { sum, row in
        let kinetic = zip(moving.row(row), velocities.row(row)).reduce(0) { $0 + ($1.0 * $1.0 - $1.1 * $1.1) / 2 }
        let difference = kinetic - (state.evaluation.logDensity[row] - before[row])
        return sum + difference * difference
      }.squareRoot()
    }
    let errors = try [8, 16, 32, 64].map(error)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(coarse / fine - 4) < 0.3, "\(errors)")
    }
  }

  /// Algorithm 2 written out for one chain, from the same random numbers: the same course.
  @Test func followsAlgorithmTwoLineByLine() throws {
    let metric = try randomMetric(centroids: 12, dimension: 3, deviation: 0.3, lambda: 0.1, tau: 0.05)
    let configuration = HMCConfiguration(steps: 20, leapfrogSteps: 4, stepSize: 0.45)
    func logDensity(_ z: [Double]) -> Double { metric.diagonal(at: z).reduce(0) { $0 + log($1) / 2 } }
    func gradient(_ z: [Double]) -> [Double] { VolumeDensity(metric).evaluation(at: Matrix([z])).gradient.row(0) }
    let starts = metric.centroids
    let run = try HamiltonianMonteCarlo(configuration).run(VolumeDensity(metric), starts: starts, stream: stream)
    var rejections = 0
    for chain in 0..<starts.rows {
      var stream = stream.substream("chain", index: chain)
      var z = starts.row(chain)
      var acceptance = 0.0
      for _ in 0..<configuration.steps! {
        var v = (0..<3).map { _ in stream.normal() }
        let before = -logDensity(z) + v.reduce(0) { $0 + $1 * $1 / 2 }
        var end = z
        for _ in 0..<configuration.leapfrogSteps! {
          v = zip(v, gradient(end)).map { $0 + configuration.stepSize! / 2 * $1 }
          end = zip(end, v).map { $0 + configuration.stepSize! * $1 }
          v = zip(v, gradient(end)).map { $0 + configuration.stepSize! / 2 * $1 }
        }
        let after = -logDensity(end) + v.reduce(0) { $0 + $1 * $1 / 2 }
        acceptance += min(1, exp(before - after)) / Double(configuration.steps!)
        if stream.uniform() < exp(before - after) { z = end } else { rejections += 1 }
      }
      for (value, expected) in zip(run.positions.row(chain), z) { #expect(abs(value - expected) < 1e-6) }
      #expect(abs(run.acceptance[chain] - acceptance) < 1e-6)
      #expect(abs(run.logDensity[chain] - logDensity(z)) < 1e-6)
      let moved = zip(z, starts.row(chain)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(abs(run.displacement[chain] - moved) < 1e-6)
    }
    #expect(rejections > 10, "the comparison has to see rejections")
  }

  @Test func momentsAndQuantilesOfACorrelatedNormal() throws {
    let covariance = Matrix([[2, 0.9, -0.3], [0.9, 1, 0.2], [-0.3, 0.2, 0.5]])
    let precision = Matrix([
      [0.46 / 0.317, -0.51 / 0.317, 0.48 / 0.317], [-0.51 / 0.317, 0.91 / 0.317, -0.67 / 0.317],
      [0.48 / 0.317, -0.67 / 0.317, 1.19 / 0.317],
    ])
    for (value, expected) in zip(covariance.multiplied(by: precision).values, [1, 0, 0, 0, 1, 0, 0, 0, 1] as [Double]) {
      #expect(abs(value - expected) < 1e-12)
    }
    let mean = [1.0, -2, 0.5]
    let target = GaussianTarget(mean: mean, precision: precision)
    var sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: 40, leapfrogSteps: 6, stepSize: 0.3))
    let starts = Matrix(rows: 20_000, columns: 3)
    let right = sampler.run(target, starts: starts, stream: stream)
    #expect(disagreements(of: right.positions, mean: mean, covariance: covariance) == [])
    #expect(right.divergences.allSatisfy { $0 == 0 })
    sampler.velocityDeviation = 0.5
    let wrong = sampler.run(target, starts: starts, stream: stream)
    #expect(disagreements(of: wrong.positions, mean: mean, covariance: covariance).count > 3)
  }

  @Test func aChainDoesNotDependOnTheOthers() throws {
    let density = VolumeDensity(try randomMetric(centroids: 30, dimension: 5))
    let sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: 10, stepSize: 0.1))
    let starts = density.metric.centroids.selectingRows((0..<150).map { $0 % 30 })
    let all = sampler.run(density, starts: starts, stream: stream)
    let few = sampler.run(density, starts: starts.selectingRows(Array(0..<41)), stream: stream)
    #expect(few.positions == all.positions.selectingRows(Array(0..<41)))
    #expect(few.acceptance == Array(all.acceptance.prefix(41)))
    #expect(sampler.run(density, starts: starts, stream: stream) == all)
    #expect(
      sampler.run(density, starts: starts, stream: RandomStream(seed: 12, purpose: "test")).positions != all.positions)
    #expect(sampler.run(density, starts: starts.selectingRows([]), stream: stream).positions.rows == 0)
  }

  /// A step far too long for the density: every transition is counted as divergent and none is accepted.
  @Test func lostTrajectoriesAreCountedAndRefused() throws {
    let target = GaussianTarget(mean: [0], precision: Matrix([[1e4]]))
    let starts = Matrix([[0.01], [-0.02], [0]])
    for stepSize in [1.0, 1e200] {
      let sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: 7, stepSize: stepSize))
      let run = sampler.run(target, starts: starts, stream: stream)
      #expect(run.divergences == [7, 7, 7])
      #expect(run.acceptance == [0, 0, 0])
      #expect(run.positions == starts && run.displacement == [0, 0, 0])
    }
  }

  @Test func theObserverSeesEveryTransitionInOrder() throws {
    let density = VolumeDensity(try randomMetric(centroids: 10, dimension: 2))
    let sampler = try HamiltonianMonteCarlo(HMCConfiguration(steps: 5, stepSize: 0.3))
    let starts = density.metric.centroids.selectingRows((0..<100).map { $0 % 10 })
    let seen = Mutex<[Int: [HMCObservation]]>([:])
    let run = sampler.run(density, starts: starts, stream: stream) { observation in
      seen.withLock { $0[observation.chains.lowerBound, default: []].append(observation) }
    }
    let blocks = seen.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    #expect(blocks.flatMap { Array($0[0].chains) } == Array(0..<100))
    for block in blocks {
      #expect(block.map(\.step) == [1, 2, 3, 4, 5])
      #expect(block[4].positions == run.positions.selectingRows(Array(block[0].chains)))
      for (offset, chain) in block[0].chains.enumerated() {
        let mean = block.reduce(0) { $0 + $1.information.acceptanceProbability[offset] } / 5
        #expect(abs(mean - run.acceptance[chain]) < 1e-15)
        for observation in block where observation.information.energyError[offset] <= 0 {
          #expect(observation.information.accepted[offset])
        }
      }
    }
  }

  @Test func theDefaultsAreThePapers() throws {
    let paper = HMCConfiguration()
    #expect(paper.mode == .paper && paper.steps == 100 && paper.leapfrogSteps == 10 && paper.stepSize == 0.01)
    #expect(try JSONDecoder().decode(HMCConfiguration.self, from: Data("{}".utf8)) == paper)
    let other = HMCConfiguration(steps: 3, leapfrogSteps: 2, stepSize: 0.5)
    #expect(try JSONDecoder().decode(HMCConfiguration.self, from: JSONEncoder().encode(other)) == other)
    for wrong in [HMCConfiguration(steps: 0), .init(leapfrogSteps: 0), .init(stepSize: 0), .init(stepSize: .nan)] {
      #expect(throws: GeometryError.self) { try HamiltonianMonteCarlo(wrong) }
    }
  }
}
