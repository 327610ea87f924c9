/// The words in names of image files that say nothing about who is in the image, in lower case.
///
/// A word here keeps files of one person together; one that is missing costs little where a number of the person comes
/// first.
enum SubjectWords {
  /// What a number after it counts that is smaller than a scan.
  static let pictures: Set<String> = [
    "slice", "slices", "slc", "sl", "img", "imgs", "image", "images", "im", "pic", "picture", "photo", "foto", "view",
    "frame", "layer", "copy", "kopie", "copie", "crop", "patch", "tile", "aug", "rot", "flip", "channel", "page",
    "echo", "dscn", "dsc", "screenshot", "lesion", "roi",
  ]

  /// What a number after it counts that is a scan or a time of scanning.
  static let scans: Set<String> = [
    "scan", "scans", "series", "ser", "study", "visit", "vis", "session", "ses", "sess", "time", "timepoint", "tp",
    "run", "rep", "repeat", "acq", "day", "week", "month", "year", "fu", "followup",
  ]

  /// Contrasts and modalities, sides, planes, visits and steps of processing; no number belongs to them.
  static let attributes: Set<String> = [
    "t1", "t2", "t1w", "t2w", "t1c", "t1ce", "t1gd", "t1n", "t2f", "t2n", "t2s", "t1post", "t1pre", "t2flair", "flair",
    "pd", "pdw", "adc", "dwi", "dti", "swi", "asl", "bold", "func", "anat", "fmap", "fa", "md", "b0", "b500", "b1000",
    "mpr", "mprage", "mp2rage", "spgr", "fspgr", "tof", "mra", "pwi", "dce", "gd", "contrast", "ct", "mr", "mri",
    "fmri", "pet", "cta", "xr", "xray", "cxr", "us", "oct", "fundus", "spect", "3t", "7t", "dx", "mg", "cr", "2ch",
    "4ch", "ed", "es",
    "left", "right", "l", "r", "lt", "rt", "lh", "rh", "od", "os", "ou", "cc", "mlo", "lcc", "rcc", "lmlo", "rmlo",
    "bilateral", "links", "rechts", "gauche", "droite",
    "axial", "sagittal", "coronal", "ax", "sag", "cor", "tra", "transverse", "transversal", "ap", "pa", "lat",
    "lateral", "frontal",
    "bl", "sc", "baseline", "screening", "pre", "post", "preop", "postop", "intraop", "before", "after",
    "mask", "masks", "seg", "segmentation", "label", "labels", "gt", "orig", "original", "raw", "processed",
    "preprocessed", "norm", "normalized", "normalised", "stripped", "anon", "final", "resized", "small", "thumb",
  ]

  /// Words whose number is a person's, wherever they stand.
  static let people: Set<String> = [
    "patient", "pat", "pt", "person", "subject", "subj", "sub", "participant", "case", "volunteer", "donor",
    "individual",
  ]

  /// Those of `people` that a letter may follow in place of a number, as in `patient_A`.
  static let lettered: Set<String> = ["patient", "person", "subject", "participant", "volunteer", "donor"]

  /// Where people come from; a number after it is not a person's.
  static let collections: Set<String> = [
    "site", "center", "centre", "hospital", "clinic", "scanner", "batch", "fold", "cohort", "group", "dataset", "set",
    "part", "split", "vendor", "release", "task", "phase",
  ]

  /// Names of data sets; a number glued to one (`BraTS20`), or a year after it, is not a person's.
  static let datasets: Set<String> = [
    "brats", "kits", "lits", "adni", "lung", "covid", "hcp", "amos", "chaos", "flare", "autopet", "isles", "atlas",
    "acdc", "mnms", "camus", "msd", "isic", "ham", "mood", "picai", "luna", "verse", "word", "btcv", "ukb", "abide",
    "oasis", "prostatex", "chexpert", "busi", "normal", "abnormal", "training", "train", "test", "testing", "val",
    "validation",
  ]

  /// Names of folders that are no person's, beside all words above.
  static let folders: Set<String> = [
    "png", "jpg", "jpeg", "dicom", "dcm", "nifti", "nii", "analyze", "data", "files", "all", "new", "old", "output",
    "volumes", "brain", "lung", "lungs", "chest", "breast", "heart", "liver", "abdomen", "head", "knee", "male",
    "female", "40x", "100x", "200x", "400x", "real", "synthetic", "positive", "negative", "real_images", "mpr-1",
    "derivatives", "sourcedata", "rawdata", "nifti_files",
  ]

  /// Single letters that count images when glued to a person's number: `p12s003`.
  static let glued: Set<String> = ["s", "z", "i", "v", "t", "m", "f", "k", "n", "x", "y"]

  static func isOfImage(_ word: String) -> Bool {
    pictures.contains(word) || scans.contains(word) || attributes.contains(word)
  }
}
