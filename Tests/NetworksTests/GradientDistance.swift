import Networks
import Tensors

/// How far gradients are from others, over all parameters, as a part of the others' length.
func distance(_ one: [Variable], _ other: [Variable]) -> Double {
  var (squares, size) = (0.0, 0.0)
  for (a, b) in zip(one, other) {
    squares += a.value.sumOfSquaredDifferences(b.value)
    size += b.value.sumOfSquaredDifferences(Tensor.zeros(b.shape))
  }
  return (squares / size).squareRoot()
}
