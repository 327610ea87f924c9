import ArgumentParser

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring a public data set, BIDS, volumes, DICOM files, pictures or arrays into class folders.",
    discussion: """
      Each writes class folders of .nii.gz slices, all stored right, anterior, superior; participants.tsv with what is \
      known about the people; and import.json, which says where every slice came from. The subject stays the unit: slices \
      and sessions of one person never fall on two sides of a split. Arrays (MNIST's family, CIFAR, SVHN, MedMNIST) become PNG \
      images, each a subject of its own.

      Example: manikin import bids BIDS DATA --label-column diagnosis --plane axial --slice 20mm
      """,
    subcommands: [
      ImportOASISCommand.self, ImportBIDSCommand.self, ImportVolumesCommand.self, ImportDICOMCommand.self,
      ImportImagesCommand.self, ImportArraysCommand.self,
    ])
}
