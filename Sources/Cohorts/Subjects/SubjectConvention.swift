import Foundation

/// How one collection writes its subjects in names of files or folders: a row of `SubjectConvention.all`.
///
/// To add a convention, add a row here and to Documentation/Subjects.md.
public struct SubjectConvention: Sendable {
  public var name: String
  /// A file, with `/` after folders.
  public var example: String
  /// The subject of the example.
  public var subject: String
  /// The first capture group is the subject; looked for in the file's name without suffix, then in the folders' names,
  /// the innermost first.
  let pattern: NamePattern

  private init(_ name: String, _ example: String, _ subject: String, _ pattern: String) {
    self.name = name
    self.example = example
    self.subject = subject
    // The patterns are this table's; one that cannot be read is a mistake here.
    self.pattern = try! NamePattern(pattern)
  }

  /// In the order in which they are tried.
  public static let all: [SubjectConvention] = [
    Self("BIDS", "sub-01_ses-2_run-1_T1w.nii.gz", "sub-01", #"(?:^|[_ ])(sub-[^_\s(]+?)(?=$|[_\s(]|\#(inLabel))"#),
    Self("OASIS-1, OASIS-2", "OAS1_0001_MR2_mpr_n4_anon.img", "OAS1_0001", #"(?<![A-Za-z0-9])(OAS\d_\d{4})(?!\d)"#),
    Self("OASIS-3, OASIS-4", "OAS30001_MR_d0129_T1w.nii.gz", "OAS30001", #"(?<![A-Za-z0-9])(OAS\d{5})(?!\d)"#),
    Self("ADNI", "ADNI_002_S_0295_MR_MPR.nii", "002_S_0295", #"(?<!\d)(\d{3}[_-]?S[_-]?\d{4,5})(?!\d)"#),
    Self(
      "TCGA", "TCGA-02-0006-01Z-00-DX1.png", "TCGA-02-0006",
      #"(?<![A-Za-z0-9])(TCGA[-_][A-Z0-9]{2}[-_][A-Z0-9]{4})(?![A-Za-z0-9])"#),
    Self("CPTAC", "C3L-00016-21.png", "C3L-00016", #"(?<![A-Za-z0-9])(C3[LN]-\d{5})(?!\d)"#),
    Self("LIDC-IDRI", "LIDC-IDRI-0001_slice003.png", "LIDC-IDRI-0001", #"(LIDC-IDRI-\d{4})(?!\d)"#),
    Self("NSCLC", "LUNG1-001_slice12.png", "LUNG1-001", #"^((?:LUNG1|R01|AMC)-\d{3})(?!\d)"#),
    Self("IXI", "IXI002-Guys-0828-T1.nii.gz", "IXI002", #"^(IXI\d{3})(?!\d)"#),
    Self(
      "BraTS 2020", "BraTS20_Training_001_t1ce.nii.gz", "BraTS20_Training_001",
      #"^((?i:BraTS)\d{2}_(?:Training|Validation|Testing)_\d{3})(?!\d)"#),
    Self("BraTS 2021", "BraTS2021_00000_flair.nii.gz", "BraTS2021_00000", #"^((?i:BraTS)20\d{2}_\d{3,5})(?!\d)"#),
    Self(
      "BraTS 2017 to 2019", "Brats18_TCIA01_147_1_t1.nii.gz", "Brats18_TCIA01_147",
      #"^((?i:BraTS)1\d_(?:CBICA_[A-Z]{3}|[A-Z]+\d*_\d+|2013_\d+))(?:_|$)"#),
    Self("BraTS 2023 on", "BraTS-GLI-00000-000-t1n.nii.gz", "BraTS-GLI-00000", #"^((?i:BraTS)-[A-Za-z]+-\d{5})(?!\d)"#),
    Self("MIMIC-CXR", "p10/p10000032/s50414267/02aa804e.png", "p10000032", #"^(p1\d{7})$"#),
    Self(
      "CBIS-DDSM", "Mass-Training_P_00001_LEFT_CC.png", "P_00001",
      #"^(?:Mass|Calc)-(?:Training|Test)_(P_\d{5})(?!\d)"#),
    Self("paediatric chest X-rays", "NORMAL2-IM-1427-0001.png", "IM-1427", #"(?:^|-)(IM-\d{4})-\d{4}"#),
    Self(
      "BreakHis", "SOB_B_A-14-22549AB-40-001.png", "SOB_B_A-14-22549AB", #"^(SOB_[BM]_[A-Z]+-\d{2}-\w+)(?:-\d+-\d+)?$"#),
    Self(
      "fastMRI", "file_brain_AXT1POST_200_6001959.png", "file_brain_AXT1POST_200_6001959",
      #"^(file_[a-z]+_[A-Z0-9]+_\d{3}_\d{7})(?!\d)"#),
    Self(
      "COVID-CT, by paper", "2020.01.24.919183-p27-132.png", "2020.01.24.919183",
      #"^(\d{4}\.\d{2}\.\d{2}\.\d+)(?:-p\d+|$)"#),
    Self(
      "a UUID", "0a0a0acd-8bd8-4b79-b724-cc5711e83bc7.png", "0a0a0acd-8bd8-4b79-b724-cc5711e83bc7",
      #"^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$"#),
  ]

  /// A BIDS label holds no hyphen, but `sub-01-slice003` is written.
  private static let inLabel = #"[-.](?:slice|slc|img|image|ses|session|run|visit|scan)[-.]?\d+"#

  /// The subject that the first fitting convention finds in the name of a file, without suffix, or folder.
  static func subject(in name: String) -> String? {
    for convention in all {
      if let subject = convention.pattern.firstGroup(in: name) { return subject }
    }
    return nil
  }
}
