import Foundation
import Generators
import Networks
import Randomness
import Tensors
import Testing

/// Maps of codes against their Jacobians, taken coordinate by coordinate by reverse differentiation.
@Suite struct FlowTests {
  private let stream = RandomStream(seed: 3, purpose: "flows")
  private static let (batch, dimensions) = (6, 4)

  private func codes(_ scale: Float = 1) -> Variable {
    var random = stream.substream("codes")
    return .parameter(Tensor([Self.batch, Self.dimensions]) { random.fillNormal($0) }.map { scale * $0 })
  }

  private func context() -> Variable {
    var random = stream.substream("context")
    return Variable(Tensor([Self.batch, 5]) { random.fillNormal($0) })
  }

  /// Weights that bend the space much more than the first ones do.
  private func strong(_ flow: any Flow, _ scale: Float) -> any Flow {
    for (name, variable) in flow.parameters {
      var random = stream.substream("strong \(name)")
      variable.value.mutate { values in for index in values.indices { values[index] = scale * Float(random.normal()) } }
    }
    return flow
  }

  private func flow(_ name: String) -> any Flow {
    switch name {
    case "planar": PlanarFlow(name: name, dimensions: Self.dimensions, stream: stream)
    case "radial": RadialFlow(name: name, dimensions: Self.dimensions, stream: stream)
    default:
      InverseAutoregressiveFlow(
        name: name, form: name == "gated" ? .gated : .exponential, reverses: true, dimensions: Self.dimensions,
        hidden: 7, features: 5, stream: stream)
    }
  }

  @Test(arguments: ["planar", "radial", "gated", "exponential"])
  func logDeterminantsMeetTheJacobian(name: String) throws {
    for scale: Float in [0.3, 1] {
      let flow = strong(flow(name), scale)
      let codes = codes()
      let (moved, logDeterminant) = flow(codes, context: context())
      let jacobians = try Jacobian.of(moved, by: codes)
      for (jacobian, found) in zip(jacobians, logDeterminant.value.values) {
        let expected = log(abs(Jacobian.determinant(jacobian)))
        #expect(abs(Double(found) - expected) < 2e-4 * (1 + abs(expected)), "\(name): \(found), not \(expected)")
      }
    }
  }

  /// Without its mask a block's Jacobian is not triangular, and its diagonal no determinant.
  @Test(arguments: [ModelSettings.FlowForm.exponential, .gated])
  func unmaskedBlocksMissTheJacobian(form: ModelSettings.FlowForm) throws {
    var block = InverseAutoregressiveFlow(
      name: "block", form: form, reverses: false, dimensions: Self.dimensions, hidden: 7, features: 5, stream: stream)
    block.isMasked = false
    let codes = codes()
    let flow = strong(block, 1)
    let (moved, logDeterminant) = flow(codes, context: context())
    var greatest = 0.0
    for (jacobian, found) in zip(try Jacobian.of(moved, by: codes), logDeterminant.value.values) {
      greatest = max(greatest, abs(Double(found) - log(abs(Jacobian.determinant(jacobian)))))
    }
    #expect(greatest > 0.1)
  }

  /// Coordinate j hangs on coordinates 0 ... j alone, before the order is reversed.
  @Test func autoregressiveBlocksSeeNothingAhead() throws {
    let flow = strong(
      InverseAutoregressiveFlow(
        name: "block", form: .exponential, reverses: false, dimensions: Self.dimensions, hidden: 7, features: 5,
        stream: stream), 1)
    let codes = codes()
    for jacobian in try Jacobian.of(flow(codes, context: context()).codes, by: codes) {
      for row in 0..<Self.dimensions {
        for column in 0..<Self.dimensions where column > row { #expect(jacobian[row][column] == 0) }
        #expect(jacobian[row][row] > 0)
      }
      // A mask that lets nothing through would be triangular too.
      #expect((1..<Self.dimensions).contains { jacobian[$0][0] != 0 })
    }
  }

  /// Along w the coordinate w.z goes up and up, or two codes meet. With w.u = -6 the plain flow folds space.
  @Test(arguments: [true, false])
  func planarFlowsStayInvertible(keepsInvertible: Bool) {
    let weights = Tensor([2], values: [2, 0])
    var flow = PlanarFlow(
      name: "planar", weights: .parameter(weights), directions: .parameter(Tensor([2], values: [-3, 1])),
      bias: .parameter(Tensor([1], values: [0.2])))
    flow.keepsInvertible = keepsInvertible
    let line = Tensor([81, 2]) { target in
      for index in 0..<81 {
        target[2 * index] = Float(index - 40) / 10
        target[2 * index + 1] = 0
      }
    }
    let moved = flow(Variable(line), context: Variable(Tensor.zeros([81, 1]))).codes.value.values
    let along = (0..<81).map { moved[2 * $0] }
    #expect(zip(along, along.dropFirst()).allSatisfy { $0 < $1 } == keepsInvertible)
  }

  /// beta < -alpha turns the space inside out near the centre; softplus keeps beta above it.
  @Test(arguments: [true, false])
  func radialFlowsStayInvertible(keepsInvertible: Bool) {
    var flow = RadialFlow(
      name: "radial", centre: .parameter(Tensor([2], values: [0.5, 0])),
      logAlpha: .parameter(Tensor([1], values: [-1])),
      strength: .parameter(Tensor([1], values: [-8])))
    flow.keepsInvertible = keepsInvertible
    let line = Tensor([201, 2]) { target in
      for index in 0..<201 {
        target[2 * index] = 0.5 + Float(index) / 100
        target[2 * index + 1] = 0
      }
    }
    let (moved, logDeterminant) = flow(Variable(line), context: Variable(Tensor.zeros([201, 1])))
    let along = (0..<201).map { moved.value.values[2 * $0] }
    #expect(zip(along, along.dropFirst()).allSatisfy { $0 < $1 } == keepsInvertible)
    #expect(logDeterminant.value.values.allSatisfy(\.isFinite) == keepsInvertible)
  }
}

/// Matrices of first derivatives.
enum Jacobian {
  /// `[row][output][input]` of a map that treats rows apart.
  static func of(_ output: Variable, by input: Variable) throws -> [[[Double]]] {
    let (rows, inputs, outputs) = (input.shape[0], input.shape[1], output.shape[1])
    var result = Array(
      repeating: Array(repeating: Array(repeating: 0.0, count: inputs), count: outputs), count: rows)
    for column in 0..<outputs {
      let slope = try gradients(of: output.columns([column]).sum(), by: [input], keepsGraph: true)[0].value.values
      for row in 0..<rows {
        for place in 0..<inputs { result[row][column][place] = Double(slope[row * inputs + place]) }
      }
    }
    return result
  }

  static func determinant(_ matrix: [[Double]]) -> Double {
    var (matrix, result) = (matrix, 1.0)
    for pivot in matrix.indices {
      let row = (pivot..<matrix.count).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }!
      if row != pivot {
        matrix.swapAt(row, pivot)
        result = -result
      }
      result *= matrix[pivot][pivot]
      for below in matrix.indices where below > pivot {
        let factor = matrix[below][pivot] / matrix[pivot][pivot]
        for column in matrix.indices { matrix[below][column] -= factor * matrix[pivot][column] }
      }
    }
    return result
  }
}
