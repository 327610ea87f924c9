import Networks
import Randomness
import Tensors
import Testing

/// Every operation against central differences, first and second order.
///
/// The output is reduced to one number by fixed random weights, summed in Double. Each derivative is checked along
/// random directions of each input.
@Suite struct DerivativeTests {
  private let step: Float = 1e-2

  @Test(arguments: OperationCase.all)
  func firstDerivativeMeetsCentralDifferences(of operation: OperationCase) throws {
    let inputs = operation.inputs(seed: 1)
    let weights = weights(for: operation, inputs)
    let exact = try gradient(of: operation, inputs, weights)
    for index in inputs.indices {
      for trial in 0..<3 {
        let direction = direction(inputs[index].shape, trial)
        let numeric =
          (value(of: operation, moved(inputs, index, by: step, direction), weights)
            - value(of: operation, moved(inputs, index, by: -step, direction), weights)) / Double(2 * step)
        expectClose(dot(exact[index], direction), numeric, "\(operation), input \(index)")
      }
    }
  }

  @Test(arguments: OperationCase.all.filter(\.hasSecondDerivative))
  func secondDerivativeMeetsCentralDifferencesOfTheFirst(of operation: OperationCase) throws {
    let inputs = operation.inputs(seed: 2)
    let weights = weights(for: operation, inputs)
    for first in inputs.indices {
      let along = direction(inputs[first].shape, 10)
      let variables = inputs.map { Variable.parameter($0) }
      // The output is squared, so that the second derivative of a linear operation is not zero.
      let output = operation.apply(variables)
      let number = (output.squared() * Variable(weights)).sum()
      let slopes = try gradients(of: number, by: variables, differentiable: true)
      let exact = try gradients(of: (slopes[first] * Variable(along)).sum(), by: variables)
      for second in inputs.indices {
        let direction = direction(inputs[second].shape, 20)
        func slope(_ distance: Float) throws -> Double {
          let moved = moved(inputs, second, by: distance, direction).map { Variable.parameter($0) }
          let number = (operation.apply(moved).squared() * Variable(weights)).sum()
          return dot(try gradients(of: number, by: moved)[first].value, along)
        }
        let numeric = (try slope(step) - slope(-step)) / Double(2 * step)
        expectClose(dot(exact[second].value, direction), numeric, "\(operation), inputs \(first) and \(second)")
      }
    }
  }

  @Test(arguments: OperationCase.all.filter { !$0.hasSecondDerivative })
  func fusedOperationsRefuseASecondDerivativeByName(of operation: OperationCase) throws {
    let variables = operation.inputs(seed: 3).map { Variable.parameter($0) }
    let slopes = try gradients(of: operation.apply(variables).squared().sum(), by: variables, differentiable: true)
    #expect(throws: DifferentiationError.noSecondDerivative(operation: operation.description)) {
      try gradients(of: slopes[0].squared().sum(), by: variables)
    }
  }

  @Test func aWrongRuleIsFound() throws {
    // The derivative of x^2 taken for that of x^3: the check that all operations pass must tell them apart.
    let input = Tensor([3], values: [0.5, 0.7, 0.9])
    let variable = Variable.parameter(input)
    let wrong = try gradients(of: variable.squared().sum(), by: [variable])[0].value
    let cube = OperationCase(description: "cube", shapes: [[3]]) { $0[0].squared() * $0[0] }
    let ones = Tensor([3], repeating: 1)
    let direction = direction([3], 0)
    let numeric =
      (value(of: cube, moved([input], 0, by: step, direction), ones)
        - value(of: cube, moved([input], 0, by: -step, direction), ones)) / Double(2 * step)
    #expect(!isClose(dot(wrong, direction), numeric))
  }

  @Test func gradientOfSomethingNotScalarIsRefused() {
    let variable = Variable.parameter(Tensor([2], repeating: 1))
    #expect(throws: DifferentiationError.notScalar(shape: [2])) {
      try gradients(of: variable.squared(), by: [variable])
    }
  }

  @Test func variableUsedTwiceGetsTheSumOfBothParts() throws {
    let x = Variable.parameter(Tensor([2], values: [3, -2]))
    let gradient = try gradients(of: (x * x + 4 * x).sum(), by: [x])[0].value.values
    #expect(gradient == [10, 0])
  }

  @Test func ordinaryBackwardPassFreesTheGraphAsItGoes() throws {
    let x = Variable.parameter(Tensor([256, 256], repeating: 0.5))
    var y: Variable? = x
    for _ in 0..<40 { y = y!.activated(.tanh) }
    let loss = y!.sum()
    y = nil
    let before = BufferPool.shared.usedBytes
    _ = try gradients(of: loss, by: [x])
    #expect(BufferPool.shared.usedBytes < before - 30 * 256 * 256 * 4)
  }

  // MARK: - Numbers

  private func weights(for operation: OperationCase, _ inputs: [Tensor]) -> Tensor {
    let shape = operation.apply(inputs.map { Variable($0) }).shape
    var stream = RandomStream(seed: 4, purpose: "weights")
    return Tensor(shape) { for index in $0.indices { $0[index] = Float(stream.uniform(-1, 1)) } }
  }

  private func direction(_ shape: [Int], _ trial: Int) -> Tensor {
    var stream = RandomStream(seed: 5, purpose: "direction", index: trial)
    return Tensor(shape) { for index in $0.indices { $0[index] = Float(stream.uniform(-1, 1)) } }
  }

  private func moved(_ inputs: [Tensor], _ index: Int, by distance: Float, _ direction: Tensor) -> [Tensor] {
    var result = inputs
    result[index] = inputs[index].zip(direction) { $0 + distance * $1 }
    return result
  }

  private func value(of operation: OperationCase, _ inputs: [Tensor], _ weights: Tensor) -> Double {
    dot(operation.apply(inputs.map { Variable($0) }).value, weights)
  }

  private func gradient(of operation: OperationCase, _ inputs: [Tensor], _ weights: Tensor) throws -> [Tensor] {
    let variables = inputs.map { Variable.parameter($0) }
    let number = (operation.apply(variables) * Variable(weights)).sum()
    return try gradients(of: number, by: variables).map(\.value)
  }

  private func dot(_ left: Tensor, _ right: Tensor) -> Double {
    zip(left.values, right.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func isClose(_ exact: Double, _ numeric: Double) -> Bool {
    abs(exact - numeric) <= 2e-3 + 3e-3 * max(abs(exact), abs(numeric))
  }

  private func expectClose(
    _ exact: Double, _ numeric: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      isClose(exact, numeric), "\(what): the rule gives \(exact), central differences \(numeric)",
      sourceLocation: sourceLocation)
  }
}
