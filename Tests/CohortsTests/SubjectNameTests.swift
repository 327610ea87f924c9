import Cohorts
import Foundation
import Testing

@Suite struct SubjectNameTests {
  @Test(
    arguments: [
      ("patient12_slice003.png", "patient12"), ("patient12_slice004.png", "patient12"),
      ("Patient 7 (2).png", "Patient 7"), ("P0042-0007.png", "P0042"), ("p23_001.jpg", "p23"),
      ("002_S_0295_bl.nii.gz", "002_S_0295"), ("002_S_0295_m12.nii.gz", "002_S_0295"),
      ("ADNI_002_S_0295_MR_MPR_Br_20060418_S13408_I45112.nii", "002_S_0295"),
      ("OAS1_0001_MR2_mpr_n4_anon.img", "OAS1_0001"), ("OAS30001_MR_d0129_T1w.nii.gz", "OAS30001"),
      ("sub-01_ses-2_run-1_T1w.nii.gz", "sub-01"), ("sub-01_ses-1_desc-synth_T1w.nii.gz", "sub-01"),
      ("case_00012_0000.nii.gz", "case_00012"), ("BraTS20_Training_001_t1ce.nii.gz", "BraTS20_Training_001"),
      ("IXI002-Guys-0828-T1.nii.gz", "IXI002"), ("AD/patient7/img_001.png", "patient7"),
      ("AD/sub-07/ses-1/anat/sub-07_ses-1_T1w.nii.gz", "sub-07"), ("0007.nii.gz", "0007"),
    ])
  func namesInUse(path: String, subject: String) { #expect(SubjectName.of(path: path) == subject) }

  @Test func everyConventionFindsItsExample() {
    for row in SubjectConvention.all {
      #expect(SubjectName.of(path: row.example) == row.subject, "\(row.name)")
    }
    #expect(Set(SubjectConvention.all.map(\.name)).count == SubjectConvention.all.count)
  }

  @Test(
    arguments: [
      ("OAS1_0001_MR1_mpr-1_anon.hdr", "OAS1_0001"), ("OAS1_0028_MR1_mpr-1_100.jpg", "OAS1_0028"),
      ("002_S_0295_sc_axial.png", "002_S_0295"), ("TCGA_CS_4941_19960909_12.png", "TCGA_CS_4941"),
      ("BRATS_001_0000.nii.gz", "BRATS_001"), ("prostate_00_0001.nii.gz", "prostate_00"),
      ("la_003_0000.nii.gz", "la_003"), ("00000001_000.png", "00000001"),
      ("patient00001/study1/view1_frontal.jpg", "patient00001"),
      ("p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.png", "p10000032"),
      ("person1_bacteria_1.png", "person1"), ("IM-0115-0001.png", "IM-0115"), ("MCUCXR_0001_0.png", "MCUCXR_0001"),
      ("CHNCXR_0327_1.png", "CHNCXR_0327"), ("ISIC_0024306.png", "ISIC_0024306"), ("mdb001.png", "mdb001"),
      ("case_00000.nii.gz", "case_00000"), ("patient001_frame01.nii.gz", "patient001"),
      ("file1000001.png", "file1000001"), ("10_left.png", "10"), ("10_right.png", "10"),
      ("Caltech_0051456.png", "Caltech_0051456"), ("1234567_20252_2_0.nii.gz", "1234567"),
      ("PPMI_3102_MR_12.png", "PPMI_3102"), ("CNV-1016042-1.png", "CNV-1016042"), ("PAT_8_15_820.png", "PAT_8"),
      ("UPENN-GBM-00001_11_T1.nii.gz", "UPENN-GBM-00001"), ("20051019_38557_0100_PP.png", "38557"),
      ("CC0001_philips_15_55_M.png", "CC0001"), ("NDARINV003RTV85_t1.png", "NDARINV003RTV85"),
      ("cju0qkwl35piu0993l0dewei2.png", "cju0qkwl35piu0993l0dewei2"), ("BraTS2021_00000_t1.nii.gz", "BraTS2021_00000"),
    ])
  func collections(path: String, subject: String) { #expect(SubjectName.of(path: path) == subject) }

  @Test(
    arguments: [
      ("patient12slice003.png", "patient12"), ("p12s003.png", "p12"), ("p12z12.png", "p12"), ("12s3.png", "12"),
      ("p12L.png", "p12"), ("Image_01L.png", "Image_01"), ("Image_01R.png", "Image_01"), ("AD_001_t1ce.png", "AD_001"),
      ("AD_T1_003.png", "AD_003"), ("AD_T2_003.png", "AD_003"), ("T1_patient7.png", "patient7"),
      ("slice003_patient7.png", "patient7"), ("patient_7.png", "patient_7"), ("patient_A_3.png", "patient_A"),
      ("patientB_slice3.png", "patientB"), ("Patient 7 - Copy.png", "Patient 7"), ("patient 7.t2.004.png", "patient 7"),
      ("subject-12_visit-2.png", "subject-12"), ("site1_case7_2.png", "site1_case7"),
      ("site_1_003_2.png", "site_1_003"), ("smith_left.png", "smith"), ("smith_t2.png", "smith"),
      ("A_1_2.png", "A_1"), ("scan_003_slice_12.png", "scan_003"), ("img_001_002.png", "img_001"),
      ("IMG_2041 copy.png", "IMG_2041"), ("benign (1)_mask.png", "benign (1)"), ("sub-01-slice003.png", "sub-01"),
      ("26 (19).png", "26"), ("7/left/004.png", "7"), ("left/7/004.png", "7"), ("patient7/study2/img1.png", "patient7"),
      ("smith/0007.png", "smith"), ("smith/brain_001.png", "smith"), ("batch1/patient3_1.png", "patient3"),
      ("images/P0042-0007.png", "P0042"), ("2019/patient7_1.png", "patient7"), ("t1/p23_001.png", "p23"),
      ("study1/view1.png", "view1"), ("sub-3/anat/T1w.nii.gz", "sub-3"),
    ])
  func theGenericRule(path: String, subject: String) { #expect(SubjectName.of(path: path) == subject) }

  /// The control for a rule that is too greedy: names of images are no one person's.
  @Test(
    arguments: [
      "img_001", "img_002", "slice_12", "image7", "scan 3", "0007", "benign (1)", "benign (12)", "IMG_2041",
      "synthetic-AD-00001", "AD_001", "Training_001", "train-0", "COVID-19 (3)", "COVID-19 (4)", "Tr-gl_0010",
      "AD_slice_003", "image (3)", "z12", "IMG_20190405_123456", "axial", "t1", "a.b",
    ])
  func imagesAreNotMerged(stem: String) {
    for folder in ["", "png/", "images/", "T1/", "axial/", "batch2/"] {
      #expect(SubjectName.of(path: folder + stem + ".png") == stem)
    }
  }

  /// A subject's name read again is the same, so that what is written under it is read back.
  @Test func aSubjectIsItsOwn() {
    for row in SubjectConvention.all {
      #expect(SubjectName.of(path: row.subject + ".png") == row.subject, "\(row.name)")
    }
  }

  /// Every table row of Documentation/Subjects.md with a name and its subject.
  @Test func theDocumentationHolds() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Documentation/Subjects.md")
    let rows = try String(contentsOf: file.standardizedFileURL, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    let conventions = rows.filter { row in SubjectConvention.all.contains { $0.name == row[0] } }
    #expect(conventions.map { $0[0] } == SubjectConvention.all.map(\.name))
    #expect(conventions.map { $0[1] } == SubjectConvention.all.map(\.example))
    #expect(conventions.map { $0[2] } == SubjectConvention.all.map(\.subject))
    let generic = rows.filter { $0[0].contains(".") && !conventions.contains($0) }
    #expect(generic.count > 10)
    for row in generic { #expect(SubjectName.of(path: row[0]) == row[1], "\(row)") }
  }
}
