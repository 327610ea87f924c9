import Networks
import Tensors

/// The weights of Inception's convolutions by torchvision's names, each with the normalisation after it folded in.
struct InceptionWeights {
  let entries: [String: SafeTensors.Entry]
  let path: String

  /// w gamma / sqrt(v + epsilon) and beta - m gamma / sqrt(v + epsilon), with mean m and variance v.
  ///
  /// - Returns: `[output, input, kernel height, kernel width]` and `[output]`.
  /// - Throws: `InceptionError.weights`.
  func convolution(
    _ name: String, _ geometry: ConvolutionGeometry, inputs: Int, outputs: Int
  ) throws -> (weights: Tensor, bias: Tensor) {
    let weights = try tensor(
      "\(name).conv.weight", [outputs, inputs, geometry.kernel.height, geometry.kernel.width])
    let scale = try tensor("\(name).bn.weight", [outputs])
    let shift = try tensor("\(name).bn.bias", [outputs])
    let mean = try tensor("\(name).bn.running_mean", [outputs])
    let variance = try tensor("\(name).bn.running_var", [outputs])
    guard variance.buffer.allSatisfy({ $0 >= 0 }) else {
      throw InceptionError.weights(path: path, problem: "'\(name).bn.running_var' has values below 0")
    }
    let gains = zip(scale.buffer, variance.buffer).map { scale, variance in
      scale / (variance + InceptionArchitecture.normalisationEpsilon).squareRoot()
    }
    let each = weights.count / outputs
    let values = weights.buffer
    let folded = Tensor(weights.shape) { target in
      for output in 0..<outputs {
        let gain = gains[output]
        for place in output * each..<(output + 1) * each { target[place] = values[place] * gain }
      }
    }
    let bias = Tensor([outputs]) { target in
      for output in 0..<outputs { target[output] = shift.buffer[output] - mean.buffer[output] * gains[output] }
    }
    // A ReLU would make 0 of what is not a number, and hide it.
    guard folded.buffer.allSatisfy(\.isFinite), bias.buffer.allSatisfy(\.isFinite) else {
      throw InceptionError.weights(path: path, problem: "'\(name).bn.weight' is too large for its variance")
    }
    return (folded, bias)
  }

  private func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }
    guard case .float32(let tensor) = entries[name] else {
      throw InceptionError.weights(path: path, problem: "there is no tensor '\(name)'")
    }
    guard tensor.shape == shape else {
      throw InceptionError.weights(
        path: path, problem: "the tensor '\(name)' is \(text(tensor.shape)) and should be \(text(shape))")
    }
    guard tensor.buffer.allSatisfy(\.isFinite) else {
      throw InceptionError.weights(path: path, problem: "the tensor '\(name)' has values that are not finite")
    }
    return tensor
  }
}
