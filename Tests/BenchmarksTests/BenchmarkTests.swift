import Benchmarks
import Foundation
import Generators
import Networks
import Tensors
import Testing

@Suite struct BenchmarkTests {
  @Test func namesAreDistinctAndSelectCases() {
    let names = BenchmarkSuite.cases.map(\.name)
    #expect(Set(names).count == names.count)
    let all = [
      "vae-oasis", "vae-oasis-bfloat16", "vae-compact", "vae-compact-bfloat16", "vae-celeba", "vae-celeba-bfloat16",
      "vae-resnet", "vae-svhn",
    ]
    let expected = all.filter { Tensor.multipliesBFloat16 || !$0.hasSuffix("bfloat16") }
    #expect(BenchmarkSuite.cases(matching: "vae-").map(\.name).filter { $0.hasPrefix("vae") } == expected)
    #expect(
      BenchmarkSuite.cases(matching: "models").map(\.name) == ModelKind.allCases.map { "models-\($0.rawValue)" } + [
        "models-hvae-stopped"
      ])
    #expect(BenchmarkSuite.cases(matching: "nothing").isEmpty)
    #expect(BenchmarkSuite.cases(matching: "").count == names.count)
  }

  /// Counted by hand: 4 x 3 outputs of 2 channels from 3 x 3 x 1, then 24 inputs to 5.
  @Test func countsTheArithmeticOfLayers() {
    let layers: [LayerDescription] = [
      .convolution(channels: 2, ConvolutionGeometry(kernel: Extent(3)), activation: .relu), .flatten,
      .linear(outputs: 5, activation: .identity),
    ]
    let (count, output) = LayerArithmetic.count(layers, input: [6, 5, 1], inputNeedsGradient: false)
    #expect(output == [5])
    #expect(count.forward == 2 * (12 * 2 * 9 + 24 * 5))
    #expect(count.training == 2 * (2 * 12 * 2 * 9 + 3 * 24 * 5))
  }

  /// A transposed convolution multiplies once for each element of its input and place of the kernel.
  @Test func countsTransposedConvolutions() {
    let geometry = ConvolutionGeometry(kernel: Extent(5), stride: Extent(2), padding: Extent(2))
    let (count, output) = LayerArithmetic.count(
      [.transposedConvolution(channels: 3, geometry, outputPadding: Extent(1), activation: .relu)], input: [4, 6, 7],
      inputNeedsGradient: true)
    #expect(output == [8, 12, 3])
    #expect(count.forward == 2 * 4 * 6 * 7 * 3 * 25)
    #expect(count.training == 3 * count.forward)
  }

  /// 4 x 4 outputs of 2 channels from 3 x 3 x 5, and 5 of them from 2 again; the sum multiplies nothing.
  @Test func countsResidualBlocks() {
    let block: [LayerDescription] = [
      .activation(.relu),
      .convolution(channels: 2, ConvolutionGeometry(kernel: Extent(3), padding: Extent(1)), activation: .relu),
      .convolution(channels: 5, ConvolutionGeometry(kernel: Extent(1)), activation: .identity),
    ]
    let (count, output) = LayerArithmetic.count([.residual(block)], input: [4, 4, 5], inputNeedsGradient: false)
    #expect(output == [4, 4, 5])
    let (first, second) = (16 * 2 * 45, 16 * 5 * 2)
    #expect(count.forward == Double(2 * (first + second)))
    #expect(count.training == Double(2 * (2 * first + 3 * second)))
  }

  @Test func measuresACaseAndTheCeilings() throws {
    let ceilings = MachineCeilings.measure(threads: 1)
    #expect((ceilings.halfPrecision != nil) == Tensor.multipliesBFloat16)
    #expect(ceilings.singlePrecision > 0 && ceilings.doublePrecision > 0 && ceilings.copy > 0)
    nonisolated(unsafe) var runs = 0
    let benchmark = BenchmarkCase("busy", "counts for two milliseconds", images: 4, load: .bytes(1e6)) {
      {
        runs += 1
        let start = threadSeconds()
        while threadSeconds() - start < 0.002 {}
      }
    }
    let result = try BenchmarkSuite.measure(benchmark, threads: 1, repeats: 3, ceilings: ceilings)
    #expect(runs == 4)
    // Tests run side by side in one process, so that only lower bounds are certain.
    #expect(result.seconds >= 0.002 && result.processorSeconds >= 0.002)
    #expect(result.imagesPerSecond == 4 / result.seconds && abs(result.gigabytes! * result.seconds - 1e-3) < 1e-9)
    #expect(result.peakMegabytes > 1 && result.ceiling == ceilings.copy && result.gigaflops == nil)
    #expect(result.share == result.gigabytes! / ceilings.copy)
  }

  @Test func fieldsAreThoseOfTheOtherLibrariesScripts() throws {
    let result = BenchmarkResult(
      name: "a", precision: "float32", layout: "channels_last", threads: 2, seconds: 1, images: 2,
      peakMegabytes: 3, processorSeconds: 2)
    let data = try JSONEncoder().encode(result)
    let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
    #expect(
      Set(keys).isSuperset(of: [
        "name", "precision", "layout", "threads", "seconds", "images", "images_per_second", "peak_mb",
      ]))
  }
}

/// Processor time of this thread.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
