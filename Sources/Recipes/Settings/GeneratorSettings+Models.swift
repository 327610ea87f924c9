import Generators

extension GeneratorSettings {
  /// The numbers of single models; other models pass them over.
  static let modelSettings: [Setting] = [
    .number(
      "generator.embedding-weight", \.generator.configuration.settings.embeddingWeight, .atLeast(0),
      "rae and its variants: the weight of half the codes' squared length against the squared error summed over "
        + "pixels.",
      source: "Ghosh et al. 2020"),
    .number(
      "generator.decoder-weight", \.generator.configuration.settings.decoderWeight, .atLeast(0),
      "rae-l2: the weight of the sum of squares of the decoder's weights and biases.", source: "Ghosh et al. 2020"),
    .number(
      "generator.gradient-weight", \.generator.configuration.settings.gradientWeight, .atLeast(0),
      "rae-gp: the weight of the squared gradient of the decoder by the code.", source: "Ghosh et al. 2020"),
    .choice(
      "generator.gradient-penalty", \.generator.configuration.settings.gradientPenalty,
      "rae-gp: projected takes the gradient along one random direction, whose mean is the whole; frobenius, the "
        + "whole, in as many passes as there are latent dimensions; authors, the gradient of the squared image, as "
        + "their code does.",
      source: "Ghosh et al. 2020; projected: Hutchinson's estimate"),
    .integer(
      "generator.power-iterations", \.generator.configuration.settings.powerIterations, 1...1000,
      "rae-sn: steps of power iteration before each training step.", source: "Miyato et al. 2018: 1"),
    .choice(
      "generator.kernel", \.generator.configuration.settings.kernel,
      "wae: multiquadratics, inverse ones at seven scales; multiquadratic, one; gaussian.",
      source: "Tolstikhin et al. 2018"),
    .number(
      "generator.bandwidth", \.generator.configuration.settings.bandwidth, .above(0),
      "wae: the kernel's width, in units of a standard normal code.", source: "paper, Appendix C.4: 0.01 to 5"),
    .number(
      "generator.discrepancy-weight", \.generator.configuration.settings.discrepancyWeight, .atLeast(0),
      "wae: the weight of the maximum mean discrepancy.", source: "paper, Appendix C.4: 0.01 to 100"),
    .integer(
      "generator.pseudo-inputs", \.generator.configuration.settings.pseudoInputs, 1...100_000,
      "vamp: how many pseudo-inputs the prior has.", source: "paper, Appendix C.4: 10 to 500"),
    .integer(
      "generator.importance-samples", \.generator.configuration.settings.importanceSamples, 1...1000,
      "iwae: posterior samples of each image in a step.", source: "paper, Appendix G: 2 to 12"),
    .integer(
      "generator.flow-length", \.generator.configuration.settings.flowLength, 1...100,
      "vae-nf: how many flows, planar and radial ones alternating; vae-iaf: how many blocks.",
      source: "paper, Appendix C.4: varied"),
    .integer(
      "generator.flow-units", \.generator.configuration.settings.flowUnits, 1...100_000,
      "vae-iaf: hidden units of each block's masked network."),
    .choice(
      "generator.flow-form", \.generator.configuration.settings.flowForm,
      "vae-iaf: gated mixes old and new coordinates by a gate, from the code and the encoder's features; exponential "
        + "scales and shifts them.",
      source: "Kingma et al. 2016: gated"),
    .integer(
      "generator.leapfrog-steps", \.generator.configuration.settings.leapfrogSteps, 1...100,
      "hvae and rhvae: leapfrog steps of the posterior.", source: "Caterini et al. 2018"),
    .number(
      "generator.step-size", \.generator.configuration.settings.stepSize, .above(0),
      "hvae and rhvae: the length of a leapfrog step.",
      source: "Caterini et al. 2018"),
    .number(
      "generator.root-beta-zero", \.generator.configuration.settings.rootBetaZero, .between(0, 1),
      "hvae and rhvae: the square root of the inverse temperature at which the momentum starts; 1 for no tempering.",
      source: "Caterini et al. 2018"),
    .flag(
      "generator.stop-forces", \.generator.configuration.settings.stopsForces,
      "hvae: whether the gradient treats the forces of the leapfrog steps as constants: half the time, with a biased "
        + "gradient.",
      source: "pythae 0.1.2 does; Caterini et al. 2018: false"),
    .number(
      "generator.temperature", \.generator.configuration.settings.temperature, .above(0),
      "rhvae: how far a training image's metric reaches in latent space.", source: "Chadebec et al. 2020"),
    .number(
      "generator.metric-regularisation", \.generator.configuration.settings.metricRegularisation, .above(0),
      "rhvae: lambda, what the inverse metric is far from all images.", source: "Chadebec et al. 2020"),
    .number(
      "generator.adversarial-weight", \.generator.configuration.settings.adversarialWeight, .between(0, 1),
      "aae and vaegan: the weight of the adversary against 1 minus it for the reconstruction.",
      source: "paper, Appendix G: 0.001 to 0.999"),
    .integer(
      "generator.reconstruction-layer", \.generator.configuration.settings.reconstructionLayer, 1...100,
      "vaegan: the layer of the discriminator between whose features errors are taken, from 1.",
      source: "paper, Appendix G: 2 to 4"),
    .integer(
      "generator.second-stage-steps", \.generator.configuration.settings.secondStageSteps, 1...10_000_000,
      "two-stage: optimiser steps of the second autoencoder."),
  ]
}
